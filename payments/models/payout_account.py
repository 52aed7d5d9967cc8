"""Where creators' money is sent."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from creators.models import Creator
from marketplace.lib import clock

from .ledger_kinds import Book


class RailCode(models.TextChoices):
    """The ways on which money leaves for a creator; `payments.rails` walks them."""

    STRIPE_TRANSFER = "stripe_transfer", _("Transfer by the payment provider")
    MANUAL_BANK_FILE = "manual_bank_file", _("Bank order by file")


# What stands for the details of an account by bank before finance has confirmed any.
NO_DETAILS_YET = "bank_of_"
# How long one that is not ready is left alone, by how long its owner has let it be; after that, a day. The first is
# shorter than the time from one round to the next.
LEFT_ALONE = [
    (timedelta(hours=2), timedelta(minutes=5)),
    (timedelta(days=2), timedelta(hours=1)),
    (timedelta(days=14), timedelta(hours=6)),
]
LONGEST_ALONE = timedelta(days=1)
WHERE_IT_LEADS = ("rail", "provider_account_id", "kept_account_id")


class PayoutAccountQuerySet(models.QuerySet["PayoutAccount"]):
    def of(self, creator: Creator) -> "PayoutAccount | None":
        """The creator's account in the present book."""
        return self.filter(creator=creator, book=settings.PAYMENTS_BOOK).first()

    def waiting(self) -> "PayoutAccountQuerySet":
        """Accounts at the provider, of the present book, that cannot be paid yet."""
        at_provider = self.filter(book=settings.PAYMENTS_BOOK, rail=RailCode.STRIPE_TRANSFER)
        return at_provider.exclude(state=PayoutAccount.State.ACTIVE)

    def to_be_asked(self, now: datetime) -> "PayoutAccountQuerySet":
        """Those whose turn it is, the one first that was asked about longest ago."""
        waiting = self.waiting().annotate(let_be_since=Coalesce("owner_came_at", "opened_at"))
        due = Q(asked_at=None) | Q(asked_at__lte=now - LONGEST_ALONE)
        for since, pause in LEFT_ALONE:
            due |= Q(let_be_since__gt=now - since, asked_at__lte=now - pause)
        return waiting.filter(due).by_turn()

    def waiting_of(self, creator_ids: Iterable[int], *, not_asked_since: datetime) -> "PayoutAccountQuerySet":
        """Those of some creators, without those that were asked about just now."""
        stale = Q(asked_at=None) | Q(asked_at__lt=not_asked_since)
        return self.waiting().filter(stale, creator__in=list(creator_ids)).by_turn()

    def by_turn(self) -> "PayoutAccountQuerySet":
        return self.order_by(F("asked_at").asc(nulls_first=True), "pk")

    def open(self, creator: Creator, provider_account_id: str, *, at: datetime) -> "PayoutAccount":
        """Keep the account that the provider made; kept twice, it is the same row. One that was opened for bank details
        and never paid to becomes it.
        """
        account, is_new = self.get_or_create(
            creator=creator,
            book=settings.PAYMENTS_BOOK,
            defaults={"provider_account_id": provider_account_id, "opened_at": at},
        )
        if not is_new and account.is_by_bank:
            unused = self.filter(pk=account.pk, provider_account_id__startswith=NO_DETAILS_YET)
            unused.update(rail=RailCode.STRIPE_TRANSFER, provider_account_id=provider_account_id)
            account.refresh_from_db()
        return account

    def open_by_bank(self, creator: Creator, *, at: datetime) -> "PayoutAccount":
        """The creator's account; one for bank orders if she has none. One at the provider stays what it is until
        finance has confirmed bank details of hers.
        """
        placeholder = f"{NO_DETAILS_YET}{creator.pk}"
        account, _is_new = self.get_or_create(
            creator=creator,
            book=settings.PAYMENTS_BOOK,
            defaults={"rail": RailCode.MANUAL_BANK_FILE, "opened_at": at, "provider_account_id": placeholder},
        )
        return account

    def lock(self, pk: int) -> "PayoutAccount":
        return self.select_related("creator__user").select_for_update(no_key=True, of=("self",)).get(pk=pk)


