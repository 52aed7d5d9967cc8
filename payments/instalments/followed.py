"""Parts of a price among the orders that are being paid: each plan goes on in the transaction that takes its money."""

from collections.abc import Sequence

from ..bookings import Paid
from ..models import CustomerRelease, InstalmentPlan, Order
from ..provider_shapes import Charge


class Parts:
    """The paid orders that are parts, with their plans, which are held."""

    def __init__(self, sold: Sequence[Paid], plans: dict[int, InstalmentPlan]) -> None:
        self._sold, self._plans = sold, plans

    def may_begin(self, order: Order) -> bool:
        """False for a first part whose plan began before, or has ended: it would be the whole course for one part."""
        plan = self._plans.get(order.plan_id or 0)
        return plan is None or order.is_later_part or plan.state == InstalmentPlan.State.PROPOSED

    def take(self, granted: set[int]) -> tuple[list[int], list[Order]]:
        """Bring each plan on. Returns the items of later parts that were taken, and the orders of later parts whose
        plan has ended, or whose part was paid before: that money goes back. A first part of which no item is among
        those `granted` begins no plan.
        """
        items: list[int] = []
        twice: list[Order] = []
        for order, charge in self._sold:
            mine = [item.item_id for item in order.sold]
            plan = self._plans[order.plan_id or 0]
            if not order.is_later_part and not granted.intersection(mine):
                _let_go(plan, charge)
                continue
            kept = {"customer_id": charge.customer_id, "method_id": charge.method_id} if charge else {}
            if plan.take_part(order, **kept) and order.is_later_part:
                items += mine
            elif order.is_later_part:
                twice.append(order)
                _let_go(plan, charge)
        return items, twice


def _let_go(plan: InstalmentPlan, charge: Charge | None) -> None:
    """What was kept with money that goes back, where it is not what the plan goes on with."""
    if charge and charge.customer_id != plan.customer_id:
        CustomerRelease.objects.begin(charge.customer_id, plan.book)


def hold(sold: Sequence[Paid]) -> Parts:
    """Nothing is asked where no order is a part. The caller holds the orders."""
    parts = [(order, charge) for order, charge in sold if order.plan_id]
    plans = InstalmentPlan.objects.hold_all(order.plan_id for order, _charge in parts if order.plan_id) if parts else {}
    return Parts(parts, plans)
