"""What a rule of sharing would have done to prices that are paid in parts: each is shared as a whole, once, as it was
agreed to, and what has come of it has its part of that whole.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from django.db.models import QuerySet

from . import frozen_sale, quotes
from .instalments import schedule
from .models import InstalmentPlan, OrderItem
from .quotes import Quoted
from .rules import Terms

Row = Mapping[str, Any]


def rows(terms: Terms, begun: QuerySet[OrderItem], promoter_bps: Any) -> Iterator[Row]:
    """A row for each payment that came and was not given back whole, of those plans whose first parts are `begun`; the
    first row of each plan counts as its sale. `promoter_bps`: an expression, of a first part's item.
    """
    bps = dict(begun.annotate(new_bps=promoter_bps).values_list("order__plan", "new_bps"))
    plans = begun.order_by().values("order__plan")
    came = OrderItem.objects.filter(order__plan__in=plans, order__paid_at__isnull=False, refunded_at=None)
    wholes: dict[int, Quoted] = {}
    for item in came.select_related("order__plan").order_by("pk"):
        plan = item.order.plan
        assert plan is not None
        is_new = plan.pk not in wholes
        if is_new:
            wholes[plan.pk] = _whole(plan, terms, bps[plan.pk])
        yield _row(item, plan, wholes[plan.pk], sales=int(is_new))


def _whole(plan: InstalmentPlan, terms: Terms, affiliate_bps: int) -> Quoted:
    line = frozen_sale.line_of(plan.terms, plan.currency)
    line = replace(line, platform_bps=terms.platform_bps, fixed_minor=terms.fixed_minor, affiliate_bps=affiliate_bps)
    return quotes.quote(line)


def _row(item: OrderItem, plan: InstalmentPlan, whole: Quoted, sales: int) -> Row:
    first, last = item.order.part, item.order.part_to
    part = schedule.of(whole, plan.amounts, first, last, is_tax_inclusive=item.order.is_tax_inclusive)
    return {
        "order__currency": plan.currency, "creator": item.creator_id, "sales": sales,
        "old_platform": item.platform_minor, "old_affiliate": item.affiliate_minor, "old_creators": item.creator_minor,
        "sum_basis": item.net_minor + item.promotion_minor,
        "sum_platform": part.part(quotes.PLATFORM).minor, "sum_affiliate": part.part(quotes.AFFILIATE).minor,
    }  # fmt: skip
