"""What a rule of sharing would have done to the sales of the last 90 days, reckoned as a sale reckons, in one reading.

The sales themselves keep their shares; nothing is written. A sale of which a part of the price was given back counts
whole, under the old rule and under the new one. A price in parts is a sale of the day of its first part, with the parts
that have come (`simulated_parts`). What the pass brings in is nobody's yet when it is sold: it is left out, and that is
said. Where the new rule has tiers, each sale's promoter has the tier that she would have had when it was placed, by
what was brought before and is kept today.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from itertools import chain
from time import monotonic_ns
from typing import Any

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db import OperationalError, connection, transaction
from django.db.models import (
    BigIntegerField,
    Count,
    ExpressionWrapper,
    F,
    Func,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Sum,
    Value,
)
from django.db.models.functions import Least
from django.utils.translation import gettext_lazy as _
from psycopg2.errors import QueryCanceled

from creators.models import Creator
from marketplace.lib import clock
from marketplace.lib.errors import DomainError
from marketplace.lib.money import Money

from . import simulated_parts
from .cuts import Cut
from .models import OrderItem
from .models.order_item import BROUGHT_AND_KEPT
from .quotes import WHOLE
from .rules import Terms

LOOKS_BACK = timedelta(days=90)
MOST_SHOWN = 8
PATIENCE_MS = 20_000
# Of the pass nobody's part is known when it is sold.
OF_SOMEBODY, OF_THE_PASS = Q(creator__isnull=False), Q(creator=None)
Row = Mapping[str, Any]


class TakesTooLong(DomainError):
    code = "simulation_takes_too_long"
    status = 503
    message = _("There are too many sales to try this rule out. Ask without its tiers.")


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
    """Old and new for each currency that was sold in by the rule's way; refunded sales are left out.

    One question, a row a currency and creator, so that what each sale's promoter had brought is counted once.
    """
    rows = _reckoned(terms).order_by().values("order__currency", "creator").annotate(sales=Count("pk"), **_sums())
    with _patience():
        added: dict[tuple[str, int], Counter[str]] = defaultdict(Counter)
        begun = _recent(terms).filter(order__part=1)
        for row in _in_time(chain(rows, simulated_parts.rows(terms, begun, _promoter_bps(terms)))):
            added[row["order__currency"], row["creator"]].update({name: row[name] for name in ("sales", *_sums())})
    by_currency: dict[str, list[Row]] = defaultdict(list)
    for (currency, creator), sums in added.items():
        by_currency[currency].append({"creator": creator, **{name: sums[name] for name in ("sales", *_sums())}})
    return [_effect(currency, by_currency[currency]) for currency in sorted(by_currency)]


def left_out(terms: Terms) -> int:
    """How many months of the pass were sold by the rule's way in that time."""
    return _recent(terms, OF_THE_PASS).filter(refunded_at=None).count()


def _in_time(rows: Iterable[Row]) -> Iterator[Row]:
    until = monotonic_ns() + PATIENCE_MS * 1_000_000
    for row in rows:
        if monotonic_ns() > until:
            raise TakesTooLong
        yield row


@contextmanager
def _patience() -> Iterator[None]:
    """A question that takes too long is given up; it would hold a process that pages wait for."""
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config('statement_timeout', %s, true)", [f"{PATIENCE_MS}ms"])
            yield
    except OperationalError as error:
        if isinstance(error.__cause__, QueryCanceled):
            raise TakesTooLong from error
        raise


def _reckoned(terms: Terms) -> QuerySet[OrderItem]:
    """Each sale that was paid at once with its new parts, by the same whole-number arithmetic as `payments.quotes`."""
    recent = _recent(terms).filter(refunded_at=None, order__plan=None)
    recent = recent.annotate(basis=_whole(F("net_minor") + F("promotion_minor")))
    # Rounded half up, as fees.split does; PostgreSQL's division of whole numbers cuts.
    platform = Least(F("basis"), Cut(F("basis") * terms.platform_bps + 5_000, WHOLE) + terms.fixed_minor)
    priced = recent.annotate(new_platform=_whole(platform))
    # A promoter's part is hers only where there was one.
    priced = priced.annotate(new_affiliate_bps=_promoter_bps(terms))
    paid_on = Least(F("basis") - F("new_platform"), Cut(F("basis") * F("new_affiliate_bps"), WHOLE))
    gives = terms.affiliate_bps or terms.tiers
    return priced.annotate(new_affiliate=_whole(paid_on) if gives else Value(0, output_field=BigIntegerField()))


