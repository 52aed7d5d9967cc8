"""Setting up where a creator's money goes, at the provider's own pages."""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.urls import reverse

from accounts import audit
from creators.models import Creator
from marketplace.lib import clock, failpoints, links
from marketplace.lib.alone import alone

from . import bank_accounts
from .gateway import GatewayRefused, GatewayUnknown, gateway
from .models import PayoutAccount, RailCode

log = logging.getLogger(__name__)
# The lock of a round; any number that nobody else uses. With 0.3 s an answer a full round is a minute long.
ROUND, MOST_A_ROUND = 0x6163636F75, 200
JUST_NOW = timedelta(minutes=5)


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
        account = come_back(account)
    # Asked last: finance may have turned it to her bank while the provider answered.
    if account.is_by_bank:
        return Onboarding(account, links.absolute(reverse("payments:bank_account")))
    if account.is_active:
        return Onboarding(account, gateway().dashboard_link(account.provider_account_id))
    back = links.absolute(reverse("payments:payout_account_return"))
    again = links.absolute(reverse("payments:earnings"))
    url = gateway().onboarding_link(account.provider_account_id, return_url=back, refresh_url=again)
    return Onboarding(account, url)


def come_back(account: PayoutAccount) -> PayoutAccount:
    """Its owner is here again: it is asked about now, and often for a while. Raises GatewayRefused, GatewayUnknown."""
    account.note_owner(at=clock.now())
    return refresh(account)


def refresh(account: PayoutAccount) -> PayoutAccount:
    """Ask the provider what it says of the account now; of one by bank it says nothing.

    Raises GatewayRefused, GatewayUnknown.
    """
    if account.is_by_bank:
        return account
    account.note_asked(at=clock.now())
    account.note_state(gateway().recipient_status(account.provider_account_id), at=clock.now())
    return account


def refresh_provider_account(provider_account_id: str) -> PayoutAccount | None:
    """The same for an account that the provider's event names; None when it is not one of ours."""
    at_provider = PayoutAccount.objects.filter(rail=RailCode.STRIPE_TRANSFER)
    account = at_provider.filter(provider_account_id=provider_account_id).first()
    return account and refresh(account)


def refresh_waiting() -> None:
    """A round: ask about accounts that are not ready and whose turn it is. Never two rounds at once."""
    with alone(ROUND) as is_alone:
        if is_alone:
            Asking().about(PayoutAccount.objects.to_be_asked(clock.now())[:MOST_A_ROUND])
        else:
            log.warning("payout_accounts_under_way")


@dataclass
class Asking:
    """Asks about accounts one after the other. Once the provider is silent of one, no further one is asked about; of
    one that gets no answer, or a refusal, nothing changes. `beat` is called before each.
    """

    beat: Callable[[], None] = lambda: None
    is_over: bool = False

    def about(self, accounts: Iterable[PayoutAccount]) -> None:
        for account in accounts:
            if self.is_over:
                return
            self.beat()
            try:
                refresh(account)
            except (GatewayRefused, GatewayUnknown) as error:
                self.is_over = isinstance(error, GatewayUnknown)
                log.warning("payout_account_not_refreshed", extra={"account": account.pk, "error": str(error)})

    def about_creators(self, creator_ids: Iterable[int]) -> None:
        """Those of creators whose account may be ready by now, but for what was asked just now."""
        just_now = clock.now() - JUST_NOW
        self.about(PayoutAccount.objects.waiting_of(creator_ids, not_asked_since=just_now))
