"""Payout runs, and one payout's way to the provider."""

from datetime import UTC, datetime, timedelta

import pytest

from accounts.models import User
from marketplace.lib import clock, work
from marketplace.lib.emails import Mail
from marketplace.lib.errors import NotAllowed
from marketplace.lib.money import Money
from payments import onboarding, payouts, transfers
from payments.models import AccountKind, OrderItem, Payout, PayoutHold, PayoutItem, PayoutRun, PayoutSkip, SkipReason
from payments.models.payout_hold import AlreadyHeld, HoldLifted
from payments.sandbox import oracle
from payments.sandbox.models import SandboxAccount, SandboxFault, SandboxTransfer
from tests.payments import held
from tests.payments.books import stands
from tests.payments.sales import creator_named, give_back, only_item, pass_hold, ready_account, sell, submit_all

pytestmark = pytest.mark.django_db


def submit(payout: Payout) -> Payout:
    """One try, as when the worker is rung and the payout is due."""
    Payout.objects.filter(pk=payout.pk).update(due_at=datetime(2020, 1, 1, tzinfo=UTC))
    work.run(Payout, payout.pk, transfers.submit)
    return Payout.objects.get(pk=payout.pk)


def begun(name: str = "Ada") -> Payout:
    """A payout of 15.00 USD that nobody has submitted yet."""
    creator = creator_named(name)
    sell(creator)
    sell(creator_named("Funder"))
    ready_account(creator)
    pass_hold()
    payouts.run(None)
    return Payout.objects.get(creator=creator)


class TestRun:
    def test_releases_what_is_due_and_sends_it(self, fay: User) -> None:
        ada = creator_named("Ada")
        item = only_item(sell(ada))
        ready_account(ada)
        pass_hold()
        run = payouts.run(fay)
        assert stands(AccountKind.CREATOR_AVAILABLE, ada.pk) == 0
        assert stands(AccountKind.PAYOUT_IN_TRANSIT, ada.pk) == 1500
        submit_all()
        payout = run.payouts.get()
        assert (payout.state, payout.amount) == ("sent", Money(1500, "USD"))
        assert oracle.transfers() == {payout.transfer_group: 1500}
        assert item.shares.get(kind="creator").payout_items.get().payout == payout
        assert stands(AccountKind.PAYOUT_IN_TRANSIT, ada.pk) == 0
        assert held.all_holds()

    def test_again_sends_nothing_more(self, fay: User) -> None:
        ada = creator_named("Ada")
        sell(ada)
        ready_account(ada)
        pass_hold()
        for _time in range(3):
            payouts.run(fay)
            submit_all()
        assert Payout.objects.count() == 1
        assert sum(oracle.transfers().values()) == 1500

    def test_adds_up_the_sales_since_the_last_one(self) -> None:
        ada = creator_named("Ada")
        sell(ada)
        sell(ada)
        ready_account(ada)
        pass_hold()
        payouts.run(None)
        payout = Payout.objects.get()
        assert payout.amount.minor == 3000
        assert payout.items.count() == 2

    def test_pays_each_currency_by_itself(self) -> None:
        ada = creator_named("Ada")
        sell(ada)
        sell(ada, price=Money(3000, "JPY"))
        ready_account(ada)
        pass_hold()
        payouts.run(None)
        submit_all()
        assert sorted(str(payout.amount) for payout in Payout.objects.all()) == ["15.00 USD", "2250 JPY"]
        assert held.all_holds()

    def test_sends_whole_steps_of_a_currency_and_keeps_the_rest(self) -> None:
        ada = creator_named("Ada")
        sell(ada, price=Money(50_100, "TWD"))  # her share: 375.75 TWD
        ready_account(ada)
        pass_hold()
        payouts.run(None)
        assert Payout.objects.get().amount == Money(37_500, "TWD")
        assert stands(AccountKind.CREATOR_AVAILABLE, ada.pk, "TWD") == 75

    def test_is_for_finance(self, cole: User) -> None:
        with pytest.raises(NotAllowed):
            payouts.run(cole)
        assert not PayoutRun.objects.exists()

    def test_comes_on_monday_morning(self) -> None:
        monday = datetime(2027, 3, 1, 6, tzinfo=UTC)
        assert payouts.next_run_at(monday - timedelta(seconds=1)) == monday
        assert payouts.next_run_at(monday) == monday + timedelta(days=7)
        assert payouts.next_run_at(monday + timedelta(days=3)) == monday + timedelta(days=7)


