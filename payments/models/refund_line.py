"""What a refund takes of each item, and of each party's share of it."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q, Sum
from django.utils.translation import gettext_lazy as _

from creators.models import Creator
from marketplace.lib.errors import DomainError
from marketplace.lib.money import Money

from ..give_back import Parts, allocate
from .item_share import ItemShare
from .order_item import OrderItem

if TYPE_CHECKING:
    from .refund import Refund


class MoreThanIsLeft(DomainError):
    code = "more_than_is_left"
    message = _("There is less left of this purchase than that.")


class RefundLineQuerySet(models.QuerySet["RefundLine"]):
    def line_up(self, refund: "Refund", asked: list[tuple[OrderItem, int]]) -> None:
        """A line an item, with what each party gives of what is left of its share. Raises MoreThanIsLeft.

        The items are locked before their shares are read: what is left stays so until the transaction ends.
        """
        asked = sorted(asked, key=lambda pair: pair[0].pk)
        held = {item.pk: item for item in OrderItem.objects.hold(pk__in=[item.pk for item, _minor in asked])}
        shares, left = _left_of(list(held.values()))
        # Of a course that went back with a part of its price, the rest of the money can be given later.
        ended = set(self.filter(item__in=held, failed_at=None, ends_access=True).values_list("item_id", flat=True))
        lines = []
        for item, amount_minor in asked:
            if amount_minor > left[item.pk].price:
                raise MoreThanIsLeft(left=str(Money(left[item.pk].price, refund.order.currency)))
            item.ask_back(amount_minor)
            ends = refund.ends_access and item.pk not in ended
            lines.append(RefundLine(refund=refund, item=item, amount_minor=amount_minor, ends_access=ends))
        RefundLine.objects.bulk_create(lines)
        RefundShare.objects.bulk_create(
            row
            for line in lines
            for row in _given(line, allocate(line.amount_minor, left[line.item_id]), shares[line.item_id])
        )


class RefundLine(models.Model):
    """What of a refund belongs to which item."""

    refund = models.ForeignKey("payments.Refund", on_delete=models.PROTECT, related_name="lines")
    item = models.ForeignKey(OrderItem, on_delete=models.PROTECT, related_name="refund_lines")
    amount_minor = models.PositiveBigIntegerField()
    # As the refund says, unless the right has ended: so that the database can hold "a right ends once".
    ends_access = models.BooleanField(default=True)
    failed_at = models.DateTimeField(null=True)

    objects = RefundLineQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["refund", "item"], name="an_item_once_a_refund"),
            models.UniqueConstraint(
                fields=["item"], condition=Q(failed_at=None, ends_access=True), name="a_right_ends_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.refund_id}: {self.amount_minor}"

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.item.order.currency)

    @property
    def tax_minor(self) -> int:
        """The tax in it. No query with `shares` at hand."""
        return sum(share.amount_minor for share in self.shares.all() if share.kind == RefundShare.Kind.TAX)


class RefundShareQuerySet(models.QuerySet["RefundShare"]):
    def under_way(self) -> Self:
        """Asked for, and nothing of it is booked yet."""
        return self.filter(line__refund__state="requested")

    def of(self, owners: Iterable[int], book: str) -> Self:
        return self.filter(owner__in=list(owners), line__refund__order__book=book)

    def owned(self) -> Self:
        """What people give: creators and promoters."""
        return self.filter(owner__isnull=False)


class RefundShare(models.Model):
    """What one party gives of a refund's line; written when it is asked for, and never changed.

    A line's amount is the sum of its shares and its tax, less `promotion`: what the platform had added to the buyer's
    money and takes back. `owner` and `share` are as in the item's share; tax and promotion have neither.
    """

    class Kind(models.TextChoices):
        TAX = "tax", _("Tax")
        PROMOTION = "promotion", _("Discount borne by the platform")
        PLATFORM = "platform", _("Platform")
        AFFILIATE = "affiliate", _("Promoter")
        CREATOR = "creator", _("Creator")
        POOL = "pool", _("Pool of the pass")

    line = models.ForeignKey(RefundLine, on_delete=models.PROTECT, related_name="shares")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    owner = models.ForeignKey(Creator, null=True, on_delete=models.PROTECT, related_name="+")
    share = models.ForeignKey(ItemShare, null=True, on_delete=models.PROTECT, related_name="taken")
    amount_minor = models.PositiveBigIntegerField()

    objects = RefundShareQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["line", "kind", "owner"], nulls_distinct=False, name="one_refund_share_a_party"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["tax", "promotion"], share=None, owner=None)
                | Q(kind__in=["platform", "pool"], share__isnull=False, owner=None)
                | Q(kind__in=["affiliate", "creator"], share__isnull=False, owner__isnull=False),
                name="refund_share_of_a_share",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.line_id}: {self.kind} {self.owner_id or ''} {self.amount_minor}"


def _left_of(items: list[OrderItem]) -> tuple[dict[int, list[ItemShare]], dict[int, Parts]]:
    """The shares of each item, and what is left of each."""
    shares: dict[int, list[ItemShare]] = {item.pk: [] for item in items}
    for share in ItemShare.objects.filter(item__in=items).with_left().order_by("pk"):
        shares[share.item_id].append(share)
    taken = RefundShare.objects.filter(line__item__in=items, line__failed_at=None, share=None).order_by()
    gone = {
        (item_id, kind): int(total)
        for item_id, kind, total in taken.values_list("line__item", "kind").annotate(total=Sum("amount_minor"))
    }
    left = {
        item.pk: Parts(
            item.tax_minor - gone.get((item.pk, "tax"), 0),
            item.promotion_minor - gone.get((item.pk, "promotion"), 0),
            tuple(share.left_minor for share in shares[item.pk]),
        )
        for item in items
    }
    return shares, left


def _given(line: RefundLine, parts: Parts, shares: list[ItemShare]) -> list[RefundShare]:
    """A row for each that gives something."""
    rows = [
        RefundShare(line=line, kind="tax", amount_minor=parts.tax),
        RefundShare(line=line, kind="promotion", amount_minor=parts.promotion),
    ]
    rows += [
        RefundShare(line=line, kind=share.kind, owner_id=share.owner_id, share=share, amount_minor=amount)
        for share, amount in zip(shares, parts.shares, strict=True)
    ]
    return [row for row in rows if row.amount_minor]
