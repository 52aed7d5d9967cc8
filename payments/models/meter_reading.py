"""What the refund meter showed when a learner took her money back: the numbers by which it was decided."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from marketplace.lib.money import Money

from .order_item import OrderItem
from .refund import Refund
from .refund_rule import RefundRule

if TYPE_CHECKING:
    from ..meter import Meter


class MeterReadingQuerySet(models.QuerySet["MeterReading"]):
    def note(self, refund: Refund, shown: "Meter") -> "MeterReading":
        """Written with the refund, in its transaction."""
        return self.create(
            refund=refund, item=shown.item, rule=shown.rule, kind=shown.offer.kind, watched_s=shown.watched.seconds,
            length_s=shown.watched.length_s, bought_at=shown.bought_at, read_at=shown.now,
            amount_minor=shown.offer.amount.minor,
        )  # fmt: skip

    def repeat(self, failed: Refund, refund: Refund) -> None:
        """`refund` is what that one was, by the same reading, where there is one."""
        reading = self.filter(refund=failed).first()
        if reading is not None:
            reading.pk, reading.refund = None, refund
            reading.save(force_insert=True)


class MeterReading(models.Model):
    """One decision of the meter. The database refuses changes to these rows."""

    class Kind(models.TextChoices):
        WHOLE = "whole", _("All of it")
        PART = "part", _("The share that was not watched")

    refund = models.OneToOneField(Refund, on_delete=models.PROTECT, related_name="reading")
    item = models.ForeignKey(OrderItem, on_delete=models.PROTECT, related_name="readings")
    rule = models.ForeignKey(RefundRule, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    watched_s = models.PositiveIntegerField(help_text="unique seconds of the live version")
    length_s = models.PositiveIntegerField()
    bought_at = models.DateTimeField()
    read_at = models.DateTimeField()
    amount_minor = models.PositiveBigIntegerField()

    objects = MeterReadingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="a_reading_gives_something"),
            models.CheckConstraint(condition=Q(kind__in=["whole", "part"]), name="reading_kind_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.item_id}: {self.kind} {self.amount_minor}"

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.item.order.currency)
