"""A creator's earnings: the page, the file and the API."""

import csv
import io

import pytest
from django.test import Client
from rest_framework.test import APIClient

from accounts.models import User
from marketplace.lib.money import Money
from payments import payouts, releases
from payments.earnings import overview
from payments.incomes.sales import Sale, sales_of
from payments.models import PayoutAccount, SkipReason
from tests.payments.sales import creator_named, give_back, only_item, pass_hold, ready_account, sell, submit_all

pytestmark = pytest.mark.django_db


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def api_of(user: User) -> APIClient:
    client = APIClient()
    client.force_authenticate(user)
    return client


def way(user: User) -> list[tuple[str, str, bool]]:
    return [(step.code, step.state, step.at is not None) for step in Sale(sales_of(user.creator)[0]).steps]


class TestSale:
    def test_goes_from_sale_to_pending_to_available_to_paid_each_with_its_date(self, ada: User) -> None:
        sell(ada.creator)
        sell(creator_named("Funder"))
        ready_account(ada.creator)
        assert way(ada) == [
            ("sale", "done", True), ("pending", "now", True), ("available", "todo", True), ("paid", "todo", False),
        ]  # fmt: skip
        pass_hold()
        releases.release_due()
        assert way(ada) == [
            ("sale", "done", True), ("pending", "done", True), ("available", "now", True), ("paid", "todo", False),
        ]  # fmt: skip
        payouts.run(None)
        assert Sale(sales_of(ada.creator)[0]).state == "in_transit"
        submit_all()
        assert [state for _code, state, _dated in way(ada)] == ["done"] * 4
        assert all(dated for _code, _state, dated in way(ada))

    def test_that_is_refunded_ends_there(self, ada: User) -> None:
        order = sell(ada.creator)
        give_back(order, only_item(order))
        assert [code for code, _state, _dated in way(ada)] == ["sale", "pending", "refunded"]
        assert Sale(sales_of(ada.creator)[0]).state == "refunded"

    def test_of_another_creator_is_not_shown(self, ada: User) -> None:
        sell(creator_named("Bea"))
        assert not sales_of(ada.creator).exists()


class TestOverview:
    def test_expects_what_the_next_run_will_send(self, ada: User) -> None:
        sell(ada.creator)
        ready_account(ada.creator)
        pass_hold()  # due, though nobody has released it yet
        (usd,) = overview(ada.creator).currencies
        assert (usd.pending, usd.available, usd.next_amount) == (
            Money(1500, "USD"), Money(0, "USD"), Money(1500, "USD"),
        )  # fmt: skip

    def test_says_why_nothing_will_be_sent(self, ada: User) -> None:
        sell(ada.creator)
        pass_hold()
        (usd,) = overview(ada.creator).currencies
        assert (usd.next_amount, usd.obstacle) == (None, SkipReason.NO_ACCOUNT)
        assert usd.why_not == "Tell us where to send $15.00: set up your payout account."

    def test_takes_the_same_queries_for_any_number_of_sales(
        self, ada: User, django_assert_max_num_queries: object
    ) -> None:
        for _n in range(4):
            sell(ada.creator)
        with django_assert_max_num_queries(13):  # type: ignore[operator]
            overview(ada.creator)
        with django_assert_max_num_queries(8):  # type: ignore[operator]
            [Sale(share).steps for share in sales_of(ada.creator)]


