"""When what is agreed for months is due, and when it is tried again. Pure arithmetic."""

import calendar
from datetime import UTC, date, datetime, time, timedelta

# What could not be taken is tried again so long after the try before.
TRY_AGAIN_AFTER = (timedelta(days=3), timedelta(days=4))
TRIES = len(TRY_AGAIN_AFTER) + 1
HOUR = time(9, tzinfo=UTC)


def nth_day(first: date, number: int) -> date:
    """The same day of the month in the `number`th month from `first` on, which is the first one; the month's last day
    where it has no such day.
    """
    year, month = divmod(first.year * 12 + first.month - 1 + number - 1, 12)
    return date(year, month + 1, min(first.day, calendar.monthrange(year, month + 1)[1]))


def moment(day: date) -> datetime:
    """When what is due on `day` is taken."""
    return datetime.combine(day, HOUR)
