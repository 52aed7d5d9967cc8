"""Sections and lessons: order, films, lengths."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from accounts.models import User
from courses.models import Course, Lesson
from courses.models.version import EditedElsewhere
from courses.reading import reading_seconds
from marketplace.lib.errors import NotAllowed
from tests.courses.factories import make_course, make_video
from videos.models import Video

pytestmark = pytest.mark.django_db


def test_lessons_move_between_sections_and_swap_places(ada: User) -> None:
    draft = make_course(live=False).draft
    first, last = draft.sections.get(), draft.add_section("Epilogue", by=ada)
    one, two, three = draft.lessons.in_order()
    draft.arrange([(last.pk, [three.pk]), (first.pk, [two.pk, one.pk])])
    assert [x.pk for x in draft.lessons.in_order()] == [three.pk, two.pk, one.pk]


def test_an_arrangement_of_other_lessons_is_refused(ada: User) -> None:
    draft = make_course(live=False).draft
    section = draft.sections.get()
    with pytest.raises(EditedElsewhere):
        draft.arrange([(section.pk, [draft.lessons.first().pk])])


def test_two_lessons_cannot_stand_at_one_place(ada: User) -> None:
    draft = make_course(live=False).draft
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(IntegrityError), transaction.atomic():
        draft.lessons.update(position=0)


def test_somebody_elses_film_cannot_be_attached(ada: User, cole: User) -> None:
    lesson = make_course(live=False).draft.lessons.first()
    with pytest.raises(NotAllowed):
        lesson.attach_video(make_video(cole))


def test_an_article_has_no_film_and_a_reading_time(ada: User) -> None:
    draft = make_course(live=False).draft
    article = draft.sections.get().add_lesson("Read this", kind="article")
    article.edit(article="word " * 480)
    assert article.duration_s == 120
    with pytest.raises(ValidationError):
        article.attach_video(make_video(ada))


@pytest.mark.parametrize(
    ("text", "seconds"), [("", 0), ("a b c d", 1), ("字" * 400, 60), ("字" * 400 + " w" * 240, 120)]
)
def test_reading_time_counts_words_and_signs(text: str, seconds: int) -> None:
    assert reading_seconds(text) == seconds


def test_lengths_follow_a_film_that_becomes_ready(ada: User) -> None:
    draft = make_course(live=False, lessons=2).draft
    video = make_video(ada, ready=False)
    lesson = draft.lessons.in_order().last()
    lesson.attach_video(video)
    assert Course.objects.get(pk=draft.course_id).duration_s == 30
    Video.objects.filter(pk=video.pk).update(duration_ms=44_200)
    video.refresh_from_db()
    Lesson.objects.refresh_durations(video)
    lesson.refresh_from_db()
    assert lesson.duration_s == 45
    assert Course.objects.get(pk=draft.course_id).duration_s == 75


def test_the_length_of_a_live_lesson_follows_too(ada: User) -> None:
    course = make_course(lessons=1)
    video = course.live_lessons().get().video
    Video.objects.filter(pk=video.pk).update(duration_ms=10_000)
    video.refresh_from_db()
    Lesson.objects.refresh_durations(video)
    assert Course.objects.get(pk=course.pk).duration_s == 10


def test_removing_a_lesson_from_a_draft_keeps_the_live_one(ada: User) -> None:
    course = make_course()
    draft = course.open_draft(ada)
    draft.lessons.in_order().first().remove()
    assert (draft.lessons.count(), course.live_lessons().count()) == (2, 3)


def test_live_lessons_come_in_order_with_their_films_in_one_query(ada: User, django_assert_num_queries: object) -> None:
    course = make_course(lessons=12)
    with django_assert_num_queries(1):
        titles = [(x.section.title, x.title, x.video.name) for x in course.live_lessons()]
    assert titles[11][:2] == ("Part 2", "Lesson 12")
