"""The catalogue over the API."""

import pytest
from django.test import Client

from accounts.models import User
from courses.models import Course, Listing
from discovery import index
from marketplace.lib.money import Money
from tests.courses.factories import make_course
from tests.creators.institutions import make_institution, verify

pytestmark = pytest.mark.django_db


def test_the_list_answers_the_same_questions_as_the_page(client: Client, ada: User) -> None:
    make_course(title="Free code", price=Money(0, "USD"))
    make_course(title="机器学习入门", language="zh-hans")
    make_course(title="Hidden", live=False)
    index.refresh()
    assert len(client.get("/api/v1/courses/").json()["results"]) == 2
    assert [c["title"] for c in client.get("/api/v1/courses/?price=free").json()["results"]] == ["Free code"]
    found = client.get("/api/v1/courses/", {"q": "学习"}).json()["results"]
    assert [c["title"] for c in found] == ["机器学习入门"]
    assert found[0]["price"] == {"minor": "1999", "currency": "USD"}


def test_a_filter_that_is_not_understood_is_a_problem(client: Client, db: None) -> None:
    response = client.get("/api/v1/courses/?level=nonsense")
    assert response.status_code == 400
    assert "level" in response.json()["errors"]


@pytest.mark.parametrize("query", [{}, {"sort": "newest"}, {"sort": "price-low"}, {"q": "bowl"}])
def test_cursors_reach_each_course_once(client: Client, ada: User, query: dict[str, str]) -> None:
    made = {make_course(title=f"Bowl {number}", lessons=1).slug for number in range(5)}
    index.refresh()
    address, seen = "/api/v1/courses/", []
    page = client.get(address, {**query, "page_size": "2"}).json()
    while page:
        seen += [course["slug"] for course in page["results"]]
        page = client.get(page["next"]).json() if page["next"] else None
    assert sorted(seen) == sorted(made)


def test_a_course_comes_with_its_curriculum(client: Client, ada: User, django_assert_num_queries: object) -> None:
    course = make_course(lessons=12)
    with django_assert_num_queries(2):
        answer = client.get(f"/api/v1/courses/{course.slug}/").json()
    assert [len(section["lessons"]) for section in answer["sections"]] == [10, 2]
    assert answer["sections"][0]["lessons"][0]["is_preview"] is True
    assert answer["creator"]["name"] == "Ada Lin Studio"


def test_a_draft_is_not_found(client: Client, ada: User) -> None:
    assert client.get(f"/api/v1/courses/{make_course(live=False).slug}/").status_code == 404


def test_categories_are_named_in_the_readers_language(client: Client, db: None) -> None:
    named = client.get("/api/v1/categories/", headers={"Accept-Language": "zh-hans"}).json()
    assert {"slug": "programming", "name": "编程"} in named


def test_filters_come_with_what_their_choices_leave(client: Client, ada: User) -> None:
    make_course(title="Free code", price=Money(0, "USD"))
    make_course(title="Deep code", level="advanced")
    make_course(title="Hidden", live=False)
    told = client.get("/api/v1/filters/", {"price": "free"}).json()
    assert (told["total"], told["has_more"]) == (1, False)
    choices = {one["name"]: {each["value"]: each["count"] for each in one["choices"]} for one in told["filters"]}
    assert choices["price"] == {"free": 1, "paid": 1}
    assert choices["level"] == {"beginner": 1}
    for value, number in choices["price"].items():
        assert len(client.get("/api/v1/courses/", {"price": value}).json()["results"]) == number
    assert client.get("/api/v1/filters/", {"level": "nonsense"}).status_code == 400


def test_a_course_says_its_captions_and_its_institution(client: Client, ada: User) -> None:
    course, school = make_course(), make_institution(ada)
    Listing.objects.list_course(course, school, by=ada)
    Course.objects.note_captions({course.pk: ["en", "zh"]})
    for answer in (
        client.get(f"/api/v1/courses/{course.slug}/").json(),
        client.get("/api/v1/courses/").json()["results"][0],
    ):
        assert answer["captions"] == ["en", "zh"]
        assert answer["institution"] == {"slug": school.slug, "name": school.name}
    verify(school, "withdrawn")
    assert client.get(f"/api/v1/courses/{course.slug}/").json()["institution"] is None
