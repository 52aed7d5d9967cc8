"""The API does for money what pages do: creators' papers, finance's exceptions and comparisons, the sandbox's desk."""

import csv
import io
from typing import Any

import pytest
from django.test import Client
from rest_framework.test import APIClient

from accounts.models import AuditEvent, User
from creators.models import Creator
from marketplace.lib.errors import NotAllowed
from payments import exceptions, payout_returns, payouts, refunds, releases
from payments.models import Inquiry, Order, Payout, ReconBreak, Refund
from payments.sandbox.models import SandboxEvent, SandboxKey, SandboxTransfer
from tests.payments import shop
from tests.payments.sales import creator_named, pass_hold, ready_account, sell, submit_all

pytestmark = pytest.mark.django_db


def api_of(person: User) -> APIClient:
    client = APIClient()
    client.force_authenticate(person)
    return client


@pytest.fixture
def finance(fay: User) -> APIClient:
    return api_of(fay)


@pytest.fixture
def ada_sells(db: None) -> Creator:
    ada = creator_named("Ada")
    sell(ada)
    return ada


def body_of(answer: Any) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


class TestACreatorsPapers:
    def test_sales_and_statements_come_as_files_that_are_those_of_the_pages(self, ada_sells: Creator) -> None:
        api, page = api_of(ada_sells.user), Client()
        page.force_login(ada_sells.user)
        order = Order.objects.get()
        assert order.paid_at is not None
        month = f"{order.paid_at:%Y-%m}".replace("-0", "-")
        pairs = [
            ("earnings/sales.csv", "/studio/earnings/sales.csv"),
            (f"earnings/statements/{month}.csv", f"/studio/earnings/statement/{month}.csv"),
            (f"earnings/statements/{month}.pdf", f"/studio/earnings/statement/{month}.pdf"),
        ]
        for of_api, of_page in pairs:
            told = api.get(f"/api/v1/{of_api}")
            assert told.status_code == 200, of_api
            assert body_of(told) == body_of(page.get(of_page))
        rows = list(csv.reader(io.StringIO(body_of(api.get("/api/v1/earnings/sales.csv")).decode("utf-8-sig"))))
        assert len(rows) == 2

    def test_a_statement_is_to_be_had_in_chinese(self, ada_sells: Creator) -> None:
        english, chinese = (
            body_of(api_of(ada_sells.user).get(f"/api/v1/earnings/statements/2026-1.pdf?lang={lang}"))
            for lang in ("en", "zh-hans")
        )
        assert english.startswith(b"%PDF-")
        assert english != chinese

    @pytest.mark.parametrize("month", ["2026-13", "2026-0", "1-1", "9999-99"])
    def test_a_month_that_cannot_be_has_none(self, ada_sells: Creator, month: str) -> None:
        for kind in ("csv", "pdf"):
            assert api_of(ada_sells.user).get(f"/api/v1/earnings/statements/{month}.{kind}").status_code == 404

    def test_runs_that_paid_her_nothing_say_why(self, ada_sells: Creator) -> None:
        pass_hold()
        run = payouts.run(None)
        (skip,) = api_of(ada_sells.user).get("/api/v1/payout-skips/").json()["results"]
        assert (skip["run"], skip["reason"]) == (run.pk, "no_payout_account")
        assert "set up your payout account" in skip["words"]
        bea = creator_named("Bea")
        assert api_of(bea.user).get("/api/v1/payout-skips/").json()["results"] == []


