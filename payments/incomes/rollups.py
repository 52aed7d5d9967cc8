"""Keeps the months of income summed up: every entry counted once, none left out, and all of it checkable anew.

A round takes the entries up to the one that the round before saw last, after every transaction that was running then
has ended: nothing can appear before it any more. The work is linear in the new entries.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.db import connection, transaction

from ..models import RollupMark
from . import events

# An entry gets its number a moment before its transaction gets its own; none takes this long between the two.
GRACE = timedelta(seconds=10)
_NEW = "e.id > %(after)s AND e.id <= %(through)s"
_KEY = "book, owner_id, role, course_id, currency, month"
_FIELDS = ("sales", *events.AMOUNTS)

_ADD_INCOMES = f"""
INSERT INTO payments_incomemonth AS kept ({_KEY}, {", ".join(_FIELDS)}, first_item, last_item)
SELECT {_KEY}, {events.SUMS}, min(item_id), max(item_id)
  FROM ({events.incomes(_NEW)}) AS event GROUP BY {_KEY}
ON CONFLICT (owner_id, book, currency, month, course_id, role) DO UPDATE SET
{", ".join(f"{name} = kept.{name} + excluded.{name}" for name in _FIELDS)},
first_item = least(kept.first_item, excluded.first_item), last_item = greatest(kept.last_item, excluded.last_item)
"""
_ADD_ACCOUNTS = f"""
INSERT INTO payments_accountmonth AS kept (account_id, month, kind, amount_minor, postings, first_posting, last_posting)
SELECT p.account_id, {events.MONTH}, e.kind, sum(p.amount_minor)::bigint, count(*), min(p.id), max(p.id)
  FROM payments_ledgerentry e
  JOIN payments_ledgerposting p ON p.entry_id = e.id
  JOIN payments_ledgeraccount a ON a.id = p.account_id AND a.owner_id IS NOT NULL
 WHERE {_NEW} GROUP BY 1, 2, 3
ON CONFLICT (account_id, month, kind) DO UPDATE SET
amount_minor = kept.amount_minor + excluded.amount_minor, postings = kept.postings + excluded.postings,
first_posting = least(kept.first_posting, excluded.first_posting),
last_posting = greatest(kept.last_posting, excluded.last_posting)
"""


@dataclass(frozen=True)
class Present:
    """The last entry in sight, the lowest number of a running transaction, and the number that the next one gets."""

    last_entry: int
    lowest_running: int
    next_tx: int


def present() -> Present:
    """As the whole database cluster sees it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce((SELECT id FROM payments_ledgerentry WHERE created_at < statement_timestamp() - %s"
            "                 ORDER BY id DESC LIMIT 1), 0),"
            " pg_snapshot_xmin(pg_current_snapshot())::text::bigint,"
            " pg_snapshot_xmax(pg_current_snapshot())::text::bigint",
            [GRACE],  # type: ignore[list-item] # psycopg knows an interval
        )
        return Present(*cursor.fetchone())


@transaction.atomic
def roll(look: Callable[[], Present] = present) -> bool:
    """One round. False when transactions of the round before are still running: then the next one goes on."""
    mark = RollupMark.objects.hold()
    now = look()
    # A number from the future is another cluster's: the database was restored, and nothing of then is running.
    if mark.next_tx is not None and now.lowest_running < mark.next_tx <= now.next_tx:
        return False
    through = max(mark.through_entry, mark.next_entry)
    _add(mark.through_entry, through)
    mark.move(through, next_entry=now.last_entry, next_tx=now.next_tx)
    return True


@transaction.atomic
def rebuild(through_entry: int | None = None) -> None:
    """Throw the sums away and build them anew up to the mark, or up to another entry."""
    mark = RollupMark.objects.hold()
    through = mark.through_entry if through_entry is None else through_entry
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM payments_incomemonth; DELETE FROM payments_accountmonth")
    _add(0, through)
    mark.move(through)


def breaks() -> Iterator[str]:
    """The months against the ledger itself, summed anew up to the mark; and incomes against accounts."""
    with connection.cursor() as cursor:
        for query in (_ACCOUNTS_DIFFER, _INCOMES_DIFFER):
            cursor.execute(query)
            yield from (row[0] for row in cursor.fetchall())


_ACCOUNTS_DIFFER = """
SELECT 'account ' || account_id || ' has months that sum to ' || kept || ', its postings to ' || truth FROM (
  SELECT coalesce(m.account_id, t.account_id) AS account_id, coalesce(m.total, 0) AS kept, coalesce(t.total, 0) AS truth
    FROM (SELECT account_id, sum(amount_minor) AS total FROM payments_accountmonth GROUP BY 1) m
    FULL JOIN (SELECT p.account_id, sum(p.amount_minor) AS total
                 FROM payments_ledgerposting p
                 JOIN payments_ledgerentry e ON e.id = p.entry_id
                 JOIN payments_ledgeraccount a ON a.id = p.account_id AND a.owner_id IS NOT NULL
                WHERE e.id <= (SELECT through_entry FROM payments_rollupmark) GROUP BY 1) t USING (account_id)
) AS both_sums WHERE kept <> truth
"""
_INCOMES_DIFFER = f"""
SELECT 'creator ' || owner_id || ' has incomes of ' || incomes || ' ' || currency || ', her accounts say ' || booked
  FROM (
  SELECT coalesce(i.owner_id, b.owner_id) AS owner_id, coalesce(i.currency, b.currency) AS currency,
         coalesce(i.total, 0) AS incomes, coalesce(b.total, 0) AS booked
    FROM (SELECT book, owner_id, currency, sum(share_minor - returned_minor) AS total
            FROM payments_incomemonth GROUP BY 1, 2, 3) i
    FULL JOIN (SELECT a.book, a.owner_id, a.currency, -sum(m.amount_minor) AS total
                 FROM payments_accountmonth m JOIN payments_ledgeraccount a ON a.id = m.account_id
                WHERE m.kind IN {events.INCOME_KINDS_SQL} GROUP BY 1, 2, 3) b USING (book, owner_id, currency)
) AS both_sums WHERE incomes <> booked
"""


def _add(after: int, through: int) -> None:
    with connection.cursor() as cursor:
        for statement in (_ADD_INCOMES, _ADD_ACCOUNTS):
            cursor.execute(statement, {"after": after, "through": through})
