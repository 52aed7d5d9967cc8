"""What a course has cost since it was first sold, and its lowest price of the last thirty days. No words, no colors.

Source: the design's rule of honest prices (X19): every price that was asked for is public, none is made up.
Where buyers name their price it is the least of it. What was asked for in another currency stays in it: there are no
rates here, so prices of two currencies are not compared, and each has a lowest price of its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby, takewhile
from typing import ClassVar, NamedTuple

from marketplace.lib.money import Money, about

LOOKED_BACK = timedelta(days=30)
DRAWN = timedelta(days=365)
WIDTH, HEIGHT, MARGIN = 280, 72, 6


class Asked(NamedTuple):
    """A price that was set then; the least of it, where buyers name theirs."""

    price: Money
    at: datetime
    is_price_named: bool = False


@dataclass(frozen=True)
class Step:
    """One price, from `since` to `until`; the present one has no end. `is_price_named`: at last it was the least of one
    that buyers name.
    """

    price: Money
    since: datetime
    until: datetime | None = None
    is_price_named: bool = False


@dataclass(frozen=True)
class History:
    """All steps, oldest first, each in its own currency. `lowest_each`: the lowest of the last thirty days in each
    currency that was asked for in them, the present one's first.
    """

    WIDTH: ClassVar = WIDTH
    HEIGHT: ClassVar = HEIGHT

    steps: list[Step]
    lowest_each: list[Step]
    now: datetime

    @property
    def present(self) -> Step:
        return self.steps[-1]

    @property
    def newest_first(self) -> list[Step]:
        return self.steps[::-1]

    @property
    def has_changed_lately(self) -> bool:
        return len(self.steps) > 1 and self.present.since > self.now - LOOKED_BACK

    @property
    def lowest(self) -> Step:
        """Of the present currency."""
        return self.lowest_each[0]

    @property
    def lowest_of_others(self) -> list[Step]:
        return self.lowest_each[1:]

    @property
    def was_lower(self) -> bool:
        return self.lowest.price < self.present.price

    @property
    def has_changed_currency(self) -> bool:
        """Within the last thirty days: what was lowest in them can be told of each currency alone."""
        return len(self.lowest_each) > 1

    @property
    def line(self) -> str:
        """The points of a stepped line in a box of WIDTH × HEIGHT: time to the right, price upwards, since the present
        currency is asked for.
        """
        currency = self.present.price.currency
        drawn = [*takewhile(lambda step: step.price.currency == currency, self.newest_first)][::-1]
        begin = max(drawn[0].since, self.now - DRAWN)
        span = max(self.now - begin, timedelta(seconds=1))
        most = max(step.price.minor for step in drawn) or 1
        points = []
        for step in drawn:
            if (step.until or self.now) < begin:
                continue
            y = HEIGHT - MARGIN - (HEIGHT - 2 * MARGIN) * step.price.minor // most
            for at in (max(step.since, begin), step.until or self.now):
                x = MARGIN + (WIDTH - 2 * MARGIN) * (at - begin) // span
                points.append(f"{x},{y}")
        return " ".join(points)


def history(changes: Sequence[Asked], first_sold_at: datetime, now: datetime) -> History | None:
    """From the prices that were set, oldest first. What was set before the first sale counts from the first sale on.
    None when no price was set.
    """
    if not changes:
        return None
    steps = _steps(changes, first_sold_at)
    return History(steps, _lowest_each(lately(steps, now)), now)


def lowest_of_late(changes: Sequence[Asked], first_sold_at: datetime, now: datetime) -> Money:
    """What limits go by: the least that was asked within the last thirty days in the currency of today, or about as
    much of it; nobody is told it as a price. `changes` as of `history`, at least one.
    """
    steps = _steps(changes, first_sold_at)
    return min(about(step.price, steps[-1].price.currency) for step in lately(steps, now))


def _lowest_each(steps: Sequence[Step]) -> list[Step]:
    """The lowest of each currency, from that of the last step to that which was left first."""
    of: dict[str, list[Step]] = {}
    for step in reversed(steps):
        of.setdefault(step.price.currency, []).append(step)
    return [min(reversed(alike), key=lambda step: step.price.minor) for alike in of.values()]


def _steps(changes: Sequence[Asked], first_sold_at: datetime) -> list[Step]:
    known = [Asked(*change) for change in changes]
    at_first = [change for change in known if change.at <= first_sold_at][-1:]
    later = [change for change in known if change.at > first_sold_at]
    # Beside a price that buyers name, what is suggested may change alone: the price went on.
    runs = [list(run) for _price, run in groupby([*at_first, *later], key=lambda change: change.price)]
    begun = [max(run[0].at, first_sold_at) for run in runs]
    ends = [*begun[1:], None]
    return [
        Step(run[0].price, since, until, run[-1].is_price_named)
        for run, since, until in zip(runs, begun, ends, strict=True)
    ]


def lately(steps: Sequence[Step], now: datetime) -> list[Step]:
    """Those that were asked for within the thirty days before `now`."""
    return [step for step in steps if step.until is None or step.until > now - LOOKED_BACK]
