"""A creator's bank account, for where the provider cannot pay: seen by her and by finance alone."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from creators.models import Creator
from marketplace.lib import clock

from .payout_account import PayoutAccount

if TYPE_CHECKING:
    from .payout import Payout


class BankDetailsQuerySet(models.QuerySet["BankDetails"]):
    def give(self, account: PayoutAccount, *, by: User, values: dict[str, str]) -> "BankDetails":
        """Keep what the creator typed; an older unanswered set is withdrawn."""
        now = clock.now()
        self.unanswered().filter(account=account).update(decided_at=now, accepted=False, decision_reason="replaced")
        return self.create(account=account, given_by=by, given_at=now, **values)

    def standing_of(self, creator: Creator) -> "list[BankDetails]":
        """The creator's newest two: what waits or was refused, and what stands before it."""
        mine = self.filter(account__creator=creator, account__book=settings.PAYMENTS_BOOK)
        return list(mine.exclude(decision_reason="replaced", accepted=False).order_by("-id")[:2])

    def gone_to(self, payouts: "Iterable[Payout]") -> "dict[int, BankDetails]":
        """By payout by bank the details that it goes to; none for one that goes to no confirmed ones of its creator."""
        going = [(payout, payout.bank_details_id) for payout in payouts]
        confirmed = self.filter(accepted=True).select_related("account")
        found = confirmed.in_bulk({pk for _payout, pk in going if pk is not None})
        named = [(payout, found[pk]) for payout, pk in going if pk in found]
        return {payout.pk: bank for payout, bank in named if bank.account.creator_id == payout.creator_id}

    def confirmers_of(self, payouts: "Iterable[Payout]") -> dict[int, int | None]:
        """For each payout by bank, who confirmed the details that it goes to."""
        return {payout: details.decided_by_id for payout, details in self.gone_to(payouts).items()}

    def wait_for(self, account: PayoutAccount | None) -> bool:
        """Whether she gave some for it that finance has not looked at."""
        return account is not None and self.unanswered().filter(account=account).exists()

    def unanswered(self) -> "BankDetailsQuerySet":
        return self.filter(decided_at=None)

    def lock(self, pk: int) -> "BankDetails":
        """One row and its account, locked for the rest of the transaction."""
        rows = self.select_related("account__creator__user").select_for_update(no_key=True, of=("self", "account"))
        return rows.get(pk=pk)


class BankDetails(models.Model):
    """One set of bank details as it was given. A change is another row; a payout keeps the row that it was begun to."""

    account = models.ForeignKey(PayoutAccount, on_delete=models.PROTECT, related_name="bank_details")
    holder = models.CharField(_("account holder"), max_length=70)
    number = models.CharField(_("account number or IBAN"), max_length=34)
    bank_code = models.CharField(_("BIC or bank code"), max_length=16)
    bank_name = models.CharField(_("bank"), max_length=70)
    country = models.CharField(_("country of the bank"), max_length=2)
    given_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    accepted = models.BooleanField(null=True)
    decision_reason = models.CharField(max_length=500, blank=True)

    objects = BankDetailsQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "bank details"
        constraints = [
            models.UniqueConstraint(
                fields=["account"], condition=Q(decided_at=None), name="one_unanswered_bank_account"
            ),
            models.CheckConstraint(
                condition=Q(decided_at=None, accepted=None) | Q(decided_at__isnull=False, accepted__isnull=False),
                name="bank_details_decided_with_an_answer",
            ),
        ]

    def __str__(self) -> str:
        return self.tail

    @property
    def tail(self) -> str:
        """What is shown where it need only be told apart from others."""
        return f"…{self.number[-4:]}"

    @property
    def is_iban(self) -> bool:
        return self.number[:2].isalpha()

    def decide(self, *, by: User, accepts: bool, reason: str, at: datetime) -> None:
        self.decided_by, self.decided_at, self.accepted, self.decision_reason = by, at, accepts, reason
        self.save(update_fields=["decided_by", "decided_at", "accepted", "decision_reason"])
