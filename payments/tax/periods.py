"""Stretches of months for which tax is declared: a month ("2026-11"), a quarter ("2026-Q4"), a year ("2026")."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from marketplace.lib.errors import DomainError

from ..closing import months

NAMED = re.compile(r"(2\d{3})(?:-(0[1-9]|1[0-2])|-Q([1-4]))?", re.ASCII)


class NoSuchPeriod(DomainError):
    code = "no_such_period"
    status = 404
    message = gettext_lazy("There is no such period. Name a month (2026-11), a quarter (2026-Q4) or a year (2026).")


@dataclass(frozen=True)
class Period:
    """From the month `first` to the month `last`, both of it, as first days; UTC, as the books' months."""

    name: str
    first: date
    last: date

    @property
    def label(self) -> str:
        """In the reader's language."""
        if self.first == self.last:
            return date_format(self.first, "YEAR_MONTH_FORMAT")
        words = {"year": self.first.year, "quarter": (self.first.month + 2) // 3}
        is_year = self.last.month - self.first.month == 11
        return _("Year %(year)d") % words if is_year else _("Quarter %(quarter)d of %(year)d") % words

    @property
    def moments(self) -> tuple[datetime, datetime]:
        """Its first moment, and the first one that is not of it any more."""
        return months.start_of(self.first), months.end_of(self.last)


def named(name: str) -> Period:
    """Raises NoSuchPeriod."""
    found = NAMED.fullmatch(name)
    if found is None:
        raise NoSuchPeriod
    year, month, quarter = int(found[1]), found[2], found[3]
    first, last = (int(month),) * 2 if month else (int(quarter) * 3 - 2, int(quarter) * 3) if quarter else (1, 12)
    return Period(name, date(year, first, 1), date(year, last, 1))


def quarter_of(month: date) -> Period:
    return named(f"{month.year}-Q{(month.month + 2) // 3}")


def months_of(period: Period) -> list[Period]:
    """Its months, the first one first."""
    found, month = [], period.first
    while month <= period.last:
        found.append(named(f"{month:%Y-%m}"))
        month = months.after(month)
    return found


def known(book: str) -> list[Period]:
    """Every year, quarter and month that the book has entries of, the newest first, the longer before its parts."""
    return list(reversed(list(_known(book))))


def _known(book: str) -> Iterator[Period]:
    month, now = months.first(book), months.present()
    while month is not None and month <= now:
        yield named(f"{month:%Y-%m}")
        is_last = month == now
        if is_last or month.month % 3 == 0:
            yield quarter_of(month)
        if is_last or month.month == 12:
            yield named(f"{month.year}")
        month = months.after(month)


def latest(book: str) -> Period:
    """The quarter that ended last and of which the books have something, or else the present one."""
    present = quarter_of(months.present())
    ended, began = quarter_of(months.before(present.first)), months.first(book)
    return ended if began is not None and began <= ended.last else present
