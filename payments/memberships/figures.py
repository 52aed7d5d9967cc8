"""A membership in figures for its creator: how many members, what each month brought and what of it went back. She sees
no names.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import BigIntegerField, Count, F, OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce, TruncMonth

from creators.models import Creator
from marketplace.lib.money import Money

from ..models import Membership, OrderItem, RefundShare, ShareKind

MONTHS_SHOWN = 12
# What nobody is known to own yet counts with the creators.
OF_CREATORS = (ShareKind.CREATOR, ShareKind.POOL)


@dataclass(frozen=True)
class MonthLine:
    month: date
    currency: str
    count: int
    paid: Money
    returned: Money  # of what was paid, or on its way back
    share: Money  # hers, without what of it went back


@dataclass(frozen=True)
class Figures:
    """`running` members now, of whom `leaving` have canceled and of whom a month of `overdue` did not come."""

    running: int
    leaving: int
    overdue: int
    months: list[MonthLine]


def of(creator: Creator | None) -> Figures:
    """Of a creator's membership, or of the pass."""
    mine = Membership.objects.running().filter(**_same("creator", creator))
    return Figures(
        mine.count(), mine.filter(canceled_at__isnull=False).count(), mine.filter(failed_tries__gt=0).count(),
        [_line(row) for row in _months(creator)],
    )  # fmt: skip


def _months(creator: Creator | None) -> list[Any]:
    items = OrderItem.objects.paid().filter(
        order__book=settings.PAYMENTS_BOOK, course=None, granted_at__isnull=False, **_same("creator", creator)
    )
    rows = items.annotate(month=TruncMonth("order__paid_at")).values("month", "order__currency").order_by("-month")
    given = RefundShare.objects.filter(line__item=OuterRef("pk"), line__failed_at=None, kind__in=OF_CREATORS)
    given_minor = Subquery(given.order_by().values("line__item").annotate(sum=Sum("amount_minor")).values("sum"))
    sums = rows.annotate(
        count=Count("pk"), paid=Sum("price_minor"), returned=Sum("refund_asked_minor"),
        share=Sum(F("creator_minor") - Coalesce(given_minor, 0, output_field=BigIntegerField())),
    )  # fmt: skip
    return list(sums[:MONTHS_SHOWN])


def _line(row: dict[str, Any]) -> MonthLine:
    currency = row["order__currency"]
    return MonthLine(
        row["month"].date(),
        currency,
        row["count"],
        Money(int(row["paid"]), currency),
        Money(int(row["returned"]), currency),
        Money(int(row["share"]), currency),
    )


def _same(name: str, creator: Creator | None) -> dict[str, Any]:
    return {name: creator} if creator else {f"{name}__isnull": True}
