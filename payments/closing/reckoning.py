"""What a month was, reckoned from the ledger's own lines: each account kind's balances, and the figures made of them.

Amounts are signed minor units, debit positive. The stand-alone verifier (`docs/verify/kezhan_verify.py`) makes the same
figures from the same lines and must stay in step.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from django.db import connection

from . import months

Facts = dict[str, Any]
# (currency, account kind) → the signed sum of its lines.
Balances = dict[tuple[str, str], int]

# Each figure: on which accounts, by which kinds of entries (None: any), and whether a debit or a credit makes it grow.
FIGURES: dict[str, tuple[tuple[str, ...], tuple[str, ...] | None, int]] = {
    "gross_sales": (("stripe_clearing", "bank"), ("sale",), 1),
    "tax_collected": (("tax_payable",), ("sale",), -1),
    "tax_returned": (("tax_payable",), ("refund", "dispute_lost"), 1),
    "refunds": (("stripe_clearing", "bank"), ("refund",), -1),
    "disputes": (("stripe_clearing",), ("dispute_out", "dispute_back"), -1),
    "provider_fees": (("stripe_fees",), None, 1),
    "dispute_fees": (("dispute_fees",), None, 1),
    "payouts": (("stripe_clearing", "bank"), ("payout_sent", "payout_returned"), -1),
    "revenue": (("platform_revenue",), None, -1),
}

_LINES = """
SELECT date_trunc('month', e.created_at AT TIME ZONE 'UTC')::date AS month, p.currency, a.kind, e.kind,
       coalesce(sum(p.amount_minor) FILTER (WHERE p.amount_minor > 0), 0)::bigint,
       coalesce(-sum(p.amount_minor) FILTER (WHERE p.amount_minor < 0), 0)::bigint
  FROM payments_ledgerentry e
  JOIN payments_ledgerposting p ON p.entry_id = e.id
  JOIN payments_ledgeraccount a ON a.id = p.account_id
 WHERE e.book = %(book)s AND {which} GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4"""
_ENTRIES = """
SELECT date_trunc('month', e.created_at AT TIME ZONE 'UTC')::date AS month, count(*)
  FROM payments_ledgerentry e WHERE e.book = %(book)s AND {which} GROUP BY 1 ORDER BY 1"""
_OF_MONTH = "e.id > %(after)s AND e.created_at >= %(start)s AND e.created_at < %(end)s"

_STILL_OPEN = "e.id > %(after)s AND e.created_at >= %(since)s AND e.created_at < %(start)s"


@dataclass
class Moved:
    """One month's lines summed up: {(currency, account kind, entry kind): (debits, credits)}, and how many entries."""

    entries: int = 0
    lines: dict[tuple[str, str, str], tuple[int, int]] = field(default_factory=dict)


def of_month(book: str, month: date, *, after_id: int) -> Moved:
    """What was booked in the month. All its entries come after the entry `after_id`, so older ones are not read."""
    asked = {"book": book, "after": after_id, "start": months.start_of(month), "end": months.end_of(month)}
    return _moved(_OF_MONTH, asked).get(month, Moved())


def until(book: str, month: date, *, after_id: int, since: date | None, opening: Balances) -> Balances:
    """What the month begins with: `opening`, and what was booked in the months from `since` on, which are still open.

    Not everything behind `after_id` is of them: the next day's seal may hold an entry of a closed month's last moment.
    """
    begins = months.start_of(since) if since else datetime.min.replace(tzinfo=UTC)
    asked = {"book": book, "after": after_id, "since": begins, "start": months.start_of(month)}
    balances = defaultdict(int, opening)
    for moved in _moved(_STILL_OPEN, asked).values():
        for (currency, account, _kind), (debit, credit) in moved.lines.items():
            balances[currency, account] += debit - credit
    return {key: amount for key, amount in balances.items() if amount}


def of_all(book: str) -> dict[date, Moved]:
    """Every month of a book from its first entry on, in one pass over the whole ledger."""
    return _moved("TRUE", {"book": book})


def _moved(which: str, asked: Facts) -> dict[date, Moved]:
    found: dict[date, Moved] = defaultdict(Moved)
    with connection.cursor() as cursor:
        cursor.execute(_ENTRIES.format(which=which), asked)
        for month, count in cursor.fetchall():
            found[month].entries = count
        cursor.execute(_LINES.format(which=which), asked)
        for month, currency, account, kind, debit, credit in cursor.fetchall():
            found[month].lines[currency, account, kind] = (debit, credit)
    return dict(found)


def currencies(opening: Balances, moved: Moved) -> list[Facts]:
    """The month by currency, as it is frozen: {currency, accounts: […], figures: {…}}, amounts as text."""
    names = sorted({name for name, _account in opening} | {name for name, _account, _kind in moved.lines})
    return [
        {"currency": name, "accounts": _accounts(name, opening, moved), "figures": _figures(name, moved)}
        for name in names
    ]


def _accounts(currency: str, opening: Balances, moved: Moved) -> list[Facts]:
    sums: dict[str, list[int]] = {account: [0, 0] for name, account in opening if name == currency}
    for (name, account, _kind), (debit, credit) in moved.lines.items():
        if name == currency:
            of_account = sums.setdefault(account, [0, 0])
            of_account[0] += debit
            of_account[1] += credit
    rows = []
    for account, (debits, credits_) in sorted(sums.items()):
        first = opening.get((currency, account), 0)
        amounts = {"opening": first, "debits": debits, "credits": credits_, "closing": first + debits - credits_}
        rows.append({"account": account, **{name: str(amount) for name, amount in amounts.items()}})
    return rows


def _figures(currency: str, moved: Moved) -> dict[str, str]:
    return {name: str(_figure(currency, moved, *made)) for name, made in FIGURES.items()}


def _figure(
    currency: str, moved: Moved, accounts: tuple[str, ...], kinds: tuple[str, ...] | None, sign: int
) -> int:  # fmt: skip
    return sign * sum(
        debit - credit
        for (name, account, kind), (debit, credit) in moved.lines.items()
        if name == currency and account in accounts and (kinds is None or kind in kinds)
    )


def closing_of(by_currency: Iterable[Facts]) -> Balances:
    """What the month after begins with."""
    return {
        (one["currency"], row["account"]): int(row["closing"])
        for one in by_currency
        for row in one["accounts"]
        if int(row["closing"])
    }
