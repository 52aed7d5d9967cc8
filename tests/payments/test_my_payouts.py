"""A creator's page of payouts, and the way to her account."""

import pytest
from django.test import Client

from accounts.models import User
from payments import bank_accounts, onboarding, payouts
from payments.gateway import GatewayRefused, gateway
from payments.models import AccountKind, Payout, PayoutAccount
from tests.payments.books import stands
from tests.payments.sales import creator_named, give_back, only_item, pass_hold, ready_account, sell, submit_all
from tests.payments.test_bank_orders import VALUES

pytestmark = pytest.mark.django_db


def page_of(person: User) -> str:
    client = Client()
    client.force_login(person)
    return client.get("/studio/earnings/payouts/").content.decode()


def test_tells_each_payout_and_each_run_that_paid_nothing_in_words() -> None:
    ada = creator_named("Ada")
    sell(ada)
    pass_hold()
    payouts.run(None)
    assert "set up your payout account" in page_of(ada.user)
    sell(creator_named("Funder"))
    ready_account(ada)
    payouts.run(None)
    submit_all()
    assert "Paid" in page_of(ada.user)


def test_is_empty_at_first() -> None:
    assert "No payout yet" in page_of(creator_named("Ada").user)


def test_the_account_that_is_ready_opens_at_the_provider(ada: User) -> None:
    account = ready_account(ada.creator)
    started = onboarding.start(ada.creator)
    assert account.provider_account_id in started.url
    assert PayoutAccount.objects.count() == 1


def test_the_provider_lets_nobody_into_an_account_that_is_not_ready(ada: User) -> None:
    account = onboarding.start(ada.creator).account
    with pytest.raises(GatewayRefused):
        gateway().dashboard_link(account.provider_account_id)


def test_where_the_provider_cannot_pay_the_bank_account_is_asked_for() -> None:
    mei = creator_named("Mei")
    mei.edit({"country": "CN"})
    client = Client()
    client.force_login(mei.user)
    assert "Give your bank account" in client.get("/studio/earnings/").content.decode()


def test_the_way_back_from_the_provider_says_nothing_of_an_account_by_bank() -> None:
    mei = creator_named("Mei")
    mei.edit({"country": "CN"})
    bank_accounts.give(mei, by=mei.user, values=VALUES)
    client = Client()
    client.force_login(mei.user)
    assert client.get("/studio/earnings/payout-account/return/", follow=True).status_code == 200
    assert PayoutAccount.objects.get().state == "pending"


def test_a_debt_is_filled_by_later_sales_and_only_the_rest_is_paid() -> None:
    ada = creator_named("Ada")
    ready_account(ada)
    sell(creator_named("Funder"))
    first = sell(ada)
    pass_hold()
    payouts.run(None)
    submit_all()
    give_back(first, only_item(first))
    assert stands(AccountKind.CREATOR_AVAILABLE, ada.pk) == -1500
    sell(ada)
    pass_hold()
    payouts.run(None)
    assert "Refunds took back" not in page_of(ada.user)  # it is even again: nothing to pay and nothing owed
    assert stands(AccountKind.CREATOR_AVAILABLE, ada.pk) == 0
    sell(ada)
    pass_hold()
    payouts.run(None)
    submit_all()
    assert [payout.amount_minor for payout in Payout.objects.filter(creator=ada).order_by("pk")] == [1500, 1500]
