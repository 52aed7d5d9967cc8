"""Which seconds count for a course in the pool of the pass: watched when, and by which right."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from courses.models import Course
from creators.models import Creator, Suspension
from learners.models import Enrollment
from marketplace.lib import clock
from payments import escrow, ledger, refunds, splits
from payments.instalments import paying
from payments.models import AccountKind, CourseEscrow, MembershipCourse, MembershipMonth, MembershipOpening, PassListing
from tests import cast
from tests.creators.factories import make_creator
from tests.faults.taken_away import take_away, triggers
from tests.payments import in_parts, shop
from tests.payments.held import books_hold
from tests.payments.membered import join, offer_of, open_course
from tests.payments.pooled import DAY, course_of, divide, leave, listed, member, the_pass, watches

pytestmark = pytest.mark.django_db
SHARE = 630  # of 9.00 USD, 70 %
TICK = timedelta(microseconds=1)


@pytest.fixture
def pots(ada: User) -> Course:
    the_pass()
    return course_of("Ada", "Pots")


@pytest.fixture
def songs(ada: User) -> Course:
    return course_of("Bo", "Songs")


@pytest.fixture(autouse=True)
def _books_hold() -> Iterator[None]:
    yield
    assert books_hold()


def balance(kind: AccountKind, owner: int | None = None) -> int:
    return ledger.balance(kind, owner, "USD", "sandbox").minor


def has(course: Course) -> int:
    return balance(AccountKind.CREATOR_AVAILABLE, course.creator_id)


def shared(course: Course, coauthor: Creator, bps: int) -> None:
    split = splits.propose(course, [(coauthor, bps)], by=course.creator.user)
    splits.accept(split, by=coauthor.user)


class TestWhatCounts:
    def test_a_second_counts_once_a_month(self, lin: User, pots: Course, songs: Course) -> None:
        member(lin)
        for _n in range(3):
            watches(lin, pots, 0, 100)
        watches(lin, songs, 0, 100)
        (division,) = divide()
        assert division.seconds == 200
        assert has(pots) == has(songs) == SHARE // 2

    def test_only_while_the_course_took_part(self, lin: User, pots: Course, songs: Course) -> None:
        member(lin)
        watches(lin, pots, 0, 100)
        watches(lin, songs, 0, 100)
        PassListing.objects.lift(songs, by=songs.creator.user)
        watches(lin, songs, 100, 900)
        (division,) = divide()
        assert division.seconds == 200

    def test_not_what_was_watched_before_the_month(self, lin: User, pots: Course) -> None:
        member(lin)
        watches(lin, pots, 0, 100)
        watches(lin, pots, 100, 900, at=timezone.now() - 3 * DAY)
        (division,) = divide()
        assert division.seconds == 100

    def test_a_report_counts_in_the_month_in_which_it_comes_in(self, lin: User, pots: Course) -> None:
        """At the first moment of a month it does, at its end it is of the next one: here of none."""
        member(lin)
        open_course(lin, pots)
        starts, ends = MembershipMonth.objects.get().starts_at, timezone.now()
        take_away(triggers("payments_membershipmonth"))
        MembershipMonth.objects.update(ends_at=ends)
        MembershipOpening.objects.update(opened_at=starts - DAY)
        PassListing.objects.update(placed_at=starts - DAY)
        for first, at in ((10, starts - TICK), (20, starts), (30, ends - TICK), (40, ends)):
            watches(lin, pots, first, first + 5, at=at)
        (division,) = divide()
        assert division.seconds == 5 + 5

    def test_a_course_counts_up_to_the_moment_in_which_it_leaves(self, lin: User, pots: Course) -> None:
        member(lin)
        watches(lin, pots, 0, 10)
        left = timezone.now()
        PassListing.objects.update(lifted_at=left)
        watches(lin, pots, 10, 15, at=left)
        watches(lin, pots, 20, 21, at=left - TICK)
        (division,) = divide()
        assert division.seconds == 11


class TestACourseThatIsHersOtherwise:
    @pytest.mark.parametrize("days", [0, 60])
    def test_counts_until_she_bought_it(self, lin: User, pots: Course, songs: Course, days: int) -> None:
        """Also where that was after the month, before it is divided."""
        member(lin)
        for course in (pots, songs):
            watches(lin, course, 0, 100)
        leave()
        if days:
            clock.advance(days * DAY)
        shop.buy(lin, [songs])
        assert lin.enrollments.get(course=songs).source == "purchase"
        if not days:
            watches(lin, songs, 100, 900)
        (division,) = divide()
        assert division.seconds == 200
        assert has(songs) == has(pots) == SHARE // 2

    def test_control_by_the_present_right_it_would_count_as_nothing(
        self, lin: User, pots: Course, songs: Course
    ) -> None:
        member(lin)
        for course in (pots, songs):
            watches(lin, course, 0, 100)
        shop.buy(lin, [songs])
        Enrollment.objects.filter(course=songs).update(owned_at=None)
        (division,) = divide()
        assert division.seconds == 100

    def test_given_to_her_it_counts_no_more(self, lin: User, pots: Course) -> None:
        member(lin)
        watches(lin, pots, 0, 100)
        Enrollment.objects.grant(learner=lin, course=pots, source="staff")
        watches(lin, pots, 100, 900)
        (division,) = divide()
        assert division.seconds == 100

    def test_given_back_it_counts_again(self, lin: User, pots: Course, songs: Course) -> None:
        member(lin)
        watches(lin, songs, 0, 10)
        order = shop.buy(lin, [songs])
        watches(lin, songs, 100, 200)
        refunds.refund(order, by=cast.fay(), reason="Kind")
        shop.send_refunds()
        assert lin.enrollments.get(course=songs, ended_at=None).source == "membership"
        watches(lin, songs, 200, 207)
        (division,) = divide()
        assert division.seconds == 17

    def test_by_its_creators_membership_it_counts_for_that_one(self, lin: User, pots: Course, songs: Course) -> None:
        own = join(lin, offer_of(songs.creator))
        member(lin)
        watches(lin, songs, 0, 100)
        watches(lin, pots, 0, 100)
        own.end(own.EndReason.CANCELED, clock.now())
        assert open_course(lin, songs).reference != own.reference
        watches(lin, songs, 100, 130)
        (division,) = divide()
        assert division.seconds == 130

    def test_what_an_earlier_membership_had_opened_counts_for_the_pass(self, lin: User, songs: Course) -> None:
        """The pass's first month wakes it; nobody opens it again."""
        the_pass()
        own = join(lin, offer_of(songs.creator))
        open_course(lin, songs)
        own.end(own.EndReason.CANCELED, clock.now())
        member(lin)
        watches(lin, songs, 0, 30)
        (division,) = divide()
        assert division.seconds == 30

    def test_by_the_pass_first_it_counts_until_its_creators_membership_takes_it_over(
        self, lin: User, pots: Course, songs: Course
    ) -> None:
        member(lin)
        watches(lin, songs, 0, 100)
        join(lin, offer_of(songs.creator))
        watches(lin, songs, 100, 120)
        open_course(lin, songs)
        watches(lin, songs, 200, 900)
        (division,) = divide()
        assert division.seconds == 100

    @pytest.mark.parametrize("is_lifted", [True, False])
    def test_let_go_by_its_creators_membership_it_counts_for_the_pass_that_opens_it(
        self, lin: User, pots: Course, songs: Course, is_lifted: bool
    ) -> None:
        """While she goes on paying for that membership. The control: not let go, it is by that one."""
        MembershipCourse.objects.place(songs, by=songs.creator.user)
        own = join(lin, offer_of(songs.creator, opens="marked"))
        member(lin)
        watches(lin, pots, 0, 10)
        open_course(lin, songs)
        watches(lin, songs, 0, 100)
        if is_lifted:
            MembershipCourse.objects.lift(songs, by=songs.creator.user)
        assert (open_course(lin, songs).reference != own.reference) is is_lifted
        watches(lin, songs, 100, 130)
        (division,) = divide()
        assert division.seconds == 10 + (30 if is_lifted else 0)

    def test_what_passes_from_one_to_another_and_back_counts_for_who_opens_it(
        self, lin: User, pots: Course, songs: Course
    ) -> None:
        MembershipCourse.objects.place(songs, by=songs.creator.user)
        own = join(lin, offer_of(songs.creator, opens="marked"))
        member(lin)
        for n in range(4):  # by its creator's, by the pass, and again
            listing = MembershipCourse.objects.lift if n % 2 else MembershipCourse.objects.place
            listing(songs, by=songs.creator.user)
            assert (open_course(lin, songs).reference == own.reference) is (n % 2 == 0)
            watches(lin, songs, 100 * n, 100 * n + 2**n)
        assert MembershipOpening.objects.count() == 4
        open_course(lin, songs)
        assert MembershipOpening.objects.count() == 4
        (division,) = divide()
        assert division.seconds == 2 + 8

    def test_bought_in_parts_and_paused_it_counts_while_the_pass_opens_it(self, lin: User, pots: Course) -> None:
        """And no more once she pays again; nor before it is opened."""
        course = listed(in_parts.course_in_parts(title="Kilns"))
        plan = in_parts.begin(lin, course)
        in_parts.banks_answer("card_declined")
        for _each in range(3):
            in_parts.take_next(plan)
        in_parts.banks_answer("")
        member(lin)
        watches(lin, course, 0, 500)
        assert open_course(lin, course).open_by
        watches(lin, course, 500, 520)
        shop.pay(paying.pay(plan, by=lin))
        shop.deliver_all()
        assert lin.enrollments.get(course=course).paused_at is None
        watches(lin, course, 600, 900)
        watches(lin, pots, 0, 1)
        (division,) = divide()
        assert division.seconds == 20 + 1

    def test_lent_by_the_pass_then_bought_in_parts_it_is_hers_until_it_is_paused(self, lin: User, pots: Course) -> None:
        course = listed(in_parts.course_in_parts(title="Kilns"))
        member(lin)
        watches(lin, course, 0, 10)
        in_parts.begin(lin, course)
        watches(lin, course, 10, 500)
        reference = lin.enrollments.get(course=course).reference
        Enrollment.objects.pause(reference, timezone.now())
        assert open_course(lin, course).open_by
        watches(lin, course, 500, 520)
        assert MembershipOpening.objects.count() == 2
        (division,) = divide()
        assert division.seconds == 30
        Enrollment.objects.resume(reference)


