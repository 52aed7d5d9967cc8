"""A year's report as CSV and PDF for the creator, and finance's file of everybody."""

import csv
import io
from collections.abc import Iterator
from dataclasses import fields
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext, pgettext

from accounts import audit
from creators import countries
from marketplace.lib.errors import NotAllowed
from marketplace.lib.money import Money

from .. import documents
from ..models import YearReport
from ..models.tax_identity import TaxDetails
from ..sales_csv import plain
from . import page
from .figures import Quarter

QUARTERS = ["Q1", "Q2", "Q3", "Q4"]
FIGURES = [each.name for each in fields(Quarter)]


def csv_lines(report: YearReport) -> Iterator[str]:
    """A row a figure: the quarters and the year, in major units."""
    told = page.shown(report)
    yield _row(["year", "currency", "version", "figure", *QUARTERS, "year_total"])
    start = [report.year, report.currency, report.version]
    yield _row([*start, "sales", *told.sales, told.sales_total])
    for line in told.lines:
        yield _row([
            *start, line.name, *(amount.decimal_text() for amount in line.quarters), line.total.decimal_text(),
        ])  # fmt: skip
    yield _row([*start, "hash", report.hash, "", "", "", ""])


def _row(cells: list[Any]) -> str:
    room = io.StringIO()
    csv.writer(room).writerow([plain(cell) for cell in cells])
    return room.getvalue()


def pdf(report: YearReport, language: str) -> bytes:
    """On paper, dated as it was issued: the same version is the same file."""
    with translation.override(language):
        return documents.render("year", _told(page.shown(report)), language, at=report.issued_at)


def _told(shown: page.Shown) -> dict[str, Any]:
    report, house = shown.report, settings.KEZHAN_SELLER_NAME
    number = f"{report.year} · {report.currency}"
    return {
        "title": gettext("Yearly report"), "number": number, "author": house, "house": house,
        "footer": f"{house} · {report.creator.name} · {number}", "page_of": gettext("Page {page} of {pages}"),
        "parties": [
            {"title": gettext("From"), "lines": [house, *settings.KEZHAN_SELLER_ADDRESS]},
            {"title": pgettext("recipient", "For"), "lines": _who(report)},
        ],
        "facts": [
            [gettext("Year"), f"{report.year} (UTC)"], [gettext("Version"), f"{report.version}"],
            [gettext("Issued on"), date_format(report.issued_at, "DATE_FORMAT")],
        ],
        "columns": [
            {"label": label, "is_amount": at > 0}
            for at, label in enumerate([gettext("Figure"), *QUARTERS, gettext("Year")])
        ],
        "rows": _rows(shown), "notes": _notes(report),
    }  # fmt: skip


def _who(report: YearReport) -> list[str]:
    details = report.identity.details if report.identity else None
    if details is None:
        return [report.creator.name]
    numbers = [
        gettext("Tax number: %(number)s") % {"number": details.tax_number} if details.tax_number else "",
        gettext("VAT number: %(number)s") % {"number": details.vat_id} if details.vat_id else "",
    ]
    lines = [details.legal_name, *details.address.splitlines(), countries.name_of(details.country), *numbers]
    return [line for line in lines if line.strip()]


def _rows(shown: page.Shown) -> list[list[Any]]:
    sales = [{"text": gettext("Sales"), "note": ""}, *map(str, shown.sales), str(shown.sales_total)]
    return [
        sales,
        *(
            [{"text": str(line.label), "note": ""}, *(amount.format() for amount in line.quarters), line.total.format()]
            for line in shown.lines
        ),
    ]


def _notes(report: YearReport) -> list[str]:
    notes = [
        gettext("Quarters hold what was booked in them (UTC). The figures are those of our ledger's closed months.")
    ]
    if report.identity is None:
        notes.append(gettext("No tax details had been given when this report was made."))
    if report.reason:
        notes.append(gettext("This version corrects an earlier one: %(reason)s") % {"reason": report.reason})
    return [*notes, gettext("SHA-256 of the figures: %(hash)s") % {"hash": report.hash}]


@transaction.atomic
def everybody(year: int, *, by: Any) -> Iterator[str]:
    """Finance's file of a year: a row a creator and currency, with who she is. Taking it is recorded.

    Raises NotAllowed, NotGivenOut.
    """
    if not by.has_role("finance"):
        raise NotAllowed
    rows = YearReport.objects.newest(settings.PAYMENTS_BOOK, year).select_related("identity", "creator")
    count = rows.count()
    if not count:
        raise page.NotGivenOut
    audit.record(by, "year.take_file", f"year:{year}", reports=count)
    return _everybody(rows.order_by("creator_id", "currency"))


IDENTITY = [each.name for each in fields(TaxDetails)]


def _everybody(rows: Any) -> Iterator[str]:
    heads = [f"{name}_{quarter}" for quarter in (*QUARTERS, "year") for name in FIGURES]
    yield _row(["creator", "name", "lacks_number", *IDENTITY, "currency", "version", *heads])
    for report in rows.iterator(chunk_size=500):
        details = report.identity.details if report.identity else None
        who = [getattr(details, name) if details else "" for name in IDENTITY]
        lacks = not (report.identity and report.identity.has_number)
        yield _row([
            report.creator_id, report.creator.name, "yes" if lacks else "no", *who, report.currency, report.version,
            *_amounts(report),
        ])  # fmt: skip


def _amounts(report: YearReport) -> Iterator[Any]:
    facts = report.facts
    for told in (*facts["quarters"], facts["total"]):
        for name in FIGURES:
            is_count = name == "sales"
            yield told[name] if is_count else Money(int(told[name]), report.currency).decimal_text()
