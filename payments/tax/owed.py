"""What tax each country is owed, from the ledger's own lines: taken with sales, given back, paid to its office.

A line on TAX_PAYABLE is of the country by which its order was taxed, or to whose office it was paid. So the countries
of a currency sum to that account, in each month as in all: `breaks` holds it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.db import connection

from creators import countries
from marketplace.lib.money import Money

from .periods import Period

_LINES = """
SELECT date_trunc('month', e.created_at AT TIME ZONE 'UTC')::date AS month,
       coalesce(t.country, o.tax_country, '') AS country, p.currency,
       coalesce(-sum(p.amount_minor) FILTER (WHERE e.kind <> 'tax_paid' AND p.amount_minor < 0), 0)::bigint,
       coalesce(sum(p.amount_minor) FILTER (WHERE e.kind <> 'tax_paid' AND p.amount_minor > 0), 0)::bigint,
       coalesce(sum(p.amount_minor) FILTER (WHERE e.kind = 'tax_paid'), 0)::bigint
  FROM payments_ledgeraccount a
  JOIN payments_ledgerposting p ON p.account_id = a.id
  JOIN payments_ledgerentry e ON e.id = p.entry_id
  LEFT JOIN payments_taxpayment t ON t.entry_id = e.id
  LEFT JOIN payments_order o ON o.number = e.meta->>'order'
 WHERE a.book = %(book)s AND a.kind = 'tax_payable' AND {which}
 GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"""
_OF_COUNTRY = "a.currency = %(currency)s AND coalesce(t.country, o.tax_country, '') = %(country)s"


@dataclass(frozen=True)
class Moved:
    """One month of one country and currency, minor units."""

    month: date
    country: str
    currency: str
    collected: int
    given_back: int
    paid: int

    @property
    def owed(self) -> int:
        """By how much the liability grew."""
        return self.collected - self.given_back - self.paid


@dataclass(frozen=True)
class Line:
    """A country's tax in one currency over a period. `due` is what is left to be paid of it: what was owed at its end,
    less what was paid since.
    """

    country: str
    currency: str
    opening: Money
    collected: Money
    given_back: Money
    paid: Money
    closing: Money
    due: Money

    @property
    def place(self) -> str:
        """The country's name in the reader's language; "" where the provider named none."""
        return countries.name_of(self.country)


def moved(book: str) -> list[Moved]:
    """All that was ever booked, by month, country and currency."""
    return list(_moved("TRUE", {"book": book}))


def now(country: str, currency: str) -> Money:
    """What one country is owed in one currency at this moment."""
    asked = {"book": settings.PAYMENTS_BOOK, "country": country, "currency": currency}
    return Money(sum(row.owed for row in _moved(_OF_COUNTRY, asked)), currency)


def _moved(which: str, asked: dict[str, Any]) -> Iterator[Moved]:
    with connection.cursor() as cursor:
        cursor.execute(_LINES.format(which=which), asked)
        yield from (Moved(*row) for row in cursor.fetchall())


def lines(rows: list[Moved], period: Period) -> list[Line]:
    """By currency, then country; who has nothing owed, and moved nothing in the period, is left out."""
    sides: dict[tuple[str, str], list[Moved]] = {}
    for row in rows:
        sides.setdefault((row.currency, row.country), []).append(row)
    found = [_line(country, currency, some, period) for (currency, country), some in sorted(sides.items())]
    return [line for line in found if any((line.opening, line.collected, line.given_back, line.paid, line.closing))]


def _line(country: str, currency: str, rows: list[Moved], period: Period) -> Line:
    inside = [row for row in rows if period.first <= row.month <= period.last]
    opening = sum(row.owed for row in rows if row.month < period.first)
    closing = opening + sum(row.owed for row in inside)
    since = sum(row.paid for row in rows if row.month > period.last)
    amounts = (
        opening, sum(row.collected for row in inside), sum(row.given_back for row in inside),
        sum(row.paid for row in inside), closing, max(closing - since, 0),
    )  # fmt: skip
    return Line(country, currency, *(Money(minor, currency) for minor in amounts))


def breaks() -> Iterator[str]:
    """Tax: each line of the account is of a known country, and each payment's entry is of its row's amount."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT 'entry ' || e.idem_key || ' moved ' || p.amount_minor || ' ' || p.currency
                      || ' of tax, its payment says ' || coalesce(t.amount_minor::text || ' ' || t.currency, 'nothing')
                 FROM payments_ledgerentry e
                 JOIN payments_ledgerposting p ON p.entry_id = e.id
                 JOIN payments_ledgeraccount a ON a.id = p.account_id AND a.kind = 'tax_payable'
                 LEFT JOIN payments_taxpayment t ON t.entry_id = e.id
                WHERE (e.kind = 'tax_paid' OR t.id IS NOT NULL)
                  AND (t.amount_minor, t.currency, t.book) IS DISTINCT FROM (p.amount_minor, p.currency, e.book)
               UNION ALL
               SELECT 'entry ' || e.idem_key || ' moved tax of no order'
                 FROM payments_ledgerentry e
                 JOIN payments_ledgerposting p ON p.entry_id = e.id
                 JOIN payments_ledgeraccount a ON a.id = p.account_id AND a.kind = 'tax_payable'
                 LEFT JOIN payments_order o ON o.number = e.meta->>'order'
                WHERE e.kind <> 'tax_paid' AND o.id IS NULL"""
        )
        yield from (row[0] for row in cursor.fetchall())
