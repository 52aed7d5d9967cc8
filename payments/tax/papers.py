"""The statement of tax of a period as a file: each month of each country, then what was paid to offices for it."""

import csv
import io
from collections.abc import Iterator, Sequence

from django.conf import settings

from ..models import TaxPayment
from ..sales_csv import plain
from . import owed, periods
from .periods import Period

HEADINGS = [
    "row", "month", "country", "currency", "opening", "collected", "given_back", "paid", "closing", "for_period",
    "paid_on", "reference", "reason", "noted_by", "noted_at",
]  # fmt: skip


def csv_lines(period: Period) -> Iterator[str]:
    """Amounts in major units; what came back from an office is below zero. Months are UTC and hold what was booked."""
    book = settings.PAYMENTS_BOOK
    yield _row(HEADINGS)
    rows = owed.moved(book)
    for month in periods.months_of(period):
        for line in owed.lines(rows, month):
            amounts = (line.opening, line.collected, line.given_back, line.paid, line.closing)
            told = [line.country, line.currency, *(amount.decimal_text() for amount in amounts)]
            yield _row(["month", month.name, *told, *[""] * 6])
    for payment in TaxPayment.objects.of(book).booked_in(*period.moments).order_by("pk"):
        yield _row(_payment(payment))


def _payment(row: TaxPayment) -> list[object]:
    return [
        "payment", f"{row.paid_at:%Y-%m}", row.country, row.currency, "", "", "", row.amount.decimal_text(), "",
        row.period, row.paid_on, row.reference, row.reason, row.paid_by, row.paid_at,
    ]  # fmt: skip


def _row(cells: Sequence[object]) -> str:
    room = io.StringIO()
    csv.writer(room).writerow([plain(cell) for cell in cells])
    return room.getvalue()
