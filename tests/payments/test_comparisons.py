"""The nightly comparison with the provider: asked for anew each night, said honestly, missed when it does not come."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import AuditEvent, User
from payments import sweeps, watch
from payments.gateway import GatewayUnknown
from payments.models import Inquiry, ProviderCursor
from payments.reconciliation import running
from payments.sandbox.models import SandboxFault
from tests.payments import sales, shop

pytestmark = pytest.mark.django_db
PAGE, COMPARE, API = "/finance/reconciliation/", "/finance/reconciliation/compare/", "/api/v1/reconciliation/"


def books() -> Inquiry:
    return Inquiry.objects.get(subject=Inquiry.Subject.BOOKS)


def compared() -> bool:
    return ProviderCursor.objects.filter(name=ProviderCursor.COMPARED).exists()


@pytest.fixture
def desk(fay: User) -> Client:
    client = Client()
    client.force_login(fay)
    return client


@pytest.fixture
def api(fay: User) -> APIClient:
    client = APIClient()
    client.force_authenticate(fay)
    return client


class TestTheNext:
    @pytest.mark.parametrize("of", ["silence", "something else"])
    def test_is_made_however_the_one_before_ended(self, of: str) -> None:
        sweeps.compare_books()
        books().bury(of)
        sweeps.compare_books()
        shop.work_off_inquiries()
        assert compared()
        assert books().finished_at is not None

    def test_begins_at_once_where_one_waits_since_the_provider_was_silent(self) -> None:
        sweeps.compare_books()
        SandboxFault.objects.plan("balance_transactions.list", "500", 1)
        with pytest.raises(GatewayUnknown):
            shop.work_off_inquiries()
        assert books().due_at > timezone.now()
        sweeps.compare_books()
        shop.work_off_inquiries()
        assert compared()


class TestFinance:
    def test_presses_and_it_is_begun_although_the_last_was_given_up(self, desk: Client, api: APIClient) -> None:
        for press in (lambda: desk.post(COMPARE).status_code, lambda: api.post(API).status_code):
            sweeps.compare_books()
            books().bury("tried for long")
            assert press() in (302, 202)
            assert books().dead_at is None

    def test_is_told_when_nothing_was_begun(self, desk: Client, api: APIClient) -> None:
        sweeps.compare_books()
        before = books()
        shown = desk.post(COMPARE)
        assert shown.status_code == 409
        assert "Nothing new was begun" in shown.content.decode()
        told = api.post(API)
        assert (told.status_code, told.json()["code"]) == (409, "comparison_under_way")
        assert books().rounds == before.rounds
        assert not AuditEvent.objects.filter(verb="books.compare").exists()
        Inquiry.claim(before.pk)
        assert api.post(API).status_code == 409, "one that a worker has is as much under way"

    def test_sees_that_one_waits_for_an_answer(self, desk: Client, api: APIClient) -> None:
        assert desk.post(COMPARE).status_code == 302
        assert "Being compared" in desk.get(PAGE).content.decode()
        SandboxFault.objects.plan("balance_transactions.list", "500", 1)
        with pytest.raises(GatewayUnknown):
            shop.work_off_inquiries()
        shown = desk.get(PAGE).content.decode()
        assert "Being compared" not in shown
        assert "The last comparison came to no end" in shown
        told = api.get(API).json()
        assert (told["is_comparing"], told["compared_at"]) == (False, None)
        assert told["asked_again_at"] is not None
        assert desk.post(COMPARE).status_code == 302
        shop.work_off_inquiries()
        told = api.get(API).json()
        assert (told["asked_again_at"], told["compared_at"] is not None) == (None, True)


class TestLateness:
    def late(self) -> str:
        text = Client().get("/metrics").content.decode()
        return next(line for line in text.splitlines() if line.startswith("kezhan_recon_late "))

    def test_is_told_from_the_last_whole_comparison_on(self) -> None:
        running.run()
        assert self.late() == "kezhan_recon_late 0.0"
        ProviderCursor.objects.filter(name=ProviderCursor.COMPARED).update(through=timezone.now() - timedelta(hours=31))
        assert self.late() == "kezhan_recon_late 1.0"
        running.run()
        assert self.late() == "kezhan_recon_late 0.0"

    def test_is_told_where_none_was_ever_made_once_there_is_something_to_compare(self) -> None:
        tomorrow = timezone.now() + timedelta(hours=31)
        assert not watch.is_comparison_late(tomorrow)
        sales.sell(sales.creator_named("Ada"))
        assert not watch.is_comparison_late()
        assert watch.is_comparison_late(tomorrow)

    def test_does_not_end_by_a_part_of_one(self) -> None:
        sales.sell(sales.creator_named("Ada"))
        SandboxFault.objects.plan("balance.retrieve", "500", 1)
        running.run()
        assert not compared()
        running.run()
        assert compared()
