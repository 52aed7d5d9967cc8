"""On which way out a currency leaves, where finance has said so. Rows are versions: the newest of a currency stands."""

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.models import User
from marketplace.lib import clock
from marketplace.lib.errors import DomainError, NotAllowed
from marketplace.lib.money import currency_choices

from .ledger_kinds import Book
from .payout_account import RailCode


class RailStands(DomainError):
    code = "currency_rail_stands"
    message = _("This is how the currency is paid already.")


class CurrencyRailQuerySet(models.QuerySet["CurrencyRail"]):
    def versions(self) -> "CurrencyRailQuerySet":
        """Every version of the present book, the newest first."""
        return self.filter(book=settings.PAYMENTS_BOOK).select_related("chosen_by").order_by("-pk")

    def in_force(self) -> dict[str, str]:
        """The one rail of each currency that has one. A currency that is not named leaves on either."""
        newest = self.filter(book=settings.PAYMENTS_BOOK).order_by("currency", "-pk").distinct("currency")
        return {currency: rail for currency, rail in newest.values_list("currency", "rail") if rail}

    @transaction.atomic
    def choose(self, *, by: User, currency: str, rail: str, reason: str) -> "CurrencyRail":
        """From now on runs pay `currency` on `rail` alone; "": on the one that each creator has. What was begun keeps
        its own.

        Raises NotAllowed, RailStands.
        """
        if not by.has_role("finance"):
            raise NotAllowed
        if self.in_force().get(currency, "") == rail:
            raise RailStands
        told = {"book": settings.PAYMENTS_BOOK, "currency": currency, "rail": rail, "reason": reason}
        row = self.create(chosen_by=by, chosen_at=clock.now(), **told)
        audit.record(by, "payouts.choose_rail", row, currency=currency, rail=rail, reason=reason)
        return row


class CurrencyRail(models.Model):
    """From `chosen_at` on a currency is paid out on one rail alone, or on either when `rail` is empty. Append-only."""

    book = models.CharField(max_length=8, choices=Book.choices)
    currency = models.CharField(_("currency"), max_length=3, choices=currency_choices())
    rail = models.CharField(max_length=20, choices=RailCode.choices, blank=True)
    chosen_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    chosen_at = models.DateTimeField()
    reason = models.CharField(_("reason"), max_length=500)

    objects = CurrencyRailQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(rail__in=["", *RailCode.values]) & ~Q(reason=""), name="currency_rail_is_known"
            )
        ]
        indexes = [models.Index(fields=["book", "currency", "-id"], name="currency_rail_newest")]

    def __str__(self) -> str:
        return f"{self.currency} {self.rail or '*'}"
