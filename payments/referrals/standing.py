"""Which tier a promoter has: how many sales she brought in the days of the rule, and they were kept.

Counted when a basket is priced, before anything is locked, and frozen in the order: what is given back later changes no
earlier sale. Two orders that are placed at once count the same, so neither counts the other.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from creators.models import Creator
from marketplace.lib import clock

from .. import tiers
from ..models import OrderItem, RevenueRule, RuleCode
from ..models.revenue_rule import percent_text
from ..tiers import Tiers

if TYPE_CHECKING:
    from . import Attribution


def counted(credited: "Iterable[Attribution]", rules: Mapping[str, RevenueRule], at: datetime) -> dict[int, int]:
    """By promoter, what counts for her tier at `at`; nobody where the rule has no tiers."""
    rule = rules.get(RuleCode.AFFILIATE)
    if rule is None or not rule.tiers:
        return {}
    promoters = {credit.affiliate.pk for credit in credited if credit.affiliate is not None}
    return {pk: sales(pk, rule.tiers, at) for pk in promoters}


def sales(promoter_id: int, of: Tiers, at: datetime) -> int:
    """What counts for her tier, and no further than the last one asks."""
    brought = OrderItem.objects.brought_by(promoter_id, since=at - timedelta(days=of.days), until=at)
    return brought.order_by().values("order").distinct()[: of.most].count()


@dataclass(frozen=True)
class Step:
    """One tier on the board. `mark`: where its line is drawn on the bar, in thousandths."""

    sales: int
    percent: str
    bps: int
    is_reached: bool
    mark: int


@dataclass(frozen=True)
class Standing:
    """Where a promoter stands now: `sales` counted of the last `days`, her part, and what is missing to the next."""

    rule: RevenueRule
    sales: int

    @property
    def days(self) -> int:
        return self.rule.tier_days

    @property
    def percent(self) -> str:
        return percent_text(self.rule.promoter_bps(self.sales))

    @property
    def bps(self) -> int:
        return self.rule.promoter_bps(self.sales)

    @property
    def missing(self) -> int:
        """Sales to the next tier; 0 at the top."""
        following = tiers.following(self.rule.tiers, self.sales)
        return following[0] - self.sales if following else 0

    @property
    def next_percent(self) -> str:
        following = tiers.following(self.rule.tiers, self.sales)
        return percent_text(following[1]) if following else ""

    @property
    def is_counted_to_the_end(self) -> bool:
        return self.sales >= self.rule.tiers.most

    @property
    def share(self) -> int:
        """How much of the bar is filled, in thousandths."""
        return min(self.sales, self.rule.tiers.most) * 1000 // self.rule.tiers.most

    @property
    def steps(self) -> list[Step]:
        return [
            Step(at, percent_text(bps), bps, at <= self.sales, min(at * 1000 // self.rule.tiers.most, 996))
            for at, bps in self.rule.tiers.steps
        ]


def of(promoter: Creator) -> Standing | None:
    """Hers now, by the rule of now; None while that has no tiers."""
    now = clock.now()
    rule = RevenueRule.objects.in_force(RuleCode.AFFILIATE, at=now)
    return Standing(rule, sales(promoter.pk, rule.tiers, now)) if rule.tiers else None
