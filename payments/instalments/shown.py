"""A plan as people see it: each part with its day, its amount and where it stands."""

from dataclasses import dataclass
from datetime import date

from marketplace.lib.money import Money

from ..models import InstalmentCharge, InstalmentPlan, Order, PlanPause


@dataclass(frozen=True)
class Part:
    """`state`: paid, next, open or canceled. `order`: by which it was paid."""

    number: int
    due_on: date
    amount: Money
    state: str
    order: Order | None


def parts_of(plan: InstalmentPlan) -> list[Part]:
    paid: dict[int, Order] = {}
    for order in plan.orders.filter(paid_at__isnull=False, items__granted_at__isnull=False):
        paid |= dict.fromkeys(range(order.part, order.part_to + 1), order)
    rows = enumerate(zip(plan.due_on, plan.amounts, strict=True), 1)
    return [Part(n, day, amount, _state(plan, n), paid.get(n)) for n, (day, amount) in rows]


def _state(plan: InstalmentPlan, number: int) -> str:
    if number <= plan.paid_parts:
        return "paid"
    if not plan.is_live:
        return "canceled"
    return "next" if number == plan.next_part else "open"


def charge_under_way(plan: InstalmentPlan) -> InstalmentCharge | None:
    """A try of which nobody knows yet whether it took the money."""
    return InstalmentCharge.objects.under_way().filter(order__plan=plan, order__state=Order.State.PENDING).first()


def pause_of(plan: InstalmentPlan) -> PlanPause | None:
    """Since when its lessons are closed, and until when that may last."""
    return PlanPause.objects.open().filter(plan=plan).first() if plan.is_paused else None