class TestPayouts:
    def test_a_preview_names_who_is_paid_and_who_is_passed_over(self, finance: APIClient, ada_sells: Creator) -> None:
        sell(creator_named("Bea"))
        ready_account(ada_sells)
        pass_hold()
        releases.release_due()
        told = finance.get("/api/v1/payout-runs/preview/").json()
        (due,), (passed,) = told["due"], told["passed"]
        assert (due["creator"], due["amount"]["minor"], due["needs_approval"]) == (ada_sells.slug, "1500", False)
        assert due["rail"] == "stripe_transfer"
        assert (passed["reason"], passed["words"]) == ("no_payout_account", "No payout account")
        assert passed["available"]["minor"] == "1500"

    def test_one_that_came_back_says_so_and_finance_reads_what_does_not_fit(
        self, finance: APIClient, ada_sells: Creator
    ) -> None:
        sell(creator_named("Funder"))
        ready_account(ada_sells)
        pass_hold()
        run = payouts.run(None)
        submit_all()
        transfer = SandboxTransfer.objects.get()
        transfer.take_back(500, {})
        payout_returns.take_transfer(transfer.pk)
        (shown,) = finance.get(f"/api/v1/payout-runs/{run.pk}/payouts/").json()["results"]
        assert (shown["returned"]["minor"], shown["is_dead"]) == ("500", False)
        assert "came back" in shown["flag"]
        assert shown["flagged_at"]
        (own,) = api_of(ada_sells.user).get("/api/v1/payouts/").json()["results"]
        assert own["returned"]["minor"] == "500"
        assert "flag" not in own


@pytest.fixture
def dead_refund(lin: User, fay: User) -> Refund:
    order = shop.buy(lin, shop.two_courses())
    refund = refunds.refund(order, by=fay, reason="asked")
    Refund.objects.filter(pk=refund.pk).update(dead_at="2026-11-01T00:00:00Z", last_error="the provider says no")
    refund.refresh_from_db()
    return refund


class TestExceptions:
    def test_what_is_stuck_is_listed_and_tried_again(self, finance: APIClient, dead_refund: Refund) -> None:
        (told,) = finance.get("/api/v1/dead-work/").json()
        assert (told["label"], told["key"], told["is_money"]) == ("payments.refund", str(dead_refund.pk), True)
        assert told["last_error"] == "the provider says no"
        assert finance.post(f"/api/v1/dead-work/payments.refund/{dead_refund.pk}/").status_code == 202
        assert finance.get("/api/v1/dead-work/").json() == []
        shop.send_refunds()
        dead_refund.refresh_from_db()
        assert dead_refund.state == "done"
        assert AuditEvent.objects.filter(verb="work.try_again").count() == 1

    def test_the_page_has_a_button_for_it(self, fay: User, dead_refund: Refund) -> None:
        client = Client()
        client.force_login(fay)
        address = f"/finance/work/payments.refund/{dead_refund.pk}/"
        assert address in client.get("/finance/").content.decode()
        assert client.post(address).status_code == 302
        assert address not in client.get("/finance/").content.decode()

    def test_what_is_not_given_up_is_left_alone(self, finance: APIClient, dead_refund: Refund) -> None:
        address = f"/api/v1/dead-work/payments.refund/{dead_refund.pk}/"
        assert [finance.post(address).status_code for _time in range(2)] == [202, 409]

    @pytest.mark.parametrize(
        "address",
        ["payments.refund/999999999", "payments.refund/x", "payments.order/1", "videos.video/1", "x/1",
         "payments.refund/99999999999999999999999"],
    )  # fmt: skip
    def test_unknown_or_another_s_work_is_not_found(
        self, finance: APIClient, dead_refund: Refund, address: str
    ) -> None:
        assert finance.post(f"/api/v1/dead-work/{address}/").status_code == 404

    def test_finance_alone_may(self, dead_refund: Refund, cole: User) -> None:
        with pytest.raises(NotAllowed):
            exceptions.try_again("payments.refund", str(dead_refund.pk), by=cole)

    def test_a_payout_that_was_given_up_is_looked_up_again(self, finance: APIClient, ada_sells: Creator) -> None:
        pass_hold()
        ready_account(ada_sells)
        payouts.run(None)
        payout = Payout.objects.get()
        assert finance.post(f"/api/v1/payouts/{payout.pk}/reopen/").status_code == 409
        Payout.objects.filter(pk=payout.pk).update(dead_at="2026-11-01T00:00:00Z")
        assert finance.post(f"/api/v1/payouts/{payout.pk}/reopen/").status_code == 202
        payout.refresh_from_db()
        assert not payout.is_dead

    def test_orders_of_all_are_found_by_number_charge_and_address(
        self, finance: APIClient, lin: User, cole: User
    ) -> None:
        first, second = (shop.buy(person, shop.two_courses()[:1]) for person in (lin, cole))
        found = finance.get("/api/v1/finance/orders/", {"q": first.charge_id}).json()["results"]
        assert [one["number"] for one in found] == [first.number]
        found = finance.get("/api/v1/finance/orders/", {"q": cole.email}).json()["results"]
        assert [one["number"] for one in found] == [second.number]
        assert len(finance.get("/api/v1/finance/orders/").json()["results"]) == 2


