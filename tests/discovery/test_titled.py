"""Lessons whose titles have the words: who is led into them, who to the course, and which are passed over."""

import pytest
from django.test import Client

from accounts.models import User
from courses.models import Course, Restriction
from discovery import index
from learners.models import Enrollment
from tests.courses.factories import make_course, publish

pytestmark = pytest.mark.django_db


def lessons(client: Client, words: str, **more: str) -> list[tuple[str, str]]:
    """Title and address of the lessons that the page names."""
    found = client.get("/search/", {"q": words, **more}).context["results"].lessons
    return [(one.lesson_title, one.address) for one in found]


@pytest.fixture
def course(ada: User) -> Course:
    """Two lessons, the first of which is a free preview."""
    made = make_course(title="Glazing", lessons=2, live=False)
    draft = made.draft
    for lesson, title in zip(
        draft.lessons.order_by("position"), ("Mixing oyster ash", "Art of firing: 釉料配方"), strict=True
    ):
        lesson.edit(title=title)
    publish(draft)
    index.refresh()
    made.refresh_from_db()
    return made


def test_everybody_is_led_into_a_preview_and_to_the_row_of_another(client: Client, course: Course) -> None:
    free, paid = course.live_lessons()
    assert lessons(client, "oysters") == [(free.title, f"/learn/glazing/{free.key}/")]
    assert lessons(client, "firing") == [(paid.title, f"/courses/glazing/#lesson-{paid.key}")]
    assert "Mixing oyster ash" in client.get("/search/?q=oysters").content.decode()


def test_who_has_the_course_is_led_into_each(client: Client, course: Course, lin: User) -> None:
    Enrollment.objects.grant(learner=lin, course=course, source=Enrollment.Source.STAFF)
    client.force_login(lin)
    paid = course.live_lessons()[1]
    assert lessons(client, "釉料") == [(paid.title, f"/learn/glazing/{paid.key}/")]


def test_all_the_words_must_stand_there_and_short_ones_whole(client: Client, course: Course) -> None:
    assert [title for title, _ in lessons(client, "oyster ash")] == ["Mixing oyster ash"]
    assert lessons(client, "oyster firing") == []
    assert [title for title, _ in lessons(client, "art")] == ["Art of firing: 釉料配方"]
    assert lessons(client, "glazing") == []


def test_a_hidden_lesson_is_not_named(client: Client, course: Course, sam: User) -> None:
    free = course.live_lessons()[0]
    Restriction.objects.impose(
        "hide", course, by=sam, rule_code="copyright", rule_version=1, reason="a claim", lesson_key=free.key
    )
    assert lessons(client, "oyster") == []


def test_none_are_named_where_filters_stand(client: Client, course: Course) -> None:
    assert lessons(client, "oyster", price="paid") == []