class TestWhoseCoursesAreLeftOut:
    def test_one_that_is_taken_down(self, lin: User, cole: User, pots: Course, songs: Course) -> None:
        for person, course in ((lin, pots), (cole, songs)):
            member(person)
            watches(person, course, 0, 100)
        pots.take_down(by=cast.sam(), rule_code="CP-1", reason="Copied")
        (division,) = divide()
        assert (division.rest_minor, has(pots), has(songs)) == (SHARE, 0, 2 * SHARE)

    def test_not_one_that_somebody_claims_whose_income_it_may_be(
        self, lin: User, cole: User, pots: Course, songs: Course
    ) -> None:
        for person, course in ((lin, pots), (cole, songs)):
            member(person)
            watches(person, course, 0, 100)
        escrow.begin(pots, cause="claim:1", by=cast.sam())
        pots.take_down(by=cast.sam(), rule_code="CP-1", reason="Copied")
        (division,) = divide()
        assert (division.rest_minor, has(pots), has(songs)) == (0, 0, SHARE)
        assert balance(AccountKind.RIGHTS_ESCROW, pots.creator_id) == SHARE

    @pytest.mark.parametrize("years", [2, 0])
    def test_an_award_of_long_ago_brings_nobody_in(
        self, lin: User, cole: User, pots: Course, songs: Course, years: int
    ) -> None:
        """Of a creator who is suspended now. The control is one of this month: then it is the claimant's."""
        row = escrow.begin(pots, cause="claim:1", by=cast.sam())
        escrow.end(row, "award", by=cast.sam())
        for person, course in ((lin, pots), (cole, songs)):
            member(person)
            watches(person, course, 0, 100)
        closed_at = clock.now() - years * 365 * DAY
        CourseEscrow.objects.update(opened_at=closed_at - DAY, closed_at=closed_at)
        Suspension.objects.suspend(creator=pots.creator, by=cast.sam(), rule_code="CP-1", reason="Copies")
        (division,) = divide()
        went = balance(AccountKind.RIGHTS_AWARDED)
        assert (division.rest_minor, went, has(pots)) == ((SHARE, 0, 0) if years else (0, SHARE, 0))

    def test_not_ones_own_course_nor_one_that_one_shares_in(self, ada: User, lin: User, pots: Course) -> None:
        bea = make_creator(cast.person("Bea"), "Bea Bakes")
        member(bea.user)
        open_course(bea.user, pots)
        shared(pots, bea, 3_000)
        member(lin)
        watches(bea.user, pots, 0, 500)
        watches(lin, pots, 0, 100)
        (division,) = divide()
        assert division.seconds == 100

    def test_nothing_of_whose_account_is_suspended(self, lin: User, cole: User, pots: Course, songs: Course) -> None:
        for person, course in ((lin, pots), (cole, songs)):
            member(person)
            watches(person, course, 0, 100)
        User.objects.filter(pk=lin.pk).update(rests_since=timezone.now())
        (division,) = divide()
        assert (division.rest_minor, has(pots), has(songs)) == (SHARE, 0, 2 * SHARE)

    def test_nothing_for_a_creator_who_is_suspended(self, lin: User, cole: User, pots: Course, songs: Course) -> None:
        for person, course in ((lin, pots), (cole, songs)):
            member(person)
            watches(person, course, 0, 100)
        Suspension.objects.suspend(creator=pots.creator, by=cast.sam(), rule_code="CP-1", reason="Copies")
        divide()
        assert (has(pots), has(songs)) == (0, 2 * SHARE)
