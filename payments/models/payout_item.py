"""Which sales a payout covers: how a sale knows that, and when, it was paid to its creator."""

from collections.abc import Iterable

from django.db import models
from django.db.models import Q

from .item_share import ItemShare
from .payout import Payout
from .released_share import ReleasedShare


class PayoutItemQuerySet(models.QuerySet["PayoutItem"]):
    def cover(self, payouts: Iterable[Payout]) -> None:
        """Attach to each payout every released share of its creator and currency that no standing payout covers."""
        ReleasedShare.objects.taken_by([payout.pk for payout in payouts])

    def free(self, payout: Payout) -> None:
        """The payout was withdrawn: the next one covers its sales."""
        ReleasedShare.objects.wait_again(payout)


class PayoutItem(models.Model):
    """One creator's share of a sale, covered by a payout with what was left of it then.

    A payout's amount may differ from the sum of its items: refunds of sales that were paid before are taken off, and
    what a currency's steps left over last time is added.
    """

    payout = models.ForeignKey(Payout, on_delete=models.PROTECT, related_name="items")
    share = models.ForeignKey(ItemShare, on_delete=models.PROTECT, related_name="payout_items")
    amount_minor = models.BigIntegerField()
    freed = models.BooleanField(default=False)

    objects = PayoutItemQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["share"], condition=Q(freed=False), name="one_standing_payout_a_share")
        ]

    def __str__(self) -> str:
        return f"{self.share_id} in payout {self.payout_id}"
