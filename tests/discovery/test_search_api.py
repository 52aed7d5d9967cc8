"""Search over the API says what the page of results says."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from courses.models import Course, Restriction
from discovery import index
from learners.models import Enrollment
from marketplace.lib.money import Money
from tests.courses.factories import make_category, make_course
from tests.discovery.test_moments import FREE, PAID
from tests.videos.films import text_file
from videos import captions

pytestmark = pytest.mark.django_db


@pytest.fixture
def course(ada: User) -> Course:
    """Lesson 1 is free and says "wedge", lesson 2 is paid for and says "oyster"."""
    made = make_course(title="Glazing pots", category=make_category("crafts-heritage"), level="beginner", lessons=2)
    for film, text in zip(made.live_lessons(), (FREE, PAID), strict=True):
        captions.put(film.video, language="en", file=text_file(text))
    make_course(title="Glazing bowls", price=Money(0, "USD"), category=make_category("design"), level="advanced")
    index.refresh()
    return made


def asked(client: Client, **words: str) -> Any:
    answer = client.get("/api/v1/search/", words)
    assert answer.status_code == 200, answer.content
    return answer.json()


def titles(found: Any) -> list[str]:
    return [one["title"] for one in found["courses"]]


def test_courses_and_the_numbers_of_filters(client: Client, course: Course) -> None:
    found = asked(client, q="glazing")
    assert set(titles(found)) == {"Glazing pots", "Glazing bowls"}
    assert (found["total"], found["has_more"], found["words"]) == (2, False, "glazing")
    filters = {one["name"]: one for one in found["filters"]}
    assert filters["level"]["choices"] == [
        {"value": "beginner", "label": "Beginner", "count": 1}, {"value": "advanced", "label": "Advanced", "count": 1},
    ]  # fmt: skip
    assert not filters["level"]["is_least"]
    assert {one["value"]: one["count"] for one in filters["price"]["choices"]} == {"free": 1, "paid": 1}
    assert titles(asked(client, q="glazing", price="free", category="design")) == ["Glazing bowls"]


def test_what_was_meant_by_a_slip(client: Client, course: Course) -> None:
    found = asked(client, q="glazng bowls")
    assert found["instead"] == "glazing bowls"
    assert "Glazing bowls" in titles(found)
    assert asked(client, q="glazing bowls")["instead"] == ""


def test_words_that_no_course_has_together(client: Client, course: Course) -> None:
    found = asked(client, q="pots bowls")
    assert found["is_loose"]
    assert len(found["courses"]) == 2


def test_moments_are_told_to_who_may_watch_them(client: Client, course: Course, lin: User) -> None:
    (free,) = asked(client, q="wedge")["moments"]
    assert (free["excerpt"], free["start_s"], free["language"]) == ("Wedge the clay first", 5, "en")
    assert free["url"].endswith(f"/learn/glazing-pots/{course.live_lessons()[0].key}/?t=5")
    (paid,) = asked(client, q="oyster")["moments"]
    assert (paid["excerpt"], paid["start_s"]) == ("", None)
    assert paid["url"].endswith(f"/courses/glazing-pots/#lesson-{course.live_lessons()[1].key}")
    Enrollment.objects.grant(learner=lin, course=course, source=Enrollment.Source.STAFF)
    client.force_login(lin)
    (own,) = asked(client, q="oyster")["moments"]
    assert (own["excerpt"], own["start_s"]) == ("is powdered oyster shell", 12)


def test_courses_whose_films_say_it_are_in_both_lists(client: Client, course: Course, sam: User) -> None:
    def listed(**words: str) -> list[str]:
        return [one["title"] for one in client.get("/api/v1/courses/", words).json()["results"]]

    for words in ({"q": "oyster"}, {"q": "oyster", "price": "paid"}, {"q": "oyster", "sort": "newest"}):
        assert listed(**words) == titles(asked(client, **words)) == ["Glazing pots"], words
    assert listed(q="oyster", price="free") == titles(asked(client, q="oyster", price="free")) == []
    # Behind what has the words itself.
    make_course(title="Oyster knives", lessons=1)
    index.refresh()
    assert listed(q="oyster") == titles(asked(client, q="oyster")) == ["Oyster knives", "Glazing pots"]
    # It says nothing of both: each word is enough only where no film does.
    assert listed(q="wedge clay") == titles(asked(client, q="wedge clay")) == ["Glazing pots"]
    for lesson in course.live_lessons():
        Restriction.objects.impose(
            "hide", course, by=sam, rule_code="privacy", rule_version=1, reason="Looked at", lesson_key=lesson.key
        )
    assert listed(q="oyster") == titles(asked(client, q="oyster")) == ["Oyster knives"]


def test_lessons_and_names(client: Client, course: Course, ada: User) -> None:
    lessons = asked(client, q="lesson")["lessons"]
    assert {"Lesson 1", "Lesson 2"} <= {one["lesson_title"] for one in lessons}
    assert {one["excerpt"] for one in lessons} == {""}
    (name,) = asked(client, q=ada.creator.name)["names"]
    assert (name["kind"], name["name"]) == ("creator", ada.creator.name)
    assert name["url"].endswith(ada.creator.get_absolute_url())


def test_pages_follow_each_other(client: Client, ada: User) -> None:
    for at in range(26):
        make_course(title=f"Kilns {at}", lessons=1)
    index.refresh()
    first = asked(client, q="kilns", sort="newest")
    assert (len(first["courses"]), first["before"]) == (24, "")
    second = client.get(f"/api/v1/search/{first['after']}").json()
    assert len(second["courses"]) == 2
    assert not set(titles(first)) & set(titles(second))
    assert client.get(f"/api/v1/search/{second['before']}").json()["courses"] == first["courses"]


@pytest.mark.parametrize("query", ["", "q=", "q=%00", "q=code&level=nonsense", "q=code&sort=nonsense"])
def test_what_is_not_understood_is_refused(client: Client, ada: User, query: str) -> None:
    answer = client.get(f"/api/v1/search/?{query}")
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"


def test_what_is_taken_down_is_not_told(client: Client, course: Course, sam: User) -> None:
    course.take_down(by=sam, rule_code="spam", reason="Spam")
    found = asked(client, q="wedge")
    assert (found["courses"], found["moments"]) == ([], [])
