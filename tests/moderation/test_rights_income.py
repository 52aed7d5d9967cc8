"""Income of a claimed course: in escrow while the claim is open, and right for both sides after each verdict.

Every scene ends with the invariants of the books.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError
from django.db.models import Q
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from accounts.models import User
from courses.models import Course
from creators.models import Creator
from marketplace.lib import clock
from marketplace.lib.money import Money
from moderation import appeals, measures, rights
from moderation.rights import income, weighing
from moderation.rights.verdicts import EarlierClaimIsOpen, Verdict
from payments import disputes, escrow, invariants, payouts, refunds, releases, splits
from payments.incomes.sales import Chosen, SaleState, sales_of
from payments.models import AccountKind, CourseEscrow, EscrowedShare, Order, Payout, PayoutItem, ReserveRule
from payments.models.course_escrow import CourseEscrowQuerySet
from tests import cast
from tests.courses.factories import make_course
from tests.creators.factories import make_creator
from tests.faults.meeting import wait_for_somebody_inside
from tests.faults.taken_away import lingering, meeting, taken_away
from tests.moderation import claims
from tests.moderation.decisions import answer_appeal
from tests.moderation.factories import kim
from tests.moderation.test_measures import refund_all
from tests.payments import sales, shop
from tests.payments.books import stands
from tests.payments.crowd import at_once
from tests.payments.test_disputes import open_dispute

pytestmark = pytest.mark.django_db
PENDING, AVAILABLE, ESCROW = AccountKind.CREATOR_PENDING, AccountKind.CREATOR_AVAILABLE, AccountKind.RIGHTS_ESCROW
SHARE = 1499  # of 19.99 USD, 75 %
A_HOLD = timedelta(days=32)


@pytest.fixture
def course(ada: User) -> Course:
    return make_course(title="Glazes")


@pytest.fixture(autouse=True)
def _books_hold(request: Any) -> Iterator[None]:
    yield
    if "transaction" not in request.keywords:
        assert [found for found in invariants.breaks().values() if found] == []


def of(person: User | Creator, kind: AccountKind, currency: str = "USD") -> int:
    creator = person if isinstance(person, Creator) else person.creator
    return stands(kind, creator.pk, currency)


def awarded(currency: str = "USD") -> int:
    return stands(AccountKind.RIGHTS_AWARDED, None, currency)


def released(buyer: User, course: Course) -> Order:
    order = shop.buy(buyer, [course])
    clock.advance(A_HOLD)
    releases.free_due()
    return order


class TestWhileTheClaimIsOpen:
    def test_what_is_pending_and_what_is_sold_later_waits(
        self, course: Course, ada: User, lin: User, sam: User
    ) -> None:
        shop.buy(lin, [course])
        assert of(ada, PENDING) == SHARE
        claim = claims.admitted(cast.cole(), sam)
        assert (of(ada, PENDING), of(ada, ESCROW)) == (0, SHARE)
        shop.buy(cast.person("Nell"), [course])
        escrow.follow()
        escrow.follow()
        assert (of(ada, PENDING), of(ada, ESCROW)) == (0, 2 * SHARE)
        assert income.in_escrow(claim) == [Money(2 * SHARE, "USD")]
        clock.advance(A_HOLD)
        assert releases.free_due() == 0
        assert of(ada, AVAILABLE) == 0

    def test_a_claim_that_is_not_admitted_holds_nothing(self, course: Course, ada: User, lin: User) -> None:
        shop.buy(lin, [course])
        claims.filed(cast.cole())
        assert of(ada, PENDING) == SHARE
        assert not CourseEscrow.objects.exists()

    def test_other_courses_of_the_creator_go_on(self, course: Course, ada: User, lin: User, sam: User) -> None:
        claims.admitted(cast.cole(), sam)
        released(lin, make_course(title="Kilns"))
        assert (of(ada, AVAILABLE), of(ada, ESCROW)) == (SHARE, 0)

    def test_what_is_available_and_not_paid_out_is_taken_and_what_was_paid_stays(
        self, course: Course, ada: User, lin: User, sam: User, fay: User
    ) -> None:
        dear = make_course(title="Kilns", price=Money(10000, "USD"))
        paid, waiting = released(lin, dear), None
        sales.ready_account(ada.creator)
        payouts.start(fay)
        sales.carry_out_runs()
        sales.submit_all()
        assert Payout.objects.get().amount == Money(7500, "USD")
        waiting = released(cast.person("Nell"), dear)
        claims.admitted(cast.cole(), sam, "kilns")
        assert (of(ada, AVAILABLE), of(ada, ESCROW)) == (0, 7500)
        assert {row.share.item.order for row in EscrowedShare.objects.all()} == {waiting}
        payouts.start(fay)
        sales.carry_out_runs()
        assert {row.share.item.order for row in PayoutItem.objects.all()} == {paid}

    def test_a_debt_of_other_sales_is_not_made_greater(
        self, course: Course, ada: User, lin: User, sam: User, fay: User
    ) -> None:
        other = make_course(title="Kilns")
        first = shop.buy(lin, [other])
        released(lin, course)
        refunds.refund(first, by=fay, reason="asked")
        shop.send_refunds()
        assert of(ada, AVAILABLE) == SHARE
        released(cast.person("Nell"), other)
        assert of(ada, AVAILABLE) == 2 * SHARE
        claims.admitted(cast.cole(), sam)
        assert (of(ada, AVAILABLE), of(ada, ESCROW)) == (SHARE, SHARE)

    def test_the_reserve_of_its_sales_is_taken_too(
        self, course: Course, ada: User, lin: User, sam: User, fay: User
    ) -> None:
        ReserveRule.objects.place(by=fay, creator=ada.creator, bps=1000, days=60, reason="New")
        released(lin, course)
        kept = of(ada, AccountKind.CREATOR_RESERVE)
        assert kept > 0
        claim = claims.admitted(cast.cole(), sam)
        assert (of(ada, AccountKind.CREATOR_RESERVE), of(ada, ESCROW)) == (0, SHARE)
        rights.withdraw(claim, cast.cole())
        assert of(ada, AVAILABLE) == SHARE

    def test_the_creator_sees_it_in_her_earnings(
        self, course: Course, ada: User, lin: User, sam: User, client: Client
    ) -> None:
        shop.buy(lin, [course])
        claim = claims.admitted(cast.cole(), sam)
        client.force_login(ada)
        page = client.get(reverse("payments:earnings")).content.decode()
        assert "In escrow" in page
        (usd,) = client.get("/api/v1/earnings/").json()["balances"]
        assert (usd["escrow"]["minor"], usd["pending"]["minor"]) == (str(SHARE), "0")
        assert "14.99" in client.get(reverse("rights:claim", args=[claim.pk])).content.decode()
        assert [sale.pk for sale in sales_of(ada.creator, Chosen(state=SaleState.ESCROW))]


class TestRefundsMeanwhile:
    def test_are_given_from_the_escrow(self, course: Course, ada: User, lin: User, sam: User, fay: User) -> None:
        order = shop.buy(lin, [course])
        claim = claims.disputed(cast.cole(), sam)
        refunds.refund(order.items.get(), by=fay, reason="asked", amount=Money(1000, "USD"), ends_access=False)
        shop.send_refunds()
        given = SHARE - of(ada, ESCROW)
        assert given == 750
        assert of(ada, PENDING) == 0
        claims.decide(claim, sam, "reject")
        assert (of(ada, PENDING), of(ada, ESCROW)) == (SHARE - 750, 0)
        clock.advance(A_HOLD)
        releases.free_due()
        assert of(ada, AVAILABLE) == SHARE - 750

    def test_one_that_was_asked_before_takes_its_part_where_it_is_then(
        self, course: Course, ada: User, lin: User, sam: User, fay: User
    ) -> None:
        order = shop.buy(lin, [course])
        refunds.refund(order, by=fay, reason="asked")
        claims.admitted(cast.cole(), sam)
        assert of(ada, ESCROW) == SHARE
        shop.send_refunds()
        assert (of(ada, ESCROW), of(ada, PENDING)) == (0, 0)

    def test_a_lost_dispute_too(self, course: Course, ada: User, lin: User, sam: User) -> None:
        order = shop.buy(lin, [course])
        claim = claims.disputed(cast.cole(), sam)
        found = open_dispute(order)
        claims.decide(claim, sam, "uphold")
        clock.advance(A_HOLD)
        escrow.follow()
        assert (awarded(), of(ada, ESCROW)) == (0, SHARE)  # the bank has not decided
        disputes.take(found.provider_dispute_id)  # which it did by now: nobody has answered
        assert (awarded(), of(ada, ESCROW), of(ada, AVAILABLE)) == (0, 0, 0)

    def test_after_the_award_are_the_creator_s_debt(
        self, course: Course, ada: User, lin: User, sam: User, fay: User
    ) -> None:
        order = shop.buy(lin, [course])
        claim = claims.disputed(cast.cole(), sam)
        clock.advance(A_HOLD)
        claims.decide(claim, sam, "uphold")
        assert awarded() == SHARE
        refunds.refund(order, by=fay, reason="asked")
        shop.send_refunds()
        assert (awarded(), of(ada, AVAILABLE)) == (SHARE, -SHARE)


class TestAfterTheVerdict:
    @pytest.mark.parametrize("end", ["reject", "settle", "withdraw", "lapse"])
    def test_everything_is_the_creator_s_again(self, course: Course, ada: User, lin: User, sam: User, end: str) -> None:
        cole = cast.cole()
        released(lin, course)
        shop.buy(cast.person("Nell"), [course])
        claim = claims.countered(cole, sam)
        assert of(ada, ESCROW) == 2 * SHARE
        if end == "withdraw":
            rights.withdraw(claim, cole)
        elif end == "lapse":
            assert claim.due_at is not None
            rights.run_out(claim.due_at)
        else:
            claims.decide(claim, sam, end)
        assert (of(ada, AVAILABLE), of(ada, PENDING), of(ada, ESCROW), awarded()) == (SHARE, SHARE, 0, 0)
        clock.advance(A_HOLD)
        releases.free_due()
        assert of(ada, AVAILABLE) == 2 * SHARE

    def test_upheld_it_is_the_claimant_s_as_each_sale_s_hold_ends(
        self, course: Course, ada: User, lin: User, sam: User
    ) -> None:
        released(lin, course)
        shop.buy(cast.person("Nell"), [course])
        step = claims.decide(claims.disputed(cast.cole(), sam), sam, "uphold")
        assert (awarded(), of(ada, ESCROW), of(ada, AVAILABLE)) == (SHARE, SHARE, 0)
        clock.advance(A_HOLD)
        escrow.follow()
        releases.free_due()
        assert (awarded(), of(ada, ESCROW), of(ada, AVAILABLE)) == (2 * SHARE, 0, 0)
        assert CourseEscrow.objects.get().settled_at is not None
        shop.buy(cast.person("Olga"), [course])
        escrow.follow()
        assert of(ada, PENDING) == SHARE  # the claim is over
        assert step.claim.escrow_id

    def test_it_is_paid_to_a_claimant_who_is_a_creator_once_it_is_final(
        self, course: Course, ada: User, lin: User, sam: User
    ) -> None:
        bea = make_creator(cast.person("Bea"), "Bea Glazes")
        released(lin, course)
        step = claims.decide(claims.disputed(bea.user, sam), sam, "uphold")
        assert income.follow() == 0
        appeal = appeals.make(step.measure, ada, "No")
        assert income.follow() == 0
        answer_appeal(appeal, kim(), verdict="upheld", reason="It stands")
        assert income.follow() == 1
        assert income.follow() == 0
        assert (awarded(), of(bea, AVAILABLE)) == (0, SHARE)

    def test_overturned_it_is_the_creator_s_again_also_what_was_paid(
        self, course: Course, ada: User, lin: User, sam: User
    ) -> None:
        bea = make_creator(cast.person("Bea"), "Bea Glazes")
        released(lin, course)
        shop.buy(cast.person("Nell"), [course])
        step = claims.decide(claims.disputed(bea.user, sam), sam, "uphold")
        answer_appeal(appeals.make(step.measure, ada, "No"), kim(), verdict="upheld", reason="It stands")
        income.follow()
        measures.reverse(step.measure, kim(), reason="A license was found")
        assert (of(ada, AVAILABLE), of(ada, PENDING), of(ada, ESCROW)) == (SHARE, SHARE, 0)
        assert (awarded(), of(bea, AVAILABLE)) == (0, 0)

    def test_overturned_by_an_appeal_before_that(self, course: Course, ada: User, lin: User, sam: User) -> None:
        released(lin, course)
        step = claims.decide(claims.disputed(cast.cole(), sam), sam, "uphold")
        answer_appeal(appeals.make(step.measure, ada, "Mine"), kim(), verdict="overturned", reason="So it is")
        assert (of(ada, AVAILABLE), awarded()) == (SHARE, 0)
        clock.advance(A_HOLD)
        assert releases.free_due() == 0

    def test_a_rejection_overturned_holds_it_again(self, course: Course, ada: User, lin: User, sam: User) -> None:
        shop.buy(lin, [course])
        step = claims.decide(claims.disputed(cast.cole(), sam), sam, "reject")
        measures.reverse(step.measure, kim(), reason="Look again")
        assert (of(ada, PENDING), of(ada, ESCROW)) == (0, SHARE)

    def test_learners_can_get_it_and_the_rest_is_the_creator_s(
        self, course: Course, ada: User, lin: User, sam: User
    ) -> None:
        shop.buy(lin, [course])
        shop.buy(cast.person("Nell"), [course])
        claims.decide(claims.disputed(cast.cole(), sam), sam, "uphold", income="learners")
        assert of(ada, ESCROW) == 2 * SHARE
        assert income.follow() == 0
        refund_all()
        assert (of(ada, ESCROW), of(ada, PENDING), awarded()) == (0, 0, 0)
        assert income.follow() == 1
        assert not CourseEscrow.objects.open().exists()

    def test_the_creator_can_keep_it(self, course: Course, ada: User, lin: User, sam: User) -> None:
        shop.buy(lin, [course])
        claims.decide(claims.disputed(cast.cole(), sam), sam, "uphold", income="creator")
        assert (of(ada, PENDING), of(ada, ESCROW)) == (SHARE, 0)

    def test_of_two_claims_the_first_has_it_and_then_the_second(
        self, course: Course, ada: User, lin: User, sam: User
    ) -> None:
        shop.buy(lin, [course])
        first, second = claims.disputed(cast.cole(), sam), claims.disputed(cast.person("Nell"), sam)
        assert income.in_escrow(first) == [Money(SHARE, "USD")]
        assert income.in_escrow(second) == []
        claims.decide(first, sam, "reject")
        assert income.in_escrow(claims.fresh(second)) == [Money(SHARE, "USD")]
        assert of(ada, ESCROW) == SHARE

    def test_an_award_that_is_overturned_is_the_next_claim_s(
        self, course: Course, ada: User, lin: User, sam: User
    ) -> None:
        """Also what was available: its creator could be paid it while a claim on the same course is open."""
        released(lin, course)
        first, second = claims.disputed(cast.cole(), sam), claims.disputed(cast.person("Nell"), sam)
        step = claims.decide(first, sam, "uphold")
        assert (awarded(), of(ada, ESCROW)) == (SHARE, 0)
        answer_appeal(appeals.make(step.measure, ada, "Mine"), kim(), verdict="overturned", reason="So it is")
        assert (awarded(), of(ada, ESCROW), of(ada, AVAILABLE)) == (0, SHARE, 0)
        assert income.in_escrow(claims.fresh(second)) == [Money(SHARE, "USD")]
        claims.decide(second, sam, "reject")
        assert (of(ada, ESCROW), of(ada, AVAILABLE)) == (0, SHARE)

    def test_a_later_claim_is_awarded_nothing_before_the_earlier_one_has_ended(
        self, course: Course, ada: User, lin: User, sam: User, client: Client
    ) -> None:
        """Its award would be one of nothing, for good; who files first and withdraws last could void every award."""
        released(lin, course)
        cole, nell = cast.cole(), cast.person("Nell")
        first, second = claims.disputed(cole, sam), claims.disputed(nell, sam)
        wanted = Verdict("uphold", "Looked at both")
        for refused in (
            lambda: rights.preview(second, sam, wanted),
            lambda: rights.decide(second, sam, wanted, seen=weighing.of(second, wanted).version),
        ):
            with pytest.raises(EarlierClaimIsOpen, match=first.work) as caught:
                refused()
            assert caught.value.facts == {"claim": first.pk}
        assert claims.fresh(second).state == "deciding"
        client.force_login(sam)
        desk = reverse("moderation:rights_claim", args=[second.pk])
        way = reverse("moderation:rights_claim", args=[first.pk])
        assert way in client.get(desk).content.decode()
        assert desk not in client.get(way).content.decode()
        told = {"verdict": "uphold", "income": "claimant", "reason": "Looked at both"}
        page = client.post(reverse("moderation:weigh_claim", args=[second.pk]), told)
        assert page.status_code == 409
        assert "An earlier claim on this course has its income" in page.content.decode()
        api = APIClient()
        api.force_authenticate(sam)
        answer = api.post(reverse("api-moderation-weigh-claim", args=[second.pk]), told, format="json")
        assert (answer.status_code, answer.json()["code"]) == (409, "earlier_claim_is_open")
        assert answer.json()["claim"] == first.pk
        seen = [api.get(reverse("api-moderation-rights-claim", args=[pk])).json() for pk in (first.pk, second.pk)]
        assert [told["earlier"] for told in seen] == [None, first.pk]
        rights.withdraw(first, cole)
        assert way not in client.get(desk).content.decode()
        claims.decide(claims.fresh(second), sam, "uphold")
        assert (awarded(), of(ada, ESCROW), of(ada, AVAILABLE)) == (SHARE, 0, 0)

    @pytest.mark.parametrize(("verdict", "goes_to"), [("uphold", "creator"), ("reject", ""), ("settle", "")])
    def test_a_later_claim_can_be_decided_where_it_is_awarded_nothing(
        self, course: Course, lin: User, sam: User, verdict: str, goes_to: str
    ) -> None:
        released(lin, course)
        first, second = claims.disputed(cast.cole(), sam), claims.disputed(cast.person("Nell"), sam)
        claims.decide(second, sam, verdict, income=goes_to or "claimant")
        assert income.in_escrow(claims.fresh(first)) == [Money(SHARE, "USD")]

    def test_an_award_that_waits_is_not_the_next_claim_s(self, course: Course, ada: User, lin: User, sam: User) -> None:
        shop.buy(lin, [course])
        first, second = claims.disputed(cast.cole(), sam), claims.disputed(cast.person("Nell"), sam)
        claims.decide(first, sam, "uphold")
        claims.decide(second, sam, "reject")
        assert (of(ada, ESCROW), of(ada, PENDING)) == (SHARE, 0)
        clock.advance(A_HOLD)
        releases.free_due()
        escrow.follow()
        assert (awarded(), of(ada, AVAILABLE)) == (SHARE, 0)


class TestOthers:
    def test_co_authors_parts_wait_each_by_itself(self, course: Course, ada: User, lin: User, sam: User) -> None:
        bea = make_creator(cast.person("Bea"), "Bea Glazes")
        splits.accept(splits.propose(course, [(bea, 2000)], by=ada), by=bea.user)
        released(lin, course)
        hers, bea_s = of(ada, AVAILABLE), of(bea, AVAILABLE)
        assert hers + bea_s == SHARE
        claim = claims.disputed(cast.cole(), sam)
        assert (of(ada, ESCROW), of(bea, ESCROW)) == (hers, bea_s)
        claims.decide(claim, sam, "reject")
        assert (of(ada, AVAILABLE), of(bea, AVAILABLE)) == (hers, bea_s)

    def test_each_currency_is_its_own(self, course: Course, ada: User, lin: User, sam: User) -> None:
        shop.buy(lin, [course])
        course.set_price(Money(1000, "JPY"), by=ada)
        shop.buy(cast.person("Nell"), [course])
        claim = claims.disputed(cast.cole(), sam)
        assert (of(ada, ESCROW), of(ada, ESCROW, "JPY")) == (SHARE, 750)
        clock.advance(A_HOLD)
        claims.decide(claim, sam, "uphold")
        assert (awarded(), awarded("JPY")) == (SHARE, 750)


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    """A claim is admitted while a sale of its course is released: the money is in one place alone."""

    @staticmethod
    def met(sam: User, *, without_locks: bool) -> list[str]:
        course = make_course(cast.ada().creator, title="Salt")
        claim = claims.filed(cast.cole(), "salt")
        shop.buy(cast.lin(), [course])
        clock.advance(A_HOLD)
        acts = [lambda: rights.admit(claim, sam), releases.release_due]
        with taken_away(meeting("payments_ledgerentry")):
            at_once(lambda n: acts[n](), 2, without_locks=without_locks)
            escrow.follow()
            found = [line for check in invariants.breaks().values() for line in check]
            kept = EscrowedShare.objects.kept().count()
        return [*found, *([] if kept == 1 else [f"{kept} in escrow"])]

    def test_the_share_is_in_escrow_and_nowhere_else(self, sam: User) -> None:
        assert self.met(sam, without_locks=False) == []

    def test_without_the_locks_it_would_be_in_two_places(self, sam: User) -> None:
        assert self.met(sam, without_locks=True) != []

    @pytest.mark.parametrize("is_swept", [True, False])
    def test_a_sale_in_the_same_moment_is_taken_in_by_the_sweep_and_by_nothing_else(
        self, sam: User, is_swept: bool
    ) -> None:
        """Without the sweep, the control: the two did meet, and the admission did not see the sale. Nothing is released
        then either, since the release asks whether the course is claimed.
        """
        course = make_course(cast.ada().creator, title="Salt")
        claim = claims.filed(cast.cole(), "salt")
        order = shop.start(cast.lin(), [course])
        shop.pay(order)
        acts = [lambda: rights.admit(claim, sam), shop.deliver_all]
        with taken_away(meeting("payments_ledgerentry")):
            at_once(lambda n: acts[n](), 2)
            if is_swept:
                escrow.follow()
            assert EscrowedShare.objects.kept().count() == int(is_swept)
            clock.advance(A_HOLD)
            assert releases.free_due() == 0
            assert [line for check in invariants.breaks().values() for line in check] == []


def two_claims(sam: User, *, is_second_admitted: bool) -> list[Any]:
    """Of one course, of which one sale is released; and what two people do about them at once."""
    course = make_course(cast.ada().creator, title="Salt")
    released(cast.lin(), course)
    cole, nell = cast.cole(), cast.person("Nell")
    first = claims.admitted(cole, sam, "salt")
    second = claims.admitted(nell, sam, "salt") if is_second_admitted else claims.filed(nell, "salt")
    if is_second_admitted:
        return [lambda: rights.withdraw(first, cole), lambda: rights.withdraw(second, nell)]
    return [lambda: rights.withdraw(first, cole), lambda: rights.admit(second, sam)]


def an_award_and_a_claim(sam: User) -> list[Any]:
    """Of one course, of which one sale is released: what was awarded is overturned, and another claim is admitted."""
    course = make_course(cast.ada().creator, title="Salt")
    released(cast.lin(), course)
    step = claims.decide(claims.disputed(cast.cole(), sam, "salt"), sam, "uphold")
    second, reader = claims.filed(cast.person("Nell"), "salt"), kim()
    return [
        lambda: measures.reverse(step.measure, reader, reason="A license was found"),
        lambda: rights.admit(second, sam),
    ]


@pytest.mark.django_db(transaction=True)
class TestTwoClaimsAtOnce:
    """What one claim lets go the other takes in, or nobody does; whatever comes first."""

    @staticmethod
    def met(acts: list[Any], *, without_locks: bool = False, in_turn: bool = False) -> list[str]:
        """`in_turn`: the second begins when the first stands in the middle of its transaction."""

        def act(n: int) -> Any:
            try:
                if n and in_turn:
                    wait_for_somebody_inside()
                return acts[n]()
            except OperationalError as error:  # each waited for the other
                return error

        ended = at_once(act, 2, without_locks=without_locks)
        escrow.follow()
        books = [line for check in invariants.breaks().values() for line in check]
        return [*books, *(str(one) for one in ended if isinstance(one, Exception))]

    def test_both_end_and_neither_waits_for_the_other(self, sam: User) -> None:
        acts = two_claims(sam, is_second_admitted=True)
        with taken_away(meeting("payments_ledgerentry")):
            assert self.met(acts, in_turn=True) == []
            assert (of(cast.ada(), AVAILABLE), of(cast.ada(), ESCROW)) == (SHARE, 0)
            assert not CourseEscrow.objects.open().exists()

    def test_with_a_lock_of_its_own_alone_each_would(self, sam: User, monkeypatch: pytest.MonkeyPatch) -> None:
        def alone(row: CourseEscrow) -> CourseEscrow:
            return CourseEscrow.objects.select_for_update(no_key=True).get(pk=row.pk)

        acts = two_claims(sam, is_second_admitted=True)
        monkeypatch.setattr(CourseEscrow, "hold", alone)
        with taken_away(meeting("payments_ledgerentry")):
            assert "deadlock" in " ".join(self.met(acts, in_turn=True))

    def test_the_one_that_begins_has_what_the_other_let_go(self, sam: User) -> None:
        acts = two_claims(sam, is_second_admitted=False)
        with taken_away(lingering("payments_courseescrow"), lingering("payments_ledgerentry")):
            assert self.met(acts) == []
            assert (of(cast.ada(), AVAILABLE), of(cast.ada(), ESCROW)) == (0, SHARE)

    def test_without_the_locks_what_was_let_go_is_nobody_s(self, sam: User) -> None:
        """The control: the creator could be paid it, though a claim is open."""
        acts = two_claims(sam, is_second_admitted=False)
        with taken_away(lingering("payments_courseescrow"), lingering("payments_ledgerentry")):
            self.met(acts, without_locks=True)
            assert of(cast.ada(), AVAILABLE) == SHARE
            assert CourseEscrow.objects.open().exists()

    @pytest.mark.parametrize("order", [1, -1])
    def test_what_an_overturned_award_let_go_is_the_one_s_that_is_admitted(self, sam: User, order: int) -> None:
        acts = an_award_and_a_claim(sam)[::order]
        with taken_away(lingering("payments_courseescrow"), lingering("payments_ledgerentry")):
            assert self.met(acts, in_turn=True) == []
            assert (of(cast.ada(), AVAILABLE), of(cast.ada(), ESCROW)) == (0, SHARE)

    @pytest.mark.parametrize("order", [1, -1])
    def test_behind_the_locks_of_the_open_ones_alone_it_is_nobody_s(
        self, sam: User, monkeypatch: pytest.MonkeyPatch, order: int
    ) -> None:
        """The control: an award is closed, so nobody waited for the one that overturns it."""

        def open_ones(row: CourseEscrow) -> CourseEscrow:
            which = Q(pk=row.pk) | Q(course=row.course_id, closed_at=None)
            rows = CourseEscrow.objects.select_for_update(no_key=True, of=("self",)).order_by("id").filter(which)
            return next(each for each in list(rows) if each.pk == row.pk)

        acts = an_award_and_a_claim(sam)[::order]
        monkeypatch.setattr(CourseEscrow, "hold", open_ones)
        with taken_away(lingering("payments_courseescrow"), lingering("payments_ledgerentry")):
            self.met(acts, in_turn=True)
            assert (of(cast.ada(), AVAILABLE), of(cast.ada(), ESCROW)) == (SHARE, 0)
            assert CourseEscrow.objects.open().exists()

    def test_of_two_that_begin_at_once_the_later_one_sees_the_first(
        self, sam: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        assert self.seen_by_two_that_begin(sam, monkeypatch) == [1, 2]

    def test_without_their_queue_it_overlooks_it(self, sam: User, monkeypatch: pytest.MonkeyPatch) -> None:
        """The control: each believes that it is the oldest."""
        monkeypatch.setattr(CourseEscrowQuerySet, "queue", lambda rows, course: None)
        assert self.seen_by_two_that_begin(sam, monkeypatch) == [1, 1]

    def seen_by_two_that_begin(self, sam: User, monkeypatch: pytest.MonkeyPatch) -> list[int]:
        """How many escrows of the course each one sees when it takes in."""
        seen: list[int] = []
        take_in = escrow.take_in

        def watched(row: CourseEscrow, **how: Any) -> int:
            seen.append(CourseEscrow.objects.filter(course=row.course_id).count())
            return take_in(row, **how)

        make_course(cast.ada().creator, title="Salt")
        first, second = claims.filed(cast.cole(), "salt"), claims.filed(cast.person("Nell"), "salt")
        monkeypatch.setattr(escrow, "take_in", watched)
        with taken_away(lingering("payments_courseescrow")):
            found = self.met([lambda: rights.admit(first, sam), lambda: rights.admit(second, sam)], in_turn=True)
        assert found == []
        return seen[:2]  # then the sweep's
