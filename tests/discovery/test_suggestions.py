"""Suggestions while somebody types."""

import pytest
from django.test import Client

from accounts.models import User
from courses.models import Course, Restriction
from creators.models import Suspension
from discovery import index
from tests.courses.factories import make_course

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def shop(ada: User) -> None:
    for title in ("Pottery from the first bowl", "Pottery for two", "机器学习入门", "用 Python 做数据分析"):
        make_course(title=title, lessons=1)
    make_course(title="Potions nobody may see", live=False)
    index.refresh()


def suggested(client: Client, words: str) -> list[tuple[str, str]]:
    found = client.get("/search/suggest/", {"q": words}).json()["suggestions"]
    return [(row["kind"], row["text"]) for row in found]


@pytest.mark.parametrize(
    ("typed", "words", "course"),
    [
        ("pot", "pottery", "Pottery for two"),
        ("first pot", "first pottery", "Pottery from the first bowl"),
        ("机", "机器", "机器学习入门"),
        ("jiq", "机器", "机器学习入门"),
        ("jq", "机器", "机器学习入门"),
        ("python 数", "python 数据分析", "用 Python 做数据分析"),
    ],
)
def test_the_beginning_of_a_word_is_completed(client: Client, typed: str, words: str, course: str) -> None:
    found = suggested(client, typed)
    assert ("words", words) in found
    assert ("course", course) in found


def test_drafts_are_not_suggested(client: Client) -> None:
    assert not [text for _kind, text in suggested(client, "poti") if "otion" in text]


def test_nothing_typed_suggests_nothing(client: Client) -> None:
    assert suggested(client, " ") == suggested(client, "🎨") == []


def test_the_same_beginning_is_asked_once(client: Client, django_assert_num_queries: object) -> None:
    suggested(client, "pot")
    with django_assert_num_queries(0):
        suggested(client, "POT")
    with django_assert_num_queries(2):
        suggested(client, "first pot")


@pytest.mark.parametrize("measure", ["take down", "limit", "suspend"])
def test_a_course_that_leaves_the_lists_is_suggested_no_longer_at_once(
    client: Client, ada: User, sam: User, measure: str
) -> None:
    course, rule = Course.objects.get(title="Pottery for two"), {"rule_code": "spam", "reason": "Spam", "by": sam}
    assert ("course", "Pottery for two") in suggested(client, "pot")
    if measure == "take down":
        course.take_down(**rule)
    elif measure == "limit":
        Restriction.objects.impose("limit", course, rule_version=1, **rule)
    else:
        Suspension.objects.suspend(creator=ada.creator, **rule)
    assert ("course", "Pottery for two") not in suggested(client, "pot")


def test_a_browser_keeps_suggestions_no_longer_than_pages(client: Client) -> None:
    assert client.get("/search/suggest/", {"q": "pot"})["Cache-Control"] == "private, max-age=5"


def test_everybody_is_suggested_the_same(client: Client, lin: User) -> None:
    before = suggested(client, "pot")
    client.force_login(lin)
    assert suggested(client, "pot") == before
    assert "private" in client.get("/search/suggest/", {"q": "pot"})["Cache-Control"]


def test_the_api_answers_the_same(client: Client) -> None:
    over_api = client.get("/api/v1/search/suggestions/", {"q": "pot"}).json()
    assert over_api == client.get("/search/suggest/", {"q": "pot"}).json()["suggestions"]
