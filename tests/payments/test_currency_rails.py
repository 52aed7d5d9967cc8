"""By which way a currency leaves, and who may let a payout to a bank account go."""

from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from rest_framework.test import APIClient

from accounts.models import AuditEvent, User
from creators.models import Creator
from marketplace.lib.emails import Mail
from marketplace.lib.errors import NotAllowed
from payments import bank_accounts, payouts
from payments.bank_accounts import PaidByProvider
from payments.earnings import overview
from payments.models import BankDetails, CurrencyRail, Payout, PayoutAccount, PayoutSkip, RailCode
from payments.models.currency_rail import RailStands
from tests import cast
from tests.payments.sales import creator_named, pass_hold, ready_account, sell
from tests.payments.test_bank_orders import VALUES

pytestmark = pytest.mark.django_db
BANK, PROVIDER = RailCode.MANUAL_BANK_FILE, RailCode.STRIPE_TRANSFER


@pytest.fixture
def gil(db: None) -> User:
    return cast.person("Gil", role="finance")


@pytest.fixture
def ada_has_money(db: None) -> Creator:
    """15.00 USD, and an account at the provider that is ready."""
    ada = creator_named("Ada")
    sell(ada)
    pass_hold()
    ready_account(ada)
    return ada


def choose(fay: User, rail: str = BANK, currency: str = "USD") -> CurrencyRail:
    return CurrencyRail.objects.choose(by=fay, currency=currency, rail=rail, reason="The provider stopped sending it")


class TestTheWayOut:
    def test_a_currency_of_the_bank_is_not_sent_through_the_provider(self, ada_has_money: Creator, fay: User) -> None:
        choose(fay)
        payouts.run(None)
        skip = PayoutSkip.objects.get()
        assert skip.reason == "currency_by_bank"
        assert "cannot send USD to you" in skip.words
        assert Mail.objects.filter(to=ada_has_money.user.email, key__startswith="payout-action").count() == 1
        assert not Payout.objects.exists()
        (usd,) = overview(ada_has_money).currencies
        assert (usd.next_amount, usd.obstacle) == (None, "currency_by_bank")

    def test_other_currencies_go_on(self, ada_has_money: Creator, fay: User) -> None:
        choose(fay, currency="KWD")
        payouts.run(None)
        assert Payout.objects.get().rail == PROVIDER
        assert not bank_accounts.may_give(ada_has_money)

    def test_she_moves_over_to_her_bank(self, ada_has_money: Creator, fay: User) -> None:
        with pytest.raises(PaidByProvider):
            bank_accounts.give(ada_has_money, by=ada_has_money.user, values=VALUES)
        choose(fay)
        details = bank_accounts.give(ada_has_money, by=ada_has_money.user, values=VALUES)
        payouts.run(None)
        assert PayoutSkip.objects.get().reason == "payout_account_pending"
        bank_accounts.confirm(details, by=fay)
        account = PayoutAccount.objects.get()
        assert account.rests_until is not None
        payouts.run(None, now=account.rests_until)
        assert (Payout.objects.get().rail, Payout.objects.get().destination) == (BANK, f"bank_{details.pk}")

    def test_who_is_paid_by_bank_reads_that_the_provider_alone_sends_it(self, fay: User) -> None:
        mei = creator_named("Mei")
        mei.edit({"country": "CN"})
        sell(mei)
        pass_hold()
        bank_accounts.confirm(bank_accounts.give(mei, by=mei.user, values=VALUES), by=fay)
        choose(fay, PROVIDER)
        payouts.run(None)
        assert PayoutSkip.objects.get().reason == "currency_by_provider"
        assert "through our payment provider only" in PayoutSkip.objects.get().words

    def test_is_chosen_by_finance_once_and_never_changed(self, fay: User, sam: User) -> None:
        with pytest.raises(NotAllowed):
            choose(sam)
        row = choose(fay)
        with pytest.raises(RailStands):
            choose(fay)
        assert AuditEvent.objects.get(verb="payouts.choose_rail").facts["currency"] == "USD"
        assert CurrencyRail.objects.in_force() == {"USD": BANK}
        choose(fay, "")
        assert CurrencyRail.objects.in_force() == {}
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            CurrencyRail.objects.filter(pk=row.pk).update(rail=PROVIDER)

    def test_on_the_desk_and_over_the_api(self, ada_has_money: Creator, fay: User, client: Client) -> None:
        client.force_login(fay)
        told = {"currency": "USD", "rail": BANK, "reason": "Not sent any more"}
        assert client.post("/finance/payout-rails/", {**told, "rail": "pigeon"}).status_code == 422
        assert client.post("/finance/payout-rails/", told).status_code == 302
        assert client.post("/finance/payout-rails/", told).status_code == 409
        assert "Not sent any more" in client.get("/finance/payouts/").content.decode()
        (way,) = client.get("/api/v1/payout-rails/").json()
        assert (way["way"]["rail"], way["passed_over"]) == (BANK, 1)
        again = client.post("/api/v1/payout-rails/", {**told, "rail": ""}, content_type="application/json")
        assert (again.status_code, again.json()["rail"]) == (201, "")
        client.force_login(ada_has_money.user)
        assert "Give your bank account" not in client.get("/studio/earnings/").content.decode()