class TestSkip:
    def skip_of(self, name: str) -> PayoutSkip:
        payouts.run(None)
        return PayoutSkip.objects.get(creator__name=name)

    def test_below_the_minimum(self) -> None:
        sell(creator_named("Ada"), price=Money(1000, "USD"))
        pass_hold()
        skip = self.skip_of("Ada")
        assert skip.reason == SkipReason.BELOW_MINIMUM
        assert skip.words == "You have $7.50. We pay out from $10.00; it adds up until then."

    def test_without_an_account_and_one_mail_a_week_says_so(self) -> None:
        sell(creator_named("Ada"))
        pass_hold()
        assert self.skip_of("Ada").reason == SkipReason.NO_ACCOUNT
        payouts.run(None)
        assert Mail.objects.filter(key__startswith="payout-action:").count() == 1

    def test_with_an_account_that_is_not_finished(self) -> None:
        ada = creator_named("Ada")
        onboarding.start(ada)
        sell(ada)
        pass_hold()
        assert self.skip_of("Ada").reason == SkipReason.PENDING_ACCOUNT

    def test_with_an_account_that_was_restricted_later(self) -> None:
        ada = creator_named("Ada")
        account = ready_account(ada)
        SandboxAccount.objects.get(pk=account.provider_account_id).become("restricted")
        account.note_state("restricted", at=clock.now())
        sell(ada)
        pass_hold()
        assert self.skip_of("Ada").reason == SkipReason.RESTRICTED_ACCOUNT

    def test_with_a_negative_balance(self) -> None:
        ada = creator_named("Ada")
        ready_account(ada)
        order = sell(ada)
        sell(creator_named("Funder"))
        pass_hold()
        payouts.run(None)
        submit_all()
        give_back(order, only_item(order))
        assert stands(AccountKind.CREATOR_AVAILABLE, ada.pk) == -1500
        payouts.run(None)
        assert PayoutSkip.objects.get(creator=ada).reason == SkipReason.NEGATIVE

    def test_a_finished_account_is_noticed_by_the_run_itself(self) -> None:
        ada = creator_named("Ada")
        account = ready_account(ada)
        type(account).objects.filter(pk=account.pk).update(state="pending")
        sell(ada)
        pass_hold()
        payouts.run(None)
        assert Payout.objects.filter(creator=ada).exists()


class TestHold:
    def test_keeps_the_money_where_it_is_until_it_is_lifted(self, fay: User) -> None:
        ada = creator_named("Ada")
        sell(ada)
        ready_account(ada)
        pass_hold()
        hold = PayoutHold.objects.place(creator=ada, by=fay, rule_code="risk", reason="many sales from one place")
        payouts.run(fay)
        assert PayoutSkip.objects.get().reason == SkipReason.ON_HOLD
        assert stands(AccountKind.CREATOR_AVAILABLE, ada.pk) == 1500
        hold.lift(by=fay, reason="explained")
        payouts.run(fay)
        assert Payout.objects.count() == 1

    def test_is_placed_once_and_lifted_once(self, fay: User) -> None:
        ada = creator_named("Ada")
        hold = PayoutHold.objects.place(creator=ada, by=fay, rule_code="risk", reason="x")
        with pytest.raises(AlreadyHeld):
            PayoutHold.objects.place(creator=ada, by=fay, rule_code="risk", reason="x")
        hold.lift(by=fay, reason="y")
        with pytest.raises(HoldLifted):
            hold.lift(by=fay, reason="y")

    def test_is_for_finance_and_not_for_oneself(self, cole: User, fay: User) -> None:
        with pytest.raises(NotAllowed):
            PayoutHold.objects.place(creator=creator_named("Ada"), by=cole, rule_code="risk", reason="x")
        with pytest.raises(NotAllowed):
            PayoutHold.objects.place(creator=creator_named("Fay"), by=fay, rule_code="risk", reason="x")


