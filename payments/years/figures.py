"""What each creator had of a year, by quarter and currency, reckoned from the ledger's entries.

A quarter holds what was booked in it (UTC), as closed months do. What was hers of sales (`share`) less what was taken
back (`returned`) plus what came otherwise (`other`: of the pass's pool, made good, awarded, written off) less what was
paid out is the change of all that she has here.
"""

from collections import defaultdict
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from typing import Any

from django.db import connection

from ..incomes import events

QUARTERS = (1, 2, 3, 4)


@dataclass(frozen=True)
class Quarter:
    """Minor units. `gross`: what buyers paid for her own courses, tax in it; the parts of it are as in a sale."""

    sales: int = 0
    gross: int = 0
    tax: int = 0
    promotion: int = 0
    fees: int = 0
    promoters: int = 0
    coauthors: int = 0
    share: int = 0
    returned: int = 0
    other: int = 0
    paid_out: int = 0

    def __add__(self, added: "Quarter") -> "Quarter":
        return Quarter(*(getattr(self, each.name) + getattr(added, each.name) for each in fields(self)))

    def as_facts(self) -> dict[str, int | str]:
        """Amounts as text, so that no reader makes a fraction of them."""
        values = {each.name: getattr(self, each.name) for each in fields(self)}
        return {name: value if name == "sales" else str(value) for name, value in values.items()}


# (creator, currency) → her four quarters.
Years = dict[tuple[int, str], list[Quarter]]

_BETWEEN = "e.book = %(book)s AND e.created_at >= %(start)s AND e.created_at < %(end)s"
_SALES = f"""
SELECT owner_id, currency, {events.SUMS} FROM ({events.incomes(_BETWEEN + " AND e.kind <> 'pool'")}) AS event
 GROUP BY owner_id, currency"""
# Moves between her own accounts cancel out; a payout that is begun is one of them.
_MONEY = f"""
SELECT a.owner_id, p.currency,
       coalesce(sum(p.amount_minor) FILTER (WHERE e.kind IN ('payout_sent', 'payout_returned')), 0)::bigint,
       coalesce(-sum(p.amount_minor) FILTER (
           WHERE e.kind NOT IN ('payout_sent', 'payout_returned', 'sale', 'refund', 'dispute_lost')), 0)::bigint
  FROM payments_ledgerentry e
  JOIN payments_ledgerposting p ON p.entry_id = e.id
  JOIN payments_ledgeraccount a ON a.id = p.account_id AND a.owner_id IS NOT NULL
 WHERE {_BETWEEN} GROUP BY 1, 2"""


def of_year(book: str, year: int) -> Years:
    """Everybody for whom anything happened. Two passes over each quarter's entries, however many creators there are."""
    found: Years = defaultdict(lambda: [Quarter() for _quarter in QUARTERS])
    for at, quarter in enumerate(QUARTERS):
        asked = {"book": book, "start": _start(year, quarter), "end": _start(year, quarter + 1)}
        for owner, currency, *sums in _ask(_SALES, asked):
            found[owner, currency][at] += _of_sales(dict(zip(("sales", *events.AMOUNTS), map(int, sums), strict=True)))
        for owner, currency, paid, other in _ask(_MONEY, asked):
            if paid or other:
                found[owner, currency][at] += Quarter(paid_out=paid, other=other)
    return dict(found)


def _start(year: int, quarter: int) -> datetime:
    return datetime(year + (quarter - 1) // 4, (quarter - 1) % 4 * 3 + 1, 1, tzinfo=UTC)


def _of_sales(sums: dict[str, int]) -> Quarter:
    return Quarter(
        sales=sums["sales"], gross=sums["gross_minor"] - sums["discount_minor"], tax=sums["tax_minor"],
        promotion=sums["promotion_minor"], fees=sums["platform_minor"], promoters=sums["affiliate_minor"],
        coauthors=sums["coauthors_minor"], share=sums["share_minor"], returned=sums["returned_minor"],
    )  # fmt: skip


def _ask(query: str, asked: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, asked)
        return cursor.fetchall()
