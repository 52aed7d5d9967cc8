"""Who gets how much of one course sold: a row a party."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from creators.models import Creator
from marketplace.lib.money import Money

from ..quotes import Quoted

if TYPE_CHECKING:
    from .order_item import OrderItem


class ShareKind(models.TextChoices):
    PLATFORM = "platform", _("Platform")
    AFFILIATE = "affiliate", _("Promoter")
    CREATOR = "creator", _("Creator")
    POOL = "pool", _("Pool of the pass")


class ItemShareQuerySet(models.QuerySet["ItemShare"]):
    def line_up(self, items: Iterable[tuple["OrderItem", Quoted]]) -> None:
        """The shares of new items."""
        self.bulk_create(
            ItemShare(
                item=item, kind=share.kind, owner_id=share.owner_id, amount_minor=share.amount.minor, bps=share.bps
            )
            for item, quoted in items
            for share in quoted.shares
        )

    def with_left(self) -> Self:
        """Each with `left_minor`: its amount less what refunds that did not fail have taken of it."""
        taken = Sum("taken__amount_minor", filter=Q(taken__line__failed_at=None))
        return self.annotate(left_minor=F("amount_minor") - Coalesce(taken, 0, output_field=models.BigIntegerField()))

    def owned(self) -> Self:
        """Those of people: creators' and promoters', which are paid out."""
        return self.exclude(kind__in=[ShareKind.PLATFORM, ShareKind.POOL])


class ItemShare(models.Model):
    """One party's part of one item. The parts of an item sum to its net price and what the platform added.

    `owner` is the creator who gets it (a promoter is a creator too), null for the platform and the pool. `bps` is what
    it was reckoned by: of the basis for platform and affiliate, of the creators' side for a creator. Rows are never
    changed; while the order is not paid they may be replaced.
    """

    item = models.ForeignKey("payments.OrderItem", on_delete=models.PROTECT, related_name="shares")
    kind = models.CharField(max_length=10, choices=ShareKind.choices)
    owner = models.ForeignKey(Creator, null=True, on_delete=models.PROTECT, related_name="item_shares")
    amount_minor = models.PositiveBigIntegerField()
    bps = models.PositiveIntegerField(default=0)

    left_minor: int  # of rows of `with_left()`

    objects = ItemShareQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["item", "kind", "owner"], nulls_distinct=False, name="one_share_a_party"),
            models.CheckConstraint(
                condition=Q(kind__in=[ShareKind.PLATFORM, ShareKind.POOL], owner=None)
                | Q(kind__in=[ShareKind.AFFILIATE, ShareKind.CREATOR], owner__isnull=False),
                name="item_share_owner_by_kind",
            ),
        ]
        indexes = [models.Index(fields=["owner", "-item"], name="item_share_of_owner")]

    def __str__(self) -> str:
        return f"{self.item_id}: {self.kind} {self.owner_id or ''} {self.amount_minor}"

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.item.order.currency)

    @property
    def left(self) -> Money:
        """What refunds have left of it. Constant queries only for rows of `with_left()`."""
        kept = self.__dict__.get("left_minor")
        if kept is None:
            kept = ItemShare.objects.with_left().values_list("left_minor", flat=True).get(pk=self.pk)
        return Money(kept, self.item.order.currency)
