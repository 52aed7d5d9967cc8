"""A creator's bank account: she gives its details, finance confirms them, and after a change payouts rest three days.

Nobody can turn a creator's money to another account unseen: each change is mailed to her, and what is begun meanwhile
still goes where it went before, to other details or through the provider. Finance can turn back to the provider.
Source: the design's page on reliability (payout destination).
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

from . import ledger, payout_mails
from .gateway import gateway
from .models import BankDetails, CurrencyRail, PayoutAccount, RailCode
from .rails.regions import rail_for

REST = timedelta(hours=72)


class PaidByProvider(DomainError):
    code = "paid_by_provider"
    message = _("The payment provider pays to your country: set up your payout account there.")


class NotReadyAtProvider(DomainError):
    code = "not_ready_at_provider"
    message = _("This creator has no account at the payment provider that is ready, or is paid through it already.")


class BankDetailsDecided(DomainError):
    code = "bank_details_decided"
    message = _("These bank details have been decided on, or replaced.")


def may_give(creator: Creator) -> bool:
    """Whether the creator is paid by bank order, or can choose to be: the provider cannot pay where she is, never made
    her ready, or may not send a currency that she has money of.
    """
    account = PayoutAccount.objects.of(creator)
    is_opened = account is not None and account.is_by_bank
    return is_opened or pays_to(creator, account) or bool(currencies_of(creator))


def pays_to(creator: Creator, account: PayoutAccount | None) -> bool:
    """Whether bank details, and not the provider's pages, are where she says where her money goes. `account`: hers."""
    if account is not None and account.active_at is not None:
        return account.is_by_bank
    return rail_for(creator.country) == RailCode.MANUAL_BANK_FILE


def may_go_to_provider(creator: Creator, account: PayoutAccount) -> bool:
    """Whether her account was opened for bank details, never paid to, and the provider could pay her."""
    return account.is_by_bank and not pays_to(creator, account)


def currencies_of(creator: Creator) -> list[str]:
    """The currencies that leave by bank order alone and that she has money of, pending or held money among it."""
    by_bank = {code for code, rail in CurrencyRail.objects.in_force().items() if rail == RailCode.MANUAL_BANK_FILE}
    if not by_bank:
        return []
    hers = ledger.balances_of(creator.pk, settings.PAYMENTS_BOOK)
    return sorted({code for (_kind, code), amount in hers.items() if code in by_bank and amount.minor > 0})


@transaction.atomic
def give(creator: Creator, *, by: User, values: dict[str, str]) -> BankDetails:
    """Keep what a creator typed, for finance to confirm. `values`: holder, number, bank_code, bank_name, country.

    Until then she is paid as before. Raises NotAllowed, PaidByProvider.
    """
    if by.pk != creator.user_id:
        raise NotAllowed
    if not may_give(creator):
        raise PaidByProvider
    account = PayoutAccount.objects.open_by_bank(creator, at=clock.now())
    details = BankDetails.objects.give(account, by=by, values=values)
    audit.record(by, "payout_account.give_bank_details", account, details=details.pk)
    payout_mails.bank_details_given(details)
    return details


@transaction.atomic
def confirm(details: BankDetails, *, by: User, reason: str = "") -> None:
    """Finance has looked at them: payouts go there, also of who was paid through the provider. After a change, only
    when they have rested.

    Raises NotAllowed, BankDetailsDecided.
    """
    locked = _undecided(details, by)
    account, now = locked.account, clock.now()
    before = _leads(account)
    is_change = account.active_at is not None
    locked.decide(by=by, accepts=True, reason=reason, at=now)
    account.pay_into(locked.pk, at=now, rests_until=locked.given_at + REST if is_change else None)
    facts = {"details": locked.pk, "reason": reason, "before": before, "after": _leads(account)}
    audit.record(by, "payout_account.confirm_bank_details", account, **facts)
    payout_mails.bank_details_decided(locked)


@transaction.atomic
def refuse(details: BankDetails, *, by: User, reason: str) -> None:
    """They cannot be paid to; the creator reads why, and is paid as before. Raises as `confirm`."""
    locked = _undecided(details, by)
    locked.decide(by=by, accepts=False, reason=reason, at=clock.now())
    audit.record(by, "payout_account.refuse_bank_details", locked.account, details=locked.pk, reason=reason)
    payout_mails.bank_details_decided(locked)


def turn_back(creator: Creator, *, by: User, reason: str) -> PayoutAccount:
    """Finance pays a creator through the provider again, where she has an account that is still ready.

    Begun payouts keep their way; new ones rest as after any change. Not inside a transaction: the provider is asked.
    Raises NotAllowed, NotReadyAtProvider, GatewayRefused, GatewayUnknown.
    """
    # Nobody decides over money of her own.
    if not by.has_role("finance") or by.pk == creator.user_id:
        raise NotAllowed
    account = PayoutAccount.objects.of(creator)
    kept = account.kept_account_id if account else ""
    if account is None or not kept or gateway().recipient_status(kept) != PayoutAccount.State.ACTIVE:
        raise NotReadyAtProvider
    with transaction.atomic():
        locked = PayoutAccount.objects.lock(account.pk)
        if locked.kept_account_id != kept:
            raise NotReadyAtProvider
        before, now = _leads(locked), clock.now()
        locked.turn_back(at=now, rests_until=now + REST)
        facts = {"reason": reason, "before": before, "after": _leads(locked)}
        audit.record(by, "payout_account.turn_back", locked, **facts)
        payout_mails.turned_back(locked)
    return locked


def _leads(account: PayoutAccount) -> dict[str, str]:
    """Where it leads, for the record."""
    return {"rail": account.rail, "to": account.provider_account_id, "state": account.state}


def _undecided(details: BankDetails, by: User) -> BankDetails:
    locked = BankDetails.objects.lock(details.pk)
    # Nobody decides over money of her own.
    if not by.has_role("finance") or by.pk == locked.given_by_id:
        raise NotAllowed
    if locked.decided_at is not None:
        raise BankDetailsDecided
    return locked
