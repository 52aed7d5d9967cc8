"""Which months the books have, and where each begins and ends. A month is by UTC and holds what was booked in it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.db.models import Min
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.lib.errors import DomainError

from ..models import LedgerEntry, LedgerSeal, MonthClose


class NoSuchMonth(DomainError):
    code = "no_such_month"
    status = 404
    message = _("The books have no such month.")


def month_of(day: date) -> date:
    return day.replace(day=1)


def after(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def before(month: date) -> date:
    return (month - timedelta(days=1)).replace(day=1)


def start_of(month: date) -> datetime:
    return datetime(month.year, month.month, 1, tzinfo=UTC)


def end_of(month: date) -> datetime:
    """The first moment that is not of the month any more."""
    return start_of(after(month))


def last_day(month: date) -> date:
    return after(month) - timedelta(days=1)


def present() -> date:
    return month_of(timezone.now().astimezone(UTC).date())


def first(book: str) -> date | None:
    """The month of the book's first entry; None without an entry."""
    seal = LedgerSeal.objects.of(book).first()
    if seal is not None:
        return month_of(seal.day)
    found: datetime | None = LedgerEntry.objects.filter(book=book).aggregate(first=Min("created_at"))["first"]
    return month_of(found.astimezone(UTC).date()) if found else None


def named(book: str, year: int, number: int) -> date:
    """The month of the books with this number. Raises NoSuchMonth."""
    began = first(book)
    if not (2000 <= year < 3000 and 1 <= number <= 12) or began is None:
        raise NoSuchMonth
    month = date(year, number, 1)
    if not began <= month <= present():
        raise NoSuchMonth
    return month


@dataclass(frozen=True)
class Standing:
    """A month and its close, if it is closed. `is_next`: the first one that is not closed."""

    month: date
    close: MonthClose | None
    is_over: bool
    is_next: bool


def standings(book: str) -> list[Standing]:
    """Every month of the book, the newest first."""
    return list(reversed(list(_standings(book))))


def _standings(book: str) -> Iterator[Standing]:
    month, now, waits = first(book), present(), True
    rows = MonthClose.objects.of(book).select_related("closed_by").defer("content")
    closes = {close.month: close for close in rows}
    while month is not None and month <= now:
        close = closes.get(month)
        yield Standing(month, close, month < now, close is None and waits)
        waits = waits and close is not None
        month = after(month)


def waiting(book: str) -> list[date]:
    """The months that are over and not closed, oldest first."""
    return [one.month for one in _standings(book) if one.is_over and one.close is None]
