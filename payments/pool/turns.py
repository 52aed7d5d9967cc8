"""Which month of the pool may be divided, and which one is next."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from ..closing import months as calendar
from ..models import PoolDivision

# Beyond the end of the month: longer than a month may be taken back.
SETTLES_AFTER = timedelta(days=15)


def due_at(month: date) -> datetime:
    """From when on a month is divided."""
    return calendar.end_of(month) + SETTLES_AFTER


@dataclass(frozen=True)
class Turn:
    """One currency's at one moment. `due`: the newest month that is due; `first`: the first one that is not divided."""

    due: date
    first: date

    @property
    def is_come(self) -> bool:
        return self.first <= self.due

    def takes(self, month: date) -> bool:
        """Whether this month may be divided now. It takes in all that waits of those before it."""
        return self.first <= month <= self.due

    @property
    def next(self) -> date:
        """The month that is divided once its days have passed."""
        return max(self.first, calendar.after(self.due))


def turn(currency: str, now: datetime) -> Turn:
    due = calendar.before(calendar.month_of(now.astimezone(UTC).date()))
    while due_at(due) > now:
        due = calendar.before(due)
    newest = PoolDivision.objects.here().filter(currency=currency).first()
    return Turn(due, calendar.after(newest.month) if newest else date.min)
