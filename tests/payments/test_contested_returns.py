"""A claimed sale whose payout comes back, and one of which only the reserve was still kept: each unit is in one place
alone, and reaches its creator once.
"""

from collections.abc import Iterator
from typing import Any

import pytest

from courses.models import Course
from creators.models import Creator
from marketplace.lib.money import Money
from payments import bank_accounts, bank_orders, bank_returns, escrow, invariants, payout_batches, payouts, releases
from payments.earnings import overview
from payments.models import (
    AccountKind,
    BankOrder,
    CourseEscrow,
    EscrowedShare,
    Payout,
    PayoutItem,
    PayoutSkip,
    ReleasedShare,
    ReserveRule,
    SkipReason,
)
from tests import cast
from tests.faults.meeting import wait_for_somebody_inside
from tests.faults.taken_away import lingering, taken_away
from tests.payments.books import stands
from tests.payments.crowd import at_once
from tests.payments.sales import creator_named, pass_hold, ready_account, sell, submit_all
from tests.payments.test_bank_returns import FACTS, VALUES, gil

pytestmark = pytest.mark.django_db
SHARE, RESERVE = 1500, 150
PAID = SHARE - RESERVE


@pytest.fixture(autouse=True)
def _books_hold(request: Any) -> Iterator[None]:
    yield
    if "transaction" not in request.keywords:
        assert [found for found in invariants.breaks().values() if found] == []


def paid_by_bank(*, keeps: bool = True) -> Creator:
    """Mei's one sale, of 15.00 USD: what no reserve keeps of it, if one does, was carried out by the bank."""
    fay, mei = cast.fay(), creator_named("Mei")
    mei.edit({"country": "CN"})
    if keeps:
        ReserveRule.objects.place(by=fay, creator=mei, bps=1000, days=60, reason="New")
    sell(mei)
    bank_accounts.confirm(bank_accounts.give(mei, by=mei.user, values=VALUES), by=fay)
    pass_hold()
    carry_out_by_bank()
    return mei


def carry_out_by_bank() -> Payout:
    run = payouts.run(None)
    bank_orders.make_file(run, "USD", by=cast.fay())
    order = BankOrder.objects.latest("pk")
    bank_orders.answer(order, by=gil(), executed=True, reference=f"S-{order.pk}", reason="")
    submit_all()
    return run.payouts.get()


def comes_back(payout: Payout | None = None) -> None:
    noted = bank_returns.note(payout or Payout.objects.get(), by=cast.fay(), **FACTS)
    bank_returns.confirm(noted, by=gil())


def claim(mei: Creator, cause: str = "claim:1") -> CourseEscrow:
    return escrow.begin(Course.objects.get(creator=mei), cause=cause, by=cast.sam())


def reject(row: CourseEscrow) -> None:
    escrow.end(row, CourseEscrow.Outcome.BACK, by=cast.sam())


def has(mei: Creator) -> tuple[int, int]:
    """What is available, and what is in escrow."""
    return stands(AccountKind.CREATOR_AVAILABLE, mei.pk), stands(AccountKind.RIGHTS_ESCROW, mei.pk)


def waits() -> list[int]:
    return list(ReleasedShare.objects.values_list("amount_minor", flat=True))


def pay_later() -> list[Money]:
    """What the next run pays: the reserve of the test's one sale is less than the least payout, so others join it."""
    sell(creator_named("Mei"))
    pass_hold()
    return [payout.amount for payout in payouts.run(None).payouts.all()]


def test_who_has_nothing_but_what_waits_for_a_claim_is_told_so() -> None:
    mei = paid_by_bank(keeps=False)
    row = claim(mei)
    comes_back()
    payouts.run(None)
    skip = PayoutSkip.objects.get(creator=mei)
    assert (skip.reason, skip.available) == (SkipReason.CLAIMED, Money(SHARE, "USD"))
    assert "$15.00" in skip.words
    assert "somebody claims" in skip.words
    seen = overview(mei).of("USD")
    assert seen is not None
    assert (seen.obstacle, seen.why_not, seen.next_amount) == (skip.reason, skip.words, None), "her page says the same"
    assert (seen.claimed.minor, seen.expected.minor) == (SHARE, 0)
    reject(row)
    assert payouts.run(None).payouts.get().amount.minor == SHARE, "the control: nothing else was in its way"


