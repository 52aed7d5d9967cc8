"""Which of a member's memberships keeps a course open, and when her first month begins."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import User
from courses.models import Course
from learners.models import Enrollment
from learners.models.enrollment import AlreadyEnrolled
from learners.rights import may_learn
from marketplace.lib import clock
from payments.memberships import canceling, rights, taking_back
from payments.models import InstalmentPlan, Membership, MembershipMonth, PassListing
from payments.sandbox import oracle
from tests.courses.factories import make_course
from tests.learners.factories import watch
from tests.payments import in_parts, shop
from tests.payments.held import books_hold, broken
from tests.payments.in_parts import banks_answer
from tests.payments.membered import (
    NINE,
    charge_all,
    club,
    comes,
    fresh,
    join,
    next_month,
    offer_of,
    open_course,
    start,
)

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def right(person: User, course: Course) -> Enrollment:
    return Enrollment.objects.of(person).active().get(course=course)


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=user.pk))
    return client


class TestTwoMemberships:
    """Ada's own, and the pass, which opens the same course."""

    @pytest.fixture
    def both(self, ada: User, lin: User, fay: User) -> tuple[Membership, Membership, Course]:
        offer, course = club()
        PassListing.objects.place(course, by=ada)
        of_pass = join(lin, offer_of(None, NINE, name="The pass", opens="marked"))
        return join(lin, offer), of_pass, course

    def test_what_one_opened_stays_open_by_the_other(
        self, both: tuple[Membership, Membership, Course], lin: User
    ) -> None:
        hers, of_pass, course = both
        open_course(lin, course)
        assert right(lin, course).reference == hers.reference
        taking_back.take_back(hers, by=lin, expected=NINE)
        mine = right(lin, course)
        assert (mine.reference, mine.is_paused) == (of_pass.reference, False)
        assert of_pass.openings.filter(course=course).exists()  # what she watches counts for its months now
        shop.send_refunds()
        assert books_hold()

    def test_one_that_ends_afterwards_closes_it(self, both: tuple[Membership, Membership, Course], lin: User) -> None:
        hers, of_pass, course = both
        open_course(lin, course)
        for membership in (hers, of_pass):
            canceling.cancel(membership, by=lin)
        clock.advance(32 * DAY)
        charge_all()
        assert not Membership.objects.running().exists()
        assert right(lin, course).is_paused
        assert books_hold()

    def test_of_one_that_is_paused_it_passes_to_the_other_too(
        self, both: tuple[Membership, Membership, Course], lin: User
    ) -> None:
        hers, of_pass, course = both
        open_course(lin, course)
        canceling.cancel(hers, by=lin)
        comes(hers)
        charge_all()
        assert fresh(hers).state == "ended"
        assert fresh(of_pass).last_month == 2
        assert right(lin, course).reference == of_pass.reference
        assert may_learn(lin, course.pk)


def test_what_she_watches_after_coming_back_counts(ada: User, lin: User) -> None:
    """What earlier memberships had opened is the new one's, also for its meter."""
    offer, course = club()
    membership = join(lin, offer)
    open_course(lin, course)
    canceling.cancel(membership, by=lin)
    comes(membership)
    charge_all()
    again = join(lin, offer)
    assert may_learn(lin, course.pk)
    for lesson in course.live_lessons():
        watch(lin, lesson, lesson.duration_s)
    shown = taking_back.of(again)
    assert shown
    assert shown.watched.seconds
    assert not shown.amount


