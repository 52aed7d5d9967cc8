"""SIGKILL around the money's quieter acts: answers to banks, refunds, accounts, bank files, escrow, reserves, books.

Each is done again as a worker, a person or beat would, and ends as if nothing had died; the provider's own record and
the invariants of the books judge it.
"""

from datetime import timedelta

import pytest

from courses.models import Course
from creators.models import Creator
from marketplace.lib import clock, work
from payments import bank_orders, disputes, escrow, onboarding, payouts, refunds, releases
from payments.disputes import answers
from payments.models import (
    AccountKind,
    BankFile,
    BankOrder,
    Dispute,
    DisputeEvidence,
    LedgerEntry,
    Payout,
    PayoutAccount,
    ProviderMatch,
    ProviderTransaction,
    Refund,
    Reserve,
    ReserveRule,
)
from payments.reconciliation import running
from payments.sandbox import oracle
from payments.sandbox.models import SandboxAccount, SandboxDispute, SandboxTransaction
from tests import cast
from tests.payments import shop
from tests.payments.books import stands
from tests.payments.crash import dies_at
from tests.payments.held import all_holds
from tests.payments.sales import creator_named, pass_hold, sell, submit_all
from tests.payments.test_bank_orders import ready_bank
from tests.payments.test_disputes import open_dispute

pytestmark = pytest.mark.django_db(transaction=True)
A_DAY = timedelta(days=1)


# --- Refunds and answers to banks ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("place", "given"), [("refund.before_call", 0), ("refund.after_call", 4999), ("refund.before_commit", 4999)]
)
def test_a_refund_whose_worker_dies_is_given_and_booked_once(place: str, given: int) -> None:
    order = shop.buy(cast.lin(), shop.two_courses())
    refund = refunds.refund(order, by=cast.fay(), reason="She asked")
    assert dies_at(place, lambda: work.run(Refund, refund.pk, refunds.send))
    assert oracle.refunds().get(order.charge_id, 0) == given
    assert not LedgerEntry.objects.filter(kind="refund").exists()
    Refund.objects.update(lease_until=None)
    work.run(Refund, refund.pk, refunds.send)
    refund.refresh_from_db()
    assert (refund.state, oracle.refunds()) == ("done", {order.charge_id: 4999})
    assert LedgerEntry.objects.filter(kind="refund").count() == 1
    assert all_holds()


ANSWERING = ["dispute_evidence.before_call", "dispute_evidence.after_call", "dispute_evidence.after_sent_commit"]


def answered_by_somebody_who_dies(place: str, *, accepts: bool) -> DisputeEvidence:
    dispute = open_dispute(shop.buy(cast.lin(), shop.two_courses()))
    fay = cast.fay()
    if accepts:
        row = disputes.accept(dispute, by=fay, reason="She is right")
    else:
        row = disputes.submit(dispute, by=fay, fields={"uncategorized_text": "She watched it all."})
    assert dies_at(place, lambda: work.run(DisputeEvidence, row.pk, disputes.send))
    DisputeEvidence.objects.update(lease_until=None)
    return row


@pytest.mark.parametrize("accepts", [False, True], ids=["evidence", "accepted"])
@pytest.mark.parametrize("place", ANSWERING)
def test_an_answer_to_a_bank_whose_worker_dies_is_given_once(place: str, *, accepts: bool) -> None:
    row = answered_by_somebody_who_dies(place, accepts=accepts)
    work.run(DisputeEvidence, row.pk, disputes.send)
    row.refresh_from_db()
    at_the_bank = SandboxDispute.objects.get()
    assert (bool(row.sent_at), row.refused_at, row.finished_at is not None) == (True, None, True)
    assert (at_the_bank.submissions, at_the_bank.status) == ((0, "lost") if accepts else (1, "under_review"))
    assert Dispute.objects.get().state == at_the_bank.status
    assert all_holds()