class TestPage:
    def test_is_empty_before_the_first_sale(self, ada: User) -> None:
        page = client_of(ada).get("/studio/earnings/")
        assert page.status_code == 200
        assert "Your sales will stand here" in page.content.decode()
        assert "Set up your payout account" in page.content.decode()

    def test_shows_each_deduction_with_its_rule(self, ada: User) -> None:
        sell(ada.creator)
        text = client_of(ada).get("/studio/earnings/").content.decode()
        for words in ("$20.00", "Marketplace sale, 25%", "$5.00", "$15.00", "Pending"):
            assert words in text

    def test_does_not_ask_more_for_more_sales(self, ada: User, django_assert_max_num_queries: object) -> None:
        for _n in range(6):
            sell(ada.creator)
        client = client_of(ada)
        client.get("/studio/earnings/")
        with django_assert_max_num_queries(38):  # type: ignore[operator]
            client.get("/studio/earnings/")

    def test_speaks_chinese_money(self, ada: User) -> None:
        sell(ada.creator, price=Money(12800, "CNY"))
        page = client_of(ada).get("/studio/earnings/", headers={"accept-language": "zh-hans"})
        assert page.status_code == 200

    def test_sends_one_who_is_no_creator_to_become_one(self, lin: User) -> None:
        assert client_of(lin).get("/studio/earnings/").url == "/creators/become/"

    def test_asks_a_stranger_to_log_in(self) -> None:
        assert "/accounts/login/" in Client().get("/studio/earnings/").url

    def test_leads_to_the_providers_own_page_and_back(self, ada: User) -> None:
        client = client_of(ada)
        assert "/sandbox/onboarding/acct_" in client.post("/studio/earnings/payout-account/").url
        assert client.get("/studio/earnings/payout-account/return/").url == "/studio/earnings/"
        assert PayoutAccount.objects.of(ada.creator).state == "pending"

    def test_asked_twice_opens_one_account(self, ada: User) -> None:
        for _time in range(2):
            client_of(ada).post("/studio/earnings/payout-account/")
        assert PayoutAccount.objects.count() == 1


class TestCsv:
    def test_has_a_line_a_sale(self, ada: User) -> None:
        order = sell(ada.creator)
        answer = client_of(ada).get("/studio/earnings/sales.csv")
        (line,) = csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode()))
        assert (line["order"], line["price"], line["platform_fee"], line["your_share"], line["state"]) == (
            order.number, "20.00", "5.00", "15.00", "pending",
        )  # fmt: skip

    def test_does_not_let_a_title_become_a_formula(self, ada: User) -> None:
        item = only_item(sell(ada.creator))
        type(item).objects.filter(pk=item.pk).update(course_title='=HYPERLINK("x")')
        answer = client_of(ada).get("/studio/earnings/sales.csv")
        assert "'=HYPERLINK" in b"".join(answer.streaming_content).decode()


class TestApi:
    def test_tells_balances_and_sales(self, ada: User) -> None:
        sell(ada.creator)
        api = api_of(ada)
        (usd,) = api.get("/api/v1/earnings/").json()["balances"]
        assert usd["pending"] == {"minor": "1500", "currency": "USD"}
        (sale,) = api.get("/api/v1/earnings/sales/").json()["results"]
        assert sale["creator_share"] == {"minor": "1500", "currency": "USD"}
        assert [step["code"] for step in sale["timeline"]] == ["sale", "pending", "available", "paid"]

    def test_begins_the_payout_account_and_tells_its_state(self, ada: User) -> None:
        first = api_of(ada).post("/api/v1/payout-account/").json()
        assert first["state"] == "pending"
        assert first["onboarding_url"].startswith("http://testserver/sandbox/onboarding/acct_")
        ready_account(ada.creator)
        assert api_of(ada).post("/api/v1/payout-account/").json()["state"] == "active"

    def test_lists_payouts(self, ada: User) -> None:
        sell(ada.creator)
        ready_account(ada.creator)
        pass_hold()
        payouts.run(None)
        (payout,) = api_of(ada).get("/api/v1/payouts/").json()["results"]
        assert (payout["state"], payout["amount"]["minor"]) == ("created", "1500")

    @pytest.mark.parametrize("path", ["earnings/", "earnings/sales/", "payouts/"])
    def test_is_for_creators(self, lin: User, path: str) -> None:
        assert api_of(lin).get(f"/api/v1/{path}").status_code == 403
        assert APIClient().get(f"/api/v1/{path}").status_code == 401
