"""Checks of invoices and credit notes: each is there, says what was booked, and its numbers have no gap.

Every hour what is new is looked at, by indexes: what was booked in the last days, and the last numbers of each series.
Every night all that there is. A paper is missing when its worker has had an hour (real time: nobody works faster
because the sandbox's clock was moved), or says that it is done.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.db import connection

from marketplace.lib import clock

NEW = timedelta(days=3)
LAST = 2_000  # so many of the newest numbers of each series


def _booked(of: str, kinds: str, sign: int) -> str:
    """What entries of these kinds say that came in (or, with -1, went out), and the tax in it, by order or refund."""
    return f"""
SELECT e.meta->>'{of}' AS what, {sign} * coalesce(sum(-p.amount_minor) FILTER (WHERE a.kind = 'tax_payable'), 0) AS tax,
       {sign} * coalesce(sum(p.amount_minor) FILTER (
           WHERE a.kind IN ('stripe_clearing', 'bank', 'dispute_hold', 'fx_clearing')), 0) AS total
  FROM payments_ledgerentry e JOIN payments_ledgerposting p ON p.entry_id = e.id
  JOIN payments_ledgeraccount a ON a.id = p.account_id
 WHERE e.kind IN ({kinds}) AND e.meta ? '{of}' AND {{since}} GROUP BY 1"""


_LATE = """(w IS NULL OR w.finished_at IS NOT NULL OR w.dead_at IS NOT NULL
            OR w.due_at < statement_timestamp() - interval '1 hour')"""
# Where nobody gave anything there is no entry, and the paper is of nothing.
_DIFFERS = """coalesce(b.total, 0) <> (n.snapshot->>'total')::bigint
           OR coalesce(b.tax, 0) <> (n.snapshot->>'tax')::bigint"""
_SAYS = """' says ' || (n.snapshot->>'total') || ' with a tax of ' || (n.snapshot->>'tax') || ', booked are '
           || coalesce(b.total, 0) || ' with ' || coalesce(b.tax, 0)"""

_INVOICES = f"""
WITH booked AS ({_booked("order", "'sale'", 1)})
SELECT CASE WHEN n.id IS NULL THEN 'order ' || o.number || ' is paid and has no invoice'
            ELSE 'invoice ' || n.number || {_SAYS} END
  FROM {{orders}}
  LEFT JOIN payments_invoice n ON n.order_id = o.id LEFT JOIN payments_aftersale w ON w.order_id = o.id
 WHERE o.paid_at IS NOT NULL AND ((n.id IS NULL AND {_LATE}) OR {_DIFFERS})
 ORDER BY o.id"""
_NOTES = f"""
WITH booked AS ({_booked("refund", "'refund', 'dispute_lost'", -1)})
SELECT CASE WHEN n.id IS NULL THEN 'refund ' || r.id || ' is done and has no credit note'
            ELSE 'credit note ' || n.number || {_SAYS} END
  FROM {{refunds}}
  LEFT JOIN payments_creditnote n ON n.refund_id = r.id LEFT JOIN payments_afterrefund w ON w.refund_id = r.id
 WHERE r.state = 'done' AND ((n.id IS NULL AND {_LATE}) OR {_DIFFERS})
 ORDER BY r.id"""
_OF_NOTHING = """
SELECT 'invoice ' || n.number || ' is of an order that is not paid' FROM payments_invoice n
  JOIN payments_order o ON o.id = n.order_id WHERE o.paid_at IS NULL
UNION ALL
SELECT 'credit note ' || n.number || ' is of a refund that is not done' FROM payments_creditnote n
  JOIN payments_refund r ON r.id = n.refund_id WHERE r.state <> 'done'"""

_SERIES = """
SELECT s.book, s.kind, s.last, CASE s.book WHEN 'live' THEN '' ELSE 'TEST-' END
       || CASE s.kind WHEN 'credit_note' THEN 'CN-' ELSE '' END || s.year || '-' AS head
  FROM payments_invoiceseries s"""
_PAPERS = """
SELECT number, book, 'invoice' AS kind FROM payments_invoice
 WHERE id > (SELECT max(id) FROM payments_invoice) - %(most)s
UNION ALL SELECT number, book, 'credit_note' FROM payments_creditnote
 WHERE id > (SELECT max(id) FROM payments_creditnote) - %(most)s"""
_GAPS = f"""
WITH series AS ({_SERIES})
SELECT 'number ' || number || ' was given out, and no paper has it' FROM (
    SELECT kind, head || lpad(n::text, greatest(6, length(n::text)), '0') AS number
      FROM series, generate_series(greatest(1, last - %(most)s + 1), last) AS n) AS given
 WHERE NOT EXISTS (SELECT FROM payments_invoice p WHERE p.number = given.number AND kind = 'invoice')
   AND NOT EXISTS (SELECT FROM payments_creditnote p WHERE p.number = given.number AND kind = 'credit_note')
 ORDER BY number"""
_BEYOND = f"""
WITH series AS ({_SERIES}), papers AS ({_PAPERS})
SELECT 'number ' || number || ' is of no series, or twice' FROM papers
 GROUP BY number, book, kind
HAVING count(*) > 1 OR NOT EXISTS (
    SELECT FROM series s WHERE s.book = papers.book AND s.kind = papers.kind AND starts_with(number, s.head)
       AND substr(number, length(s.head) + 1) ~ '^[0-9]{{6,9}}$'
       AND substr(number, length(s.head) + 1)::bigint BETWEEN 1 AND s.last)
 ORDER BY number"""


# By the hour from the entries to what was sold or given back, each by its index; by night all that was.
_NEW = {
    "since": "e.occurred_at >= %(since)s",
    "orders": "booked b JOIN payments_order o ON o.number = b.what",
    "refunds": "booked b JOIN payments_refund r ON r.id = b.what::bigint",
}
_ALL = {
    "since": "TRUE",
    "orders": "payments_order o LEFT JOIN booked b ON b.what = o.number",
    "refunds": "payments_refund r LEFT JOIN booked b ON b.what::bigint = r.id",
}


def new_ones() -> Iterator[str]:
    """Of what was booked in the last days, and of the last numbers."""
    asked = {"since": clock.now() - NEW, "most": LAST}
    for query in new_queries():
        yield from _answers(query, asked)


def all_of_them() -> Iterator[str]:
    """Of all that there is."""
    for query in (*_of(_ALL), _OF_NOTHING):
        yield from _answers(query, {"most": 2**31 - 1})


def new_queries() -> list[str]:
    """What is asked every hour, with `since` and `most` to be filled in."""
    return _of(_NEW)


def _of(which: dict[str, str]) -> list[str]:
    queries = []
    for query in (_INVOICES, _NOTES):
        for name, words in which.items():
            query = query.replace(f"{{{name}}}", words)
        queries.append(query)
    return [*queries, _GAPS, _BEYOND]


def _answers(query: str, asked: dict[str, Any]) -> Iterator[str]:
    with connection.cursor() as cursor:
        cursor.execute(query, asked)
        yield from (row[0] for row in cursor.fetchall())
