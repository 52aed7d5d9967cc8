"""What the page of earnings shows of what is asked for: a period, a currency, figures drawn and listed, sales."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext

from courses.models import Course
from creators.models import Creator
from marketplace.lib import clock
from marketplace.lib.money import Money

from .. import charts
from ..models import Role
from . import figures
from .figures import Figures, Span, Sums, months_after
from .sales import Chosen, Sale, before, sales_of

SALES_A_PAGE = 20


@dataclass(frozen=True)
class Asked:
    """What the address asks for: whatever cannot be, falls back to the usual."""

    currency: str = ""
    year: int | None = None
    course: str = ""
    month: date | None = None
    state: str = ""
    place: str = ""


@dataclass(frozen=True)
class SalesPage:
    sales: list[Sale]
    next_place: str
    is_filtered: bool


def shown(creator: Creator, asked: Asked) -> dict[str, Any]:
    """Spans to choose from, the figures of one of them with their drawing, and a page of sales."""
    spans = figures.spans(creator)
    span = next((span for span in spans if span.currency == asked.currency), _busiest(spans))
    found = drawn = None
    if span is not None:
        found = figures.figures(creator, span.currency, *period(asked.year))
        drawn = drawing(found)
    legend = _legend(found.total) if found else []
    shown_of = {"spans": spans, "span": span, "figures": found, "chart": drawn, "legend": legend}
    return {**shown_of, **_sales(creator, asked, span)}


def period(year: int | None) -> tuple[date, date]:
    """The first and the last month of a year, or of the last twelve months."""
    if year is not None:
        return date(year, 1, 1), date(year, 12, 1)
    last = clock.now().date().replace(day=1)
    return months_after(last, 1 - figures.MONTHS_SHOWN), last


def _busiest(spans: list[Span]) -> Span | None:
    return max(spans, key=lambda span: (span.last, span.currency == "USD"), default=None)


def drawing(found: Figures) -> charts.Columns:
    """Each month from her own share at the bottom to what discounts took at the top; below zero what went back."""
    this_month = clock.now().date().replace(day=1)
    columns = [
        charts.Column(
            label=date_format(line.month, "M"),
            up=_up(line.sums),
            down=[charts.Part("returned", gettext("Taken back"), line.sums.returned)],
            is_now=line.month == this_month,
        )
        for line in found.months
    ]
    return charts.columns(columns, found.currency)


def _up(sums: Sums) -> list[charts.Part]:
    return [
        charts.Part("own", gettext("Your share"), sums.share),
        charts.Part("coauthors", gettext("Co-authors"), sums.coauthors),
        charts.Part("affiliate", gettext("Promoters"), sums.affiliate),
        charts.Part("platform", gettext("Platform fee"), sums.platform),
        charts.Part("tax", gettext("Tax"), sums.tax),
        charts.Part("discount", gettext("Discounts"), _not_less(sums.discount_borne)),
    ]


def _legend(total: Sums) -> list[tuple[str, str]]:
    """Only what is drawn somewhere."""
    parts = [*_up(total), charts.Part("returned", gettext("Taken back"), total.returned)]
    return [(part.kind, part.label) for part in parts if part.amount.minor > 0]


def _not_less(amount: Money) -> Money:
    return max(amount, Money.zero(amount.currency))


def chosen(creator: Creator, asked: Asked, currency: str | None) -> tuple[Chosen, Course | None]:
    """The filter that was asked for; a course that she has no part in is none."""
    course = Course.objects.filter(slug=asked.course).first() if asked.course else None
    return Chosen(currency, course.pk if course else None, asked.month, asked.state or None), course


def _sales(creator: Creator, asked: Asked, span: Span | None) -> dict[str, Any]:
    which, course = chosen(creator, asked, span.currency if span and asked.currency else None)
    rows = list(before(sales_of(creator, which), asked.place)[: SALES_A_PAGE + 1])
    sales = [Sale(share) for share in rows[:SALES_A_PAGE]]
    is_filtered = bool(course or asked.month or asked.state)
    page = SalesPage(sales, sales[-1].place if len(rows) > SALES_A_PAGE else "", is_filtered)
    return {"page": page, "course": course, "asked": asked}


def course_choices(found: Figures | None) -> list[Course]:
    """Courses that have something in the period, each once."""
    lines = sorted(found.courses if found else [], key=lambda line: line.role != Role.CREATOR)
    return list({line.course.pk: line.course for line in lines if line.course}.values())
