"""By which way a currency leaves, and who may let a payout to a bank account go."""

from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client
from rest_framework.test import APIClient

from accounts.models import AuditEvent, User
from creators.models import Creator
from marketplace.lib import clock
from marketplace.lib.emails import Mail
from marketplace.lib.errors import NotAllowed
from payments import bank_accounts, onboarding, payouts, releases
from payments.bank_accounts import NotReadyAtProvider, PaidByProvider
from payments.earnings import overview
from payments.models import BankDetails, CurrencyRail, Payout, PayoutAccount, PayoutSkip, RailCode
from payments.models.currency_rail import RailStands
from payments.sandbox.models import SandboxAccount
from tests import cast
from tests.payments.sales import creator_named, pass_hold, ready_account, sell, submit_all
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
        at_provider = PayoutAccount.objects.get().provider_account_id
        details = bank_accounts.give(ada_has_money, by=ada_has_money.user, values=VALUES)
        payouts.run(None)
        assert PayoutSkip.objects.get().reason == "currency_by_bank"
        bank_accounts.confirm(details, by=fay)
        account = PayoutAccount.objects.get()
        assert (account.rail, account.state, account.kept_account_id) == (BANK, "active", at_provider)
        facts = AuditEvent.objects.get(verb="payout_account.confirm_bank_details").facts
        assert (facts["before"]["to"], facts["after"]["to"]) == (at_provider, f"bank_{details.pk}")
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
        releases.release_due()
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


def where() -> tuple[str, str, str]:
    account = PayoutAccount.objects.get()
    return account.rail, account.state, account.provider_account_id


def earnings_of(creator: Creator) -> str:
    client = Client()
    client.force_login(creator.user)
    return client.get("/studio/earnings/").content.decode()


class TestUntilFinanceHasConfirmed:
    @pytest.fixture
    def given(self, ada_has_money: Creator, fay: User) -> BankDetails:
        """Ada is ready at the provider, and gave her bank for its currency."""
        choose(fay)
        return bank_accounts.give(ada_has_money, by=ada_has_money.user, values=VALUES)

    def test_she_is_paid_as_before(self, given: BankDetails, ada_has_money: Creator, fay: User) -> None:
        assert where()[:2] == (PROVIDER, "active")
        choose(fay, "")
        payouts.run(None)
        assert (Payout.objects.get().rail, Payout.objects.get().destination) == (PROVIDER, where()[2])

    def test_her_page_says_so_below_what_the_provider_says(self, given: BankDetails, ada_has_money: Creator) -> None:
        page = earnings_of(ada_has_money)
        assert "Open your payout account" in page
        assert "We look at the bank details that you gave" in page

    def test_finance_reads_what_it_turns(self, given: BankDetails, fay: User, client: Client) -> None:
        client.force_login(fay)
        assert "Paid through the provider until you confirm these" in client.get("/finance/payouts/").content.decode()

    def test_a_refusal_leaves_everything(self, given: BankDetails, ada_has_money: Creator, fay: User) -> None:
        before = where()
        bank_accounts.refuse(given, by=fay, reason="another holder")
        assert where() == before
        assert "Give your bank account" in earnings_of(ada_has_money)

    def test_what_the_provider_says_late_changes_no_account_by_bank(self, given: BankDetails, fay: User) -> None:
        asked_before = PayoutAccount.objects.get()
        bank_accounts.confirm(given, by=fay)
        turned = where()
        onboarding.refresh(asked_before)
        asked_before.note_state("restricted", at=clock.now())
        PayoutAccount(pk=asked_before.pk, provider_account_id="acct_1").note_state("active", at=clock.now())
        assert where() == turned == (BANK, "active", f"bank_{given.pk}")

    def test_the_way_back_from_the_provider_leads_into_no_account_by_bank(
        self, given: BankDetails, ada_has_money: Creator, fay: User, client: Client
    ) -> None:
        bank_accounts.confirm(given, by=fay)
        before = PayoutAccount.objects.get()
        client.force_login(ada_has_money.user)
        assert client.get("/studio/earnings/payout-account/return/").url == "/studio/earnings/"
        assert PayoutAccount.objects.get().checked_at == before.checked_at
        assert "bank-account" in onboarding.start(ada_has_money).url

    def test_an_account_by_bank_never_names_the_provider_s(self, ada_has_money: Creator) -> None:
        for wrong in ({"rail": BANK}, {"provider_account_id": "bank_1"}, {"kept_account_id": "acct_1"}):
            with pytest.raises(IntegrityError), transaction.atomic():
                PayoutAccount.objects.update(**wrong)


