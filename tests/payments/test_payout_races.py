"""Payout runs and workers at once, with the negative control: without the locks and the floor, money is sent twice."""

from typing import Any

import pytest

from accounts.models import User
from marketplace.lib import work
from payments import bank_accounts, bank_orders, invariants, payouts, releases, transfers
from payments.models import AccountKind, BankOrder, LedgerEntry, Order, Payout
from payments.sandbox import oracle
from tests.faults.taken_away import FLOOR, index, taken_away
from tests.payments import held
from tests.payments.books import stands
from tests.payments.crowd import at_once
from tests.payments.sales import creator_named, give_back, only_item, pass_hold, ready_account, sell, submit_all

BANK = {
    "holder": "Mei", "number": "6222021234567890", "bank_code": "ICBKCNBJ", "bank_name": "ICBC", "country": "CN",
}  # fmt: skip
pytestmark = pytest.mark.django_db(transaction=True)


def three_creators_wait() -> None:
    for name in ("Ada", "Bea", "Cleo"):
        creator = creator_named(name)
        sell(creator)
        ready_account(creator)
    pass_hold()


def test_twenty_runs_at_once_pay_everybody_once(fay: User) -> None:
    three_creators_wait()
    at_once(lambda _n: payouts.run(fay).pk, 20)
    submit_all()
    assert sorted(oracle.transfers().values()) == [1500, 1500, 1500]
    assert Payout.objects.count() == 3
    assert held.all_holds()


def test_without_locks_and_floor_the_same_runs_pay_more_than_there_is(fay: User) -> None:
    three_creators_wait()
    releases.release_due()
    with taken_away(FLOOR, index("one_standing_payout_a_share")):
        at_once(lambda _n: payouts.run(fay).pk, 6, without_locks=True)
        assert Payout.objects.count() > 3


def test_twenty_workers_with_one_payout_make_one_transfer(fay: User) -> None:
    three_creators_wait()
    payout = payouts.run(fay).payouts.first()
    claimed = at_once(lambda _n: work.run(Payout, payout.pk, transfers.submit), 20)
    assert claimed.count(True) == 1
    assert oracle.transfers() == {payout.transfer_group: 1500}
    assert held.all_holds()


def test_without_the_claims_lock_the_providers_key_still_makes_one_transfer(fay: User) -> None:
    three_creators_wait()
    payout = payouts.run(fay).payouts.first()
    at_once(lambda _n: work.run(Payout, payout.pk, transfers.submit), 8, without_locks=True)
    assert oracle.transfers() == {payout.transfer_group: 1500}
    assert LedgerEntry.objects.filter(idem_key=payout.ledger_key("sent")).count() <= 1


def test_releases_at_once_release_once() -> None:
    ada = creator_named("Ada")
    for _sale in range(3):
        sell(ada)
    pass_hold()
    assert sum(at_once(lambda _n: releases.release_due(), 10)) == 3
    assert stands(AccountKind.CREATOR_AVAILABLE, ada.pk) == 4500


def test_runs_refunds_and_sales_at_once_leave_exact_books(fay: User) -> None:
    ada = creator_named("Ada")
    ready_account(ada)
    refunded = [sell(ada) for _n in range(4)]
    for _n in range(3):
        sell(creator_named("Funder"))
    pass_hold()

    def act(n: int) -> None:
        if n % 3 == 0:
            payouts.run(fay)
        elif n % 3 == 1:
            give_back_now(refunded[n // 3], n)
        else:
            sell(ada)

    def give_back_now(order: Order, n: int) -> None:
        give_back(order, only_item(order), provider_refund_id=f"re_{n}")

    at_once(act, 12)
    payouts.run(fay)
    submit_all()
    assert not any(invariants.breaks().values())
    # 4 sales of 15.00 given back, 4 new ones pending; what was paid is what was released and not given back in time.
    assert stands(AccountKind.CREATOR_PENDING, ada.pk) == 4 * 1500
    sent = sum(p.amount_minor for p in Payout.objects.filter(creator=ada))
    assert sent + stands(AccountKind.CREATOR_AVAILABLE, ada.pk) == 0
    assert sum(amount for group, amount in oracle.transfers().items()) == sent


def test_a_withdrawal_and_a_worker_at_once_are_one_or_the_other(fay: User) -> None:
    three_creators_wait()
    for payout in payouts.run(fay).payouts.all():

        def act(n: int, payout: Payout = payout) -> None:
            if n % 2:
                work.run(Payout, payout.pk, transfers.submit)
            else:
                payouts.withdraw(payout, by=fay, reason="under review")

        at_once(act, 4)
    submit_all()
    states = [payout.state for payout in Payout.objects.all()]
    assert set(states) <= {"sent", "void"}
    assert len(oracle.transfers()) == states.count("sent")
    assert held.all_holds()


def test_an_approval_and_a_refusal_at_once_are_one_or_the_other(fay: User, settings: Any) -> None:
    settings.KEZHAN_PAYOUT_APPROVAL_MINOR = 1500
    three_creators_wait()
    payout = payouts.run(None).payouts.first()
    acts = (payouts.approve, payouts.decline)
    answers = at_once(lambda n: acts[n % 2](payout, by=fay, reason="seen"), 8)
    assert [type(answer).__name__ for answer in answers].count("PayoutApproval") == 1
    assert not any(invariants.breaks().values())


def test_two_files_for_the_bank_at_once_order_a_payout_once(fay: User) -> None:
    mei = creator_named("Mei")
    mei.edit({"country": "CN"})
    sell(mei)
    bank_accounts.confirm(bank_accounts.give(mei, by=mei.user, values=BANK), by=fay)
    pass_hold()
    run = payouts.run(None)
    made = at_once(lambda _n: bank_orders.make_file(run, "USD", by=fay), 6)
    assert [type(each).__name__ for each in made].count("BankFile") == 1
    assert BankOrder.objects.count() == 1
