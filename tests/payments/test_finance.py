"""The pages and the API of finance."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from accounts.models import AuditEvent, User
from payments import finance, invariants, watch
from payments.models import Payout, PayoutHold, PayoutRun
from payments.reconciliation import desk as recon_desk
from payments.sandbox.models import SandboxFault
from tests.payments.sales import carry_out_runs, creator_named, pass_hold, ready_account, sell, submit_all

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(fay: User) -> Client:
    client = Client()
    client.force_login(fay)
    return client


def waiting_creators(count: int = 1) -> None:
    for n in range(count):
        creator = creator_named(f"Ada{n}")
        sell(creator)
        ready_account(creator)
    pass_hold()


class TestDesk:
    def test_shows_empty_books(self, desk: Client) -> None:
        text = desk.get("/finance/").content.decode()
        assert "The books are empty" in text
        assert "No payout run yet" in text

    def test_shows_books_that_sum_to_zero_and_agree_with_the_provider(self, desk: Client) -> None:
        sell(creator_named("Ada"))
        text = desk.get("/finance/").content.decode()
        assert "Sums to zero" in text
        assert "Equal" in text

    def test_shows_where_the_provider_disagrees(self, desk: Client) -> None:
        sell(creator_named("Ada"), fee=False)
        assert "Off by $0.88" in desk.get("/finance/").content.decode()

    def test_stands_when_the_provider_does_not_answer(self, desk: Client) -> None:
        sell(creator_named("Ada"))
        SandboxFault.objects.plan("balance.retrieve", "timeout_before")
        assert "No answer" in desk.get("/finance/").content.decode()

    def test_starts_a_run_and_shows_each_payout(self, desk: Client) -> None:
        waiting_creators(2)
        sell(creator_named("Bea"))
        answer = desk.post("/finance/payout-runs/", follow=True)
        page = answer.request["PATH_INFO"]
        assert 'http-equiv="refresh"' in answer.content.decode()
        carry_out_runs()
        text = desk.get(page).content.decode()
        assert 'http-equiv="refresh"' not in text
        assert text.count("$15.00") == 2
        submit_all()
        assert "tr_" in desk.get(page).content.decode()
        assert AuditEvent.objects.filter(verb="payouts.run").exists()

    def test_shows_whom_a_run_passed_over_and_why(self, desk: Client) -> None:
        sell(creator_named("Bea"))
        pass_hold()
        page = desk.post("/finance/payout-runs/").headers["Location"]
        carry_out_runs()
        assert "No payout account" in desk.get(f"{page}?list=skips").content.decode()

    def test_asks_the_same_for_more_runs(self, desk: Client) -> None:
        waiting_creators(3)
        asked = []
        for _n in range(3):
            desk.post("/finance/payout-runs/")
            with CaptureQueriesContext(connection) as queries:
                desk.get("/finance/")
            asked.append(len(queries))
        assert asked[2] <= asked[0] <= 65

    def test_places_and_lifts_a_hold(self, desk: Client) -> None:
        ada = creator_named("Ada")
        desk.post("/finance/holds/", {"creator": ada.slug, "rule_code": "risk", "reason": "odd sales"})
        hold = PayoutHold.objects.get(creator=ada)
        assert "odd sales" in desk.get("/finance/").content.decode()
        desk.post(f"/finance/holds/{hold.pk}/lift/", {"reason": ""})
        assert PayoutHold.objects.open().exists()
        desk.post(f"/finance/holds/{hold.pk}/lift/", {"reason": "explained"})
        assert not PayoutHold.objects.open().exists()

    def test_says_what_is_wrong_with_a_hold(self, desk: Client) -> None:
        answer = desk.post("/finance/holds/", {"creator": "nobody", "rule_code": "risk", "reason": ""})
        assert answer.status_code == 422
        assert "There is no creator of this address." in answer.content.decode()

    def test_reopens_a_payout_that_was_given_up(self, desk: Client) -> None:
        waiting_creators()
        desk.post("/finance/payout-runs/")
        carry_out_runs()
        payout = Payout.objects.get()
        payout = Payout.claim(payout.pk)
        payout.bury("no answer for hours")
        assert "no answer for hours" in desk.get("/finance/").content.decode()
        desk.post(f"/finance/payouts/{payout.pk}/reopen/")
        assert not Payout.objects.get().is_dead
        assert desk.post(f"/finance/payouts/{payout.pk}/reopen/").status_code == 409

    @pytest.mark.parametrize("path", ["/finance/", "/finance/payout-runs/1/"])
    def test_is_for_finance_alone(self, ada: User, path: str) -> None:
        client = Client()
        assert "/accounts/login/" in client.get(path).url
        client.force_login(ada)
        assert client.get(path).status_code == 403


class TestApi:
    def test_runs_and_tells(self, fay: User) -> None:
        waiting_creators(2)
        api = APIClient()
        api.force_authenticate(fay)
        made = api.post("/api/v1/payout-runs/")
        assert made.status_code == 202
        carry_out_runs()
        submit_all()
        address = f"/api/v1/payout-runs/{made.json()['id']}/"
        run = api.get(address).json()
        assert (run["done_count"], run["sent_count"]) == (2, 2)
        assert run["begun"] == [{"minor": "3000", "currency": "USD"}]
        sent = api.get(f"{address}payouts/").json()["results"]
        assert [(payout["state"], payout["amount"]["minor"]) for payout in sent] == [("sent", "1500")] * 2
        (usd,) = api.get("/api/v1/ledger/trial-balance/").json()["totals"]
        assert usd["total"] == {"minor": "0", "currency": "USD"}

    def test_is_for_finance_alone(self, ada: User) -> None:
        api = APIClient()
        api.force_authenticate(ada)
        assert api.post("/api/v1/payout-runs/").status_code == 403
        assert api.get("/api/v1/ledger/trial-balance/").status_code == 403
        assert not PayoutRun.objects.exists()


def test_every_check_of_the_books_has_its_sentence() -> None:
    assert set(recon_desk.CHECKS) == {*invariants.INSIDE, *watch.NIGHTLY}


def test_runs_are_counted_with_nothing_joined_beside_their_payouts() -> None:
    """Two kinds of rows joined would multiply: ninety thousand payouts by ten thousand skips for one page."""
    assert str(finance.runs().query).count("JOIN") == 1
