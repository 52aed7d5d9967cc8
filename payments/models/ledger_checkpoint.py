"""Sums of old postings, so that a balance which no row keeps need not add up its whole history."""

from django.db import connection, models

from .ledger import LedgerAccount, LedgerPosting

# From the last roll-up's end on: what it costs follows the new postings, not the history.
_ROLL_UP = """
INSERT INTO payments_ledgercheckpoint AS kept (account_id, through_posting_id, amount_minor)
SELECT a.id, %(through)s, coalesce(c.amount_minor, 0) + sum(p.amount_minor)
  FROM payments_ledgerposting p
  JOIN payments_ledgeraccount a ON a.id = p.account_id AND NOT a.cached
  LEFT JOIN payments_ledgercheckpoint c ON c.account_id = a.id
 WHERE p.id > (SELECT coalesce(max(through_posting_id), 0) FROM payments_ledgercheckpoint) AND p.id <= %(through)s
 GROUP BY a.id, c.amount_minor
 ORDER BY a.id
    ON CONFLICT (account_id) DO UPDATE
   SET through_posting_id = excluded.through_posting_id, amount_minor = excluded.amount_minor
 WHERE kept.through_posting_id < excluded.through_posting_id
"""


# Whatever was posted up to the newest checkpoint stands in one, or in a balance that its account keeps.
_SUMS = """
SELECT a.book, a.currency, a.kind, sum(part.minor)::bigint FROM (
  SELECT account_id, amount_minor AS minor FROM payments_ledgerbalance
  UNION ALL
  SELECT account_id, amount_minor FROM payments_ledgercheckpoint
  UNION ALL
  SELECT p.account_id, p.amount_minor FROM payments_ledgerposting p
    JOIN payments_ledgeraccount t ON t.id = p.account_id AND NOT t.cached
   WHERE p.id > (SELECT coalesce(max(through_posting_id), 0) FROM payments_ledgercheckpoint)) part
  JOIN payments_ledgeraccount a ON a.id = part.account_id
 GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"""


class LedgerCheckpointQuerySet(models.QuerySet["LedgerCheckpoint"]):
    def newest_posting(self) -> tuple[int, str]:
        """The newest posting that is to be seen, and the first transaction that had not begun by then.

        Any older posting that is not to be seen yet is of a transaction before that one.
        """
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT coalesce(max(id), 0), pg_snapshot_xmax(pg_current_snapshot())::text FROM "
                + LedgerPosting._meta.db_table
            )
            return cursor.fetchone()

    def all_ended_before(self, transaction_id: str) -> bool:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot()) >= %s::xid8", [transaction_id])
            return cursor.fetchone()[0]

    def sums(self) -> list[tuple[str, str, str, int]]:
        """(book, currency, kind of account): the signed sum of its postings, in one statement that costs the accounts
        and what was posted since the last roll-up, and not the history.
        """
        with connection.cursor() as cursor:
            cursor.execute(_SUMS)
            return cursor.fetchall()

    def roll_up(self, through_posting_id: int) -> int:
        """Bring the uncached accounts' checkpoints up to this posting; returns how many moved.

        The caller knows that no posting up to it can still appear.
        """
        with connection.cursor() as cursor:
            cursor.execute(_ROLL_UP, {"through": through_posting_id})
            return cursor.rowcount


class LedgerCheckpoint(models.Model):
    """The sum of an uncached account's postings up to one of them; its balance is that and what came after.

    No posting up to `through_posting_id` can still appear: whoever writes one has ended.
    """

    account = models.OneToOneField(LedgerAccount, primary_key=True, on_delete=models.PROTECT, related_name="checkpoint")
    through_posting_id = models.BigIntegerField()
    amount_minor = models.BigIntegerField()

    objects = LedgerCheckpointQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.account_id}: {self.amount_minor:+d} through {self.through_posting_id}"
