"""The rules by which figures of a course stand out. Pure: figures in, a finding or nothing out.

A gate only flags. What is done about it, if anything, a moderator decides (`moderation.measures`).
"""

from dataclasses import dataclass
from typing import Any

from moderation import bounds

# A category counts by its own figures from about so many sales on; before, the whole site's speak for it.
CATEGORY_WEIGHT = 50
# A creator has heard of it long before (`courses.freshness`, and its mails): then a moderator does.
STALE_DAYS = 30


@dataclass(frozen=True)
class Outlier:
    """Out of the ordinary: at least `least_n` seen, `least_k` of them bad, and even the lower end of the share's
    interval is above `times` the category's (in tenths) and above `floor` (in thousandths).
    """

    version: int
    days: int
    least_n: int
    least_k: int
    times: int
    floor: int

    def bar(self, usual: int) -> int:
        """What the lower end must pass, in thousandths."""
        return max(self.floor, self.times * usual // 10)

    def found(self, seen: "Seen") -> dict[str, Any] | None:
        """The figures of a course that stands out, as they are kept and shown; None of one that does not."""
        if seen.n < self.least_n or seen.k < self.least_k:
            return None
        low, high = bounds.wilson(seen.k, seen.n)
        usual = bounds.usual(
            seen.category_k - seen.k, seen.category_n - seen.n,
            whole_k=seen.site_k - seen.k, whole_n=seen.site_n - seen.n, weight=CATEGORY_WEIGHT,
        )  # fmt: skip
        if low <= self.bar(usual):
            return None
        return {
            "k": seen.k, "n": seen.n, "low": low, "high": high, "usual": usual, "bar": self.bar(usual),
            "days": self.days,
        }  # fmt: skip


@dataclass(frozen=True)
class Seen:
    """`k` of `n` of one course, and the same of its category and of the whole site, the course included."""

    k: int
    n: int
    category_k: int
    category_n: int
    site_k: int
    site_n: int


REFUNDS = Outlier(version=1, days=180, least_n=20, least_k=5, times=20, floor=100)
DISPUTES = Outlier(version=1, days=365, least_n=50, least_k=3, times=20, floor=10)
LEAVING = Outlier(version=1, days=180, least_n=30, least_k=15, times=15, floor=400)
# Of the ratings of late those of one or two stars; where they are few, of the last ten.
RATINGS = Outlier(version=1, days=90, least_n=10, least_k=5, times=20, floor=250)
LATEST_RATINGS = 10


def stale(days: int, reason: str) -> dict[str, Any] | None:
    """`days`: for how long the course has been stale by the rule of freshness; `reason`: "age" or "reports"."""
    return {"days": days, "limit": STALE_DAYS, "reason": reason} if days >= STALE_DAYS else None
