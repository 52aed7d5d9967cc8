"""What was watched of a film that was replaced: it counts where it still fits, and what is done stays done."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from courses import replacing
from courses.models import Course, Lesson
from learners import notes, watched
from learners.models import LessonProgress, Note
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


def test_the_api_goes_on_in_the_new_film_before_it_was_opened(lin: User, ada: User, course: Course) -> None:
    watch(lin, first(course), 12)
    client, here = Client(), reverse("api-course-progress", args=[course.slug])
    client.force_login(lin)

    def place() -> float:
        return client.get(here).json()["lessons"][1]["resume_at"]

    assert place() == 12
    replace(course, 38, shift_s=8)
    assert place() == 20
    draft = course.open_draft(by=ada)
    draft.lessons.get(key=first(course).key).attach_video(make_video(ada, 30, "other.mp4"))
    publish(draft)
    assert place() == 0


def noted(lin: User, course: Course) -> list[tuple[int | None, bool]]:
    """(where her notes of the second lesson stand now, whether the place is not theirs)"""
    return [(note.place_s, note.is_old_film) for note in notes.of_lesson(lin, first(course)).notes]


class TestNotes:
    def test_move_with_the_film_and_stay_as_they_were_written(self, lin: User, course: Course) -> None:
        for second in (20, 3):
            notes.add(lin, first(course).key, text="Here", at_s=second)
        replace(course, 38, shift_s=8)
        notes.add(lin, first(course).key, text="New", at_s=15)
        assert noted(lin, course) == [(11, False), (15, False), (28, False)]
        assert sorted(Note.objects.filter(text="Here").values_list("at_s", flat=True)) == [3, 20]

    def test_what_no_longer_fits_stands_at_the_nearest_place_with_a_mark(self, lin: User, course: Course) -> None:
        for second in (2, 20, 29):
            notes.add(lin, first(course).key, text="Here", at_s=second)
        replace(course, 25, shift_s=-4)
        assert noted(lin, course) == [(0, True), (16, False), (25, False)]
        replace(course, 22)
        assert noted(lin, course) == [(0, True), (16, False), (22, True)]

    def test_of_a_quite_different_film_are_marked(self, lin: User, course: Course) -> None:
        notes.add(lin, first(course).key, text="Here", at_s=20)
        replace(course, 90)
        assert noted(lin, course) == [(20, True)]

    def test_are_told_where_they_stand_by_page_file_and_api(self, lin: User, course: Course) -> None:
        note = notes.add(lin, first(course).key, text="Here", at_s=20)
        replace(course, 38, shift_s=8)
        assert "?t=28)" in notes.as_markdown(lin, course)
        client = Client()
        client.force_login(lin)
        assert "0:28" in client.get(reverse("learners:notes_of", args=[course.slug])).content.decode()
        for address in (reverse("api-note", args=[note.pk]), reverse("api-notes")):
            told = client.get(address).json()
            told = told.get("results", [told])[0]
            assert (told["at_s"], told["is_old_film"]) == (28, False)
            assert told["url"].endswith("?t=28")

    def test_of_many_films_cost_no_more_queries_than_of_one(self, lin: User) -> None:
        course = make_course(lessons=6, title="Weaving")
        enroll(lin, course)
        lessons, ada = list(course.live_lessons()), course.creator.user
        for lesson in lessons:
            notes.add(lin, lesson.key, text="Here", at_s=20)
        counts = []
        for changed in (lessons[:1], lessons[1:]):
            for lesson in changed:
                row = Replacement.objects.begin(old=lesson.video, new=make_video(ada, 30, "new.mp4"), by=ada)
                replacing.carry_out(row, ada, shift_ms=1000)
            course.refresh_from_db()
            publish(course.draft)
            course.refresh_from_db()
            with CaptureQueriesContext(connection) as asked:
                pages = notes.of_course(lin, course)
            counts.append(len(asked))
        assert [note.place_s for page in pages for note in page.notes] == [21] * 6
        assert counts[0] == counts[1]
