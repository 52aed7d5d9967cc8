"""Tiers of promoters: whoever brought so many sales of late, and they were kept, gets a greater part. Pure arithmetic.

A tier is (sales, basis points). They are facts of a version of the revenue rule, and each sale keeps what was counted
when it was placed.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

# So many sales at most are counted while a basket is priced.
MOST_TIERS, MOST_SALES, MOST_DAYS = 5, 1_000, 365
Tier = tuple[int, int]


@dataclass(frozen=True)
class Tiers:
    """By how many sales of the last `days` which part. None: everybody has the rule's own part."""

    days: int = 0
    steps: tuple[Tier, ...] = field(default=())

    def __bool__(self) -> bool:
        return bool(self.steps)

    @property
    def most(self) -> int:
        """Counting further changes nothing."""
        return self.steps[-1][0] if self.steps else 0


NONE = Tiers()


def reached(tiers: Tiers, sales: int | None) -> Tier | None:
    """The tier of somebody who brought `sales`; None below the first, and where nothing was counted."""
    if sales is None:
        return None
    return next((tier for tier in reversed(tiers.steps) if tier[0] <= sales), None)


def following(tiers: Tiers, sales: int) -> Tier | None:
    """The tier after the one that `sales` reach; None at the top."""
    return next((tier for tier in tiers.steps if tier[0] > sales), None)


def part_of(tiers: Tiers, base_bps: int, sales: int | None) -> int:
    """The promoter's part in basis points; `base_bps` is the rule's own."""
    tier = reached(tiers, sales)
    return tier[1] if tier else base_bps


def fit(tiers: Tiers, platform_bps: int, base_bps: int) -> bool:
    """Whether they rise from the rule's own part, leave the platform its own, and count some days."""
    if not tiers:
        return tiers.days == 0
    if not 1 <= tiers.days <= MOST_DAYS or len(tiers.steps) > MOST_TIERS:
        return False
    sales, bps = 0, base_bps
    for at, part in tiers.steps:
        if not (sales < at <= MOST_SALES and bps < part <= 10_000 - platform_bps):
            return False
        sales, bps = at, part
    return True


def told(rows: Sequence[Sequence[int]], days: int) -> Tiers:
    """Of a row of the database or of an answer in JSON."""
    return Tiers(days, tuple((int(sales), int(bps)) for sales, bps in rows))
