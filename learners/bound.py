"""How many played seconds can be true: never more than the learner's own wall time times the fastest speed.

One meter a learner, whatever number of tabs, devices and sessions report. It says up to which moment her time has been
spent on film. A report may spend the time between that moment (or the start of its own session, when that is later)
and now; seconds played at double speed spend half as much time. So whoever sends whatever, in any order and any number:
seconds accepted ≤ FASTEST × (now − first session's start + GRACE). Source: the design's rule of evidence.
"""

import math
from datetime import datetime, timedelta
from typing import NamedTuple

# The fastest speed that the player offers.
FASTEST = 3.0
SLOWEST = 0.25
# Rounding to whole seconds may run ahead of the clock by this much: once a learner, not once a report.
GRACE = timedelta(seconds=1)


class Spent(NamedTuple):
    """The answer to a claim: how many seconds of it are accepted, the wall time they cost, how far the meter stands."""

    accepted_s: int
    cost_s: float
    until: datetime


def spend(claimed_s: int, *, speed: float, spent_until: datetime | None, started_at: datetime, now: datetime) -> Spent:
    """Accept as much of `claimed_s` as there is unspent wall time for.

    `speed` is the player's word and only lowers the price of a second; it is held between SLOWEST and FASTEST.
    """
    since = max(spent_until, started_at) if spent_until else started_at
    pace = min(FASTEST, max(SLOWEST, speed)) if math.isfinite(speed) else 1.0
    room_s = (now + GRACE - since).total_seconds()
    accepted = max(0, min(claimed_s, math.floor(room_s * pace)))
    if accepted == 0:
        return Spent(0, 0.0, spent_until or started_at)
    cost_s = accepted / pace
    return Spent(accepted, cost_s, since + timedelta(seconds=cost_s))
