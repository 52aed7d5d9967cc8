"""Setting up where a creator's money goes, at the provider's own pages."""

import logging
from dataclasses import dataclass

from django.db import transaction
from django.urls import reverse

from accounts import audit
from creators.models import Creator
from marketplace.lib import clock, failpoints, links

from . import bank_accounts
from .gateway import GatewayRefused, GatewayUnknown, gateway
from .models import PayoutAccount, RailCode

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Onboarding:
    """The creator's account, and the provider's page where she goes on. The address works once."""

    account: PayoutAccount
    url: str


def start(creator: Creator) -> Onboarding:
    """Open the creator's payout account, go on with it, or show it when it is ready.

    Raises GatewayRefused, GatewayUnknown.

    Not inside a transaction: the provider is called. It makes one account a creator, however often it is asked.
    """
    account = PayoutAccount.objects.of(creator)
    if account is None or bank_accounts.may_go_to_provider(creator, account):
        provider_account_id = gateway().create_recipient(creator)
        failpoints.reach("onboarding.after_call")
        with transaction.atomic():
            account = PayoutAccount.objects.open(creator, provider_account_id, at=clock.now())
            audit.record(creator.user, "payout_account.open", account)
    else:
        account = refresh(account)
    # Asked last: finance may have turned it to her bank while the provider answered.
    if account.is_by_bank:
        return Onboarding(account, links.absolute(reverse("payments:bank_account")))
    if account.is_active:
        return Onboarding(account, gateway().dashboard_link(account.provider_account_id))
    back = links.absolute(reverse("payments:payout_account_return"))
    again = links.absolute(reverse("payments:earnings"))
    url = gateway().onboarding_link(account.provider_account_id, return_url=back, refresh_url=again)
    return Onboarding(account, url)


def refresh(account: PayoutAccount) -> PayoutAccount:
    """Ask the provider what it says of the account now; of one by bank it says nothing.

    Raises GatewayRefused, GatewayUnknown.
    """
    if account.is_by_bank:
        return account
    account.note_state(gateway().recipient_status(account.provider_account_id), at=clock.now())
    return account


def refresh_provider_account(provider_account_id: str) -> PayoutAccount | None:
    """The same for an account that the provider's event names; None when it is not one of ours."""
    at_provider = PayoutAccount.objects.filter(rail=RailCode.STRIPE_TRANSFER)
    account = at_provider.filter(provider_account_id=provider_account_id).first()
    return account and refresh(account)


def refresh_waiting(creator_ids: list[int] | None = None) -> None:
    """Ask about every account that is not ready, or those of some creators; one that gets no answer stays as it is."""
    waiting = PayoutAccount.objects.waiting()
    if creator_ids is not None:
        waiting = waiting.filter(creator__in=creator_ids)
    for account in waiting:
        try:
            refresh(account)
        except (GatewayRefused, GatewayUnknown) as error:
            log.warning("payout_account_not_refreshed", extra={"account": account.pk, "error": str(error)})
