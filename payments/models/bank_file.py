"""Files with orders for the bank, and what the bank did of each order, as a second person read it there."""

from django.db import models
from django.db.models import Q

from accounts.models import User
from marketplace.lib import clock
from marketplace.lib.money import Money, currency_choices

from .payout import Payout
from .payout_run import PayoutRun


class BankFileQuerySet(models.QuerySet["BankFile"]):
    def make(self, run: PayoutRun, payouts: list[Payout], *, by: User) -> "BankFile":
        """A file of these payouts, all of one currency and locked by the caller."""
        file = self.create(
            run=run, currency=payouts[0].currency, made_by=by, made_at=clock.now(), orders_count=len(payouts),
            total_minor=sum(payout.amount_minor for payout in payouts),
        )  # fmt: skip
        BankOrder.objects.bulk_create(BankOrder(file=file, payout=payout) for payout in payouts)
        return file


class BankFile(models.Model):
    """Somebody took these payouts of one run and currency to the bank, all in one file. Append-only."""

    run = models.ForeignKey(PayoutRun, on_delete=models.PROTECT, related_name="bank_files")
    currency = models.CharField(max_length=3, choices=currency_choices())
    orders_count = models.PositiveIntegerField()
    total_minor = models.PositiveBigIntegerField()
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    objects = BankFileQuerySet.as_manager()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"KZ-{self.run_id}-{self.pk}"

    @property
    def total(self) -> Money:
        return Money(self.total_minor, self.currency)


class BankOrder(models.Model):
    """One payout as a line of a file. Append-only; a payout stands in one file at most."""

    file = models.ForeignKey(BankFile, on_delete=models.PROTECT, related_name="orders")
    payout = models.OneToOneField(Payout, on_delete=models.PROTECT, related_name="bank_order")

    def __str__(self) -> str:
        return f"{self.file_id}: {self.payout_id}"


class BankAnswerQuerySet(models.QuerySet["BankAnswer"]):
    def note(self, order: BankOrder, *, by: User, executed: bool, reference: str, reason: str) -> "BankAnswer":
        return self.create(order=order, by=by, at=clock.now(), executed=executed, reference=reference, reason=reason)


class BankAnswer(models.Model):
    """What the bank did of an order, read there by somebody other than who made the file. Append-only."""

    order = models.OneToOneField(BankOrder, on_delete=models.PROTECT, related_name="answer")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    executed = models.BooleanField()
    reference = models.CharField(max_length=140)
    reason = models.CharField(max_length=500, blank=True)

    objects = BankAnswerQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(reference=""), name="bank_answer_has_a_reference"),
            models.CheckConstraint(condition=Q(executed=True) | ~Q(reason=""), name="bank_refused_for_a_reason"),
        ]

    def __str__(self) -> str:
        return self.reference
