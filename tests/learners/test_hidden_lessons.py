"""A lesson that a moderator has hidden: nothing waits for it, and its hiding takes nothing from anybody."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from courses.models import Course, Lesson, Restriction
from learners import completion, shelf, way
from learners.certificates import issuing
from learners.models import Enrollment, LessonProgress
from tests.courses.factories import make_course
from tests.learners.certified import do_all, make_certificate
from tests.learners.factories import enroll

pytestmark = pytest.mark.django_db


@pytest.fixture
def course(ada: User, lin: User) -> Course:
    course = make_course()
    enroll(lin, course)
    return course


def lessons(course: Course) -> list[Lesson]:
    return list(course.live_lessons().select_related("version__course"))


def do(lin: User, lesson: Lesson) -> None:
    course = lesson.version.course
    LessonProgress.objects.create(learner=lin, course=course, lesson_key=lesson.key, done_at=timezone.now())
    completion.lesson_done(mine(lin, course))


def hide(lesson: Lesson, sam: User) -> Restriction:
    return Restriction.objects.impose(
        "hide", lesson.version.course, by=sam, rule_code="copyright", rule_version=1, reason="a claim",
        lesson_key=lesson.key,
    )  # fmt: skip


def mine(lin: User, course: Course) -> Enrollment:
    return Enrollment.objects.of(lin).get(course=course)


def test_a_course_is_complete_without_its_hidden_lesson(lin: User, sam: User, course: Course) -> None:
    one, two, three = lessons(course)
    hide(two, sam)
    do(lin, one)
    assert mine(lin, course).completed_at is None
    do(lin, three)
    assert mine(lin, course).completed_at is not None
    steps = way.through(course, lin)
    assert (steps.done, steps.total, steps.is_complete) == (2, 2, True)


def test_hiding_completes_nobody_by_itself_but_she_may_ask_for_the_certificate(
    lin: User, sam: User, course: Course
) -> None:
    one, two, three = lessons(course)
    do(lin, one)
    do(lin, three)
    hide(two, sam)
    assert mine(lin, course).completed_at is None  # a refund is still hers to ask for
    certificate = issuing.issue(lin, course, "Lin")
    assert [told["key"] for told in certificate.evidence["lessons"]] == [str(one.key), str(three.key)]
    assert mine(lin, course).completed_at is not None


def test_who_has_finished_stays_so_when_a_lesson_is_hidden_and_shown_again(
    lin: User, sam: User, course: Course
) -> None:
    certificate = make_certificate(lin, course)
    row = hide(lessons(course)[1], sam)
    assert mine(lin, course).completed_at is not None
    row.lift(by=sam, reason="no claim after all")
    assert mine(lin, course).completed_at is not None
    assert issuing.present(lin, course) == certificate


def test_a_lesson_shown_again_is_waited_for_again(lin: User, sam: User, course: Course) -> None:
    row = hide(lessons(course)[1], sam)
    assert completion.what_is_left(lin, course).count() == 2
    row.lift(by=sam, reason="no claim after all")
    assert completion.what_is_left(lin, course).count() == 3


def test_the_way_leads_around_it(lin: User, sam: User, course: Course) -> None:
    one, two, three = lessons(course)
    do(lin, one)
    hide(two, sam)
    steps = way.through(course, lin)
    assert steps.current is not None
    assert steps.current.lesson == three
    assert [lesson and lesson.key for lesson in steps.neighbors(one.key)] == [None, three.key]
    client = Client()
    client.force_login(lin)
    page = client.get(reverse("learners:lesson", args=[course.slug, one.key])).content.decode()
    assert reverse("learners:lesson", args=[course.slug, two.key]) not in page
    assert "Not available now" in page


def test_shelf_and_api_count_without_it(lin: User, sam: User, course: Course) -> None:
    do_all(lin, course)
    hide(lessons(course)[0], sam)
    shelved = shelf.fill(lin, list(shelf.enrollments_of(lin)))[0]
    assert (shelved.done, shelved.total, shelved.percent) == (2, 2, 100)
    client = Client()
    client.force_login(lin)
    told = client.get(reverse("api-library")).json()["results"][0]
    assert (told["lessons_done"], told["lessons_count"]) == (2, 2)
    told = client.get(reverse("api-course-progress", args=[course.slug])).json()
    assert (told["done"], told["total"], [one["is_hidden"] for one in told["lessons"]]) == (2, 2, [True, False, False])