class TestACourseInParts:
    """Its plan is paused: a part did not come."""

    @pytest.fixture
    def paused(self, ada: User, lin: User) -> tuple[InstalmentPlan, Membership, Course]:
        course = in_parts.course_in_parts()
        plan = in_parts.begin(lin, course)
        banks_answer("card_declined")
        for _each in range(3):
            in_parts.take_next(plan)
        assert right(lin, course).is_paused
        banks_answer("")
        return plan, join(lin, offer_of(course.creator)), course

    def test_is_opened_by_a_membership(self, paused: tuple[InstalmentPlan, Membership, Course], lin: User) -> None:
        plan, membership, course = paused
        client = client_of(lin)
        page = client.get(course.get_absolute_url()).content.decode()
        assert "Open this course" in page
        assert client.post(reverse("payments:open_by_membership", args=[course.slug])).status_code == 302
        mine = right(lin, course)
        assert (mine.source, mine.reference, mine.open_by) == ("purchase", plan.reference, membership.reference)
        assert may_learn(lin, course.pk)
        assert membership.openings.filter(course=course).exists()
        assert books_hold()

    def test_closes_with_the_membership_and_opens_with_the_part(
        self, paused: tuple[InstalmentPlan, Membership, Course], lin: User
    ) -> None:
        plan, membership, course = paused
        open_course(lin, course)
        canceling.cancel(membership, by=lin)
        comes(membership)
        charge_all()
        assert not may_learn(lin, course.pk)
        assert right(lin, course).open_by == ""
        assert books_hold()
        from payments.instalments import paying

        shop.pay(paying.pay(plan, by=lin))
        shop.deliver_all()
        assert may_learn(lin, course.pk)

    def test_that_is_paid_again_is_hers_alone(
        self, paused: tuple[InstalmentPlan, Membership, Course], lin: User
    ) -> None:
        from payments.instalments import paying

        plan, membership, course = paused
        open_course(lin, course)
        shop.pay(paying.pay(plan, by=lin))
        shop.deliver_all()
        assert (right(lin, course).open_by, right(lin, course).paused_at) == ("", None)
        taking_back.take_back(membership, by=lin, expected=NINE)
        assert may_learn(lin, course.pk)
        shop.send_refunds()
        assert books_hold()

    def test_that_was_lent_before_stays_closed_until_it_is_asked_for(self, ada: User, lin: User) -> None:
        """From then on the membership opens it each month, and no other one takes it over."""
        course = in_parts.course_in_parts()
        PassListing.objects.place(course, by=ada)
        membership = join(lin, offer_of(course.creator))
        open_course(lin, course)
        plan = in_parts.begin(lin, course)
        banks_answer("card_declined")
        for _each in range(3):
            in_parts.take_next(plan)
        banks_answer("")
        assert next_month(membership).is_live
        assert right(lin, course).is_paused
        open_course(lin, course)
        of_pass = join(lin, offer_of(None, NINE, name="The pass", opens="marked"))
        for each in (membership, of_pass):
            assert next_month(each).is_live
            assert right(lin, course).open_by == membership.reference
        assert books_hold()

    def test_that_the_pass_was_asked_for_stays_the_passes(self, ada: User, lin: User) -> None:
        course = in_parts.course_in_parts()
        PassListing.objects.place(course, by=ada)
        plan = in_parts.begin(lin, course)
        banks_answer("card_declined")
        for _each in range(3):
            in_parts.take_next(plan)
        banks_answer("")
        of_pass = join(lin, offer_of(None, NINE, name="The pass", opens="marked"))
        open_course(lin, course)
        hers = join(lin, offer_of(course.creator))
        assert next_month(hers).is_live
        assert right(lin, course).open_by == of_pass.reference
        Membership.objects.hold_all([of_pass.pk])[of_pass.pk].pause(clock.now())
        assert right(lin, course).is_paused  # it passes on to no other

    def test_whose_plan_ends_unpaid_is_left_to_the_membership(
        self, paused: tuple[InstalmentPlan, Membership, Course], lin: User
    ) -> None:
        plan, membership, course = paused
        open_course(lin, course)
        for _each in range(22):  # half a year
            clock.advance(9 * DAY)
            charge_all()
            in_parts.charge_all()
        plan.refresh_from_db()
        assert plan.end_reason == "unpaid"
        assert fresh(membership).is_live
        mine = right(lin, course)
        assert (mine.source, mine.reference) == ("membership", membership.reference)
        assert may_learn(lin, course.pk)
        assert books_hold()

    def test_that_is_open_is_not_lent(self, ada: User, lin: User) -> None:
        course = in_parts.course_in_parts()
        in_parts.begin(lin, course)
        join(lin, offer_of(course.creator))
        with pytest.raises(AlreadyEnrolled):
            open_course(lin, course)

    def test_the_books_see_one_that_is_open_for_nothing(
        self, paused: tuple[InstalmentPlan, Membership, Course], lin: User
    ) -> None:
        _plan, _membership, course = paused
        open_course(lin, course)
        Enrollment.objects.of(lin).update(open_by="f" * 32)
        assert "meanwhile" in broken()["memberships"][0]


class TestAFirstMonthThatIsHeardOfLate:
    def test_lasts_a_whole_month_all_the_same(self, ada: User, lin: User) -> None:
        offer, _course = club()
        order = start(lin, offer)
        shop.pay(order)
        clock.advance(5 * DAY)  # no word of it comes
        shop.deliver_all()
        membership = Membership.objects.get()
        assert membership.is_live
        assert membership.first_on == clock.now().date()
        [month] = MembershipMonth.objects.all()
        assert month.ends_at - month.starts_at > 27 * DAY
        assert next_month(membership).last_month == 2
        assert list(oracle.charges().values()) == [900, 900]
        assert books_hold()

    def test_the_first_day_moves_no_more_once_it_runs(self, ada: User, lin: User) -> None:
        membership = join(lin, club()[0])
        with pytest.raises(DatabaseError, match="change"), transaction.atomic():
            Membership.objects.filter(pk=membership.pk).update(first_on=membership.first_on + DAY)


class TestTheOpenLink:
    """Box, bar and checkout say that a membership opens the course already."""

    def test_on_the_courses_page(self, ada: User, lin: User) -> None:
        offer, course = club()
        join(lin, offer)
        client = client_of(lin)
        page = client.get(course.get_absolute_url()).content.decode()
        assert page.count("Open this course") == 2  # box and bar
        assert "Buy this course" in page
        open_course(lin, course)
        page = client.get(course.get_absolute_url()).content.decode()
        assert "Open to you by your membership" in page
        assert page.count("Go to the course") == 2

    def test_at_the_checkout(self, ada: User, lin: User, cole: User) -> None:
        offer, course = club()
        join(lin, offer)
        said = "opens this to you already"
        address = f"{reverse('payments:checkout')}?course={course.slug}"
        assert said in client_of(lin).get(address).content.decode()
        assert said not in client_of(cole).get(address).content.decode()

    def test_where_a_lesson_is_closed(self, ada: User, lin: User, fay: User) -> None:
        offer, course = club()
        canceled = join(lin, offer)
        open_course(lin, course)
        canceling.cancel(canceled, by=lin)
        comes(canceled)
        charge_all()
        lesson = course.live_lessons()[1]
        page = client_of(lin).get(reverse("learners:lesson", args=[course.slug, lesson.key])).content.decode()
        assert "Open this course" not in page
        assert rights.opening(lin, course) is None


def test_a_course_of_another_creator_is_not_opened(ada: User, lin: User) -> None:
    from tests import cast
    from tests.creators.factories import make_creator

    join(lin, club()[0])
    other = make_course(make_creator(cast.person("Bea")), title="Glazes")
    with pytest.raises(rights.NotIncluded):
        open_course(lin, other)
