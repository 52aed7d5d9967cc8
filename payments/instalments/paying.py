"""A buyer pays parts by hand: the one that did not come, with another means, or all the rest at once and early."""

from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from marketplace.lib import clock
from marketplace.lib.errors import DomainError, NotAllowed

from .. import checkout
from ..gateway import GatewayRefused
from ..models import InstalmentCharge, InstalmentPlan, Order
from . import ending, plans


class NothingIsDue(DomainError):
    code = "nothing_is_due"
    message = _("Nothing of this plan is open.")


class BeingCharged(DomainError):
    code = "being_charged"
    message = _(
        "We are asking your bank for this part right now, and do not know its answer yet. Look again in some minutes:"
        " it is never taken twice."
    )


def pay(plan: InstalmentPlan, *, by: Any, rest: bool = False) -> Order:
    """The order of the next part, or of all the rest, with a page to pay it on; paid already, it is returned as it is.

    Raises NotAllowed for anybody else, NothingIsDue, BeingCharged, GatewayRefused, GatewayUnknown (then try again).
    """
    if plan.buyer_id != by.pk:
        raise NotAllowed
    order, other = _placed(plan, rest)
    if other is not None:
        # Closed at the provider before anything new is placed; what was paid there meanwhile is taken instead.
        if (settled := checkout.withdraw(other)).is_paid:
            return settled
        order, other = _placed(plan, rest)
    if order is None:
        raise BeingCharged
    try:
        return checkout.with_page(order, back=plan.get_absolute_url())
    except GatewayRefused as refused:
        if not refused.is_unknown_there or not _forgot(plan):
            raise
    # The provider has deleted the customer of her plan: with the page that she pays on it makes another one.
    order, _other = _placed(plan, rest)
    if order is None:
        raise BeingCharged
    return checkout.with_page(order, back=plan.get_absolute_url())


@transaction.atomic
def _forgot(plan: InstalmentPlan) -> bool:
    held = plan.hold()
    had = bool(held.customer_id)
    held.forget_means()
    return had


def _placed(plan: InstalmentPlan, rest: bool) -> tuple[Order | None, Order | None]:
    """Her order of these parts; or one that must be withdrawn first, since a plan has one open order at a time."""
    with transaction.atomic():
        held = plan.hold()
        is_open = held.is_live and held.book == settings.PAYMENTS_BOOK
        if is_open and not ending.end_if_over(held, clock.now()):
            return _order_of(held, rest)
    raise NothingIsDue  # only now, so that a plan which has ended stays so


def _order_of(held: InstalmentPlan, rest: bool) -> tuple[Order | None, Order | None]:
    last = held.months if rest else held.next_part
    standing = Order.objects.filter(plan=held, state=Order.State.PENDING).first()
    if standing is not None:
        if InstalmentCharge.objects.filter(order=standing).exists():
            raise BeingCharged
        is_it = (standing.part, standing.part_to) == (held.next_part, last) and not standing.is_late
        return (standing, None) if is_it and standing.payment_started_at is None else (None, standing)
    return plans.place(held, held.next_part, last, clock.now()), None
