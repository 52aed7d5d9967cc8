"""A creator's sales as CSV: one line a sale, amounts in major units with the currency's own places."""

import csv
from collections.abc import Iterator

from creators.models import Creator

from .earnings import Sale, sales_of

HEADINGS = [
    "order",
    "course",
    "currency",
    "price",
    "platform_fee",
    "rule",
    "your_share",
    "state",
    "sold_at",
    "hold_until",
    "available_at",
    "paid_at",
    "transfer",
    "refunded_at",
]


class _Echo:
    def write(self, text: str) -> str:
        return text


def lines(creator: Creator) -> Iterator[str]:
    """The file line by line, so that a long history is not built in memory. Times are ISO 8601 in UTC."""
    writer = csv.writer(_Echo())
    yield writer.writerow(HEADINGS)
    for item in sales_of(creator).iterator(chunk_size=500):
        yield writer.writerow(_plain(value) for value in _row(Sale(item)))


def _row(sale: Sale) -> list[object]:
    item, payout = sale.item, sale.payout
    return [
        item.order.number,
        item.title,
        item.order.currency,
        item.price.decimal_text(),
        item.platform_share.decimal_text(),
        item.rule.label,
        item.creator_share.decimal_text(),
        sale.state,
        item.order.paid_at,
        item.hold_until,
        item.released_at,
        payout and payout.sent_at,
        payout and payout.transfer_id,
        item.refunded_at,
    ]


def _plain(value: object) -> str:
    text = "" if value is None else value.isoformat() if hasattr(value, "isoformat") else str(value)
    # A spreadsheet would run what begins like a formula; a title is somebody's free text.
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t")) else text
