"""The kill switch: nothing of a currency, or nothing at all, is sent while a stop is in force."""

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.models import User
from marketplace.lib.errors import DomainError, NotAllowed
from marketplace.lib.money import currency_choices

from .ledger_kinds import Book
from .payout import Payout


class AlreadyStopped(DomainError):
    code = "payouts_already_stopped"
    message = _("These payouts are stopped already.")


class StopLifted(DomainError):
    code = "payout_stop_lifted"
    message = _("This stop has been lifted already.")


class PayoutStopQuerySet(models.QuerySet["PayoutStop"]):
    def open(self) -> "PayoutStopQuerySet":
        return self.filter(lifted_at=None, book=settings.PAYMENTS_BOOK)

    def stops(self, currency: str) -> bool:
        """Whether payouts of `currency` are stopped now."""
        return self.open().filter(currency__in=["", currency]).exists()

    def stopped(self) -> set[str]:
        """The currencies that are stopped now; "" among them means all."""
        return set(self.open().values_list("currency", flat=True))

    @transaction.atomic
    def place(self, *, by: User, reason: str, currency: str = "") -> "PayoutStop":
        """Stop all payouts of a currency, or of every one. What the provider was not asked for yet is not sent either.

        Raises NotAllowed, AlreadyStopped.
        """
        _only_finance(by)
        try:
            with transaction.atomic():
                stop = self.create(book=settings.PAYMENTS_BOOK, currency=currency, placed_by=by, reason=reason)
        except IntegrityError:
            raise AlreadyStopped from None
        audit.record(by, "payouts.stop", stop, currency=currency, reason=reason)
        return stop


class PayoutStop(models.Model):
    """Nothing was sent from `placed_at` until `lifted_at`. An empty currency means every currency."""

    book = models.CharField(max_length=8, choices=Book.choices)
    currency = models.CharField(_("currency"), max_length=3, choices=currency_choices(), blank=True)
    reason = models.CharField(_("reason"), max_length=500)
    placed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    placed_at = models.DateTimeField(default=timezone.now)
    lifted_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    lifted_at = models.DateTimeField(null=True, blank=True)
    lift_reason = models.CharField(max_length=500, blank=True)

    objects = PayoutStopQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["book", "currency"], condition=Q(lifted_at=None), name="one_open_payout_stop"
            )
        ]

    def __str__(self) -> str:
        return self.currency or "*"

    @transaction.atomic
    def lift(self, *, by: User, reason: str) -> None:
        """Let payouts go on. Raises NotAllowed, StopLifted."""
        _only_finance(by)
        values = {"lifted_by": by, "lifted_at": timezone.now(), "lift_reason": reason}
        if not PayoutStop.objects.filter(pk=self.pk, lifted_at=None).update(**values):
            raise StopLifted
        self.refresh_from_db()
        Payout.objects.hurry(**({"currency": self.currency} if self.currency else {}))
        audit.record(by, "payouts.lift_stop", self, currency=self.currency, reason=reason)


def _only_finance(by: User) -> None:
    if not by.has_role("finance"):
        raise NotAllowed
