"""Where creators' money is sent."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from creators.models import Creator

from .ledger_kinds import Book


class RailCode(models.TextChoices):
    """The ways on which money leaves for a creator; `payments.rails` walks them."""

    STRIPE_TRANSFER = "stripe_transfer", _("Transfer by the payment provider")
    MANUAL_BANK_FILE = "manual_bank_file", _("Bank order by file")


class PayoutAccountQuerySet(models.QuerySet["PayoutAccount"]):
    def of(self, creator: Creator) -> "PayoutAccount | None":
        """The creator's account in the present book."""
        return self.filter(creator=creator, book=settings.PAYMENTS_BOOK).first()

    def waiting(self) -> "PayoutAccountQuerySet":
        """Accounts at the provider, of the present book, that cannot be paid yet."""
        at_provider = self.filter(book=settings.PAYMENTS_BOOK, rail=RailCode.STRIPE_TRANSFER)
        return at_provider.exclude(state=PayoutAccount.State.ACTIVE)

    def open(self, creator: Creator, provider_account_id: str, *, at: datetime) -> "PayoutAccount":
        """Keep the account that the provider made; kept twice, it is the same row."""
        account, _is_new = self.get_or_create(
            creator=creator,
            book=settings.PAYMENTS_BOOK,
            defaults={"provider_account_id": provider_account_id, "opened_at": at},
        )
        return account

    def open_by_bank(self, creator: Creator, *, at: datetime) -> "PayoutAccount":
        """The creator's account for bank orders. One that the provider never made ready becomes it."""
        account, _is_new = self.get_or_create(
            creator=creator,
            book=settings.PAYMENTS_BOOK,
            defaults={
                "rail": RailCode.MANUAL_BANK_FILE, "opened_at": at, "provider_account_id": f"bank_of_{creator.pk}",
            },
        )  # fmt: skip
        return account


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
    state = models.CharField(max_length=10, choices=State.choices, default=State.PENDING)
    opened_at = models.DateTimeField()
    active_at = models.DateTimeField(null=True, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True)
    # Its bank details were changed: nothing is paid to the new ones before this.
    rests_until = models.DateTimeField(null=True, blank=True)

    objects = PayoutAccountQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["creator", "book"], name="one_payout_account_a_book")]

    def __str__(self) -> str:
        return f"{self.creator_id}: {self.state}"

    @property
    def is_active(self) -> bool:
        return self.state == self.State.ACTIVE

    def note_state(self, state: str, *, at: datetime) -> None:
        """What the provider says of the account now. A word that we do not know counts as restricted.

        The provider calls an account restricted from the first day, until its owner has told everything; for us that
        is pending, and restricted is what was ready once and is no longer.
        """
        self.state = state if state in self.State.values else self.State.RESTRICTED
        if self.state == self.State.RESTRICTED and self.active_at is None:
            self.state = self.State.PENDING
        self.checked_at = at
        if self.is_active and self.active_at is None:
            self.active_at = at
        self.save(update_fields=["state", "checked_at", "active_at"])

    @property
    def is_by_bank(self) -> bool:
        return self.rail == RailCode.MANUAL_BANK_FILE

    def turn_to_bank(self) -> None:
        """The provider never made it ready: its owner is paid by bank order from now on."""
        self.rail, self.state = RailCode.MANUAL_BANK_FILE, self.State.PENDING
        self.save(update_fields=["rail", "state"])

    def pay_into(self, details_id: int, *, at: datetime, rests_until: datetime | None) -> None:
        """Finance has confirmed these bank details: payouts begun from now on go there."""
        self.provider_account_id = f"bank_{details_id}"
        self.state, self.checked_at, self.rests_until = self.State.ACTIVE, at, rests_until
        self.active_at = self.active_at or at
        self.save(update_fields=["provider_account_id", "state", "checked_at", "active_at", "rests_until"])
