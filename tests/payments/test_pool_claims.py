"""Parts of the pool of courses that somebody claims: in escrow before a payout sees them, and right after each verdict.

Every scene ends with the books.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from accounts.models import User
from courses.models import Course
from creators.models import Creator
from marketplace.lib import clock
from marketplace.lib.emails import Mail
from marketplace.lib.money import Money
from moderation import appeals, measures, rights
from moderation.rights import income
from payments import escrow, ledger, payouts, refunds, splits
from payments.models import (
    AccountKind,
    AccountRef,
    CourseEscrow,
    EntryKind,
    EscrowedShare,
    LedgerBalance,
    MembershipMonth,
    OrderItem,
    Payout,
    PoolDivision,
    PoolPart,
)
from payments.models.course_escrow import CourseEscrowQuerySet
from payments.pool import booking, dividing
from tests import cast
from tests.creators.factories import make_creator
from tests.faults.meeting import wait_for_somebody_inside, wait_here
from tests.faults.taken_away import lingering, taken_away
from tests.moderation import claims
from tests.moderation.decisions import answer_appeal
from tests.moderation.factories import kim
from tests.payments import shop
from tests.payments.crowd import at_once
from tests.payments.held import books_hold
from tests.payments.membered import charge_all
from tests.payments.pooled import DAY, course_of, divide, member, the_pass, until_due, watches
from tests.payments.sales import ready_account, submit_all

pytestmark = pytest.mark.django_db
SHARE = 6_300  # of 90.00 USD, 70 %: more than the least payout
BACK, AWARD = CourseEscrow.Outcome.BACK, CourseEscrow.Outcome.AWARD


@pytest.fixture
def pots(ada: User) -> Course:
    the_pass(Money(9_000, "USD"))
    return course_of("Ada", "Pots")


@pytest.fixture
def watched(lin: User, pots: Course) -> Course:
    member(lin)
    watches(lin, pots, 0, 100)
    return pots


@pytest.fixture(autouse=True)
def _books_hold(request: Any) -> Iterator[None]:
    yield
    if "transaction" not in request.keywords:
        assert books_hold()


def stands(creator: Creator) -> tuple[int, int]:
    """What is available, and what is in escrow."""
    kinds = (AccountKind.CREATOR_AVAILABLE, AccountKind.RIGHTS_ESCROW)
    available, held = (ledger.balance(kind, creator.pk, "USD", "sandbox").minor for kind in kinds)
    return available, held


def awarded() -> int:
    return ledger.balance(AccountKind.RIGHTS_AWARDED, None, "USD", "sandbox").minor


def claim(course: Course, cause: str = "claim:1") -> CourseEscrow:
    return escrow.begin(course, cause=cause, by=cast.sam())


def end(row: CourseEscrow, outcome: str) -> None:
    escrow.end(row, outcome, by=cast.sam())


def owes(creator: Creator, minor: int) -> None:
    """Something else was taken from her."""
    hers, owed = AccountRef(AccountKind.CREATOR_AVAILABLE, creator.pk), Money(minor, "USD")
    lines = [(hers, owed), (AccountRef(AccountKind.BAD_DEBT), -owed)]
    ledger.post("test:debt", EntryKind.ADJUSTMENT, lines, book="sandbox")


def pay_out() -> list[Money]:
    run = payouts.run(None)
    submit_all()
    return [payout.amount for payout in run.payouts.all()]


class TestPaidOut:
    def test_the_books_hold(self, watched: Course) -> None:
        """Income of the pool alone: it was never released, and is hers."""
        ready_account(watched.creator)
        divide()
        assert pay_out() == [Money(SHARE, "USD")]
        assert stands(watched.creator) == (0, 0)

    def test_a_claim_that_begins_afterwards_takes_nothing(self, watched: Course) -> None:
        ready_account(watched.creator)
        divide()
        pay_out()
        claim(watched)
        assert not EscrowedShare.objects.exists()

    def test_of_two_parts_it_takes_the_one_that_was_not_paid(self, watched: Course, cole: User) -> None:
        ready_account(watched.creator)
        divide()
        pay_out()
        member(cole)
        watches(cole, watched, 0, 100)
        divide()
        claim(watched)
        assert EscrowedShare.objects.get().pool_part == PoolPart.objects.latest("pk")
        assert stands(watched.creator) == (0, SHARE)


class TestWhileTheClaimIsOpen:
    def test_it_waits_and_no_payout_has_it(self, watched: Course) -> None:
        ready_account(watched.creator)
        row = claim(watched)
        divide()
        assert stands(watched.creator) == (0, SHARE)
        assert pay_out() == []
        assert PoolPart.objects.shown().get().is_held
        assert "until that is decided" in Mail.objects.get(key__startswith="pool:").text
        end(row, BACK)
        assert stands(watched.creator) == (SHARE, 0)
        assert not PoolPart.objects.shown().get().is_held
        assert pay_out() == [Money(SHARE, "USD")]

    def test_it_is_taken_in_that_begins_between_booking_and_payout(self, watched: Course) -> None:
        ready_account(watched.creator)
        divide()
        assert stands(watched.creator) == (SHARE, 0)
        row = claim(watched)
        assert pay_out() == []
        end(row, AWARD)
        assert (awarded(), *stands(watched.creator)) == (SHARE, 0, 0)
        assert PoolPart.objects.shown().get().is_awarded

    def test_a_claim_on_another_course_leaves_it(self, watched: Course) -> None:
        ready_account(watched.creator)
        divide()
        claim(course_of("Ada", "Songs"))
        assert pay_out() == [Money(SHARE, "USD")]

    def test_what_a_payout_gave_back_is_taken_in(self, watched: Course) -> None:
        ready_account(watched.creator)
        divide()
        payouts.run(None)
        claim(watched)
        assert stands(watched.creator) == (0, 0)
        payouts.withdraw(Payout.objects.get(), by=cast.fay(), reason="Look again")
        escrow.follow()
        assert stands(watched.creator) == (0, SHARE)

    def test_it_takes_no_more_than_its_creator_has(self, watched: Course) -> None:
        """A debt of something else is not made greater by a claim."""
        divide()
        owes(watched.creator, 300)
        claim(watched)
        assert stands(watched.creator) == (0, SHARE - 300)

    @pytest.mark.parametrize("outcome", ["", AWARD])
    def test_what_is_divided_meanwhile_pays_no_debt_of_its_creators(self, watched: Course, outcome: str) -> None:
        """All of it is held, or the claimant's: the division has brought it, so what she owes is as it was."""
        row = claim(watched)
        if outcome:
            end(row, outcome)
        owes(watched.creator, SHARE + 1_000)
        divide()
        held = 0 if outcome else SHARE
        assert (awarded(), *stands(watched.creator)) == (SHARE - held, -SHARE - 1_000, held)

    def test_control_unclaimed_it_pays_her_debt(self, watched: Course) -> None:
        owes(watched.creator, SHARE + 1_000)
        divide()
        assert (awarded(), *stands(watched.creator)) == (0, -1_000, 0)


