"""Whose word an arrival stands on, and who may add hers: nobody twice, and nobody for money that becomes her own."""

from collections.abc import Collection

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from marketplace.lib.errors import DomainError
from marketplace.lib.money import Money

from .. import payout_rules
from ..models import Arrival, ArrivalStep, ItemShare, Order


class OwnArrival(DomainError):
    code = "second_person_needed"
    status = 403
    message = _("Somebody else must look at the bank: it is by your word so far, or the order is yours.")


def must_not_be_hers(order: Order, by: User) -> None:
    """She neither bought it nor earns by it. Raises OwnArrival."""
    if by.pk in gainers(order):
        raise OwnArrival


def gainers(*orders: Order) -> set[int]:
    """The buyer, and whoever has a share of the sale."""
    shares = ItemShare.objects.owned().filter(item__order__in=orders)
    return {*(order.buyer_id for order in orders), *shares.values_list("owner__user", flat=True)}


def whose_word(rows: Collection[Arrival]) -> set[int]:
    """Whoever noted one of these, or decided anything about it: her eyes have looked at the bank already, or should."""
    steps = ArrivalStep.objects.filter(arrival__in=[row.pk for row in rows])
    return {*(row.noted_by_id for row in rows), *steps.values_list("by_id", flat=True)}


def who_decided_alone(amount: Money, decided_by: int | None) -> int | None:
    """Who said that so much goes back, and therefore does not say, too, that it is sent: from the limit for payouts on
    two people have seen it. None below it, and where the buyer's own right decided.
    """
    return decided_by if payout_rules.needs_approval(amount) else None


def parts_beside(row: Arrival, order: Order) -> list[Arrival]:
    """What came for the order before and would be booked with it; nothing where it is the whole by itself."""
    if row.currency != order.currency or row.amount == order.total:
        return []
    return list(Arrival.objects.parts_of(order).exclude(pk=row.pk).select_related("noted_by").order_by("pk"))


def witnesses(row: Arrival, order: Order) -> set[int]:
    """Who cannot be the second person."""
    return whose_word([row, *parts_beside(row, order)]) | gainers(order)
