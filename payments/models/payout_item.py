"""Which sales a payout covers: how a sale knows that, and when, it was paid to its creator."""

from django.db import models
from django.db.models import Q

from .order import OrderItem
from .payout import Payout


class PayoutItemQuerySet(models.QuerySet["PayoutItem"]):
    def cover(self, payout: Payout) -> None:
        """Attach every released sale of the payout's creator and currency that no standing payout covers."""
        free = OrderItem.objects.filter(
            creator=payout.creator_id,
            order__currency=payout.currency,
            order__book=payout.book,
            released_at__isnull=False,
            refunded_at=None,
        ).exclude(payout_items__freed=False)
        self.bulk_create(
            [
                PayoutItem(payout=payout, order_item_id=pk, amount_minor=minor)
                for pk, minor in free.order_by("pk").values_list("pk", "creator_minor")
            ]
        )

    def free(self, payout: Payout) -> None:
        """The payout was withdrawn: the next one covers its sales."""
        self.filter(payout=payout).update(freed=True)


class PayoutItem(models.Model):
    """A sale that a payout covers, with the creator's share of it.

    A payout's amount may differ from the sum of its items: refunds of sales that were paid before are taken off, and
    what a currency's steps left over last time is added.
    """

    payout = models.ForeignKey(Payout, on_delete=models.PROTECT, related_name="items")
    order_item = models.ForeignKey(OrderItem, on_delete=models.PROTECT, related_name="payout_items")
    amount_minor = models.BigIntegerField()
    freed = models.BooleanField(default=False)

    objects = PayoutItemQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order_item"], condition=Q(freed=False), name="one_standing_payout_a_sale")
        ]

    def __str__(self) -> str:
        return f"{self.order_item_id} in payout {self.payout_id}"
