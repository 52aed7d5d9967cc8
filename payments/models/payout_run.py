"""A payout run, and whom it passed over."""

from datetime import datetime
from typing import Any

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from creators.models import Creator
from marketplace.lib.money import CURRENCIES, Money, currency_choices

from .ledger_kinds import Book


class PayoutRunQuerySet(models.QuerySet["PayoutRun"]):
    def start(self, *, book: str, by: User | None, as_of: datetime) -> "PayoutRun":
        return self.create(book=book, started_by=by, as_of=as_of)


class PayoutRun(models.Model):
    """One going through everybody who has money available, as of a time. `started_by` is empty for the weekly one."""

    book = models.CharField(max_length=8, choices=Book.choices)
    started_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    as_of = models.DateTimeField()
    started_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)

    objects = PayoutRunQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"run {self.pk} as of {self.as_of:%Y-%m-%d}"

    def finish(self, at: datetime) -> None:
        self.finished_at = at
        self.save(update_fields=["finished_at"])


class SkipReason(models.TextChoices):
    """Why a run paid nothing to somebody who has a balance."""

    BELOW_MINIMUM = "below_minimum", _("Below the minimum")
    NEGATIVE = "negative_balance", _("Negative balance")
    NO_ACCOUNT = "no_payout_account", _("No payout account")
    PENDING_ACCOUNT = "payout_account_pending", _("Payout account not finished")
    RESTRICTED_ACCOUNT = "payout_account_restricted", _("Payout account restricted")
    ON_HOLD = "on_hold", _("On hold")

    @property
    def needs_action(self) -> bool:
        """Whether the creator herself can remove the reason."""
        return self in (SkipReason.NO_ACCOUNT, SkipReason.PENDING_ACCOUNT, SkipReason.RESTRICTED_ACCOUNT)

    def words(self, available: Money) -> str:
        """The reason as a sentence for the creator."""
        minimum = Money(CURRENCIES[available.currency].payout_minimum, available.currency)
        facts: dict[str, Any] = {"available": available.format(), "minimum": minimum.format()}
        return _sentence(self) % facts


def _sentence(reason: SkipReason) -> str:
    return {
        SkipReason.BELOW_MINIMUM: gettext(
            "You have %(available)s. We pay out from %(minimum)s; it adds up until then."
        ),
        SkipReason.NEGATIVE: gettext("Refunds took back more than you had: %(available)s. Your next sales fill it up."),
        SkipReason.NO_ACCOUNT: gettext("Tell us where to send %(available)s: set up your payout account."),
        SkipReason.PENDING_ACCOUNT: gettext("Your payout account needs more details before we can send %(available)s."),
        SkipReason.RESTRICTED_ACCOUNT: gettext(
            "The payment provider has restricted your payout account. Open it to see what is missing."
        ),
        SkipReason.ON_HOLD: gettext(
            "Your payouts are on hold. Your %(available)s stays yours; write to us to ask why."
        ),
    }[reason]


class PayoutSkip(models.Model):
    """A run found that this creator had money of a currency and paid nothing, for this reason."""

    run = models.ForeignKey(PayoutRun, on_delete=models.PROTECT, related_name="skips")
    creator = models.ForeignKey(Creator, on_delete=models.PROTECT, related_name="payout_skips")
    currency = models.CharField(max_length=3, choices=currency_choices())
    available_minor = models.BigIntegerField()
    reason = models.CharField(max_length=28, choices=SkipReason.choices)

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
        return SkipReason(self.reason).words(self.available)
