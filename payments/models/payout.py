"""A payout: money of one creator, held for her in the ledger, on its way through the provider."""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from creators.models import Creator
from marketplace.lib.money import Money, currency_choices
from marketplace.lib.work import Work

from .ledger_kinds import Book
from .payout_account import PayoutAccount
from .payout_run import PayoutRun

# The provider may forget a key after 24 hours; a repeated call is safe only well before that.
KEY_LIFE = timedelta(hours=23)
LONGEST_PAUSE = timedelta(hours=1)


class PayoutQuerySet(models.QuerySet["Payout"]):
    def begin(self, *, run: PayoutRun, account: PayoutAccount, amount: Money, at: datetime) -> "Payout":
        """A new payout. Its amount and its destination never change; to pay otherwise is another payout."""
        return self.create(
            run=run,
            creator_id=account.creator_id,
            book=run.book,
            currency=amount.currency,
            amount_minor=amount.minor,
            destination=account.provider_account_id,
            created_at=at,
        )

    def moving(self) -> "PayoutQuerySet":
        """Neither arrived nor withdrawn."""
        return self.filter(state__in=[Payout.State.CREATED, Payout.State.SUBMITTING])


class Payout(Work):
    """So much to one creator, once. Held in the ledger since it was created; `submitting` means that we may have asked.

    An unknown outcome stays `submitting`, whatever happens, until the provider has been looked at.
    """

    TASK = "payments.tasks.submit_payout"
    LEASE = timedelta(minutes=2)
    MAX_ATTEMPTS = 16

    class State(models.TextChoices):
        CREATED = "created", _("Waiting")
        SUBMITTING = "submitting", _("In transit")
        SENT = "sent", _("Paid")
        VOID = "void", _("Withdrawn")

    run = models.ForeignKey(PayoutRun, on_delete=models.PROTECT, related_name="payouts")
    creator = models.ForeignKey(Creator, on_delete=models.PROTECT, related_name="payouts")
    book = models.CharField(max_length=8, choices=Book.choices)
    currency = models.CharField(max_length=3, choices=currency_choices())
    amount_minor = models.BigIntegerField()
    destination = models.CharField(max_length=120)
    state = models.CharField(max_length=10, choices=State.choices, default=State.CREATED)
    # Which key the provider is asked under. It rises only when the old key's effect is known to be none.
    key_no = models.PositiveSmallIntegerField(default=1)
    key_used_at = models.DateTimeField(null=True)
    transfer_id = models.CharField(max_length=120, unique=True, null=True)  # noqa: DJ001 many have none yet
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    void_at = models.DateTimeField(null=True)
    failure_code = models.CharField(max_length=80, blank=True)
    failure_text = models.CharField(max_length=500, blank=True)

    objects = PayoutQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["creator", "currency", "run"], name="one_payout_a_run"),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="payout_is_positive"),
            models.CheckConstraint(
                condition=Q(state="sent", transfer_id__isnull=False, sent_at__isnull=False)
                | (~Q(state="sent") & Q(transfer_id=None, sent_at=None)),
                name="payout_sent_has_a_transfer",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(finished_at=None, dead_at=None), name="payout_due"),
            models.Index(fields=["creator", "-id"], name="payout_of_creator"),
        ]

    def __str__(self) -> str:
        return f"payout {self.pk}: {self.amount}"

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)

    @property
    def transfer_group(self) -> str:
        """What the provider files the transfer under: how an unknown outcome is looked up."""
        return f"payout_{self.pk}"

    @property
    def provider_key(self) -> str:
        return f"payout:{self.pk}:{self.key_no}"

    def ledger_key(self, step: str) -> str:
        return f"payout:{self.pk}:{step}"

    @property
    def is_dead(self) -> bool:
        return self.dead_at is not None

    def pause(self) -> timedelta:
        """How long to wait after an unknown outcome: twice as long each time, an hour at most."""
        return min(timedelta(seconds=5 * 2**self.attempts), LONGEST_PAUSE)

    def begin_submitting(self, at: datetime) -> None:
        """From here on the provider may have been asked under the present key."""
        self.state = self.State.SUBMITTING
        if self.key_used_at is None:
            self.key_used_at = at
        self.save(update_fields=["state", "key_used_at"])

    def key_has_aged(self, at: datetime) -> bool:
        return self.key_used_at is not None and at - self.key_used_at > KEY_LIFE

    def take_new_key(self, at: datetime) -> None:
        """The old key is too old to repeat and the provider has no transfer of it."""
        self.key_no += 1
        self.key_used_at = at
        self.save(update_fields=["key_no", "key_used_at"])

    def mark_sent(self, transfer_id: str, *, at: datetime) -> None:
        self.state, self.transfer_id, self.sent_at = self.State.SENT, transfer_id, at
        self.save(update_fields=["state", "transfer_id", "sent_at"])

    def mark_void(self, code: str, text: str, *, at: datetime) -> None:
        """The provider refused for good. Its items are free for the next run, which makes another payout."""
        self.state, self.void_at = self.State.VOID, at
        self.failure_code, self.failure_text = code[:80], text[:500]
        self.save(update_fields=["state", "void_at", "failure_code", "failure_text"])
