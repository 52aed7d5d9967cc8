"""A payout: money of one creator, held for her in the ledger, on its way through the provider."""

import uuid
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from creators.models import Creator
from marketplace.lib.money import Money, currency_choices
from marketplace.lib.work import Work

from .ledger_kinds import Book
from .payout_account import PayoutAccount, RailCode
from .payout_run import PayoutRun
from .under_key import AskedUnderKey

LONGEST_PAUSE = timedelta(hours=1)
# No time, but an act of a person, makes it due: an approval, or what the bank said.
UNTIL_SOMEBODY_ACTS = datetime(9999, 1, 1, tzinfo=UTC)


def new_token() -> str:
    return uuid.uuid4().hex


class PayoutQuerySet(models.QuerySet["Payout"]):
    def begin(
        self, *, run: PayoutRun, account: PayoutAccount, amount: Money, at: datetime, needs_approval: bool = False
    ) -> "Payout":
        """A new payout. Its amount and its destination never change; to pay otherwise is another payout."""
        payout = self.model.draft(run=run, account=account, amount=amount, at=at, needs_approval=needs_approval)
        return self.begin_all([payout])[0]

    def begin_all(self, drafts: Iterable["Payout"]) -> list["Payout"]:
        """Keep many drafts in one statement; each has its key afterwards."""
        return Payout.objects.bulk_create(drafts)

    def moving(self) -> "PayoutQuerySet":
        """Neither arrived nor withdrawn."""
        return self.filter(state__in=[Payout.State.WAITING, Payout.State.CREATED, Payout.State.SUBMITTING])

    def waiting(self) -> "PayoutQuerySet":
        """Above the limit, and nobody has looked at them yet."""
        return self.filter(state=Payout.State.WAITING)

    def by_bank(self) -> "PayoutQuerySet":
        return self.filter(rail=RailCode.MANUAL_BANK_FILE)

    def for_bank_file(self, run: PayoutRun, currency: str) -> "PayoutQuerySet":
        """What a file of this run would order of the bank now: approved, by bank, and in no file yet."""
        return self.by_bank().filter(run=run, currency=currency, state=Payout.State.CREATED)

    def flagged(self) -> "PayoutQuerySet":
        return self.filter(flagged_at__isnull=False)

    def lock(self, pk: int) -> "Payout | None":
        return self.filter(pk=pk).select_for_update(no_key=True, of=("self",)).first()

    def named(self, transfer_group: str) -> "Payout | None":
        """The payout that a transfer of this group belongs to."""
        return self.filter(token=transfer_group.removeprefix("payout_")).first()

    def hurry(self, **which: object) -> None:
        """What keeps these from being sent is gone: they are due now."""
        at_provider = self.exclude(rail=RailCode.MANUAL_BANK_FILE).exclude(state=Payout.State.WAITING)
        at_provider.filter(finished_at=None, dead_at=None, **which).update(due_at=Now())


