"""A creator's sales as CSV: one line a share of hers, amounts in major units with the currency's own places."""

import csv
from collections.abc import Iterator

from creators.models import Creator

from .incomes.sales import ALL, Chosen, Sale, sales_of

HEADINGS = [
    "order", "course", "as", "currency", "list_price", "discount", "price", "tax", "added_by_platform", "platform_fee",
    "promoter", "coauthors", "rule", "rule_number", "tier",
    "your_share", "taken_back", "state", "sold_at", "hold_until",
    "available_at", "paid_at", "transfer", "refunded_at",
]  # fmt: skip


class _Echo:
    def write(self, text: str) -> str:
        return text


def lines(creator: Creator, chosen: Chosen = ALL) -> Iterator[str]:
    """The file line by line, so that a long history is not built in memory. Times are ISO 8601 in UTC."""
    writer = csv.writer(_Echo())
    yield writer.writerow(HEADINGS)
    for share in sales_of(creator, chosen).iterator(chunk_size=500):
        yield writer.writerow(plain(value) for value in _row(Sale(share)))


def _row(sale: Sale) -> list[object]:
    item, payout = sale.item, sale.payout
    return [
        item.order.number, item.title, sale.role.value, item.order.currency, item.list_price.decimal_text(),
        *(_of_own(sale) if sale.is_own else ["", item.price.decimal_text(), *[""] * 5]), item.rule.label, item.rule_id,
        item.rule.tier_words(item.promoter_sales), sale.amount.decimal_text(), sale.returned.decimal_text(),
        sale.state.value, item.order.paid_at, item.hold_until, item.released_at, payout and payout.sent_at,
        payout and payout.transfer_id, item.refunded_at,
    ]  # fmt: skip


def _of_own(sale: Sale) -> list[str]:
    """What only the course's own creator is told."""
    item = sale.item
    amounts = (
        item.discount, item.price, item.tax, item.promotion, item.platform_share, item.affiliate_share,
        item.creator_share - sale.amount,
    )  # fmt: skip
    return [amount.decimal_text() for amount in amounts]


def plain(value: object) -> str:
    """A cell as text. A spreadsheet would run what begins like a formula; a title is somebody's free text."""
    text = "" if value is None else value.isoformat() if hasattr(value, "isoformat") else str(value)
    is_number = text.removeprefix("-").replace(".", "", 1).isdecimal()
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) and not is_number else text
