"""A month's statement as a file: CSV for a spreadsheet, PDF for the tax adviser. Both say what the page says."""

import csv
import io
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext, pgettext

from .. import documents
from ..models.revenue_rule import percent_text
from ..sales_csv import plain
from .statements import Line, Statement

HEADINGS = [
    "at", "kind", "order", "course", "as", "rule", "rule_number", "tier", "gross", "discount", "added_by_platform",
    "tax", "platform_fee", "promoter", "coauthors", "amount", "balance", "currency", "reference",
]  # fmt: skip
# Longer months are summed up on paper; their lines are in the CSV.
LINES_ON_PAPER = 1_500


def csv_lines(statement: Statement) -> Iterator[str]:
    """The opening balance, every line, the closing balance. Amounts in major units, times ISO 8601 in UTC."""
    yield _row(HEADINGS)
    edge = [""] * 14
    yield _row([statement.month, "opening_balance", *edge, statement.opening.decimal_text(), statement.currency, ""])
    for line in statement.lines:
        yield _row(_cells(line))
    yield _row(["", "closing_balance", *edge, statement.closing.decimal_text(), statement.currency, ""])


def _cells(line: Line) -> list[object]:
    amounts = (
        line.gross, -line.discount, line.promotion, -line.tax, -line.platform, -line.affiliate, -line.coauthors,
    )  # fmt: skip
    of_a_sale = [amount.decimal_text() if line.gross else "" for amount in amounts]
    return [
        line.at, line.kind.value, line.order, line.title, line.role.value if line.role else "",
        line.rule.label if line.rule else "", line.rule.pk if line.rule else "", line.tier, *of_a_sale,
        line.amount.decimal_text(), line.balance.decimal_text(), line.amount.currency, line.reference,
    ]  # fmt: skip


def _row(cells: list[object] | list[str]) -> str:
    room = io.StringIO()
    csv.writer(room).writerow([plain(cell) for cell in cells])
    return room.getvalue()


def pdf(statement: Statement, language: str) -> bytes:
    """The same on paper, in a language of the site."""
    with translation.override(language):
        return documents.render("statement", _told(statement), language)


def _told(statement: Statement) -> dict[str, Any]:
    is_long = len(statement.lines) > LINES_ON_PAPER
    month = date_format(statement.month, "YEAR_MONTH_FORMAT")
    notes = [gettext("Times and months are in UTC. A sale keeps the rule of its day; its number stands beside it.")]
    if is_long:
        notes.append(
            gettext("The month has %(count)d lines. They are in the CSV file of the same month.")
            % {"count": len(statement.lines)}
        )
    return {
        "title": gettext("Statement"), "number": f"{month} · {statement.currency}",
        "author": settings.KEZHAN_SELLER_NAME, "house": settings.KEZHAN_SELLER_NAME,
        "footer": f"{settings.KEZHAN_SELLER_NAME} · {statement.creator.name} · {month}",
        "page_of": gettext("Page {page} of {pages}"),
        "parties": [
            {"title": gettext("From"), "lines": [settings.KEZHAN_SELLER_NAME, *settings.KEZHAN_SELLER_ADDRESS]},
            {"title": pgettext("recipient", "For"), "lines": [statement.creator.name, statement.creator.user.email]},
        ],
        "facts": [
            [gettext("Month"), month],
            [gettext("Balance at its start"), statement.opening.format()],
            [gettext("Balance at its end"), statement.closing.format()],
        ],
        "sums": _sums(statement), "heading": gettext("Line by line"), "columns": _columns(),
        "rows": [] if is_long else [_on_paper(line) for line in statement.lines], "notes": notes,
    }  # fmt: skip


def _sums(statement: Statement) -> list[dict[str, Any]]:
    labels = {line.kind: str(line.label) for line in statement.lines}
    parts = [
        {"label": labels[kind], "amount": total.format(), "is_sum": False} for kind, total in statement.sums.items()
    ]
    first = {"label": gettext("Balance at its start"), "amount": statement.opening.format(), "is_sum": False}
    last = {"label": gettext("Balance at its end"), "amount": statement.closing.format(), "is_sum": True}
    return [first, *parts, last]


def _columns() -> list[dict[str, Any]]:
    labels = [
        (gettext("What"), False), (gettext("Day"), False), (gettext("Gross"), True), (gettext("Deductions"), True),
        (pgettext("money", "Yours"), True), (gettext("Balance"), True),
    ]  # fmt: skip
    return [{"label": label, "is_amount": is_amount} for label, is_amount in labels]


def _on_paper(line: Line) -> list[Any]:
    note = " · ".join(str(part) for part in (line.order or line.reference, _rule(line)) if part)
    return [
        {"text": line.title or str(line.label), "note": f"{line.label} · {note}" if line.title else note},
        date_format(line.at.date(), "SHORT_DATE_FORMAT"),
        line.gross.format() if line.gross else "",
        (line.amount - line.gross).format() if line.gross else "",
        line.amount.format(),
        line.balance.format(),
    ]


def _rule(line: Line) -> str:
    if line.rule is None:
        return ""
    words = {"number": line.rule.pk, "percent": percent_text(line.rule.platform_bps)}
    return ", ".join(filter(None, [gettext("rule %(number)s, %(percent)s%%") % words, line.tier]))
