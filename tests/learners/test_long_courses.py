"""A long course, a full shelf, many other learners: pages ask as many questions of the database as with a few."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from courses.models import Course
from learners.models import LessonProgress
from tests import cast
from tests.courses.factories import make_course
from tests.learners.factories import enroll

pytestmark = pytest.mark.django_db


def begun(learner: User, course: Course) -> Course:
    """Every lesson of it has been touched."""
    enroll(learner, course)
    LessonProgress.objects.bulk_create(
        LessonProgress(learner=learner, course=course, lesson_key=lesson.key) for lesson in course.live_lessons()
    )
    return course


def questions(client: Client, address: str) -> int:
    client.get(address, follow=True)  # what is asked once a process
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert client.get(address, follow=True).status_code == 200
    return len(asked)


@pytest.fixture
def learner(client: Client, lin: User) -> Client:
    client.force_login(lin)
    return client


def test_the_library_asks_as_much_for_many_courses_as_for_two(learner: Client, lin: User, ada: User) -> None:
    for number in range(2):
        begun(lin, make_course(title=f"Short course {number}", lessons=2))
    few = questions(learner, reverse("learners:library"))
    for number in range(8):
        begun(lin, make_course(title=f"Longer course {number}", lessons=2 + number))
    assert questions(learner, reverse("learners:library")) == few


@pytest.mark.parametrize("lessons", [40])
def test_the_home_of_a_course_asks_as_much_for_many_lessons_and_learners_as_for_few(
    learner: Client, lin: User, ada: User, lessons: int
) -> None:
    short, long = (begun(lin, make_course(title=f"Course of {n}", lessons=n)) for n in (2, lessons))
    few = questions(learner, reverse("learners:course", args=[short.slug]))
    for number in range(5):
        enroll(cast.person(f"Pupil{number}"), long)
    assert questions(learner, reverse("learners:course", args=[long.slug])) == few
