"""Working days: Monday to Friday, UTC. Pure. Public holidays differ by place and are not left out."""

from datetime import datetime, timedelta

SATURDAY = 5


def after(start: datetime, days: int) -> datetime:
    """The end of the `days`-th working day after the day of `start`: everybody has at least so many whole days."""
    at = start.replace(hour=23, minute=59, second=59, microsecond=0)
    while days:
        at += timedelta(days=1)
        days -= at.weekday() < SATURDAY
    return at