def test_without_looking_first_an_answer_that_the_bank_has_is_taken_for_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The negative control: the same death, and a worker that tries again without asking."""
    row = answered_by_somebody_who_dies("dispute_evidence.after_call", accepts=False)
    monkeypatch.setattr(answers, "_already_there", lambda _row: None)
    work.run(DisputeEvidence, row.pk, disputes.send)
    row.refresh_from_db()
    assert (SandboxDispute.objects.get().submissions, bool(row.refused_at)) == (1, True)


# --- Creators' accounts and the bank -------------------------------------------------------------------------------


def test_an_account_whose_opening_dies_is_the_same_account_at_the_next_click() -> None:
    ada = creator_named("Ada")
    assert dies_at("onboarding.after_call", lambda: onboarding.start(ada))
    assert (SandboxAccount.objects.count(), PayoutAccount.objects.count()) == (1, 0)
    account = onboarding.start(ada).account
    assert [account.provider_account_id] == list(SandboxAccount.objects.values_list("pk", flat=True))
    assert all_holds()


def waits_for_the_bank() -> None:
    mei = creator_named("Mei")
    mei.edit({"country": "CN"})
    sell(mei)
    ready_bank(mei, cast.fay())
    pass_hold()
    payouts.run(None)


def test_a_bank_file_whose_maker_dies_was_never_made() -> None:
    waits_for_the_bank()
    fay, run = cast.fay(), Payout.objects.get().run
    assert dies_at("bank_file.before_commit", lambda: bank_orders.make_file(run, "USD", by=fay))
    assert (BankFile.objects.count(), Payout.objects.get().state) == (0, "created")
    bank_orders.make_file(run, "USD", by=fay)
    assert (BankFile.objects.count(), Payout.objects.get().state) == (1, "submitting")
    assert all_holds()


@pytest.mark.parametrize("executed", [True, False])
@pytest.mark.parametrize(
    "place",
    ["bank_answer.before_commit", "payout.submitting", "payout.after_call", "payout.before_sent_commit"],
)
def test_what_the_bank_did_is_booked_once_whoever_dies(place: str, *, executed: bool) -> None:
    waits_for_the_bank()
    bank_orders.make_file(Payout.objects.get().run, "USD", by=cast.fay())
    order, gil = BankOrder.objects.get(), cast.person("Gil", role="finance")

    def say_what_the_bank_did() -> None:
        if not hasattr(BankOrder.objects.get(), "answer"):
            bank_orders.answer(order, by=gil, executed=executed, reference="S-1", reason="" if executed else "closed")
        submit_all()

    # What the bank refused comes to no call whose end could be lost.
    assert dies_at(place, say_what_the_bank_did) or not executed
    Payout.objects.update(lease_until=None)
    say_what_the_bank_did()
    payout = Payout.objects.get()
    assert payout.state == ("sent" if executed else "void")
    assert stands(AccountKind.PAYOUT_IN_TRANSIT, payout.creator_id) == 0
    assert stands(AccountKind.CREATOR_AVAILABLE, payout.creator_id) == (0 if executed else 1500)
    assert all_holds()


# --- Escrow and reserves --------------------------------------------------------------------------------------------


def claimed_course() -> tuple[Creator, Course]:
    ada = creator_named("Ada")
    sell(ada)
    return ada, Course.objects.get(creator=ada)


def test_income_that_is_taken_into_escrow_when_somebody_dies_is_taken_once() -> None:
    ada, course = claimed_course()
    sam = cast.sam()

    def begin() -> None:
        escrow.begin(course, cause="claim:1", by=sam)

    assert dies_at("escrow.before_commit", begin)
    assert stands(AccountKind.RIGHTS_ESCROW, ada.pk) == 0
    begin()
    begin()
    assert (stands(AccountKind.RIGHTS_ESCROW, ada.pk), stands(AccountKind.CREATOR_PENDING, ada.pk)) == (1500, 0)
    assert all_holds()


def test_an_award_whose_payment_dies_is_paid_once() -> None:
    ada, course = claimed_course()
    sam, cleo = cast.sam(), creator_named("Cleo")
    row = escrow.begin(course, cause="claim:1", by=sam)
    pass_hold()
    escrow.end(row, "award", by=sam)
    assert dies_at("escrow.before_paid_commit", lambda: escrow.pay(row, cleo))
    assert stands(AccountKind.RIGHTS_AWARDED, None) == 1500
    assert [paid.minor for paid in escrow.pay(row, cleo)] == [1500]
    assert escrow.pay(row, cleo) == []
    assert (stands(AccountKind.RIGHTS_AWARDED, None), stands(AccountKind.CREATOR_AVAILABLE, cleo.pk)) == (0, 1500)
    assert all_holds()


def test_a_reserve_whose_return_dies_comes_back_once() -> None:
    ada = creator_named("Ada")
    ReserveRule.objects.place(by=cast.fay(), creator=ada, bps=1000, days=30, reason="a new shop")
    sell(ada)
    pass_hold()
    releases.free_due()
    clock.advance(31 * A_DAY)
    assert dies_at("reserve.before_commit", releases.return_reserves)
    assert Reserve.objects.kept().count() == 1
    assert [releases.return_reserves() for _twice in range(2)] == [1, 0]
    assert stands(AccountKind.CREATOR_AVAILABLE, ada.pk) == 1500
    assert all_holds()


# --- The provider's list beside our books ---------------------------------------------------------------------------


@pytest.mark.parametrize("place", ["reconciliation.listed", "reconciliation.taken_in", "reconciliation.booked"])
def test_a_comparison_that_dies_is_made_anew_and_books_nothing_twice(place: str) -> None:
    shop.buy(cast.lin(), shop.two_courses())
    SandboxTransaction.objects.move("stripe_fee", -70, "usd", "fee_1")
    clock.advance(2 * A_DAY)
    assert dies_at(place, running.run)
    result = running.run()
    assert (result.breaks, ProviderTransaction.objects.count()) == ({}, 2)
    assert LedgerEntry.objects.filter(idem_key__startswith="fee:").count() == 2
    assert ProviderMatch.objects.values("transaction").distinct().count() == 2
    assert running.run().matched == 0
    assert all_holds()
