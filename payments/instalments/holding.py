"""What is always true of plans: a check of the books."""

from collections import defaultdict
from collections.abc import Iterator

from learners.models import Enrollment

from ..give_back import Parts
from ..models import InstalmentPlan, OrderItem
from . import schedule


def breaks() -> Iterator[str]:
    """Each part is paid once and in its order, at the shares that were frozen; all parts of a plan are the whole sale;
    a right is paused exactly where its plan is, and has ended where it stayed unpaid.
    """
    paid: dict[int, list[OrderItem]] = defaultdict(list)
    rows = OrderItem.objects.paid().filter(order__plan__isnull=False, granted_at__isnull=False)
    for item in rows.select_related("order").prefetch_related("shares").order_by("order__part", "pk").iterator(500):
        paid[item.order.plan_id or 0].append(item)
    for plan in InstalmentPlan.objects.exclude(state=InstalmentPlan.State.PROPOSED).order_by("pk").iterator():
        yield from (f"plan {plan.pk} of order {plan.reference}: {why}" for why in _of_one(plan, paid[plan.pk]))
    for item in rows.filter(order__plan__state=InstalmentPlan.State.PROPOSED):
        yield f"order {item.order.number} gave a right, and its plan has not begun"
    yield from _paused_otherwise()
    yield from _lapsed_and_open()


def _of_one(plan: InstalmentPlan, items: list[OrderItem]) -> Iterator[str]:
    if sum(plan.amounts_minor) != plan.total_minor or plan.whole().price.minor != plan.total_minor:
        yield f"its parts sum to {sum(plan.amounts_minor)} of {plan.total_minor}"
    next_part, agreed = 1, schedule.each(plan.whole(), plan.amounts)
    for item in items:
        first, last = item.order.part, item.order.part_to
        if first != next_part:
            yield f"part {first} was paid where {next_part} was due"
        expected = _sum(agreed[first - 1 : last])
        shares = tuple(share.amount_minor for share in sorted(item.shares.all(), key=lambda share: share.pk))
        if Parts(item.tax_minor, item.promotion_minor, shares) != expected:
            yield f"order {item.order.number} is shared otherwise than was agreed"
        next_part = last + 1
    if next_part - 1 != plan.paid_parts:
        yield f"it counts {plan.paid_parts} parts, paid are {next_part - 1}"


def _sum(some: list[Parts]) -> Parts:
    shares = tuple(sum(amounts) for amounts in zip(*(part.shares for part in some), strict=True))
    return Parts(sum(part.tax for part in some), sum(part.promotion for part in some), shares)


def _paused_otherwise() -> Iterator[str]:
    paused = InstalmentPlan.objects.filter(state=InstalmentPlan.State.PAUSED)
    plans = {plan.reference for plan in paused if plan.pauses.filter(lifted_at=None).exists()}
    said = set(paused.values_list("reference", flat=True))
    for reference in sorted(said - plans):
        yield f"order {reference} is paused without a row that says since when"
    rights = set(paused_rights())
    for reference in sorted(rights - said):
        yield f"order {reference} is not watched, and its plan is not paused"


def _lapsed_and_open() -> Iterator[str]:
    lapsed = InstalmentPlan.objects.filter(end_reason=InstalmentPlan.EndReason.UNPAID).values("reference")
    for right in Enrollment.objects.active().filter(source=Enrollment.Source.PURCHASE, reference__in=lapsed):
        yield f"order {right.reference} is watched, and its plan has ended unpaid"


def paused_rights() -> list[str]:
    rows = Enrollment.objects.active().filter(paused_at__isnull=False, source=Enrollment.Source.PURCHASE)
    return list(rows.values_list("reference", flat=True))
