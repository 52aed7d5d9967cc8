"""What counts as watched of a course: each second once, over the lessons that are live."""

from typing import Any

import pytest

from accounts.models import User
from courses.models import Course
from learners import completion, watched
from learners.watched import Watched
from tests.courses.factories import add_lessons, make_course, make_video, publish
from tests.learners.factories import enroll, watch

pytestmark = pytest.mark.django_db
ARTICLE = "word " * 480  # two minutes


@pytest.fixture
def course(lin: User) -> Course:
    """Three films of 30 seconds."""
    course = make_course()
    enroll(lin, course)
    return course


def renew(course: Course, change: Any) -> Course:
    draft = course.open_draft(course.creator.user)
    change(draft)
    publish(draft)
    return Course.objects.select_related("creator").get(pk=course.pk)


def test_nothing_is_watched_at_first(lin: User, course: Course) -> None:
    assert watched.of(lin, course) == Watched(0, 90)


def test_a_second_counts_once_however_often_it_is_played(lin: User, course: Course) -> None:
    first, second, _third = course.live_lessons()
    watch(lin, first, 20, opened_ago=100)
    watch(lin, first, 12, opened_ago=70)
    watch(lin, second, 5)
    assert watched.of(lin, course) == Watched(25, 90)


def test_an_article_counts_once_it_is_marked_as_read_and_not_when_it_is_not(lin: User, course: Course) -> None:
    def write(draft: Any) -> None:
        section = draft.sections.first()
        section.add_lesson("Read me", kind="article").edit(article=ARTICLE)

    course = renew(course, write)
    article = course.live_lessons().get(kind="article")
    assert watched.of(lin, course) == Watched(0, 90 + 120)
    completion.mark_read(lin, course, article)
    assert watched.of(lin, course) == Watched(120, 90 + 120)
    completion.mark_read(lin, course, article, undo=True)
    assert watched.of(lin, course) == Watched(0, 90 + 120)


def test_new_lessons_make_the_course_longer_and_removed_ones_are_not_counted(lin: User, course: Course) -> None:
    watch(lin, course.live_lessons()[1], 30)
    longer = renew(course, lambda draft: add_lessons(draft, 2))
    assert watched.of(lin, longer) == Watched(30, 150)
    shorter = renew(longer, lambda draft: draft.lessons.in_order()[1].remove())
    assert watched.of(lin, shorter) == Watched(0, 120)


def test_a_replaced_film_counts_what_was_seen_of_the_old_one_and_never_more_than_its_own_length(
    lin: User, course: Course
) -> None:
    watch(lin, course.live_lessons().first(), 28)
    shorter = make_video(course.creator.user, seconds=10)
    course = renew(course, lambda draft: draft.lessons.in_order().first().attach_video(shorter))
    assert watched.of(lin, course) == Watched(10, 70)


def test_what_another_learner_watched_is_hers(lin: User, cole: User, course: Course) -> None:
    watch(lin, course.live_lessons().first(), 20)
    assert watched.of(cole, course).seconds == 0


def test_a_course_that_was_never_live_has_no_length(lin: User) -> None:
    assert watched.of(lin, make_course(live=False, title="Draft")) == watched.NOTHING


def test_many_courses_cost_as_many_queries_as_one(lin: User, course: Course, django_assert_num_queries: Any) -> None:
    courses = [course, *(make_course(title=f"Course {n}", lessons=2) for n in range(3))]
    watch(lin, course.live_lessons().first(), 20)
    with django_assert_num_queries(2):
        assert watched.of_courses(lin, courses)[course.pk] == Watched(20, 90)