class Payout(AskedUnderKey, Work):
    """So much to one creator, once. Held in the ledger since it was created; `submitting` means that we may have asked.

    An unknown outcome stays `submitting`, whatever happens, until the provider has been looked at. One that waits for
    approval, or for what the bank says, is due only when a person has acted.
    """

    TASK = "payments.tasks.submit_payout"
    LEASE = timedelta(minutes=2)
    MAX_ATTEMPTS = 16
    # The provider may forget a key after 24 hours; a repeated call is safe only well before that.
    KEY_LIFE = timedelta(hours=23)

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting for approval")
        CREATED = "created", _("Waiting")
        SUBMITTING = "submitting", _("In transit")
        SENT = "sent", _("Paid")
        VOID = "void", _("Withdrawn")

    run = models.ForeignKey(PayoutRun, on_delete=models.PROTECT, related_name="payouts")
    creator = models.ForeignKey(Creator, on_delete=models.PROTECT, related_name="payouts")
    book = models.CharField(max_length=8, choices=Book.choices)
    currency = models.CharField(max_length=3, choices=currency_choices())
    amount_minor = models.BigIntegerField()
    rail = models.CharField(max_length=20, choices=RailCode.choices, default=RailCode.STRIPE_TRANSFER)
    destination = models.CharField(max_length=120)
    # Names the payout towards the provider: keys made of it stay ours even when a database begins anew.
    token = models.CharField(max_length=40, unique=True, default=new_token, editable=False)
    needs_approval = models.BooleanField(default=False)
    approved_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.CREATED)
    transfer_id = models.CharField(max_length=120, unique=True, null=True)  # noqa: DJ001 many have none yet
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    void_at = models.DateTimeField(null=True)
    failure_code = models.CharField(max_length=80, blank=True)
    failure_text = models.CharField(max_length=500, blank=True)
    # What came back of it after it was sent, and what a person must look at.
    returned_minor = models.PositiveBigIntegerField(default=0)
    flagged_at = models.DateTimeField(null=True)
    flag_reason = models.CharField(max_length=300, blank=True)

    confirmer_id: int | None  # of those on the payout desk

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
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "void"]) | Q(needs_approval=False) | Q(approved_at__isnull=False),
                name="payout_above_the_limit_is_approved",
            ),
            models.CheckConstraint(
                condition=Q(returned_minor=0) | Q(state="sent", returned_minor__lte=models.F("amount_minor")),
                name="payout_returned_was_sent",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(finished_at=None, dead_at=None), name="payout_due"),
            models.Index(fields=["creator", "-id"], name="payout_of_creator"),
            models.Index(fields=["id"], condition=Q(state="waiting"), name="payout_waiting"),
            models.Index(fields=["id"], condition=Q(flagged_at__isnull=False), name="payout_flagged"),
        ]

    def __str__(self) -> str:
        return f"payout {self.pk}: {self.amount}"

    @classmethod
    def draft(
        cls, *, run: PayoutRun, account: PayoutAccount, amount: Money, at: datetime, needs_approval: bool
    ) -> "Payout":
        """A payout that is not kept yet; `account` is where it goes, `amount` is positive."""
        by_person = needs_approval or account.rail == RailCode.MANUAL_BANK_FILE
        return cls(
            run_id=run.pk, creator_id=account.creator_id, book=run.book, currency=amount.currency, created_at=at,
            amount_minor=amount.minor, rail=account.rail, destination=account.provider_account_id,
            needs_approval=needs_approval, state=cls.State.WAITING if needs_approval else cls.State.CREATED,
            **({"due_at": UNTIL_SOMEBODY_ACTS} if by_person else {}),
        )  # fmt: skip

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)

    @property
    def returned(self) -> Money:
        return Money(self.returned_minor, self.currency)

    @property
    def is_returned(self) -> bool:
        """It was sent, and all of it came back."""
        return self.returned_minor == self.amount_minor

    @property
    def transfer_group(self) -> str:
        """What the provider files the transfer under: how an unknown outcome is looked up."""
        return f"payout_{self.token}"

    @property
    def provider_key(self) -> str:
        return f"payout:{self.token}:{self.key_no}"

    def ledger_key(self, step: str) -> str:
        return f"payout:{self.pk}:{step}"

    @property
    def is_dead(self) -> bool:
        return self.dead_at is not None

    @property
    def is_by_bank(self) -> bool:
        return self.rail == RailCode.MANUAL_BANK_FILE

    @property
    def bank_details_id(self) -> int | None:
        """Of a payout by bank: the details that it was begun to, whatever was given since. None: it leads to none."""
        named = self.destination.removeprefix("bank_") if self.is_by_bank else ""
        return int(named) if named.isdecimal() else None

    @property
    def was_never_asked_for(self) -> bool:
        """Neither the provider nor the bank can know of it."""
        return self.state in (self.State.WAITING, self.State.CREATED)

    def pause(self) -> timedelta:
        """How long to wait after an unknown outcome: twice as long each time, an hour at most."""
        return min(timedelta(seconds=5 * 2**self.attempts), LONGEST_PAUSE)

    def begin_submitting(self, at: datetime) -> None:
        """From here on the provider may have been asked under the present key."""
        self.state = self.State.SUBMITTING
        if self.key_used_at is None:
            self.key_used_at = at
        self.save(update_fields=["state", "key_used_at"])

    def mark_sent(self, transfer_id: str, *, at: datetime) -> None:
        self.state, self.transfer_id, self.sent_at = self.State.SENT, transfer_id, at
        self.save(update_fields=["state", "transfer_id", "sent_at"])

    def mark_void(self, code: str, text: str, *, at: datetime) -> None:
        """The provider refused for good. Its items are free for the next run, which makes another payout."""
        self.state, self.void_at = self.State.VOID, at
        self.failure_code, self.failure_text = code[:80], text[:500]
        self.save(update_fields=["state", "void_at", "failure_code", "failure_text"])

    def mark_approved(self, at: datetime) -> None:
        """From here on it may be sent."""
        self.state, self.approved_at = self.State.CREATED, at
        self.due_at = UNTIL_SOMEBODY_ACTS if self.is_by_bank else at
        self.save(update_fields=["state", "approved_at", "due_at"])

    def hand_over(self, at: datetime) -> None:
        """It stands in a file for the bank: from here on the bank may carry it out."""
        self.begin_submitting(at)

    def become_due(self) -> None:
        """There is an answer: a worker takes it at once."""
        type(self).objects.filter(pk=self.pk).update(due_at=Now())
        self.ring()

    def note_returned(self, total: Money) -> Money:
        """So much of it has come back in all; answers with what is new of that."""
        new = total - self.returned
        if new.minor > 0:
            self.returned_minor = total.minor
            self.save(update_fields=["returned_minor"])
        return new

    def come_back(self, code: str, text: str) -> None:
        """All of it is with us again. `text` is for its creator."""
        self.note_returned(self.amount)
        self.failure_code, self.failure_text = code[:80], text[:500]
        self.save(update_fields=["failure_code", "failure_text"])

    def flag(self, reason: str, *, at: datetime) -> bool:
        """A person of finance must look at it. Whether it is news: it is not while the same remark stands."""
        if self.flag_reason == reason[:300]:
            return False
        self.flagged_at, self.flag_reason = at, reason[:300]
        self.save(update_fields=["flagged_at", "flag_reason"])
        return True

    def unflag(self) -> None:
        self.flagged_at, self.flag_reason = None, ""
        self.save(update_fields=["flagged_at", "flag_reason"])

    def close(self) -> None:
        """The work on it is over, whoever holds the lease. Called in a transaction that has the row locked."""
        type(self).objects.filter(pk=self.pk).update(finished_at=Now(), dead_at=None, lease_until=None)
