"""Where creators' money is sent."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from creators.models import Creator

from .ledger_kinds import Book


class PayoutAccountQuerySet(models.QuerySet["PayoutAccount"]):
    def of(self, creator: Creator) -> "PayoutAccount | None":
        """The creator's account in the present book."""
        return self.filter(creator=creator, book=settings.PAYMENTS_BOOK).first()

    def waiting(self) -> "PayoutAccountQuerySet":
        """Accounts of the present book that cannot be paid yet."""
        return self.filter(book=settings.PAYMENTS_BOOK).exclude(state=PayoutAccount.State.ACTIVE)

    def open(self, creator: Creator, provider_account_id: str, *, at: datetime) -> "PayoutAccount":
        """Keep the account that the provider made; kept twice, it is the same row."""
        account, _is_new = self.get_or_create(
            creator=creator,
            book=settings.PAYMENTS_BOOK,
            defaults={"provider_account_id": provider_account_id, "opened_at": at},
        )
        return account


class PayoutAccount(models.Model):
    """A creator's account with the provider, and what the provider last said of it."""

    class State(models.TextChoices):
        PENDING = "pending", _("Details missing")
        ACTIVE = "active", _("Ready")
        RESTRICTED = "restricted", _("Restricted")

    creator = models.ForeignKey(Creator, on_delete=models.PROTECT, related_name="payout_accounts")
    book = models.CharField(max_length=8, choices=Book.choices)
    provider_account_id = models.CharField(max_length=120, unique=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PENDING)
    opened_at = models.DateTimeField()
    active_at = models.DateTimeField(null=True, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True)

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