class PayoutAccount(models.Model):
    """Where a creator's money goes: her account with the provider and what that last said of it, or her bank."""

    class State(models.TextChoices):
        PENDING = "pending", _("Details missing")
        ACTIVE = "active", _("Ready")
        RESTRICTED = "restricted", _("Restricted")

    creator = models.ForeignKey(Creator, on_delete=models.PROTECT, related_name="payout_accounts")
    book = models.CharField(max_length=8, choices=Book.choices)
    rail = models.CharField(max_length=20, choices=RailCode.choices, default=RailCode.STRIPE_TRANSFER)
    # The provider's name for the account; for bank orders "bank_<id of the confirmed details>".
    provider_account_id = models.CharField(max_length=120, unique=True)
    # Of an account by bank: the provider's name for the one that was paid through before. Finance may turn back to it.
    kept_account_id = models.CharField(max_length=120, blank=True, default="", db_default="")
    state = models.CharField(max_length=10, choices=State.choices, default=State.PENDING)
    opened_at = models.DateTimeField()
    active_at = models.DateTimeField(null=True, blank=True)
    # When the provider last said how it stands, and when it was last asked, whether it answered or not.
    checked_at = models.DateTimeField(null=True, blank=True)
    asked_at = models.DateTimeField(null=True, blank=True)
    # Its owner went on with it, here or from the provider's pages.
    owner_came_at = models.DateTimeField(null=True, blank=True)
    # Its bank details were changed: nothing is paid to the new ones before this.
    rests_until = models.DateTimeField(null=True, blank=True)

    objects = PayoutAccountQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["creator", "book"], name="one_payout_account_a_book"),
            # A payout by bank takes its destination from here: never a provider's account, nor the other way round.
            models.CheckConstraint(
                condition=(
                    Q(rail=RailCode.STRIPE_TRANSFER, kept_account_id="") & ~Q(provider_account_id__startswith="bank_")
                )
                | Q(rail=RailCode.MANUAL_BANK_FILE, provider_account_id__regex=r"^bank_[0-9]+$")
                | Q(rail=RailCode.MANUAL_BANK_FILE, provider_account_id__startswith=NO_DETAILS_YET, state="pending"),
                name="payout_account_fits_its_rail",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.creator_id}: {self.state}"

    @property
    def is_active(self) -> bool:
        return self.state == self.State.ACTIVE

    @property
    def is_by_bank(self) -> bool:
        return self.rail == RailCode.MANUAL_BANK_FILE

    @property
    def is_resting(self) -> bool:
        """Whether nothing is paid to it yet because where it leads was changed."""
        return self.rests_until is not None and clock.now() < self.rests_until

    def note_asked(self, *, at: datetime) -> None:
        """The provider is asked about it now."""
        PayoutAccount.objects.filter(pk=self.pk).update(asked_at=at)

    def note_owner(self, *, at: datetime) -> None:
        """Its owner goes on with it: it is asked about often again."""
        PayoutAccount.objects.filter(pk=self.pk).update(owner_came_at=at)

    def note_state(self, state: str, *, at: datetime) -> None:
        """What the provider says of the account now. A word that we do not know counts as restricted.

        The provider calls an account restricted from the first day, until its owner has told everything; for us that
        is pending, and restricted is what was ready once and is no longer. One statement, of the provider's account
        alone: what was turned to a bank while the provider was asked stays as it is.
        """
        known = state if state in self.State.values else self.State.RESTRICTED
        changes: dict[str, Any] = {"state": known, "checked_at": at}
        if known == self.State.RESTRICTED:
            changes["state"] = Case(When(active_at=None, then=Value(self.State.PENDING)), default=Value(known))
        if known == self.State.ACTIVE:
            changes["active_at"] = Coalesce("active_at", Value(at))
        asked = PayoutAccount.objects.filter(pk=self.pk, rail=RailCode.STRIPE_TRANSFER)
        asked.filter(provider_account_id=self.provider_account_id).update(**changes)
        self.refresh_from_db()

    def pay_into(self, details_id: int, *, at: datetime, rests_until: datetime | None) -> None:
        """Finance has confirmed these bank details: payouts begun from now on go there, and leave by bank order."""
        if not self.is_by_bank:
            self.rail, self.kept_account_id = RailCode.MANUAL_BANK_FILE, self.provider_account_id
        self.provider_account_id = f"bank_{details_id}"
        self.state, self.checked_at, self.rests_until = self.State.ACTIVE, at, rests_until
        self.active_at = self.active_at or at
        self.save(update_fields=[*WHERE_IT_LEADS, "state", "checked_at", "active_at", "rests_until"])

    def turn_back(self, *, at: datetime, rests_until: datetime) -> None:
        """The provider says that the account which it had for her is ready: payouts go through it again."""
        self.rail, self.provider_account_id, self.kept_account_id = RailCode.STRIPE_TRANSFER, self.kept_account_id, ""
        self.state, self.checked_at, self.rests_until = self.State.ACTIVE, at, rests_until
        self.save(update_fields=[*WHERE_IT_LEADS, "state", "checked_at", "rests_until"])
