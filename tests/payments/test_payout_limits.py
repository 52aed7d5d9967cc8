"""What holds a payout back: the second person, the cap of a run, stops and holds placed before and after it began."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from rest_framework.test import APIClient

from accounts.models import User
from marketplace.lib import work
from marketplace.lib.emails import Mail
from marketplace.lib.errors import NotAllowed
from marketplace.lib.money import Money
from payments import invariants, payouts, transfers
from payments.models import (
    AccountKind,
    Payout,
    PayoutApproval,
    PayoutHold,
    PayoutRun,
    PayoutSkip,
    PayoutStop,
    SkipReason,
)
from payments.models.payout_stop import AlreadyStopped, StopLifted
from payments.payout_rules import in_size_of
from payments.payouts import OwnRunApproved, PayoutAskedFor, PayoutNotWaiting
from payments.sandbox import oracle
from payments.sandbox.models import SandboxFault
from tests import cast
from tests.payments.books import stands
from tests.payments.sales import creator_named, pass_hold, ready_account, sell, submit_all

pytestmark = pytest.mark.django_db


@pytest.fixture
def gil(db: None) -> User:
    """The other person of finance."""
    return cast.person("Gil", role="finance")


def somebody_waits(name: str = "Ada", **sale: Any) -> None:
    creator = creator_named(name)
    sell(creator, **sale)
    sell(creator_named("Funder"), **sale)
    ready_account(creator)
    pass_hold()


def begun(by: User | None = None) -> Payout:
    """A payout of 15.00 USD that nobody has submitted yet."""
    somebody_waits()
    payouts.run(by)
    return Payout.objects.get()


def submit(payout: Payout) -> Payout:
    """One try, as when the worker is rung and the payout is due."""
    Payout.objects.filter(pk=payout.pk, due_at__year__lt=9999).update(due_at=datetime(2020, 1, 1, tzinfo=UTC))
    work.run(Payout, payout.pk, transfers.submit)
    return Payout.objects.get(pk=payout.pk)


def books_hold() -> bool:
    return not any(invariants.breaks(ask_provider=True).values())


class TestApproval:
    @pytest.fixture(autouse=True)
    def _limit(self, settings: Any) -> None:
        settings.KEZHAN_PAYOUT_APPROVAL_MINOR = 1500

    def test_is_needed_from_the_limit_on_and_nothing_is_sent_before_it(self, fay: User) -> None:
        payout = begun(fay)
        assert (payout.state, payout.needs_approval) == ("waiting", True)
        assert submit(payout).attempts == 0
        assert work.sweep() >= 0
        assert Payout.claim(payout.pk) is None
        assert oracle.transfers() == {}
        assert stands(AccountKind.PAYOUT_IN_TRANSIT, payout.creator_id) == 1500

    def test_is_not_needed_below_the_limit(self, settings: Any) -> None:
        settings.KEZHAN_PAYOUT_APPROVAL_MINOR = 1501
        assert begun().state == "created"

    def test_counts_other_currencies_in_proportion(self) -> None:
        assert in_size_of(500_000, "JPY") == Money(750_000, "JPY")

    def test_by_a_second_person_lets_it_go(self, fay: User, gil: User) -> None:
        payout = begun(fay)
        payouts.approve(payout, by=gil, reason="the spring sale")
        assert submit(payout).state == "sent"
        assert PayoutApproval.objects.get().by == gil
        assert books_hold()

    def test_is_refused_to_who_started_the_run_and_to_the_payee(self, fay: User) -> None:
        payout = begun(fay)
        with pytest.raises(OwnRunApproved):
            payouts.approve(payout, by=fay)
        cast.give_role(payout.creator.user, "finance")
        with pytest.raises(OwnRunApproved):
            payouts.approve(payout, by=payout.creator.user)
        assert Payout.objects.get().state == "waiting"

    def test_is_for_finance(self, fay: User, cole: User) -> None:
        with pytest.raises(NotAllowed):
            payouts.approve(begun(fay), by=cole)

    def test_of_the_weekly_run_is_given_by_anybody_of_finance(self, fay: User) -> None:
        payout = begun(None)
        payouts.approve(payout, by=fay)
        assert submit(payout).state == "sent"

    def test_declined_gives_the_money_back_and_the_next_run_asks_again(self, fay: User, gil: User) -> None:
        payout = begun(fay)
        payouts.decline(payout, by=gil, reason="looks odd")
        payout.refresh_from_db()
        assert (payout.state, payout.failure_text) == ("void", "looks odd")
        assert stands(AccountKind.CREATOR_AVAILABLE, payout.creator_id) == 1500
        payouts.run(fay)
        again = Payout.objects.exclude(pk=payout.pk).get()
        assert (again.state, again.items.count()) == ("waiting", 1)
        assert books_hold()

    def test_is_given_once(self, fay: User, gil: User) -> None:
        payout = begun(fay)
        payouts.approve(payout, by=gil)
        for act in (payouts.approve, payouts.decline):
            with pytest.raises(PayoutNotWaiting):
                act(payout, by=gil, reason="again")

    def test_is_held_by_the_database_too(self, fay: User) -> None:
        payout = begun(fay)
        with pytest.raises(IntegrityError), transaction.atomic():
            Payout.objects.filter(pk=payout.pk).update(state="submitting")

    def test_is_asked_of_everybody_else_of_finance_by_mail(self, fay: User, gil: User) -> None:
        begun(fay)
        (mail,) = Mail.objects.filter(key__startswith="payouts-waiting:")
        assert mail.to == gil.email
        assert "Ada: $15.00" in mail.text


class TestCap:
    def test_ends_a_currency_and_the_next_run_pays_the_rest(self, settings: Any) -> None:
        settings.KEZHAN_PAYOUT_RUN_CAP_MINOR = 2_000
        for name in ("Ada", "Bea"):
            sell(creator_named(name))
            ready_account(creator_named(name))
        pass_hold()
        payouts.run(None)
        assert Payout.objects.count() == 1
        skip = PayoutSkip.objects.get()
        assert skip.reason == SkipReason.RUN_CAP
        assert skip.words == "This run had reached its limit for USD. Your $15.00 is sent by the next one."
        payouts.run(None)
        assert Payout.objects.count() == 2


class TestStop:
    def test_before_a_run_passes_everybody_over_in_that_currency(self, fay: User) -> None:
        sell(creator_named("Ada"), price=Money(3000, "JPY"))
        somebody_waits()
        PayoutStop.objects.place(by=fay, currency="USD", reason="a wrong rate")
        payouts.run(None)
        assert [payout.currency for payout in Payout.objects.all()] == ["JPY"]
        skip = PayoutSkip.objects.get(creator__name="Ada")
        assert skip.reason == SkipReason.STOPPED
        assert "We have stopped all payouts in USD" in skip.words

    @pytest.mark.parametrize("currency", ["", "USD"])
    def test_after_a_run_began_keeps_what_was_not_asked_for(self, fay: User, currency: str) -> None:
        payout = begun()
        stop = PayoutStop.objects.place(by=fay, currency=currency, reason="a wrong rate")
        payout = submit(payout)
        assert (payout.state, payout.attempts) == ("created", 0)
        assert oracle.transfers() == {}
        stop.lift(by=fay, reason="mended")
        submit_all()
        assert Payout.objects.get().state == "sent"
        assert books_hold()

    def test_of_another_currency_stops_nothing(self, fay: User) -> None:
        payout = begun()
        PayoutStop.objects.place(by=fay, currency="EUR", reason="x")
        assert submit(payout).state == "sent"

    def test_does_not_hide_what_was_sent(self, fay: User) -> None:
        payout = begun()
        SandboxFault.objects.plan("transfers.create", "timeout_after")
        submit(payout)
        PayoutStop.objects.place(by=fay, reason="x")
        assert submit(payout).state == "sent"
        assert oracle.transfers() == {payout.transfer_group: 1500}

    def test_forbids_to_ask_again_for_what_is_not_found(self, fay: User) -> None:
        payout = begun()
        SandboxFault.objects.plan("transfers.create", "timeout_before")
        submit(payout)
        stop = PayoutStop.objects.place(by=fay, reason="x")
        payout = submit(payout)
        assert (payout.state, payout.attempts) == ("submitting", 1)
        assert oracle.transfers() == {}
        stop.lift(by=fay, reason="y")
        assert submit(payout).state == "sent"

    def test_is_placed_once_and_lifted_once(self, fay: User) -> None:
        stop = PayoutStop.objects.place(by=fay, reason="x")
        with pytest.raises(AlreadyStopped):
            PayoutStop.objects.place(by=fay, reason="x")
        stop.lift(by=fay, reason="y")
        with pytest.raises(StopLifted):
            stop.lift(by=fay, reason="y")

    def test_is_for_finance(self, cole: User) -> None:
        with pytest.raises(NotAllowed):
            PayoutStop.objects.place(by=cole, reason="x")


class TestHoldAfterTheRunBegan:
    def test_keeps_what_was_not_asked_for(self, fay: User) -> None:
        payout = begun()
        hold = PayoutHold.objects.place(creator=payout.creator, by=fay, rule_code="risk", reason="odd sales")
        assert submit(payout).state == "created"
        assert oracle.transfers() == {}
        hold.lift(by=fay, reason="explained")
        submit_all()
        assert oracle.transfers() == {payout.transfer_group: 1500}

    def test_a_payout_that_nobody_asked_for_can_be_withdrawn(self, fay: User) -> None:
        payout = begun()
        payouts.withdraw(payout, by=fay, reason="under review")
        assert submit(payout).state == "void"
        assert oracle.transfers() == {}
        assert stands(AccountKind.CREATOR_AVAILABLE, payout.creator_id) == 1500
        assert books_hold()

    def test_one_that_may_have_been_asked_for_cannot(self, fay: User) -> None:
        payout = begun()
        SandboxFault.objects.plan("transfers.create", "timeout_before")
        submit(payout)
        with pytest.raises(PayoutAskedFor):
            payouts.withdraw(payout, by=fay, reason="x")
        assert stands(AccountKind.PAYOUT_IN_TRANSIT, payout.creator_id) == 1500


def test_a_payout_is_named_anew_at_the_provider_however_often_a_database_begins_anew() -> None:
    first = begun()
    assert first.transfer_group == f"payout_{first.token}"
    assert first.provider_key == f"payout:{first.token}:1"
    assert len(first.token) == 32


def test_a_run_counts_what_it_did() -> None:
    somebody_waits()
    run = payouts.run(None)
    assert (run.found_count, run.paid_count, run.skipped_count) == (2, 1, 1)
    assert run.begun == [Money(1500, "USD")]
    assert PayoutRun.open_work().count() == 0


def test_a_hold_is_placed_and_lifted_over_the_api(fay: User) -> None:
    ada = creator_named("Ada")
    api = APIClient()
    api.force_authenticate(fay)
    placed = api.post("/api/v1/payout-holds/", {"creator": ada.slug, "rule": "risk", "reason": "odd sales"})
    assert (placed.status_code, placed.json()["rule"]) == (201, "risk")
    assert api.get("/api/v1/payout-holds/").json()[0]["creator"] == ada.slug
    assert api.post("/api/v1/payout-holds/", {"creator": ada.slug, "rule": "risk", "reason": "x"}).status_code == 409
    lifted = api.post(f"/api/v1/payout-holds/{placed.json()['id']}/lift/", {"reason": "explained"})
    assert lifted.json()["lift_reason"] == "explained"
    assert not PayoutHold.objects.open().exists()
