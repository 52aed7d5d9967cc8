"""How fresh a course is, by a rule that everybody may read. Pure: dates in, a verdict out.

A course is stale when its shelf is one that changes fast and for 18 months there was neither a new version nor a check;
or when three of its learners have said since then that something in it is out of date.
"""

from datetime import datetime, timedelta

STALE_AFTER = timedelta(days=548)
STALE_REPORTS = 3
# Where nothing was chosen; never for a course whose creator named nothing to check and whose shelf is slow.
REMIND_AFTER_DAYS = 365


def verdict(*, last_at: datetime, reports: int, is_fast_moving: bool, now: datetime) -> str:
    """ "" for fresh; else why it is stale: "reports" or "age". `reports`: different learners since `last_at`."""
    if reports >= STALE_REPORTS:
        return "reports"
    return "age" if is_fast_moving and now - last_at > STALE_AFTER else ""


def reminder_due(*, last_at: datetime, after_days: int, now: datetime) -> int:
    """How many whole spans of `after_days` have passed since `last_at`: each is one reminder; 0 for none yet."""
    return max(0, (now - last_at) // timedelta(days=after_days))
