"""A buyer pays by hand what is next of an agreement: what did not come, with another means, or early."""

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from marketplace.lib.errors import DomainError

from . import checkout
from .gateway import GatewayRefused
from .models import Order

# The order to be paid; or one that must be withdrawn first, since an agreement has one open order at a time.
Placed = tuple[Order | None, Order | None]


class BeingCharged(DomainError):
    code = "being_charged"
    message = _(
        "We are asking your bank for this payment right now, and do not know its answer yet. Look again in some"
        " minutes: it is never taken twice."
    )


def page_for(agreement: Any, place: Callable[[], Placed]) -> Order:
    """The order that `place` gives, with a page to pay it on; paid already, it is returned as it is.

    `place` holds the agreement. Raises BeingCharged, GatewayRefused, GatewayUnknown (then try again).
    """
    order, other = place()
    if other is not None:
        # Closed at the provider before anything new is placed; what was paid there meanwhile is taken instead.
        if (settled := checkout.withdraw(other)).is_paid:
            return settled
        order, other = place()
    if order is None:
        raise BeingCharged
    try:
        return checkout.with_page(order, back=agreement.get_absolute_url())
    except GatewayRefused as refused:
        if not refused.is_unknown_there or not _forgot(agreement):
            raise
    # The provider has deleted its customer: with the page that she pays on it makes another one.
    order, _other = place()
    if order is None:
        raise BeingCharged
    return checkout.with_page(order, back=agreement.get_absolute_url())


def standing(orders: Any, tries: Any, is_it: Callable[[Order], bool], place: Callable[[], Order]) -> Placed:
    """The open order among these where it is what is asked for, else it is to be withdrawn; without one, a new one.
    Raises BeingCharged where it is one of `tries` (a kind of KeptCharge): taken without her.
    """
    found = orders.filter(state=Order.State.PENDING).first()
    if found is None:
        return place(), None
    if tries.objects.filter(order=found).exists():
        raise BeingCharged
    fits = is_it(found) and not found.is_late and found.payment_started_at is None
    return (found, None) if fits else (None, found)


@transaction.atomic
def _forgot(agreement: Any) -> bool:
    held = agreement.hold()
    had = bool(held.customer_id)
    held.forget_means()
    return had
