"""How many played seconds can be true: never more than the learner's own wall time times the fastest speed.

One meter a learner, whatever number of tabs, devices and sessions report. It says which of her wall time has been spent
on film: all of it up to a moment, but for the gaps that it remembers. A report may spend what is unspent between the
start of its own session and now, the earliest first; seconds played at double speed spend half as much time. So whoever
sends whatever, in any order and any number: each moment is spent once, and
seconds accepted ≤ FASTEST × (now − first session's start + GRACE). Source: the design's rule of evidence, decision 92.
"""

import math
from datetime import datetime, timedelta
from typing import NamedTuple

from . import intervals
from .report_tokens import LIVES_FOR

# The fastest speed that the player offers.
FASTEST = 3.0
SLOWEST = 0.25
# Rounding to whole seconds may run ahead of the clock by this much: once a learner, not once a report.
GRACE = timedelta(seconds=1)
# What is forgotten can no longer be spent: no session that may still report began earlier than this, and of more gaps
# than these the longest are kept.
REMEMBERED = LIVES_FOR
MOST_GAPS = 64

# Sorted, disjoint, half-open spans of wall time.
Times = tuple[tuple[datetime, datetime], ...]


class Meter(NamedTuple):
    """Her wall time is spent up to `spent_until`, but for the gaps, all of them before it. None: nothing is spent."""

    spent_until: datetime | None = None
    gaps: Times = ()


class Spent(NamedTuple):
    """The answer to a claim: how many seconds of it are accepted, the wall time they cost, how the meter stands."""

    accepted_s: int
    cost_s: float
    meter: Meter


def spend(claimed_s: int, *, speed: float, meter: Meter, started_at: datetime, now: datetime) -> Spent:
    """Accept as much of `claimed_s` as there is unspent wall time for.

    `speed` is the player's word and only lowers the price of a second; it is held between SLOWEST and FASTEST.
    """
    pace = min(FASTEST, max(SLOWEST, speed)) if math.isfinite(speed) else 1.0
    free = _unspent(meter, started_at, now + GRACE)
    room_s = sum([(end - start).total_seconds() for start, end in free])
    accepted = max(0, min(claimed_s, math.floor(room_s * pace)))
    if accepted == 0:
        return Spent(0, 0.0, meter)
    cost_s = accepted / pace
    return Spent(accepted, cost_s, _without(meter, _earliest(free, cost_s), now))


def _unspent(meter: Meter, since: datetime, until: datetime) -> Times:
    """Her wall time from `since` to `until` that no session has spent."""
    mark, gaps = meter
    free = () if not gaps or gaps[-1][1] <= since else tuple([(max(s, since), e) for s, e in gaps if e > since])
    start = max(mark, since) if mark else since
    return (*free, (start, until)) if start < until else free


def _earliest(free: Times, cost_s: float) -> Times:
    """What `cost_s` takes of it. Late time is what every session can use, so the early is spent first."""
    # Rounded up: a microsecond more or less must not add up to time that nobody had.
    left, taken = timedelta(microseconds=math.ceil(cost_s * 1e6)), []
    for start, end in free:
        end = min(end, start + left)
        taken.append((start, end))
        left -= end - start
        if not left:
            break
    return tuple(taken)


def _without(meter: Meter, taken: Times, now: datetime) -> Meter:
    """The meter once that time, not empty, is spent too."""
    mark, gaps = meter
    until, oldest = taken[-1][1], now - REMEMBERED
    if mark is None or until > mark:
        if len(taken) == 1 and mark == taken[0][0]:
            return Meter(until, gaps)
        gaps = (*gaps, (mark or min(oldest, taken[0][0]), until))
    return Meter(max(mark or until, until), _kept(intervals.without(gaps, taken), oldest))


def _kept(gaps: Times, oldest: datetime) -> Times:
    """Of gaps those that a session may still spend."""
    kept = [(max(start, oldest), end) for start, end in gaps if end > oldest]
    if len(kept) > MOST_GAPS:
        longest = sorted(kept, key=lambda gap: gap[0] - gap[1])[:MOST_GAPS]
        kept = sorted(longest)
    return tuple(kept)
