"""What finance sees of months: the list with each one's state, and one month, closed or as it would be."""

from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from marketplace.lib.errors import DomainError

from ..models import MonthClose
from . import act, months, report
from .obstacles import Obstacle, in_the_way


class MonthNotClosed(DomainError):
    code = "month_not_closed"
    message = _("This month is not closed yet, so there is nothing frozen to be given out.")


@dataclass(frozen=True)
class Shown:
    """A month in the list, and what is in the way of the one that comes next."""

    standing: months.Standing
    obstacles: list[Obstacle]


def listing() -> list[Shown]:
    """The newest first."""
    book = settings.PAYMENTS_BOOK
    return [Shown(one, in_the_way(book, one.month) if one.is_next else []) for one in months.standings(book)]


@dataclass(frozen=True)
class Month:
    """One month: its close, or else what closing it would freeze and what is in the way. `needs_reason`: only that."""

    month: date
    close: MonthClose | None
    report: report.Report
    obstacles: list[Obstacle]

    @property
    def is_closable(self) -> bool:
        return self.close is None and all(found.yields_to_a_reason for found in self.obstacles)

    @property
    def needs_reason(self) -> bool:
        return self.is_closable and bool(self.obstacles)

    @property
    def in_the_way(self) -> list[tuple[Obstacle, str]]:
        """Each with the address at which it is dealt with, or none."""
        return [(found, reverse(found.where) if found.where else "") for found in self.obstacles]


def month(year: int, number: int) -> Month:
    """Raises NoSuchMonth."""
    book = settings.PAYMENTS_BOOK
    named = months.named(book, year, number)
    close = MonthClose.objects.of(book).filter(month=named).select_related("closed_by").first()
    if close is not None:
        return Month(named, close, report.of(close.facts), [])
    return Month(named, None, report.of(act.preview(named)), in_the_way(book, named))


def closed(year: int, number: int) -> MonthClose:
    """Raises NoSuchMonth, MonthNotClosed."""
    named = months.named(settings.PAYMENTS_BOOK, year, number)
    close = MonthClose.objects.of(settings.PAYMENTS_BOOK).filter(month=named).select_related("closed_by").first()
    if close is None:
        raise MonthNotClosed
    return close
