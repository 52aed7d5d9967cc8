"""What is seen of years: a creator's own reports and tax identity, and finance's list with who lacks a number."""

from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from creators.models import Creator
from marketplace.lib.errors import DomainError
from marketplace.lib.money import Money

from .. import charts
from ..closing import months
from ..models import TaxIdentity, YearReport, YearRound
from . import issuing
from .figures import Quarter

# In the order in which they are read.
LINES: dict[str, str | Promise] = {
    "gross": _("Paid by buyers, with tax"),
    "tax": _("Tax in it"),
    "promotion": _("Added by the platform for discounts"),
    "fees": _("Platform fees withheld"),
    "promoters": _("To promoters"),
    "coauthors": _("To co-authors"),
    "share": _("Your share of all sales"),
    "returned": _("Taken back by refunds and disputes"),
    "other": _("Otherwise: the pool of the pass, made good, awarded, written off"),
    "paid_out": _("Paid out, less what came back"),
}
# What others had of it: drawn to the other side.
TAKEN = {"tax", "fees", "promoters", "coauthors", "returned"}


class NotGivenOut(DomainError):
    code = "year_not_given_out"
    message = _("This year's reports have not been given out.")


@dataclass(frozen=True)
class Line:
    """One figure of a report: its four quarters and the year."""

    name: str
    label: str | Promise
    quarters: list[Money]
    total: Money
    bar: charts.Bar


@dataclass(frozen=True)
class Shown:
    """A report as it is read. `is_newest`: not corrected by a later version."""

    report: YearReport
    sales: list[int]
    sales_total: int
    lines: list[Line]
    bars: charts.Bars
    is_newest: bool


def shown(report: YearReport, *, is_newest: bool = True) -> Shown:
    facts = report.facts
    quarters = [_quarter(told) for told in facts["quarters"]]
    total = _quarter(facts["total"])

    def money(quarter: Quarter, name: str) -> Money:
        return Money(getattr(quarter, name), report.currency)

    drawn = [(name, -money(total, name) if name in TAKEN else money(total, name)) for name in LINES]
    bars = charts.balance_bars(drawn)
    lines = [
        Line(name, label, [money(quarter, name) for quarter in quarters], money(total, name), bar)
        for (name, label), bar in zip(LINES.items(), bars.bars, strict=True)
    ]
    return Shown(report, [quarter.sales for quarter in quarters], total.sales, lines, bars, is_newest)


def _quarter(told: dict[str, Any]) -> Quarter:
    return Quarter(**{each.name: int(told[each.name]) for each in fields(Quarter)})


@dataclass(frozen=True)
class Mine:
    """A creator's own page: her reports, newest first, and what she said of herself last."""

    reports: list[Shown]
    identity: TaxIdentity | None


def mine(creator: Creator) -> Mine:
    rows = list(YearReport.objects.of(creator, settings.PAYMENTS_BOOK))
    seen: set[tuple[int, str]] = set()
    reports = []
    for row in rows:
        reports.append(shown(row, is_newest=(row.year, row.currency) not in seen))
        seen.add((row.year, row.currency))
    return Mine(reports, TaxIdentity.objects.of(creator))


@dataclass(frozen=True)
class Year:
    """One year as finance sees it. `open_months`: what must be closed before its reports are made."""

    year: int
    open_months: list[date]
    reports: int
    lacking: list[Creator]
    rounds: list[YearRound]

    @property
    def is_issuable(self) -> bool:
        return not self.open_months and self.under_way is None

    @property
    def under_way(self) -> YearRound | None:
        return next((row for row in self.rounds if row.finished_at is None and row.dead_at is None), None)


LACKING_SHOWN = 100


def years() -> list[Year]:
    """Every year of the books that has begun, the newest first."""
    began = months.first(settings.PAYMENTS_BOOK)
    if began is None:
        return []
    return [_year(each) for each in range(months.present().year, began.year - 1, -1)]


def year(number: int) -> Year:
    """Raises NoSuchMonth for a year that the books do not have."""
    issuing.open_months(number)
    return _year(number)


def _year(number: int) -> Year:
    book = settings.PAYMENTS_BOOK
    rounds = YearRound.objects.filter(book=book, year=number).select_related("asked_by")
    count = YearReport.objects.newest(book, number).count()
    return Year(number, issuing.open_months(number), count, issuing.lacking(number) if count else [], list(rounds[:10]))
