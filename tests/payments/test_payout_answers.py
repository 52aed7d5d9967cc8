"""What the provider says of a payout is compared with what was asked for, and a new key waits until the last call is
settled: nothing is accepted because it was answered.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from marketplace.lib import clock
from marketplace.lib.emails import Mail
from marketplace.lib.money import Money, as_told
from payments import invariants, payouts
from payments.gateway import StripeGateway
from payments.models import LedgerEntry, Payout
from payments.models.under_key import SETTLES_WITHIN
from payments.provider_shapes import Transfer
from payments.sandbox import oracle
from payments.sandbox.models import SandboxAccount, SandboxFault, SandboxTransfer
from tests import cast
from tests.payments.test_payouts import begun, submit

pytestmark = pytest.mark.django_db
Change = Callable[[Transfer], Transfer]

WRONG: dict[str, Change] = {
    "another amount": lambda said: replace(said, amount=Money(1499, "USD")),
    "another currency": lambda said: replace(said, amount=Money(1500, "CHF")),
    "a currency that nobody knows": lambda said: replace(said, amount=as_told(1500, "xyz")),
    "another destination": lambda said: replace(said, destination="acct_stranger"),
}


class TestTheAnswer:
    @pytest.mark.parametrize("what", WRONG)
    def test_that_is_not_what_was_asked_for_stays_unknown_and_alerts(self, what, fay, monkeypatch, client) -> None:
        payout = begun()
        self.answer_with(WRONG[what], monkeypatch)
        seen = submit(payout)
        assert (seen.state, seen.transfer_id, seen.is_dead) == ("submitting", None, True)
        assert "has not what was asked for" in seen.flag_reason
        assert not LedgerEntry.objects.filter(kind__in=["payout_sent", "payout_void"]).exists()
        assert Mail.objects.filter(key__startswith=f"payout-flagged:{payout.pk}", to=fay.email).exists()
        assert 'kezhan_work_dead{kind="payments.payout"} 1.0' in client.get("/metrics").content.decode()
        assert not any(invariants.breaks().values())

    def test_is_not_asked_for_again_until_a_person_says_so_and_then_looked_up(self, fay, monkeypatch) -> None:
        payout = begun()
        self.answer_with(WRONG["another amount"], monkeypatch)
        submit(payout)
        clock.advance(timedelta(days=2))
        assert submit(payout).is_dead
        monkeypatch.undo()
        payouts.reopen(Payout.objects.get(), by=cast.fay())
        seen = submit(payout)
        assert (seen.state, seen.transfer_id) == ("sent", SandboxTransfer.objects.get().pk)
        assert sum(oracle.transfers().values()) == 1500

    @pytest.mark.parametrize("change", [{"amount": 1499}, {"currency": "chf"}])
    def test_of_a_look_is_compared_likewise(self, fay, change: dict[str, Any]) -> None:
        payout = begun()
        SandboxFault.objects.plan("transfers.create", "timeout_after")
        assert submit(payout).state == "submitting"
        SandboxTransfer.objects.update(**change)
        seen = submit(payout)
        assert (seen.state, seen.is_dead, seen.flagged_at is not None) == ("submitting", True, True)

    def test_that_fits_is_accepted(self) -> None:
        """The control."""
        assert submit(begun()).state == "sent"

    @staticmethod
    def answer_with(change: Change, monkeypatch: pytest.MonkeyPatch) -> None:
        real = StripeGateway.create_transfer
        monkeypatch.setattr(
            StripeGateway, "create_transfer", lambda self, *asked, **named: change(real(self, *asked, **named))
        )


class TestANewKey:
    @pytest.fixture
    def aged(self) -> Payout:
        """Asked for under the first key from the beginning until a moment before it was too old to be repeated."""
        payout = begun()
        for pause in (timedelta(seconds=1), timedelta(hours=22, minutes=50)):
            clock.advance(pause)
            SandboxFault.objects.plan("transfers.create", "timeout_before")
            assert submit(payout).state == "submitting"
        return payout

    def test_waits_until_the_last_call_is_settled(self, aged: Payout) -> None:
        clock.advance(timedelta(minutes=20))  # the key has aged; somebody hurries it
        seen = submit(aged)
        assert (seen.state, seen.key_no, oracle.transfers()) == ("submitting", 1, {})
        assert seen.last_error != ""
        assert not seen.is_dead
        clock.advance(SETTLES_WITHIN)
        seen = submit(aged)
        assert (seen.state, seen.key_no) == ("sent", 2)
        assert sum(oracle.transfers().values()) == 1500

    def test_is_not_needed_when_the_last_call_had_its_effect_after_all(self, aged: Payout) -> None:
        """What the wait is for: the provider's list did not show the transfer yet."""
        group = aged.transfer_group
        clock.advance(timedelta(minutes=20))
        assert submit(aged).state == "submitting"
        SandboxTransfer.objects.send(amount=1500, currency="usd", to=self.account(aged), group=group, metadata={})
        clock.advance(SETTLES_WITHIN)
        seen = submit(aged)
        assert (seen.state, seen.key_no) == ("sent", 1)
        assert oracle.transfers() == {group: 1500}

    def test_taken_at_once_would_pay_twice(self, aged: Payout, monkeypatch: pytest.MonkeyPatch) -> None:
        """The control."""
        monkeypatch.setattr(Payout, "settles_in", lambda *_asked: timedelta(0))
        clock.advance(timedelta(minutes=20))
        assert submit(aged).key_no == 2
        SandboxTransfer.objects.send(
            amount=1500, currency="usd", to=self.account(aged), group=aged.transfer_group, metadata={}
        )
        assert oracle.transfers() == {aged.transfer_group: 3000}

    @staticmethod
    def account(payout: Payout) -> Any:
        return SandboxAccount.objects.get(pk=payout.destination)
