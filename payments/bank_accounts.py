"""A creator's bank account: she gives its details, finance confirms them, and after a change payouts rest three days.

Nobody can turn a creator's money to another account unseen: each change is mailed to her, and what is begun meanwhile
still goes to the details that were confirmed before. Source: the design's page on reliability (payout destination).
"""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.models import User
from creators.models import Creator
from marketplace.lib import clock
from marketplace.lib.errors import DomainError, NotAllowed

from . import payout_mails
from .models import BankDetails, CurrencyRail, LedgerAccount, PayoutAccount, RailCode
from .rails.regions import rail_for

REST = timedelta(hours=72)


class PaidByProvider(DomainError):
    code = "paid_by_provider"
    message = _("The payment provider pays to your country: set up your payout account there.")


class BankDetailsDecided(DomainError):
    code = "bank_details_decided"
    message = _("These bank details have been decided on, or replaced.")


def may_give(creator: Creator) -> bool:
    """Whether the creator is paid by bank order, or can choose to be: the provider cannot pay where she is, never made
    her ready, or may not send a currency that she has money of.
    """
    account = PayoutAccount.objects.of(creator)
    if account is not None and account.is_by_bank:
        return True
    is_ready = account is not None and account.active_at is not None
    if not is_ready and rail_for(creator.country) == RailCode.MANUAL_BANK_FILE:
        return True
    return bool(_only_by_bank(creator))


def _only_by_bank(creator: Creator) -> list[str]:
    """The currencies that she has, or had, money of and that leave by bank order alone."""
    by_bank = [code for code, rail in CurrencyRail.objects.in_force().items() if rail == RailCode.MANUAL_BANK_FILE]
    if not by_bank:
        return []
    hers = LedgerAccount.objects.filter(book=settings.PAYMENTS_BOOK, owner_id=creator.pk, currency__in=by_bank)
    return sorted(set(hers.values_list("currency", flat=True)))


@transaction.atomic
def give(creator: Creator, *, by: User, values: dict[str, str]) -> BankDetails:
    """Keep what a creator typed, for finance to confirm. `values`: holder, number, bank_code, bank_name, country.

    Raises NotAllowed, PaidByProvider.
    """
    if by.pk != creator.user_id:
        raise NotAllowed
    if not may_give(creator):
        raise PaidByProvider
    account = PayoutAccount.objects.open_by_bank(creator, at=clock.now())
    if not account.is_by_bank:
        account.turn_to_bank()
    details = BankDetails.objects.give(account, by=by, values=values)
    audit.record(by, "payout_account.give_bank_details", account, details=details.pk)
    payout_mails.bank_details_given(details)
    return details


@transaction.atomic
def confirm(details: BankDetails, *, by: User, reason: str = "") -> None:
    """Finance has looked at them: payouts go there. After a change, only when they have rested.

    Raises NotAllowed, BankDetailsDecided.
    """
    locked = _undecided(details, by)
    now = clock.now()
    is_change = locked.account.active_at is not None
    locked.decide(by=by, accepts=True, reason=reason, at=now)
    locked.account.pay_into(locked.pk, at=now, rests_until=locked.given_at + REST if is_change else None)
    audit.record(by, "payout_account.confirm_bank_details", locked.account, details=locked.pk, reason=reason)
    payout_mails.bank_details_decided(locked)


@transaction.atomic
def refuse(details: BankDetails, *, by: User, reason: str) -> None:
    """They cannot be paid to; the creator reads why. Raises as `confirm`."""
    locked = _undecided(details, by)
    locked.decide(by=by, accepts=False, reason=reason, at=clock.now())
    audit.record(by, "payout_account.refuse_bank_details", locked.account, details=locked.pk, reason=reason)
    payout_mails.bank_details_decided(locked)


def _undecided(details: BankDetails, by: User) -> BankDetails:
    locked = BankDetails.objects.lock(details.pk)
    # Nobody decides over money of her own.
    if not by.has_role("finance") or by.pk == locked.given_by_id:
        raise NotAllowed
    if locked.decided_at is not None:
        raise BankDetailsDecided
    return locked
