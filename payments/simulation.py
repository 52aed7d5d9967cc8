"""What a rule of sharing would have done to the sales of the last 90 days, reckoned as a sale reckons, in one reading.

The sales themselves keep their shares; nothing is written. A sale of which a part of the price was given back counts
whole, under the old rule and under the new one. Where the new rule has tiers, each sale's promoter has the tier that
she would have had when it was placed, by what was brought before and is kept today.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    BigIntegerField,
    Case,
    Count,
    ExpressionWrapper,
    F,
    Func,
    OuterRef,
    QuerySet,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Abs, Greatest, Least
from django.db.models.lookups import GreaterThanOrEqual

from creators.models import Creator
from marketplace.lib import clock
from marketplace.lib.money import Money

from .cuts import Cut
from .models import OrderItem
from .models.order_item import BROUGHT_AND_KEPT
from .quotes import WHOLE
from .rules import Terms

LOOKS_BACK = timedelta(days=90)
MOST_SHOWN = 8


@dataclass(frozen=True)
class Parts:
    """Who gets how much of the same sales under one rule."""

    platform: Money
    affiliate: Money
    creators: Money

    @property
    def whole(self) -> Money:
        return self.platform + self.affiliate + self.creators


@dataclass(frozen=True)
class Affected:
    """One creator's change over the 90 days, her co-authors with her."""

    creator: Creator
    sales: int
    change: Money


@dataclass(frozen=True)
class Effect:
    """One currency's sales under the rule that they had and under the new one."""

    currency: str
    sales: int
    creators: int
    old: Parts
    new: Parts
    most_affected: list[Affected]

    @property
    def platform_change(self) -> Money:
        return self.new.platform - self.old.platform

    @property
    def creators_change(self) -> Money:
        return self.new.creators - self.old.creators


def simulate(terms: Terms) -> list[Effect]:
    """Old and new for each currency that was sold in by the rule's way; refunded sales are left out."""
    sales = _reckoned(terms)
    totals = sales.values("order__currency").annotate(
        sales=Count("pk"), creators=Count("creator", distinct=True), **_sums()
    )
    return [_effect(row, sales) for row in totals.order_by("order__currency")]


def _reckoned(terms: Terms) -> QuerySet[OrderItem]:
    """Each sale with its new parts, by the same whole-number arithmetic as `payments.quotes`. Prices that are paid in
    parts are left out: they are shared as a whole, of which some may never come.
    """
    basis = F("net_minor") + F("promotion_minor")
    recent = OrderItem.objects.filter(
        rule__code=terms.code, order__book=settings.PAYMENTS_BOOK, order__paid_at__gte=clock.now() - LOOKS_BACK,
        refunded_at=None, order__plan=None,
    ).annotate(basis=_whole(basis))  # fmt: skip
    # Rounded half up, as fees.split does; PostgreSQL's division of whole numbers cuts.
    platform = Least(F("basis"), Cut(F("basis") * terms.platform_bps + 5_000, WHOLE) + terms.fixed_minor)
    priced = recent.annotate(new_platform=_whole(platform))
    # A promoter's part is hers only where there was one.
    priced = priced.annotate(new_affiliate_bps=_promoter_bps(terms))
    paid_on = Least(F("basis") - F("new_platform"), Cut(F("basis") * F("new_affiliate_bps"), WHOLE))
    gives = terms.affiliate_bps or terms.tiers
    affiliate = _whole(paid_on) if gives else Value(0, output_field=BigIntegerField())
    return priced.annotate(
        new_affiliate=affiliate,
        new_creators=_whole(Greatest(F("basis") - F("new_platform") - affiliate, 0)),
    )


def _promoter_bps(terms: Terms) -> Any:
    """Of each sale, by the tier of its promoter when it was placed."""
    base = Value(terms.affiliate_bps, output_field=BigIntegerField())
    if not terms.tiers:
        return base
    before = OrderItem.objects.filter(BROUGHT_AND_KEPT, follows=False, affiliate=OuterRef("affiliate")).filter(
        order__book=settings.PAYMENTS_BOOK, granted_at__lte=OuterRef("order__placed_at"),
        granted_at__gt=OuterRef("order__placed_at") - timedelta(days=terms.tiers.days),
    )  # fmt: skip
    # Counted no further than the last tier asks, as when an order is placed.
    few = ArraySubquery(before.order_by().values("pk")[: terms.tiers.most])
    brought = Func(few, function="cardinality", output_field=BigIntegerField())
    reached = [When(GreaterThanOrEqual(brought, sales), then=Value(bps)) for sales, bps in reversed(terms.tiers.steps)]
    return Case(*reached, default=base, output_field=BigIntegerField())


def _whole(expression: object) -> ExpressionWrapper:
    return ExpressionWrapper(expression, output_field=BigIntegerField())  # type: ignore[arg-type]


def _sums() -> dict[str, Sum]:
    fields = {
        "old_platform": "platform_minor", "old_affiliate": "affiliate_minor", "old_creators": "creator_minor",
        "sum_platform": "new_platform", "sum_affiliate": "new_affiliate", "sum_creators": "new_creators",
    }  # fmt: skip
    return {name: Sum(field) for name, field in fields.items()}


def _effect(row: Mapping[str, Any], sales: QuerySet[OrderItem]) -> Effect:
    currency = row["order__currency"]

    def parts(before: str) -> Parts:
        return Parts(*(Money(int(row[f"{before}_{part}"]), currency) for part in ("platform", "affiliate", "creators")))

    return Effect(
        currency, row["sales"], row["creators"], parts("old"), parts("sum"),
        list(_most_affected(sales.filter(order__currency=currency), currency)),
    )  # fmt: skip


def _most_affected(sales: QuerySet[OrderItem], currency: str) -> Iterable[Affected]:
    changes = sales.values("creator").annotate(change=Sum(F("new_creators") - F("creator_minor")), sales=Count("pk"))
    rows = list(changes.exclude(change=0).order_by(Abs("change").desc(), "creator")[:MOST_SHOWN])
    creators = Creator.objects.in_bulk([row["creator"] for row in rows])
    for row in rows:
        yield Affected(creators[row["creator"]], row["sales"], Money(int(row["change"]), currency))
