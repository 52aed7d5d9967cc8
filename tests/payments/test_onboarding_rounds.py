"""Asking the provider about accounts that are not ready: how often, of whom, and that it holds up nothing else."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from creators.models import Creator
from marketplace.lib import clock, work
from payments import onboarding, payout_batches, payouts
from payments.gateway import GatewayRefused, GatewayUnknown, StripeGateway
from payments.models import PayoutAccount, PayoutRun
from payments.sandbox.models import SandboxAccount
from tests.discovery.test_beside import elsewhere
from tests.payments.sales import creator_named, pass_hold, sell

pytestmark = pytest.mark.django_db
ROUND = timedelta(minutes=10)  # as beat has it


class Asked(list[str]):
    """The accounts that the provider was asked about, in order; `fails` may raise instead of an answer."""

    fails: Callable[[str], None] | None = None

    def once(self) -> list[str]:
        """What was asked since the last time."""
        found = list(self)
        self.clear()
        return found


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Iterator[Asked]:
    calls, ask = Asked(), StripeGateway.recipient_status

    def counted(gateway: StripeGateway, account_id: str) -> str:
        calls.append(account_id)
        if calls.fails:
            calls.fails(account_id)
        return ask(gateway, account_id)

    monkeypatch.setattr(StripeGateway, "recipient_status", counted)
    return calls


def begun(*names: str) -> list[PayoutAccount]:
    """Accounts that their owners left alone after the first step."""
    return [onboarding.start(creator_named(name)).account for name in names]


def ids(accounts: list[PayoutAccount]) -> list[str]:
    return [account.provider_account_id for account in accounts]


def silent(_account: str) -> None:
    raise GatewayUnknown


class TestARound:
    def test_stops_at_the_first_silence_and_the_next_begins_with_another(self, asked) -> None:
        accounts = begun("Ada", "Bea", "Cem", "Dua")
        asked.fails = silent
        onboarding.refresh_waiting()
        assert asked.once() == ids(accounts[:1])
        clock.advance(ROUND)
        onboarding.refresh_waiting()
        assert asked.once() == ids(accounts[1:2])
        asked.fails = None
        clock.advance(ROUND)
        onboarding.refresh_waiting()
        assert asked.once() == ids([*accounts[2:], *accounts[:2]]), "the one first that was asked longest ago"

    def test_goes_on_after_a_refusal_of_one(self, asked) -> None:
        accounts = begun("Ada", "Bea")

        def refuse(account_id: str) -> None:
            if account_id == accounts[0].provider_account_id:
                raise GatewayRefused(provider_code="account_invalid")

        asked.fails = refuse
        onboarding.refresh_waiting()
        assert asked.once() == ids(accounts)

    def test_asks_about_so_many_at_most_and_the_next_about_others(self, asked, monkeypatch) -> None:
        accounts = begun("Ada", "Bea", "Cem")
        monkeypatch.setattr(onboarding, "MOST_A_ROUND", 2)
        onboarding.refresh_waiting()
        assert asked.once() == ids(accounts[:2])
        onboarding.refresh_waiting()
        assert asked.once() == ids(accounts[2:])

    def test_is_the_only_one(self, asked) -> None:
        begun("Ada")
        with elsewhere("SELECT pg_advisory_xact_lock(%s)", [onboarding.ROUND]):
            onboarding.refresh_waiting()
            assert asked.once() == []
        onboarding.refresh_waiting()
        assert len(asked.once()) == 1, "the control: it is by the lock alone"

    def test_finds_an_account_that_became_ready(self, asked) -> None:
        (account,) = begun("Ada")
        SandboxAccount.objects.get(pk=account.provider_account_id).become("active")
        onboarding.refresh_waiting()
        account.refresh_from_db()
        assert account.is_active
        clock.advance(timedelta(days=3))
        onboarding.refresh_waiting()
        assert len(asked.once()) == 1, "one that is ready is asked about no more"


class TestPauses:
    def rounds(self, length: timedelta) -> None:
        for _round in range(length // ROUND):
            clock.advance(ROUND)
            onboarding.refresh_waiting()

    def test_grow_with_the_age_of_what_its_owner_let_be(self, asked) -> None:
        begun("Ada")
        asked_in = []
        for length in (timedelta(hours=2), timedelta(hours=46), timedelta(days=1)):
            self.rounds(length)
            asked_in.append(len(asked.once()))
        assert asked_in[0] in (11, 12), "each round at first"
        assert 40 <= asked_in[1] <= 46, "hourly for two days"
        assert 3 <= asked_in[2] <= 4, "every six hours for two weeks"

    def test_of_an_abandoned_one_are_a_day(self, asked) -> None:
        begun("Ada")
        clock.advance(timedelta(days=60))
        onboarding.refresh_waiting()
        asked.once()
        self.rounds(timedelta(days=1))
        assert len(asked.once()) == 1

    def test_end_when_the_owner_comes_back(self, asked) -> None:
        (account,) = begun("Ada")
        clock.advance(timedelta(days=60))
        onboarding.refresh_waiting()
        client = Client()
        client.force_login(account.creator.user)
        asked.once()
        assert client.get("/studio/earnings/payout-account/return/").status_code == 302
        assert asked.once() == ids([account]), "at once"
        self.rounds(timedelta(hours=1))
        assert len(asked.once()) == 6, "and often for a while"


class TestARun:
    @pytest.fixture
    def with_money(self) -> list[Creator]:
        creators = [creator_named(name) for name in ("Ada", "Bea", "Cem")]
        for creator in creators:
            sell(creator)
        pass_hold()
        return creators

    def test_asks_about_those_of_its_batch_alone(self, asked, with_money, monkeypatch) -> None:
        accounts = [onboarding.start(creator).account for creator in with_money]
        begun("Nobody with money", "Nor she")
        monkeypatch.setattr(payout_batches, "BATCH", 2)
        in_batches: list[list[str]] = []
        go_on = payout_batches.pay_next

        def counted(run: PayoutRun, asking: onboarding.Asking) -> bool:
            more = go_on(run, asking)
            in_batches.append(asked.once())
            return more

        monkeypatch.setattr(payout_batches, "pay_next", counted)
        payouts.run(None)
        assert in_batches == [ids(accounts[:2]), ids(accounts[2:]), []]

    def test_asks_nobody_else_once_the_provider_is_silent_and_comes_to_its_end(
        self, asked, with_money, monkeypatch
    ) -> None:
        for creator in with_money:
            onboarding.start(creator)
        monkeypatch.setattr(payout_batches, "BATCH", 1)
        asked.fails = silent
        run = payouts.run(None)
        assert len(asked) == 1
        assert (run.finished_at is not None, run.skipped_count) == (True, 3)

    def test_keeps_its_lease_while_it_asks(self, asked, with_money, monkeypatch) -> None:
        for creator in with_money:
            onboarding.start(creator)
        run = payouts.start(None)
        kept: list[int] = []

        def lapse(_account: str) -> None:
            # So long has the answer taken: without a beat before the next question the row would be another's.
            kept.append(PayoutRun.objects.filter(pk=run.pk, lease_until__gt=timezone.now()).count())
            PayoutRun.objects.filter(pk=run.pk).update(lease_until=timezone.now())

        asked.fails = lapse
        work.run(PayoutRun, run.pk, payouts.carry_out)
        assert kept == [1, 1, 1]

    def test_asks_nothing_again_that_was_answered_just_now(self, asked, with_money) -> None:
        for creator in with_money:
            onboarding.start(creator)
        onboarding.refresh_waiting()
        asked.once()
        payouts.run(None)
        assert asked.once() == []
