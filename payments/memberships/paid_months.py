"""Months among the orders that are being paid: each membership goes on in the transaction that takes its money."""

from collections.abc import Sequence
from typing import Any

from ..bookings import Paid
from ..models import Membership, Order
from ..provider_shapes import Charge


class Months:
    """The paid orders that are months, with their memberships, which are held."""

    def __init__(self, sold: Sequence[Paid], memberships: dict[int, Membership]) -> None:
        self._sold, self._memberships = sold, memberships

    def take(self) -> tuple[list[int], list[Order]]:
        """Bring each membership on. Returns the items of the months that were taken, and the orders of those that do
        not fit: that money goes back.
        """
        items: list[int] = []
        too_late: list[Order] = []
        for order, charge in self._sold:
            if self._memberships[order.membership_id or 0].take_month(order, **_kept(charge)):
                items += [item.item_id for item in order.sold]
            else:
                too_late.append(order)
        return items, too_late


def _kept(charge: Charge | None) -> dict[str, Any]:
    if charge is None:
        return {}
    return {"customer_id": charge.customer_id, "method_id": charge.method_id, "card_until": charge.card_until}


def hold(sold: Sequence[Paid]) -> Months:
    """Nothing is asked where no order is a month. The caller holds the orders."""
    months = [(order, charge) for order, charge in sold if order.membership_id]
    pks = [order.membership_id for order, _charge in months if order.membership_id]
    return Months(months, Membership.objects.hold_all(pks) if pks else {})
