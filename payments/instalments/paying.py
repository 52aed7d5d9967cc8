"""A buyer pays parts by hand: the one that did not come, with another means, or all the rest at once and early."""

from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from marketplace.lib import clock
from marketplace.lib.errors import DomainError, NotAllowed

from .. import next_payment
from ..models import InstalmentCharge, InstalmentPlan, Order
from ..next_payment import BeingCharged as BeingCharged
from . import ending, plans


class NothingIsDue(DomainError):
    code = "nothing_is_due"
    message = _("Nothing of this plan is open.")


def pay(plan: InstalmentPlan, *, by: Any, rest: bool = False) -> Order:
    """The order of the next part, or of all the rest, with a page to pay it on; paid already, it is returned as it is.

    Raises NotAllowed for anybody else, NothingIsDue, BeingCharged, GatewayRefused, GatewayUnknown (then try again).
    """
    if plan.buyer_id != by.pk:
        raise NotAllowed
    return next_payment.page_for(plan, lambda: _placed(plan, rest))


def _placed(plan: InstalmentPlan, rest: bool) -> next_payment.Placed:
    """Her order of these parts; or one that must be withdrawn first, since a plan has one open order at a time."""
    with transaction.atomic():
        held = plan.hold()
        is_open = held.is_live and held.book == settings.PAYMENTS_BOOK
        if is_open and not ending.end_if_over(held, clock.now()):
            return _order_of(held, rest)
    raise NothingIsDue  # only now, so that a plan which has ended stays so


def _order_of(held: InstalmentPlan, rest: bool) -> next_payment.Placed:
    last = held.months if rest else held.next_part
    return next_payment.standing(
        held.orders, InstalmentCharge, lambda order: (order.part, order.part_to) == (held.next_part, last),
        lambda: plans.place(held, held.next_part, last, clock.now()),
    )  # fmt: skip
