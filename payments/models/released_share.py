"""What waits to be covered by a payout: the released shares of everybody, each until a payout takes it."""

from collections.abc import Iterable
from typing import Any

from django.db import connection, models
from django.db.models import Sum

from creators.models import Creator
from marketplace.lib.money import Money, currency_choices

from .course_escrow import CourseEscrow
from .item_share import ItemShare, ShareKind
from .ledger_kinds import Book


class ReleasedShareQuerySet(models.QuerySet["ReleasedShare"]):
    def wait(self, released: Iterable[tuple[ItemShare, str, Money]]) -> None:
        """Queue (share, book, what became available of it). Where a part of the share waits already, it is added."""
        rows = [
            (share.pk, share.owner_id, book, amount.currency, amount.minor)
            for share, book, amount in released
            if amount
        ]  # fmt: skip
        if rows:
            with connection.cursor() as cursor:
                cursor.execute(_WAIT, [list(column) for column in zip(*rows, strict=True)])

    def contested(self) -> "ReleasedShareQuerySet":
        """Those that a payout had covered, which came back, and whose course somebody claims: the escrow takes them.

        What no payout has covered the escrow took when it began, as far as its creator had it.
        """
        claimed = CourseEscrow.objects.open().order_by().values("course")
        came_back = ItemShare.objects.filter(kind=ShareKind.CREATOR, payout_items__freed=True, item__course__in=claimed)
        return self.filter(share__in=came_back)

    def sums(self) -> dict[tuple[int, str], int]:
        """Of these, (creator, currency): minor units."""
        rows = self.values_list("owner", "currency").annotate(total=Sum("amount_minor")).order_by()
        return {(owner, currency): total for owner, currency, total in rows}

    def taken_by(self, payouts: list[int]) -> None:
        """Give every waiting share to the payout of its owner and currency among `payouts`, as a PayoutItem.

        Each with what refunds have left of it now; one that was given back whole is in no payout. Where a standing
        payout covers the rest of a share, that one goes on naming it: this one only pays what waited. What is contested
        stays. Costs as much as there is waiting, however much was paid before.
        """
        with connection.cursor() as cursor:
            cursor.execute(_TAKE, [payouts])

    def wait_again(self, payout: Any) -> None:
        """The payout was withdrawn: the next one covers its sales, with what waits of them already."""
        with connection.cursor() as cursor:
            cursor.execute(_WAIT_AGAIN, [payout.pk])


class ReleasedShare(models.Model):
    """What of a share became available and is in no standing payout. The row goes when a payout takes it.

    Read by owner and never by age: a release that commits late waits for the next payout and is not overlooked.
    """

    share = models.OneToOneField(ItemShare, primary_key=True, on_delete=models.PROTECT, related_name="waiting")
    owner = models.ForeignKey(Creator, on_delete=models.PROTECT, related_name="+", db_index=False)
    book = models.CharField(max_length=8, choices=Book.choices)
    currency = models.CharField(max_length=3, choices=currency_choices())
    amount_minor = models.PositiveBigIntegerField()

    objects = ReleasedShareQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["owner", "currency", "book"], name="released_share_of_owner")]

    def __str__(self) -> str:
        return f"{self.share_id}: {self.amount_minor}"


_WAIT = """
INSERT INTO payments_releasedshare (share_id, owner_id, book, currency, amount_minor)
SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::text[], %s::text[], %s::bigint[])
    ON CONFLICT (share_id) DO UPDATE SET amount_minor = payments_releasedshare.amount_minor + excluded.amount_minor
"""

_TAKE = """
WITH gone AS (
    DELETE FROM payments_releasedshare AS waiting USING payments_payout AS payout
     WHERE payout.id = ANY(%s) AND waiting.owner_id = payout.creator_id
       AND waiting.currency = payout.currency AND waiting.book = payout.book
       AND NOT EXISTS (
           SELECT FROM payments_payoutitem AS before
             JOIN payments_itemshare AS share ON share.id = before.share_id AND share.kind = 'creator'
             JOIN payments_orderitem AS item ON item.id = share.item_id
             JOIN payments_courseescrow AS escrow ON escrow.course_id = item.course_id AND escrow.closed_at IS NULL
            WHERE before.share_id = waiting.share_id AND before.freed)
    RETURNING payout.id AS payout_id, waiting.share_id, waiting.amount_minor
), covered AS (
    SELECT gone.payout_id, gone.share_id,
           least(gone.amount_minor, share.amount_minor - coalesce((
               SELECT sum(taken.amount_minor) FROM payments_refundshare AS taken
                 JOIN payments_refundline AS line ON line.id = taken.line_id AND line.failed_at IS NULL
                WHERE taken.share_id = share.id), 0)) AS amount_minor
      FROM gone JOIN payments_itemshare AS share ON share.id = gone.share_id
)
INSERT INTO payments_payoutitem (payout_id, share_id, amount_minor, freed)
SELECT payout_id, share_id, amount_minor, false FROM covered
 WHERE amount_minor > 0
   AND NOT EXISTS (SELECT FROM payments_payoutitem AS other WHERE other.share_id = covered.share_id AND NOT other.freed)
 ORDER BY share_id
"""

_WAIT_AGAIN = """
WITH freed AS (
    UPDATE payments_payoutitem SET freed = true WHERE payout_id = %s AND NOT freed RETURNING share_id, amount_minor
)
INSERT INTO payments_releasedshare (share_id, owner_id, book, currency, amount_minor)
SELECT freed.share_id, share.owner_id, orders.book, orders.currency, freed.amount_minor
  FROM freed
  JOIN payments_itemshare AS share ON share.id = freed.share_id
  JOIN payments_orderitem AS item ON item.id = share.item_id
  JOIN payments_order AS orders ON orders.id = item.order_id
    ON CONFLICT (share_id) DO UPDATE SET amount_minor = payments_releasedshare.amount_minor + excluded.amount_minor
"""
