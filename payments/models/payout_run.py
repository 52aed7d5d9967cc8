"""A payout run, how far it has come, and whom it passed over."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q

from accounts.models import User
from creators.models import Creator
from marketplace.lib.money import Money, currency_choices
from marketplace.lib.work import Work

from .ledger_kinds import Book
from .skip_reason import SkipReason


class PayoutRunQuerySet(models.QuerySet["PayoutRun"]):
    def start(self, *, book: str, by: User | None, as_of: datetime) -> "PayoutRun":
        return self.create(book=book, started_by=by, as_of=as_of)


class PayoutRun(Work):
    """One going through everybody who has money available, as of a time. `started_by` is empty for the weekly one.

    It goes by batches in the order of the ledger's accounts; each batch is one transaction that also moves `through`,
    so a run that dies goes on where it was.
    """

    TASK = "payments.tasks.make_payouts"
    LEASE = timedelta(minutes=5)
    MAX_ATTEMPTS = 12

    book = models.CharField(max_length=8, choices=Book.choices)
    started_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    as_of = models.DateTimeField()
    started_at = models.DateTimeField(auto_now_add=True)
    # Set once the releases are through: how many balances there are to look at.
    found_count = models.PositiveIntegerField(null=True)
    through_account_id = models.BigIntegerField(default=0)
    paid_count = models.PositiveIntegerField(default=0)
    skipped_count = models.PositiveIntegerField(default=0)
    # What it has begun to pay, by currency, in minor units: the cap is held against it.
    begun_minor = models.JSONField(default=dict)

    objects = PayoutRunQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(finished_at=None, dead_at=None), name="payout_run_due"),
        ]

    def __str__(self) -> str:
        return f"run {self.pk} as of {self.as_of:%Y-%m-%d}"

    @property
    def is_under_way(self) -> bool:
        return self.finished_at is None and self.dead_at is None

    @property
    def done_count(self) -> int:
        return self.paid_count + self.skipped_count

    @property
    def begun(self) -> list[Money]:
        """What it pays by currency, whatever became of each payout since."""
        return [Money(int(minor), currency) for currency, minor in sorted(self.begun_minor.items())]

    def expect(self, count: int) -> None:
        """So many balances are to be looked at."""
        self.found_count = count
        self.save(update_fields=["found_count"])

    def advance(self, through: int, paid: list[Money], skipped: int) -> None:
        """A batch is done, up to this ledger account. Called in the batch's own transaction, on the locked row."""
        self.note(through, paid, skipped)
        self.save(update_fields=["begun_minor", "through_account_id", "paid_count", "skipped_count"])

    def note(self, through: int, paid: list[Money], skipped: int) -> None:
        """Count a batch, without keeping it: what a preview does."""
        for amount in paid:
            self.begun_minor[amount.currency] = self.begun_minor.get(amount.currency, 0) + amount.minor
        self.through_account_id = through
        self.paid_count += len(paid)
        self.skipped_count += skipped


class PayoutSkipQuerySet(models.QuerySet["PayoutSkip"]):
    def note(self, skips: Iterable[tuple[int, int, Money, SkipReason, int | None]]) -> "list[PayoutSkip]":
        """Keep many (run, creator, what she has, why, which hold) in one statement."""
        return PayoutSkip.objects.bulk_create(
            PayoutSkip(
                run_id=run, creator_id=creator, currency=available.currency, available_minor=available.minor,
                reason=reason, hold_id=hold,
            )
            for run, creator, available, reason, hold in skips
        )  # fmt: skip


class PayoutSkip(models.Model):
    """A run found that this creator had money of a currency and paid nothing, for this reason."""

    run = models.ForeignKey(PayoutRun, on_delete=models.PROTECT, related_name="skips")
    creator = models.ForeignKey(Creator, on_delete=models.PROTECT, related_name="payout_skips")
    currency = models.CharField(max_length=3, choices=currency_choices())
    available_minor = models.BigIntegerField()
    reason = models.CharField(max_length=28, choices=SkipReason.choices)
    # What stood then, of a skip for a hold; skips of before do not say.
    # A run leaves a row for everybody whom it passed over, and nobody asks for the skips of a hold.
    hold = models.ForeignKey(
        "payments.PayoutHold", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )

    objects = PayoutSkipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["creator", "currency", "run"], name="one_payout_skip_a_run"),
        ]

    def __str__(self) -> str:
        return f"{self.creator_id} {self.currency}: {self.reason}"

    @property
    def available(self) -> Money:
        return Money(self.available_minor, self.currency)

    @property
    def words(self) -> str:
        return SkipReason(self.reason).words(self.available, hold=self.hold)