class TestTheReserveOfWhatWasPaid:
    """Of the share 13.50 was paid, and 1.50 went from the reserve into escrow and back."""

    @pytest.fixture
    def mei(self) -> Creator:
        return paid_by_bank()

    def test_reaches_its_creator_once_by_the_next_run(self, mei: Creator) -> None:
        row = claim(mei)
        assert has(mei) == (0, RESERVE)
        reject(row)
        assert (has(mei), waits()) == ((RESERVE, 0), [RESERVE])
        assert pay_later() == [Money(PAID + RESERVE, "USD")]
        assert (has(mei), waits()) == ((0, 0), [])
        standing = PayoutItem.objects.filter(freed=False).order_by("pk").values_list("payout", "amount_minor")
        payout, later = Payout.objects.order_by("pk").values_list("pk", flat=True)
        assert list(standing) == [(payout, PAID), (later, PAID)]

    def test_joins_what_comes_back_after_the_verdict(self, mei: Creator) -> None:
        reject(claim(mei))
        comes_back()
        assert (has(mei), waits()) == ((SHARE, 0), [SHARE])
        again = payouts.run(None).payouts.get()
        assert (again.amount.minor, again.items.get().amount_minor, has(mei)) == (SHARE, SHARE, (0, 0))

    @pytest.mark.parametrize("is_swept", [True, False])
    def test_joins_what_comes_back_while_the_claim_is_open(self, mei: Creator, is_swept: bool) -> None:
        row = claim(mei)
        comes_back()
        if is_swept:
            assert escrow.follow() == 1
            assert escrow.follow() == 0
            assert (has(mei), waits()) == ((0, SHARE), [])
            assert EscrowedShare.objects.get().amount_minor == SHARE
        reject(row)
        assert (has(mei), waits()) == ((SHARE, 0), [SHARE])
        again = payouts.run(None).payouts.get()
        assert (again.amount.minor, again.items.get().amount_minor, has(mei)) == (SHARE, SHARE, (0, 0))

    def test_is_the_next_claim_s(self, mei: Creator) -> None:
        first, second = claim(mei), claim(mei, "claim:2")
        reject(first)
        assert (has(mei), waits()) == ((0, RESERVE), [])
        comes_back()
        escrow.follow()
        assert has(mei) == (0, SHARE)
        reject(second)
        assert (has(mei), waits()) == ((SHARE, 0), [SHARE])

    def test_is_awarded_with_what_came_back(self, mei: Creator) -> None:
        row = claim(mei)
        comes_back()
        escrow.follow()
        escrow.end(row, CourseEscrow.Outcome.AWARD, by=cast.sam())
        assert stands(AccountKind.RIGHTS_AWARDED, None) == SHARE
        escrow.overturn(row, by=cast.sam())
        assert (has(mei), waits()) == ((SHARE, 0), [SHARE])


class TestWhatComesBackWhileTheClaimIsOpen:
    def test_is_not_paid_and_waits_for_the_verdict(self) -> None:
        mei = paid_by_bank(keeps=False)
        row = claim(mei)
        comes_back()
        assert (has(mei), waits()) == ((SHARE, 0), [SHARE])
        assert not payouts.run(None).payouts.exists()
        assert waits() == [SHARE]
        escrow.follow()
        assert (has(mei), waits()) == ((0, SHARE), [])
        reject(row)
        assert payouts.run(None).payouts.get().amount.minor == SHARE

    def test_leaves_the_rest_of_her_balance_to_the_run(self) -> None:
        mei = paid_by_bank(keeps=False)
        row = claim(mei)
        sell(mei)
        pass_hold()
        comes_back()
        again = payouts.run(None).payouts.get()
        assert (again.amount.minor, again.items.get().amount_minor, waits()) == (SHARE, SHARE, [SHARE])
        escrow.follow()
        assert has(mei) == (0, SHARE)
        reject(row)
        assert has(mei) == (SHARE, 0)

    def test_of_a_transfer_that_was_withdrawn_too(self) -> None:
        ada = creator_named("Ada")
        sell(ada)
        ready_account(ada)
        pass_hold()
        payout = payouts.run(None).payouts.get()
        claim(ada)
        payouts.withdraw(payout, by=cast.fay(), reason="Wrong")
        assert not payouts.run(None).payouts.exists()
        escrow.follow()
        assert has(ada) == (0, SHARE)

    def test_after_the_verdict_it_is_the_creator_s(self) -> None:
        mei = paid_by_bank(keeps=False)
        row = claim(mei)
        comes_back()
        reject(row)
        assert escrow.follow() == 0
        assert payouts.run(None).payouts.get().amount.minor == SHARE

    def test_of_co_authors_each_part_comes_in_by_itself(self) -> None:
        """Ada's part was in no payout when the claim began, Mei's comes back later: two entries of one sale."""
        fay, mei, ada = cast.fay(), creator_named("Mei"), creator_named("Ada")
        mei.edit({"country": "CN"})
        sell(mei, coauthors=((ada.pk, 2000),))
        bank_accounts.confirm(bank_accounts.give(mei, by=mei.user, values=VALUES), by=fay)
        pass_hold()
        payout = carry_out_by_bank()
        row = claim(mei)
        hers = SHARE - payout.amount_minor
        assert (has(ada), has(mei)) == ((0, hers), (0, 0))
        comes_back(payout)
        escrow.follow()
        assert (has(ada), has(mei)) == ((0, hers), (0, SHARE - hers))
        reject(row)
        assert (has(ada), has(mei)) == ((hers, 0), (SHARE - hers, 0))


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    """A run meets a return in the middle of its transaction, and waits for her balance, on which other money stands."""

    @staticmethod
    def met() -> tuple[list[int], list[str]]:
        mei = paid_by_bank(keeps=False)
        claim(mei)
        sell(mei)
        pass_hold()
        releases.free_due()
        noted = bank_returns.note(Payout.objects.get(), by=cast.fay(), **FACTS)
        first = Payout.objects.get().pk

        def act(n: int) -> None:
            if n:
                wait_for_somebody_inside()
                payouts.run(None)
            else:
                bank_returns.confirm(noted, by=gil())

        with taken_away(lingering("payments_ledgerentry")):
            at_once(act, 2)
            escrow.follow()
            paid = list(Payout.objects.exclude(pk=first).values_list("amount_minor", flat=True))
            return [*paid, *has(mei)], [line for check in invariants.breaks().values() for line in check]

    def test_the_run_pays_the_other_money_alone(self) -> None:
        assert self.met() == ([SHARE, 0, SHARE], [])

    def test_a_run_that_does_not_ask_what_is_contested_pays_it(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """The control: they did meet, and the run saw what came back."""
        monkeypatch.setattr(payout_batches.Facts, "uncontested", lambda _facts, candidate: candidate)
        paid, _breaks = self.met()
        assert paid[0] == 2 * SHARE