class TestReconciliation:
    def test_tells_how_the_books_stand(self, finance: APIClient, ada_sells: Creator) -> None:
        told = finance.get("/api/v1/reconciliation/").json()
        assert told["agreements"] == [
            {"currency": "USD", "ours": told["agreements"][0]["theirs"], "theirs": told["agreements"][0]["theirs"],
             "difference": {"minor": "0", "currency": "USD"}}
        ]  # fmt: skip
        assert (told["open_breaks"], told["is_comparing"]) == (0, False)

    def test_a_comparison_is_asked_for(self, finance: APIClient) -> None:
        assert finance.post("/api/v1/reconciliation/").status_code == 202
        assert Inquiry.objects.get().subject == Inquiry.Subject.BOOKS
        assert finance.get("/api/v1/reconciliation/").json()["is_comparing"] is True

    def test_a_break_is_settled_with_a_note(self, finance: APIClient) -> None:
        row = ReconBreak.objects.create(book="sandbox", kind="unseen", key="sale:ch_1", note="x")
        (told,) = finance.get("/api/v1/reconciliation/breaks/").json()["results"]
        assert told["id"] == row.pk
        address = f"/api/v1/reconciliation/breaks/{row.pk}/settle/"
        assert finance.post(address, {"note": ""}).status_code == 400
        assert finance.post(address, {"note": "The bank said so"}).json()["resolution"] == "The bank said so"
        assert finance.get("/api/v1/reconciliation/breaks/").json()["results"] == []

    def test_a_break_without_a_movement_is_not_booked(self, finance: APIClient) -> None:
        row = ReconBreak.objects.create(book="sandbox", kind="unseen", key="sale:ch_1", note="x")
        address = f"/api/v1/reconciliation/breaks/{row.pk}/book/"
        assert finance.post(address, {"note": "x", "account": "bank"}).status_code == 409
        assert finance.post(address, {"note": "x", "account": "creator_available"}).status_code == 400


class TestSandbox:
    def test_events_are_listed_and_sent_again(self, finance: APIClient, lin: User) -> None:
        shop.buy(lin, shop.two_courses())
        event = SandboxEvent.objects.latest("created")
        listed = finance.get("/api/v1/sandbox/events/").json()
        assert event.pk in [one["id"] for one in listed]
        done = finance.post("/api/v1/sandbox/events/", {"act": "drop", "events": [event.pk]})
        assert done.json() == {"done": 1}
        assert [one["id"] for one in finance.get("/api/v1/sandbox/events/?state=lost").json()] == [event.pk]
        assert finance.post("/api/v1/sandbox/events/", {"act": "resend", "every": "lost"}).json() == {"done": 1}
        assert finance.get("/api/v1/sandbox/events/?state=lost").json() == []

    @pytest.mark.parametrize(
        "body", [{}, {"act": "explode"}, {"act": "drop", "events": "x"}, {"act": "drop", "every": "all"}]
    )
    def test_what_it_does_not_know_is_refused(self, finance: APIClient, body: dict[str, Any]) -> None:
        assert finance.post("/api/v1/sandbox/events/", body).status_code == 400

    def test_keys_are_forgotten_and_transfers_come_back(self, finance: APIClient, lin: User) -> None:
        shop.buy(lin, shop.two_courses())
        assert SandboxKey.objects.exists()
        assert finance.delete("/api/v1/sandbox/keys/").json()["done"] > 0
        assert not SandboxKey.objects.exists()
        assert finance.post("/api/v1/sandbox/transfers/tr_nothing/reverse/").status_code == 404

    def test_nothing_of_it_is_there_where_the_provider_is_real(self, finance: APIClient, settings: Any) -> None:
        settings.PAYMENTS_TRANSPORT = "live"
        assert finance.get("/api/v1/sandbox/events/").status_code == 404
        assert finance.delete("/api/v1/sandbox/keys/").status_code == 404