class TestWhatSheIsTold:
    def told(self, creator: Creator) -> tuple[int, int | None, int | None]:
        """Hers, what of it waits, what went to the claimant."""
        client = APIClient()
        client.force_login(creator.user)
        (month,) = client.get(reverse("api-studio-pool")).json()
        minors = (int(month[name]["minor"]) if month[name] else None for name in ("amount", "waits", "awarded"))
        amount, waits, went = minors
        assert amount is not None
        return amount, waits, went

    def page(self, creator: Creator) -> str:
        client = Client()
        client.force_login(creator.user)
        return client.get(reverse("payments:pool")).content.decode()

    def test_what_waits_is_hers_and_said_to_wait(self, watched: Course) -> None:
        claim(watched)
        divide()
        assert self.told(watched.creator) == (SHARE, SHARE, None)
        assert "Of it $63.00 waits" in Mail.objects.get(key__startswith="pool:").text
        assert "Of it $63.00 waits" in self.page(watched.creator)

    def test_what_was_awarded_is_not_hers_and_no_mail_says_so(self, watched: Course) -> None:
        end(claim(watched), AWARD)
        divide()
        assert self.told(watched.creator) == (0, None, SHARE)
        assert not Mail.objects.filter(key__startswith="pool:").exists()
        assert "Besides, $63.00 went to somebody" in self.page(watched.creator)

    def test_of_two_courses_the_mail_names_what_is_hers(self, watched: Course) -> None:
        watches(cast.lin(), course_of("Ada", "Songs"), 0, 100)
        end(claim(watched), AWARD)
        divide()
        assert self.told(watched.creator) == (SHARE // 2, None, SHARE // 2)
        text = Mail.objects.get(key__startswith="pool:").text
        assert "Your part is $31.50" in text
        assert "$63.00" not in text

    def test_unclaimed_it_is_hers(self, watched: Course) -> None:
        divide()
        assert self.told(watched.creator) == (SHARE, None, None)
        assert "waits" not in Mail.objects.get(key__startswith="pool:").text


class TestVerdicts:
    def test_of_two_claims_the_second_has_what_the_first_let_go(self, watched: Course) -> None:
        """Also one that began long after the division."""
        first = claim(watched)
        divide()
        second = claim(watched, "claim:2")
        end(first, BACK)
        assert stands(watched.creator) == (0, SHARE)
        end(second, AWARD)
        assert (awarded(), *stands(watched.creator)) == (SHARE, 0, 0)

    def test_control_where_both_are_rejected_it_is_its_creators(self, watched: Course) -> None:
        first, second = claim(watched), claim(watched, "claim:2")
        divide()
        end(first, BACK)
        end(second, BACK)
        assert stands(watched.creator) == (SHARE, 0)

    def test_upheld_before_it_is_divided_it_is_the_claimants_too(self, watched: Course) -> None:
        end(claim(watched), AWARD)
        divide()
        assert (awarded(), *stands(watched.creator)) == (SHARE, 0, 0)

    def test_upheld_before_the_watching_began_it_is_its_creators(self, lin: User, pots: Course) -> None:
        end(claim(pots), AWARD)
        clock.advance(65 * DAY)
        member(lin)
        watches(lin, pots, 0, 100)
        divide()
        assert stands(pots.creator) == (SHARE, 0)

    def test_of_a_month_that_waited_for_long_it_is_the_claimants(self, watched: Course) -> None:
        """Disputed over three months; the claim was upheld in the first one."""
        month = MembershipMonth.objects.get()
        month.order.items.update(disputed_at=clock.now())
        until_due()
        end(claim(watched), AWARD)
        CourseEscrow.objects.update(closed_at=month.ends_at - DAY)
        clock.advance(90 * DAY)
        month.order.items.update(disputed_at=None)
        dividing.follow()
        assert (awarded(), *stands(watched.creator)) == (SHARE, 0, 0)
        charge_all()

    def test_end_to_end_of_a_course_without_any_sale(self, watched: Course, ada: User, sam: User) -> None:
        bea = make_creator(cast.person("Bea"), "Bea Glazes")
        divide()
        step = claims.decide(claims.disputed(bea.user, sam, watched.slug), sam, "uphold")
        assert (awarded(), *stands(watched.creator)) == (SHARE, 0, 0)
        appeal = appeals.make(step.measure, ada, "No")
        assert income.follow() == 0
        answer_appeal(appeal, kim(), verdict="upheld", reason="It stands")
        assert income.follow() == 1
        assert income.follow() == 0
        assert (awarded(), *stands(bea)) == (0, SHARE, 0)
        assert Mail.objects.filter(key__startswith="rights-award-paid:", to=bea.user.email).count() == 1
        measures.reverse(step.measure, kim(), reason="A license was found")
        assert (stands(bea), stands(watched.creator)) == ((0, 0), (SHARE, 0))
        claim(watched, "again")
        assert stands(watched.creator) == (0, SHARE)

    def test_what_is_divided_after_the_verdict_is_paid_to_the_claimant_too(
        self, watched: Course, ada: User, sam: User
    ) -> None:
        bea = make_creator(cast.person("Bea"), "Bea Glazes")
        step = claims.decide(claims.disputed(bea.user, sam, watched.slug), sam, "uphold")
        answer_appeal(appeals.make(step.measure, ada, "No"), kim(), verdict="upheld", reason="It stands")
        assert income.follow() == 0
        divide()
        assert income.follow() == 1
        assert (awarded(), *stands(bea)) == (0, SHARE, 0)

    def test_co_authors_parts_wait_each_by_itself(self, lin: User, pots: Course) -> None:
        bea = make_creator(cast.person("Bea"), "Bea Bakes")
        splits.accept(splits.propose(pots, [(bea, 3_333)], by=pots.creator.user), by=bea.user)
        member(lin)
        watches(lin, pots, 0, 100)
        divide()
        filed = claims.filed(cast.cole(), pots.slug)
        rights.admit(filed, cast.sam())
        assert (stands(pots.creator), stands(bea)) == ((0, 4_201), (0, 2_099))
        assert Mail.objects.filter(to=bea.user.email, key__startswith="rights").exists()


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    """A claim begins while the part is booked: in the escrow, and never free for a payout."""

    @pytest.fixture
    def division(self, watched: Course) -> PoolDivision:
        until_due()
        found = dividing.divide("USD", MembershipMonth.objects.get().ends_at.date().replace(day=1))
        assert found
        return found

    def met(self, division: PoolDivision, course: Course) -> tuple[int, int]:
        acts = [lambda: booking.book(division), lambda: claim(course)]
        with taken_away(lingering("payments_ledgerentry"), lingering("payments_courseescrow")):
            at_once(lambda n: acts[n](), 2)
            found = stands(course.creator)
            assert books_hold()
        return found

    def test_it_is_held(self, division: PoolDivision, pots: Course) -> None:
        assert self.met(division, pots) == (0, SHARE)

    def test_control_without_the_queue_it_slips_out(
        self, division: PoolDivision, pots: Course, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(CourseEscrowQuerySet, "queue", lambda rows, course: None)
        assert self.met(division, pots) == (SHARE, 0)


@pytest.mark.django_db(transaction=True)
class TestAVerdictAndARefundAtOnce:
    """A part and a sale of one course go back to its creator, who gives the sale back at this moment: she has the sale
    and asks for her balance.
    """

    def met(self, watched: Course, monkeypatch: pytest.MonkeyPatch, hold: Any) -> str:
        """The verdict stays in the middle of its transaction, once it has taken its locks by `hold`."""
        shop.buy(cast.cole(), [watched])
        item = OrderItem.objects.get(course=watched)
        row = claim(watched)
        divide()
        assert stands(watched.creator)[1] > SHARE

        def stays(sales: list[int], owners: set[int]) -> None:
            hold(sales, owners)
            wait_here()

        def give_back() -> None:
            wait_for_somebody_inside()
            refunds.refund(item, by=watched.creator.user, reason="Kind")

        def act(n: int) -> str:
            try:
                acts[n]()
            except OperationalError as error:  # each waited for the other
                return str(error)
            return ""

        acts = [lambda: end(row, BACK), give_back]
        monkeypatch.setattr(escrow, "_hold", stays)
        return " ".join(at_once(act, 2))

    def test_neither_waits_for_the_other(self, watched: Course, monkeypatch: pytest.MonkeyPatch) -> None:
        assert self.met(watched, monkeypatch, escrow._hold) == " "
        monkeypatch.undo()
        assert stands(watched.creator)[1] == 0
        shop.send_refunds()
        assert stands(watched.creator)[0] == SHARE
        assert books_hold()

    def test_control_with_the_balances_first_each_would(self, watched: Course, monkeypatch: pytest.MonkeyPatch) -> None:
        def balances_alone(_sales: list[int], owners: set[int]) -> None:
            LedgerBalance.objects.hold_available(owners)

        assert "deadlock" in self.met(watched, monkeypatch, balances_alone)
