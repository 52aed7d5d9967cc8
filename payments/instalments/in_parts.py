"""The refund meter of a price in parts: what was paid so far goes back in the proportion that the rule gives."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import replace
from typing import TYPE_CHECKING

from marketplace.lib.money import Money

from .. import refund_rule
from ..models import InstalmentPlan, Order, OrderItem
from ..refund_rule import Reason

if TYPE_CHECKING:
    from ..meter import Meter

# Of any one part these speak for all of them.
_FOR_ALL = (Reason.DISPUTED, Reason.UNDER_WAY, Reason.REFUNDED_BEFORE)


def paid_items(plans: Collection[int]) -> dict[int, list[OrderItem]]:
    """What was paid of each plan and counts as a part of it, in order. No query for none."""
    found: dict[int, list[OrderItem]] = defaultdict(list)
    if plans:
        rows = OrderItem.objects.paid().filter(order__plan__in=plans, granted_at__isnull=False)
        for item in rows.select_related("order__refund_rule", "course", "buyer").order_by("order__part"):
            found[item.order.plan_id or 0].append(item)
    return found


def together(item: OrderItem, meters: "list[Meter]") -> "Meter":
    """One meter of all parts, shown for this one of them."""
    first = meters[0]
    price = Money.total((meter.price for meter in meters), first.price.currency)
    barred = next((meter.offer for meter in meters if meter.offer.reason in _FOR_ALL), None)
    if barred is None and any(meter.item and meter.item.refunded_at for meter in meters):
        # With any of them the course went back.
        barred = refund_rule.nothing(price.currency, Reason.NOTHING_LEFT)
    offered = [meter for meter in meters if meter.offer]
    if barred or not offered:
        return replace(first, item=item, price=price, offer=barred or first.offer)
    amount = Money.total((meter.offer.amount for meter in offered), price.currency)
    # A part of which nothing is left goes with the others all the same.
    parts = tuple((meter.item, meter.offer.amount) for meter in meters if meter.item)
    return replace(first, item=item, price=price, offer=replace(offered[0].offer, amount=amount), parts=parts)


def hold_orders(item: OrderItem) -> None:
    """Lock the order; of a price in parts all of them, then the plan: until the end of the transaction no further part
    is taken.
    """
    plan_id = Order.objects.filter(pk=item.order_id).values_list("plan_id", flat=True).get()
    if plan_id is None:
        Order.objects.hold(pk=item.order_id)
    else:
        hold_plan(plan_id)


def hold_plan(plan_id: int) -> None:
    """Lock all orders of a plan, then the plan."""
    Order.objects.hold_plan(plan_id)
    InstalmentPlan.objects.hold_all([plan_id])
