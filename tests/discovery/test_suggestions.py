"""Suggestions while somebody types."""

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from courses.models import Course, Restriction, Skill
from creators.models import Suspension
from discovery import index
from marketplace.lib import window
from tests.courses.factories import make_course
from tests.creators.institutions import make_institution

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
        ("jīq", "机器", "机器学习入门"),
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
    with django_assert_num_queries(3):
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


@pytest.mark.parametrize("typed", ["ada", "Ada L", "lin stu", "studio a"])
def test_a_creator_is_suggested_by_the_words_of_her_name(client: Client, ada: User, typed: str) -> None:
    assert ("creator", "Ada Lin Studio") in suggested(client, typed)


def test_creators_and_institutions_lead_to_their_pages(client: Client, ada: User) -> None:
    school = make_institution(name="North River 大学")
    make_institution(name="North Lake 大学", domain="lake.example.edu", verified=False)
    index.refresh()
    found = {
        row["text"]: (row["kind"], row["url"]) for row in client.get("/search/suggest/?q=nor").json()["suggestions"]
    }
    assert found["North River 大学"] == ("institution", school.get_absolute_url())
    assert "North Lake 大学" not in found
    assert ("institution", "North River 大学") in suggested(client, "大学")
    assert ("institution", "North River 大学") in suggested(client, "river 大学")


@pytest.mark.parametrize("measure", ["suspended", "without courses"])
def test_whoever_offers_nothing_is_not_suggested(client: Client, ada: User, sam: User, measure: str) -> None:
    assert ("creator", "Ada Lin Studio") in suggested(client, "ada")
    if measure == "suspended":
        Suspension.objects.suspend(creator=ada.creator, rule_code="spam", reason="Spam", by=sam)
    else:
        for course in Course.objects.listed():
            course.take_down(rule_code="spam", reason="Spam", by=sam)
    assert ("creator", "Ada Lin Studio") not in suggested(client, "ada")


def test_a_skill_is_suggested_in_the_language_in_which_it_was_begun(client: Client) -> None:
    skill = next(skill for skill in Skill.objects.offered() if not skill.name_zh[0].isascii())
    assert ("skill", skill.name_en) in suggested(client, skill.name_en[:4])
    assert ("skill", skill.name_zh) in suggested(client, skill.name_zh[:2])
    Skill.objects.filter(pk=skill.pk).update(retired_at=timezone.now())
    window.change_names()
    assert ("skill", skill.name_en) not in suggested(client, skill.name_en)
