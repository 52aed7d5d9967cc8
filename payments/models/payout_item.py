"""Which sales a payout covers: how a sale knows that, and when, it was paid to its creator."""

from django.db import models
from django.db.models import Q

from .item_share import ItemShare
from .payout import Payout


class PayoutItemQuerySet(models.QuerySet["PayoutItem"]):
    def cover(self, payout: Payout) -> None:
        """Attach every released share of the payout's creator and currency that no standing payout covers.

        Of each what refunds have left of it now.
        """
        free = (
            ItemShare.objects.owned()
            .filter(
                owner=payout.creator_id,
                item__order__currency=payout.currency,
                item__order__book=payout.book,
                item__released_at__isnull=False,
            )
            .exclude(payout_items__freed=False)
            .with_left()
            .filter(left_minor__gt=0)
        )
        self.bulk_create(
            [
                PayoutItem(payout=payout, share_id=pk, amount_minor=minor)
                for pk, minor in free.order_by("pk").values_list("pk", "left_minor")
            ]
        )

    def free(self, payout: Payout) -> None:
        """The payout was withdrawn: the next one covers its sales."""
        self.filter(payout=payout).update(freed=True)


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
