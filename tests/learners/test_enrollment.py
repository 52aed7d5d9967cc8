"""Enrollment: the right to watch, from grant to end."""

import pytest

from accounts.models import User
from courses.models import Course
from learners.models import Enrollment
from learners.models.enrollment import AlreadyEnrolled, CourseNotFree, OwnCourse
from marketplace.lib.money import Money
from tests.courses.factories import make_course
from tests.learners.factories import enroll

pytestmark = pytest.mark.django_db


@pytest.fixture
def course(ada: User) -> Course:
    return make_course()


def count_of(course: Course) -> int:
    return Course.objects.get(pk=course.pk).learners_count


def test_a_course_is_granted_once_and_counted_once(lin: User, course: Course) -> None:
    enroll(lin, course)
    with pytest.raises(AlreadyEnrolled):
        enroll(lin, course)
    assert count_of(course) == 1


def test_an_end_says_why_is_counted_once_and_leaves_room_for_a_new_grant(lin: User, course: Course) -> None:
    enrollment = enroll(lin, course)
    enrollment.end("refunded")
    enrollment.end("withdrawn")
    assert not enrollment.is_active
    assert "refunded" in str(enrollment.end_text)
    assert count_of(course) == 0
    assert enroll(lin, course).is_active


def test_only_a_free_course_on_sale_can_be_started_for_free(lin: User, sam: User, course: Course) -> None:
    with pytest.raises(CourseNotFree):
        Enrollment.objects.enroll_free(learner=lin, course=course)
    course.set_price(Money(0, "USD"), by=course.creator.user)
    assert Enrollment.objects.enroll_free(learner=lin, course=course).source == "free"


def test_a_creator_needs_no_enrollment_in_her_own_course(course: Course) -> None:
    with pytest.raises(OwnCourse):
        enroll(course.creator.user, course)