def _recent(terms: Terms, whose: Q = OF_SOMEBODY) -> QuerySet[OrderItem]:
    since = clock.now() - LOOKS_BACK
    return OrderItem.objects.filter(
        whose, rule__code=terms.code, order__book=settings.PAYMENTS_BOOK, order__paid_at__gte=since
    )  # fmt: skip


def _promoter_bps(terms: Terms) -> Any:
    """Of each sale, by the tier of its promoter when it was placed."""
    base = Value(terms.affiliate_bps, output_field=BigIntegerField())
    if not terms.tiers:
        return base
    before = OrderItem.objects.filter(
        BROUGHT_AND_KEPT, follows=False, gave_way=False, affiliate=OuterRef("affiliate")
    ).filter(
        order__book=settings.PAYMENTS_BOOK, granted_at__lte=OuterRef("order__placed_at"),
        granted_at__gt=OuterRef("order__placed_at") - timedelta(days=terms.tiers.days),
    ).kept_with_its_parts()  # fmt: skip
    # Counted no further than the last tier asks, as when an order is placed.
    few = ArraySubquery(before.order_by().values("order").distinct()[: terms.tiers.most])
    brought = Func(few, function="cardinality", output_field=IntegerField())
    # Which tier it is, in one look: each place where the count stood would count again.
    reached = Func(brought, _numbers([sales for sales, _bps in terms.tiers.steps]), function="width_bucket")
    bps = _numbers([terms.affiliate_bps, *(bps for _sales, bps in terms.tiers.steps)])
    return Func(bps, reached, template="(%(expressions)s]", arg_joiner=")[1 + ", output_field=BigIntegerField())


def _numbers(told: list[int]) -> Value:
    return Value(told, output_field=ArrayField(IntegerField()))


def _whole(expression: object) -> ExpressionWrapper:
    return ExpressionWrapper(expression, output_field=BigIntegerField())  # type: ignore[arg-type]


def _sums() -> dict[str, Sum]:
    fields = {
        "old_platform": "platform_minor", "old_affiliate": "affiliate_minor", "old_creators": "creator_minor",
        "sum_basis": "basis", "sum_platform": "new_platform", "sum_affiliate": "new_affiliate",
    }  # fmt: skip
    return {name: Sum(field) for name, field in fields.items()}


def _effect(currency: str, rows: list[Row]) -> Effect:
    whole = {name: Money(sum(int(row[name]) for row in rows), currency) for name in _sums()}
    old = Parts(whole["old_platform"], whole["old_affiliate"], whole["old_creators"])
    new = Parts(
        whole["sum_platform"], whole["sum_affiliate"],
        whole["sum_basis"] - whole["sum_platform"] - whole["sum_affiliate"],
    )  # fmt: skip
    sales = sum(row["sales"] for row in rows)
    return Effect(currency, sales, len(rows), old, new, list(_most_affected(rows, currency)))


def _most_affected(rows: list[Row], currency: str) -> Iterable[Affected]:
    changed = [(_change(row), row) for row in rows if _change(row)]
    most = sorted(changed, key=lambda each: (-abs(each[0]), each[1]["creator"]))[:MOST_SHOWN]
    creators = Creator.objects.in_bulk([row["creator"] for _more, row in most])
    for change, row in most:
        yield Affected(creators[row["creator"]], row["sales"], Money(change, currency))


def _change(row: Row) -> int:
    """What her side gets more: of the basis, what platform and promoter leave."""
    return int(row["sum_basis"] - row["sum_platform"] - row["sum_affiliate"] - row["old_creators"])
