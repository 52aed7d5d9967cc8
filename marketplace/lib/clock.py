"""The time that money rules go by: the database's clock, which the sandbox may move forward."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, models
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext_lazy as _

from .errors import DomainError


class ClockNotMovable(DomainError):
    code = "clock_not_movable"
    message = _("Time can be moved in the sandbox only, and only forward.")


class ClockShift(models.Model):
    """Somebody moved the sandbox clock forward by so many seconds. Shifts add up; none is taken back."""

    seconds = models.PositiveBigIntegerField()
    moved_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    moved_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        app_label = "floor"

    def __str__(self) -> str:
        return f"+{self.seconds} s"


_LIVE = "statement_timestamp()"
_SHIFTED = (
    "(statement_timestamp() + make_interval(secs => (SELECT coalesce(sum(seconds), 0)::float8 FROM floor_clockshift)))"
)


def now() -> datetime:
    """Database time plus, in the sandbox, the sum of all shifts. Aware, UTC.

    The database's clock, not the process's: two machines that disagree must not release a hold early.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {_sql()}")
        return cursor.fetchone()[0]


def on_the_wall(moments: Iterable[datetime]) -> dict[datetime, datetime]:
    """For each moment of this clock when that was by the clock on the wall, by which all that is not of money is noted
    (what was published, watched, opened). A moment that a shift passed over was that of the shift. One query at most.
    """
    asked = set(moments)
    if settings.PAYMENTS_BOOK == "live" or not asked:
        return {at: at for at in asked}
    shifts = list(ClockShift.objects.order_by("moved_at", "pk").values_list("moved_at", "seconds"))
    return {at: _on_the_wall(at, shifts) for at in asked}


def _on_the_wall(at: datetime, shifts: list[tuple[datetime, int]]) -> datetime:
    ahead = timedelta(0)
    for moved_at, seconds in shifts:
        if at < moved_at + ahead:
            break
        ahead += timedelta(seconds=seconds)
        if at < moved_at + ahead:
            return moved_at
    return at - ahead


def expression() -> RawSQL:
    """The same time as a part of a query, where asking for it by itself would be one statement more."""
    return RawSQL(_sql(), [], output_field=models.DateTimeField())


def _sql() -> str:
    return _LIVE if settings.PAYMENTS_BOOK == "live" else _SHIFTED


def advance(by: timedelta, moved_by: Any = None) -> datetime:
    """Move the sandbox clock forward; returns the new time. Raises ClockNotMovable when live, or backward."""
    seconds = int(by.total_seconds())
    if settings.PAYMENTS_BOOK == "live" or not 0 < seconds <= 5 * 366 * 86_400:
        raise ClockNotMovable
    ClockShift.objects.create(seconds=seconds, moved_by=moved_by)
    return now()