class TestTurnedBack:
    @pytest.fixture
    def turned(self, ada_has_money: Creator, fay: User) -> PayoutAccount:
        choose(fay)
        details = bank_accounts.give(ada_has_money, by=ada_has_money.user, values=VALUES)
        bank_accounts.confirm(details, by=fay)
        return PayoutAccount.objects.get()

    def test_goes_through_the_provider_again_after_a_rest(self, turned: PayoutAccount, fay: User) -> None:
        bank_accounts.turn_back(turned.creator, by=fay, reason="The provider sends it again")
        account = PayoutAccount.objects.get()
        assert where() == (PROVIDER, "active", turned.kept_account_id)
        assert account.kept_account_id == ""
        facts = AuditEvent.objects.get(verb="payout_account.turn_back").facts
        assert (facts["reason"], facts["before"]["rail"]) == ("The provider sends it again", BANK)
        assert Mail.objects.filter(to=turned.creator.user.email, key__startswith="payouts-turned-back").count() == 1
        assert "We turned your payouts back to it" in earnings_of(turned.creator)
        choose(fay, "")
        payouts.run(None)
        assert PayoutSkip.objects.get().reason == "payout_account_changed"
        payouts.run(None, now=account.rests_until)
        assert (Payout.objects.get().rail, Payout.objects.get().destination) == (PROVIDER, turned.kept_account_id)

    def test_only_where_the_account_there_is_ready(self, turned: PayoutAccount, fay: User) -> None:
        SandboxAccount.objects.get(pk=turned.kept_account_id).become("restricted")
        with pytest.raises(NotReadyAtProvider):
            bank_accounts.turn_back(turned.creator, by=fay, reason="x")
        assert where()[0] == BANK

    def test_not_who_never_was_there(self, fay: User) -> None:
        mei = creator_named("Mei")
        mei.edit({"country": "CN"})
        bank_accounts.confirm(bank_accounts.give(mei, by=mei.user, values=VALUES), by=fay)
        for creator in (mei, creator_named("Bea")):
            with pytest.raises(NotReadyAtProvider):
                bank_accounts.turn_back(creator, by=fay, reason="x")

    def test_by_finance_and_not_her_own(self, turned: PayoutAccount, sam: User) -> None:
        cast.give_role(turned.creator.user, "finance")
        for person in (sam, turned.creator.user):
            with pytest.raises(NotAllowed):
                bank_accounts.turn_back(turned.creator, by=person, reason="x")

    def test_on_the_desk_and_over_the_api(self, turned: PayoutAccount, fay: User, client: Client) -> None:
        client.force_login(fay)
        address, told = "/finance/payout-accounts/turn-back/", {"creator": turned.creator.slug, "reason": "She asked"}
        assert client.post(address, {**told, "creator": "nobody"}).status_code == 422
        assert client.post(address, {**told, "reason": ""}).status_code == 422
        assert client.post(address, told).status_code == 302
        assert where()[0] == PROVIDER
        again = client.post("/api/v1/payout-accounts/turn-back/", told, content_type="application/json")
        assert (again.status_code, again.json()["code"]) == (409, "not_ready_at_provider")
        details = bank_accounts.give(turned.creator, by=turned.creator.user, values=VALUES)
        bank_accounts.confirm(details, by=fay)
        answer = client.post("/api/v1/payout-accounts/turn-back/", told, content_type="application/json")
        assert (answer.status_code, answer.json()["rail"], answer.json()["creator"]) == (
            200, PROVIDER, turned.creator.slug,
        )  # fmt: skip


class TestHerPage:
    def test_offers_the_bank_below_what_the_provider_says(self, ada_has_money: Creator, fay: User) -> None:
        choose(fay)
        page = earnings_of(ada_has_money)
        for words in ("Ready since", "Open your payout account", "By bank order alone we pay: USD", "Give your bank"):
            assert words in page

    def test_offers_nothing_for_a_currency_that_she_has_no_money_of(self, ada_has_money: Creator, fay: User) -> None:
        sell(creator_named("Funder"))
        payouts.run(None)
        submit_all()
        choose(fay)
        page = earnings_of(ada_has_money)
        assert "Open your payout account" in page
        assert "bank account" not in page
        assert not bank_accounts.may_give(ada_has_money)

    def test_offers_it_for_money_that_is_pending(self, fay: User) -> None:
        ada = creator_named("Ada")
        sell(ada)
        choose(fay)
        page = earnings_of(ada)
        assert "Set up your payout account" in page
        assert "By bank order alone we pay: USD" in page

    def test_who_was_refused_before_she_had_an_account_can_still_have_one_there(self, fay: User) -> None:
        ada = creator_named("Ada")
        sell(ada)
        choose(fay)
        details = bank_accounts.give(ada, by=ada.user, values=VALUES)
        bank_accounts.refuse(details, by=fay, reason="another holder")
        assert "Set up your payout account" in earnings_of(ada)
        assert "/sandbox/onboarding/acct_" in onboarding.start(ada).url
        assert where()[:2] == (PROVIDER, "pending")
        ready_account(ada)
        assert where()[:2] == (PROVIDER, "active")


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
