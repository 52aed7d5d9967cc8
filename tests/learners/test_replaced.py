"""What was watched of a film that was replaced: it counts where it still fits, and what is done stays done."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from courses import replacing
from courses.models import Course, Lesson
from learners import watched
from learners.models import LessonProgress
from tests.courses.factories import make_course, make_video, publish
from tests.learners.factories import enroll, watch
from videos.models import Replacement

pytestmark = pytest.mark.django_db


@pytest.fixture
def course(ada: User, lin: User) -> Course:
    course = make_course()
    enroll(lin, course)
    return course


def first(course: Course) -> Lesson:
    course.refresh_from_db()
    return course.live_lessons().select_related("version__course")[1]


def replace(course: Course, seconds: int, *, shift_s: int = 0) -> Lesson:
    """Another film of `seconds` for the second lesson, approved."""
    lesson, ada = first(course), course.creator.user
    row = Replacement.objects.begin(old=lesson.video, new=make_video(ada, seconds, "new.mp4"), by=ada)
    replacing.carry_out(row, ada, shift_ms=shift_s * 1000, drops=0)
    publish(course.draft)
    return first(course)


def progress(lin: User, lesson: Lesson) -> LessonProgress:
    return LessonProgress.objects.get(learner=lin, lesson_key=lesson.key)


def test_seconds_that_fit_are_kept_and_later_ones_cut(lin: User, course: Course) -> None:
    watch(lin, first(course), 26)
    lesson = replace(course, 25)
    assert watched.of(lin, course).seconds == 25  # even before the new film is opened
    watch(lin, lesson, 1)
    row = progress(lin, lesson)
    assert (row.asset, row.covered, row.length_s) == (lesson.video.asset, ((0, 25),), 25)  # type: ignore[union-attr]
    assert row.is_done


def test_seconds_are_moved_by_the_shift(lin: User, course: Course) -> None:
    watch(lin, first(course), 20)
    lesson = replace(course, 38, shift_s=8)
    watch(lin, lesson, 2)
    assert progress(lin, lesson).covered == ((0, 2), (8, 28))


def test_a_film_of_quite_another_length_starts_anew_and_done_stays_done(lin: User, course: Course) -> None:
    watch(lin, first(course), 30)
    assert progress(lin, first(course)).is_done
    lesson = replace(course, 90)
    watch(lin, lesson, 3)
    row = progress(lin, lesson)
    assert (row.covered, row.is_done) == (((0, 3),), True)


def test_a_film_that_only_came_to_stand_there_carries_nothing(lin: User, ada: User, course: Course) -> None:
    watch(lin, first(course), 20)
    draft = course.open_draft(by=ada)
    draft.lessons.get(key=first(course).key).attach_video(make_video(ada, 30, "other.mp4"))
    publish(draft)
    watch(lin, first(course), 2)
    assert progress(lin, first(course)).covered == ((0, 2),)


def test_the_learner_goes_on_where_she_was_and_is_told(lin: User, course: Course) -> None:
    watch(lin, first(course), 12)
    lesson = replace(course, 38, shift_s=8)
    client, here = Client(), reverse("learners:lesson", args=[course.slug, lesson.key])
    client.force_login(lin)
    answer = client.get(here)
    showing: Any = answer.context["showing"]
    assert (showing.resume_at, showing.carried.is_kept) == (20.0, True)
    assert "still counts, as far as" in answer.content.decode()
    watch(lin, lesson, 1)
    assert "The creator replaced this film" not in client.get(here).content.decode()
