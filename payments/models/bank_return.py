"""What became of a payout after it was said that the bank had carried it out: somebody notes it, a second one looks."""

from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from marketplace.lib import clock

from .bank_file import BankOrder
from .payout import Payout


class BankReturnQuerySet(models.QuerySet["BankReturn"]):
    def note(self, order: BankOrder, *, by: User, **facts: Any) -> "BankReturn":
        return self.create(order=order, noted_by=by, noted_at=clock.now(), **facts)

    def unanswered(self) -> Self:
        return self.filter(verdict=None)

    def of(self, payout: Payout) -> Self:
        return self.filter(order__payout=payout)


class BankReturn(models.Model):
    """Somebody read at the bank that an order which counts as carried out is none. Append-only."""

    class Kind(models.TextChoices):
        SENT_BACK = "sent_back", _("The bank sent it back")
        NEVER_LEFT = "never_left", _("It was written down as carried out by mistake")

    order = models.ForeignKey(BankOrder, on_delete=models.PROTECT, related_name="returns")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    reference = models.CharField(max_length=140)
    reason = models.CharField(max_length=500)
    noted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    noted_at = models.DateTimeField()

    objects = BankReturnQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(reference="") & ~Q(reason=""), name="bank_return_has_reference_and_reason"
            ),
        ]

    def __str__(self) -> str:
        return self.reference


class BankReturnVerdictQuerySet(models.QuerySet["BankReturnVerdict"]):
    def note(self, back: BankReturn, *, by: User, confirms: bool, reason: str) -> "BankReturnVerdict":
        return self.create(
            back=back, order_id=back.order_id, by=by, at=clock.now(), confirms=confirms, reason=reason
        )  # fmt: skip


class BankReturnVerdict(models.Model):
    """Somebody else looked at the bank as well: with a yes the money is the creator's again. Append-only.

    `order` is that of what was noted, so that the database can hold "an order comes back once".
    """

    back = models.OneToOneField(BankReturn, on_delete=models.PROTECT, related_name="verdict")
    order = models.ForeignKey(BankOrder, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    confirms = models.BooleanField()
    reason = models.CharField(max_length=500, blank=True)

    objects = BankReturnVerdictQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order"], condition=Q(confirms=True), name="a_bank_order_comes_back_once"),
            models.CheckConstraint(
                condition=Q(confirms=True) | ~Q(reason=""), name="bank_return_declined_for_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.back_id}: {'yes' if self.confirms else 'no'}"
