"""A closed month as a file: CSV for a spreadsheet, PDF for the auditor, every entry with its proof for the verifier."""

import csv
import io
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext

from .. import documents
from ..models import LedgerEntry, MonthClose
from ..proof import canonical, leaves, papers
from ..proof.statement import Proofs
from ..sales_csv import plain
from . import months, report
from .report import Report

CHUNK = 500
HEADINGS = ["month", "currency", "line", "name", "opening", "debits", "credits", "closing", "amount"]


def csv_lines(close: MonthClose) -> Iterator[str]:
    """Each figure and each kind of account by currency, then the month's hash. Amounts in major units."""
    month = f"{close.month:%Y-%m}"
    yield _row(HEADINGS)
    for one in report.of(close.facts).currencies:
        for figure in one.figures:
            yield _row([month, one.currency, "figure", figure.name, "", "", "", "", figure.amount.decimal_text()])
        for line in one.accounts:
            amounts = (line.opening, line.debits, line.credits, line.closing)
            yield _row([month, one.currency, "account", line.kind.value, *(a.decimal_text() for a in amounts), ""])
    yield _row([month, "", "hash", close.hash, "", "", "", "", ""])


def _row(cells: list[str]) -> str:
    room = io.StringIO()
    csv.writer(room).writerow([plain(cell) for cell in cells])
    return room.getvalue()


def pdf(close: MonthClose, language: str) -> bytes:
    """The report on paper, dated as it was closed: the same close is the same file."""
    with translation.override(language):
        return documents.render("month", _told(close, report.of(close.facts)), language, at=close.closed_at)


def _told(close: MonthClose, found: Report) -> dict[str, Any]:
    month = date_format(close.month, "YEAR_MONTH_FORMAT")
    house = settings.KEZHAN_SELLER_NAME
    return {
        "title": gettext("Closed month"), "number": month, "author": house, "house": house,
        "footer": f"{house} · {month} · {close.hash[:16]}", "page_of": gettext("Page {page} of {pages}"),
        "facts": [
            [gettext("Month"), f"{month} (UTC)"],
            [gettext("Closed on"), date_format(close.closed_at, "DATE_FORMAT")],
            [gettext("Closed by"), str(close.closed_by)],
            [gettext("Entries"), f"{found.entries}"],
        ],
        "currencies": [_currency(one) for one in found.currencies],
        "notes": _notes(close, found),
    }  # fmt: skip


def _currency(one: report.Currency) -> dict[str, Any]:
    labels = [
        (gettext("Account"), False), (gettext("Opening"), True), (gettext("Debits"), True),
        (gettext("Credits"), True), (gettext("Closing"), True),
    ]  # fmt: skip
    return {
        "heading": one.currency,
        "sums": [
            {"label": str(figure.label), "amount": figure.amount.format(), "is_sum": False} for figure in one.figures
        ],
        "columns": [{"label": label, "is_amount": is_amount} for label, is_amount in labels],
        "rows": [
            [
                {"text": str(line.kind.label), "note": ""},
                *(amount.format() for amount in (line.opening, line.debits, line.credits, line.closing)),
            ]
            for line in one.accounts
        ],
    }  # fmt: skip


def _notes(close: MonthClose, found: Report) -> list[str]:
    notes = [
        gettext("A month holds what was booked in it (UTC). Balances stand in each account's normal direction."),
        gettext("SHA-256 of the month's figures: %(hash)s") % {"hash": close.hash},
        gettext("Seal of its last day: %(hash)s") % {"hash": found.seal},
    ]
    if close.note:
        notes.append(close.note)
    if close.reason:
        words = {"count": len(found.breaks), "reason": close.reason}
        notes.append(
            gettext("Closed with %(count)d open breaks with the payment provider, because: %(reason)s") % words
        )
    return notes


def proof(close: MonthClose) -> Iterator[bytes]:
    """Every entry of the month, its lines in the open, with its way to the root of its day: for auditors.

    It names what everybody earned, so it is for finance alone, and for whom finance gives it to.
    """
    head: dict[str, Any] = {"format": "kezhan-month-proof-1", "close": close.facts, "hash": close.hash}
    head["check"] = canonical.digest("check", [canonical.START, head])
    end: dict[str, Any] = {"count": 0, "check": head["check"]}
    return papers.laid_out(head, "entries", _entries(close, end), end)


def _entries(close: MonthClose, end: dict[str, Any]) -> Iterator[dict[str, Any]]:
    rows = LedgerEntry.objects.filter(
        book=close.book, created_at__gte=months.start_of(close.month), created_at__lt=months.end_of(close.month)
    )
    proofs = Proofs(close.book)
    ordered = rows.select_related("reverses").prefetch_related("postings__account").order_by("pk")
    for entry in ordered.iterator(chunk_size=CHUNK):
        secret, way = proofs.of(entry)
        row = {
            "n": end["count"] + 1, "entry": leaves.head_of(entry, secret), "lines": _lines(entry, secret), "proof": way,
        }  # fmt: skip
        row["check"] = canonical.digest("check", [end["check"], row])
        end.update(count=row["n"], check=row["check"])
        yield row


def _lines(entry: LedgerEntry, secret: bytes) -> list[dict[str, Any]]:
    return [
        {
            "account": posting.account.kind, "owner": posting.account.owner_id, "currency": posting.currency,
            "amount": str(posting.amount_minor), "salt": canonical.salt(secret, "line", posting.pk),
        }
        for posting in sorted(entry.postings.all(), key=lambda posting: posting.pk)
    ]  # fmt: skip