class TestSubmit:
    def test_mails_the_creator_once(self) -> None:
        payout = submit(begun())
        assert Mail.objects.get(key=f"payout-sent:{payout.pk}").subject == "$15.00 is on its way to you"

    def test_of_a_sent_payout_asks_nobody(self) -> None:
        payout = submit(begun())
        SandboxFault.objects.plan("*", "500", 9)
        assert submit(payout).attempts == payout.attempts

    def test_refused_for_good_gives_the_money_back_and_the_next_run_is_another_payout(self) -> None:
        first = begun()
        SandboxFault.objects.plan("transfers.create", "400")
        first = submit(first)
        assert (first.state, first.failure_code) == ("void", "sandbox_refused")
        assert stands(AccountKind.CREATOR_AVAILABLE, first.creator_id) == 1500
        payouts.run(None)
        second = Payout.objects.exclude(pk=first.pk).get(creator=first.creator)
        submit(second)
        assert oracle.transfers() == {second.transfer_group: 1500}
        assert list(PayoutItem.objects.order_by("pk").values_list("payout", "freed")) == [
            (first.pk, True),
            (second.pk, False),
        ]
        assert held.all_holds()

    @pytest.mark.parametrize("mode", ["timeout_before", "500", "409", "429"])
    def test_an_unknown_outcome_without_effect_is_tried_again(self, mode: str) -> None:
        payout = begun()
        SandboxFault.objects.plan("transfers.create", mode)
        payout = submit(payout)
        assert (payout.state, payout.dead_at) == ("submitting", None)
        assert stands(AccountKind.PAYOUT_IN_TRANSIT, payout.creator_id) == 1500
        if mode == "500":  # the provider replays it under this key until the key is forgotten
            clock.advance(timedelta(hours=25))
        assert submit(payout).state == "sent"
        assert oracle.transfers() == {payout.transfer_group: 1500}
        assert held.all_holds()

    @pytest.mark.parametrize("mode", ["timeout_after", "broken_after"])
    def test_an_unknown_outcome_with_effect_is_found_and_not_sent_again(self, mode: str) -> None:
        payout = begun()
        SandboxFault.objects.plan("transfers.create", mode)
        assert submit(payout).state == "submitting"
        payout = submit(payout)
        assert payout.state == "sent"
        assert SandboxTransfer.objects.get().pk == payout.transfer_id
        assert held.all_holds()

    def test_after_the_provider_forgot_the_key_the_transfer_is_found_and_not_sent_again(self) -> None:
        payout = begun()
        SandboxFault.objects.plan("transfers.create", "timeout_after")
        submit(payout)
        clock.advance(timedelta(hours=25))
        assert submit(payout).key_no == 1
        assert oracle.transfers() == {payout.transfer_group: 1500}
        assert held.all_holds()

    def test_a_look_up_that_fails_sends_nothing(self) -> None:
        payout = begun()
        SandboxFault.objects.plan("transfers.create", "timeout_before")
        submit(payout)
        SandboxFault.objects.plan("transfers.list", "400")
        payout = submit(payout)
        assert payout.state == "submitting"
        assert oracle.transfers() == {}

    def test_a_transfer_of_another_amount_is_left_to_a_person(self, fay: User) -> None:
        payout = begun()
        SandboxFault.objects.plan("transfers.create", "timeout_after")
        submit(payout)
        SandboxTransfer.objects.update(amount=1)
        payout = submit(payout)
        assert (payout.state, payout.is_dead) == ("submitting", True)
        payouts.reopen(payout, by=fay)
        assert not Payout.objects.get(pk=payout.pk).is_dead

    def test_given_up_it_is_still_not_void(self) -> None:
        payout = begun()
        Payout.objects.filter(pk=payout.pk).update(attempts=Payout.MAX_ATTEMPTS, state="submitting")
        payout = submit(payout)
        assert (payout.state, payout.is_dead) == ("submitting", True)
        assert stands(AccountKind.PAYOUT_IN_TRANSIT, payout.creator_id) == 1500


def test_items_know_their_payout() -> None:
    payout = submit(begun())
    assert OrderItem.objects.get(shares__payout_items__payout=payout).creator_id == payout.creator_id