class TestWhoConfirmedTheDetails:
    @pytest.fixture
    def waiting(self, fay: User, settings: Any) -> Payout:
        settings.KEZHAN_PAYOUT_APPROVAL_MINOR = 1
        mei = creator_named("Mei")
        mei.edit({"country": "CN"})
        sell(mei)
        bank_accounts.confirm(bank_accounts.give(mei, by=mei.user, values=VALUES), by=fay)
        pass_hold()
        payouts.run(None)
        return Payout.objects.get(state="waiting")

    def test_lets_no_payout_to_them_go(self, waiting: Payout, fay: User, gil: User) -> None:
        with pytest.raises(payouts.OwnDetailsConfirmed):
            payouts.approve(waiting, by=fay)
        payouts.approve(waiting, by=gil)
        waiting.refresh_from_db()
        assert (waiting.state, waiting.approval.by) == ("created", gil)

    def test_may_decline_it(self, waiting: Payout, fay: User) -> None:
        payouts.decline(waiting, by=fay, reason="The amount is strange")
        waiting.refresh_from_db()
        assert waiting.state == "void"

    def test_reads_on_the_desk_that_somebody_else_must(self, waiting: Payout, fay: User, client: Client) -> None:
        client.force_login(fay)
        assert "you confirmed the bank details" in client.get("/finance/payouts/").content.decode()
        assert client.post(f"/finance/payouts/{waiting.pk}/approve/").status_code == 403


class TestOverTheApi:
    ADDRESS = "/api/v1/payout-account/bank/"

    @pytest.fixture
    def mei(self, db: None) -> Creator:
        mei = creator_named("Mei")
        mei.edit({"country": "CN"})
        return mei

    def test_she_gives_it_after_a_fresh_log_in_and_reads_it_masked(self, mei: Creator, client: Client) -> None:
        client.force_login(mei.user)
        given = client.post(self.ADDRESS, VALUES, content_type="application/json")
        assert (given.status_code, given.json()["number"]) == (201, "…7890")
        told = client.get(self.ADDRESS)
        assert told.json()["details"][0]["holder"] == "Mei Chen"
        assert VALUES["number"] not in told.content.decode()
        assert Mail.objects.filter(to=mei.user.email, key__startswith="bank-given").count() == 1

    def test_not_without_a_fresh_log_in_nor_by_a_token_alone(self, mei: Creator, client: Client) -> None:
        client.force_login(mei.user)
        session = client.session
        session["account_authentication_methods"] = [{"method": "password", "at": 1_000_000_000}]
        session.save()
        refused = client.post(self.ADDRESS, VALUES, content_type="application/json")
        assert (refused.status_code, refused.json()["code"]) == (403, "confirmation_needed")
        api = APIClient()
        api.force_authenticate(mei.user, token="any")
        assert api.post(self.ADDRESS, VALUES).json()["code"] == "confirmation_needed"
        assert not BankDetails.objects.exists()

    @pytest.mark.parametrize(
        ("field", "value"), [("number", "12"), ("number", "DE00 1"), ("country", "QQ"), ("holder", "")]
    )
    def test_what_is_no_account_is_said_by_field(self, mei: Creator, client: Client, field: str, value: str) -> None:
        client.force_login(mei.user)
        refused = client.post(self.ADDRESS, {**VALUES, field: value}, content_type="application/json")
        assert refused.status_code == 400
        assert field in refused.content.decode()

    def test_not_where_the_provider_pays(self, ada: User, client: Client) -> None:
        client.force_login(ada)
        assert client.get(self.ADDRESS).json() == {"may_give": False, "details": []}
        refused = client.post(self.ADDRESS, VALUES, content_type="application/json")
        assert (refused.status_code, refused.json()["code"]) == (409, "paid_by_provider")
