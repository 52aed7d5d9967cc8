"""The page of one's own list, its choices, following, and the public page on evenness."""

import re
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from courses.models import Category, Course
from creators.models import Creator
from discovery.models import Dismissal, Follow, Links, Taste
from discovery.views import matching
from tests.courses.factories import make_course
from tests.learners.factories import enroll

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(client: Client, lin: User) -> Client:
    client.force_login(lin)
    return client


def test_the_list_says_why(reader: Client, ada: User) -> None:
    make_course(title="Kilns")
    page = reader.get("/for-you/").content.decode()
    assert "Kilns" in page
    assert "In your language" in page
    assert "For you" in reader.get("/").content.decode()


def test_choices_are_kept(reader: Client, lin: User) -> None:
    goal = Category.objects.get(slug="languages")
    assert reader.post("/for-you/choices/", {"goals": [goal.pk], "uses_goals": "on"}).status_code == 302
    taste = Taste.objects.of(lin)
    assert (taste.uses_goals, taste.uses_history, taste.goal_ids()) == (True, False, {goal.pk})
    assert (taste.uses_skills, taste.uses_language) == (False, False)
    page = reader.get("/for-you/").content.decode()
    assert ("Use my language" in page, "Courses that you have are left out in any case." in page) == (True, True)
    assert reader.post("/for-you/choices/", {"goals": ["x"]}).status_code == 422
    assert Taste.objects.of(lin).goal_ids() == {goal.pk}


def test_not_interested_and_back(reader: Client, lin: User, ada: User) -> None:
    course = make_course(title="Kilns")
    reader.post(f"/for-you/{course.slug}/not-interested/")
    assert Dismissal.objects.of(lin).count() == 1
    assert "Bring back" in reader.get("/for-you/").content.decode()
    reader.post(f"/for-you/{course.slug}/not-interested/", {"back": "1"})
    assert not Dismissal.objects.of(lin).exists()


def test_a_creator_is_followed_from_her_page(reader: Client, lin: User, ada: User) -> None:
    page = ada.creator.get_absolute_url()
    assert "Follow" in reader.get(page).content.decode()
    reader.post(f"{page}follow/")
    assert Follow.objects.of(lin).count() == 1
    assert "Following" in reader.get(page).content.decode()
    reader.post(f"{page}follow/", {"stop": "1"})
    assert not Follow.objects.of(lin).exists()


def test_whom_she_follows_stands_on_her_list_and_over_the_api(reader: Client, lin: User, ada: User) -> None:
    follow = f"{ada.creator.get_absolute_url()}follow/"
    reader.post(follow)
    page = reader.get("/for-you/").content.decode()
    assert ("Creators that you follow" in page, "Stop following" in page, ada.creator.name in page) == (True,) * 3
    (told,) = reader.get("/api/v1/for-you/followed/").json()["results"]
    assert (told["slug"], told["name"]) == (ada.creator.slug, ada.creator.name)
    assert reader.post(follow, {"stop": "1", "to": "list"})["Location"] == "/for-you/"
    assert "Creators that you follow" not in reader.get("/for-you/").content.decode()
    assert reader.get("/api/v1/for-you/followed/").json()["results"] == []


def test_the_newest_of_both_lists_are_shown_without_what_nobody_reads_there(
    reader: Client, lin: User, ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(matching, "MOST_LISTED", 2)
    for title in ("Kilns", "Glazes", "Wheels"):
        page = reader.get("/for-you/").content.decode()
        assert "The newest 2 are shown." not in page
        Dismissal.objects.dismiss(lin, make_course(title=title))
    with CaptureQueriesContext(connection) as asked:
        page = reader.get("/for-you/").content.decode()
    assert page.count("The newest 2 are shown.") == 1
    assert [f'<span class="visually-hidden">: {title}</span>' in page for title in ("Wheels", "Glazes", "Kilns")] == [
        True, True, False,
    ]  # fmt: skip
    (rows,) = (query["sql"] for query in asked if "discovery_dismissal" in query["sql"] and " LIMIT 3" in query["sql"])
    assert not any(column in rows for column in ('"search"', '"search_text"', '"bio"'))
    User.objects.filter(pk=lin.pk).update(language="zh-hans")
    assert "仅显示最近的 2 项" in reader.get("/for-you/").content.decode()
    assert len(reader.get("/api/v1/for-you/dismissed/").json()["results"]) == 3


def test_a_suspended_creator_is_not_named_nor_followed_but_left(reader: Client, lin: User, ada: User) -> None:
    Creator.objects.filter(pk=ada.creator.pk).update(suspended_at=timezone.now())
    page, api = f"{ada.creator.get_absolute_url()}follow/", f"/api/v1/creators/{ada.creator.slug}/follow/"
    assert (reader.post(page).status_code, reader.put(api).status_code) == (404, 404)
    assert not Follow.objects.exists()
    for stop in (lambda: reader.post(page, {"stop": "1", "to": "list"}), lambda: reader.delete(api)):
        Follow.objects.follow(lin, ada.creator)
        shown = reader.get("/for-you/").content.decode()
        assert ("A creator whose page is not shown now" in shown, ada.creator.name in shown) == (True, False)
        assert [one["name"] for one in reader.get("/api/v1/for-you/followed/").json()["results"]] == [""]
        stop()
        assert not Follow.objects.exists()


def test_the_title_of_what_is_not_on_sale_is_told_to_nobody(reader: Client, lin: User, sam: User, ada: User) -> None:
    gone, limited = make_course(title="Kilns"), make_course(title="Glazes")
    Dismissal.objects.dismiss(lin, gone)
    (told,) = reader.get("/api/v1/for-you/dismissed/").json()["results"]
    assert (told["slug"], told["title"]) == ("kilns", "Kilns")
    gone.take_down(by=sam, rule_code="privacy", reason="Looked at")
    Course.objects.filter(pk=limited.pk).update(is_limited=True)
    page = reader.get("/for-you/").content.decode()
    assert ("A course that is not on sale now" in page, "Kilns" in page) == (True, False)
    assert reader.get("/api/v1/for-you/dismissed/").json()["results"][0]["title"] == ""
    for course in (gone, limited):
        assert reader.post(f"/for-you/{course.slug}/not-interested/").status_code == 404
        assert reader.put(f"/api/v1/for-you/dismissed/{course.slug}/").status_code == 404
    for back in (
        lambda: reader.post("/for-you/kilns/not-interested/", {"back": "1"}),
        lambda: reader.delete("/api/v1/for-you/dismissed/kilns/"),
    ):
        Dismissal.objects.dismiss(lin, gone)
        assert back().status_code in (204, 302)
        assert not Dismissal.objects.exists()


def test_strangers_are_asked_to_log_in_and_come_back(client: Client, ada: User) -> None:
    page = ada.creator.get_absolute_url()
    shown = client.get(page).content.decode()
    assert f'href="{reverse("account_login")}?next={page}" rel="nofollow"' in shown
    assert f"{page}follow/" not in shown


def test_an_address_for_forms_alone_says_so_to_who_opens_it(reader: Client, ada: User) -> None:
    there = f"{ada.creator.get_absolute_url()}follow/"
    opened = reader.get(there, headers={"accept": "text/html"})
    assert (opened.status_code, opened["Allow"]) == (405, "POST")
    assert "press it once more" in opened.content.decode()
    assert reader.get(there, headers={"accept": "application/json"}).content == b""
    assert reader.get("/webhooks/stripe/", headers={"accept": "application/json"}).status_code == 405


def test_over_the_api_what_is_left_out_stays_as_she_has_it(reader: Client, lin: User) -> None:
    names = ("uses_goals", "uses_history", "uses_skills", "uses_follows", "uses_language", "uses_popularity")
    Taste.objects.of(lin).choose(dict.fromkeys(names, False), [])
    older = {"goals": [], "uses_goals": True, "uses_history": True, "uses_follows": True, "uses_popularity": True}
    told = reader.put("/api/v1/for-you/taste/", older, content_type="application/json").json()
    assert told == {**older, "uses_skills": False, "uses_language": False}


def test_over_the_api_the_parts_add_up(reader: Client, lin: User, ada: User) -> None:
    make_course(title="Kilns")
    (row,) = reader.get("/api/v1/for-you/").json()
    assert row["course"]["title"] == "Kilns"
    assert row["score"] == pytest.approx(sum(part["amount"] for part in row["parts"]), abs=1e-9)
    wanted = {**reader.get("/api/v1/for-you/taste/").json(), "goals": ["languages"], "uses_language": False}
    assert reader.put("/api/v1/for-you/taste/", wanted, content_type="application/json").json() == wanted
    assert reader.put(f"/api/v1/creators/{ada.creator.slug}/follow/").status_code == 204
    assert Follow.objects.of(lin).exists()


def test_what_the_page_shows_adds_up_as_shown(reader: Client, lin: User, ada: User) -> None:
    mine = [make_course(title=f"Mine {n}") for n in range(3)]
    other = make_course(title="Kilns")
    Course.objects.filter(pk=other.pk).update(learners_count=7)
    for course in mine:
        enroll(lin, course)
    Links.objects.replace([(course.pk, [(other.pk, 0.1249)]) for course in mine])
    page = reader.get("/for-you/").content.decode()
    *parts, whole = [Decimal(one) for one in re.findall(r'<td class="num">(-?[\d.]+)</td>', page)]
    assert len(parts) == 5
    assert sum(parts) == whole


def test_who_has_chosen_nothing_is_asked_what_she_wants_to_learn(reader: Client, lin: User, ada: User) -> None:
    goal = Category.objects.get(slug="crafts-heritage")
    wanted = make_course(title="Kilns", category=goal)
    make_course(title="Glazes")
    for address in ("/", "/for-you/"):
        assert "goals-asked" in reader.get(address).content.decode()
    answer = reader.post("/for-you/goals/", {"goals": [goal.pk], "to": "home"})
    assert (answer.status_code, answer["Location"]) == (302, "/")
    taste = Taste.objects.of(lin)
    assert (taste.goal_ids(), taste.uses_goals, taste.uses_history, taste.uses_popularity) == ({goal.pk}, *[True] * 3)
    page = reader.get("/").content.decode()
    assert "goals-asked" not in page
    assert f"You want to learn: {goal.name}" in page
    assert page.index(wanted.title) < page.index("Glazes")


def test_to_skip_the_question_is_an_answer(reader: Client, lin: User, ada: User) -> None:
    goal = Category.objects.get(slug="languages")
    assert reader.post("/for-you/goals/", {"goals": [goal.pk], "skip": "1"})["Location"] == "/for-you/"
    assert Taste.objects.of(lin).goal_ids() == set()
    assert "goals-asked" not in reader.get("/for-you/").content.decode()
    assert reader.post("/for-you/goals/", {"goals": ["x"]}).status_code == 422


def test_no_answer_from_a_page_of_before_erases_what_was_chosen(reader: Client, lin: User, ada: User) -> None:
    goal = Category.objects.get(slug="languages")
    reader.post("/for-you/goals/", {"goals": [goal.pk]})
    for nothing in ({"goals": [], "skip": "1"}, {"goals": []}):
        assert reader.post("/for-you/goals/", nothing).status_code == 302
        assert Taste.objects.of(lin).goal_ids() == {goal.pk}


def test_a_bad_answer_is_no_answer(reader: Client, lin: User) -> None:
    assert reader.post("/for-you/goals/", {"goals": ["x"]}).status_code == 422
    assert Taste.objects.of(lin).is_new


def test_nobody_else_is_asked(client: Client, ada: User) -> None:
    assert "goals-asked" not in client.get("/").content.decode()


def test_on_the_first_page_a_card_says_what_each_reason_counts_and_can_be_sent_away(
    reader: Client, lin: User, ada: User
) -> None:
    course = make_course(title="Kilns")
    page = reader.get("/").content.decode()
    shelf = page[page.index('id="for-you"') :]
    *parts, whole = [Decimal(one) for one in re.findall(r'<td class="num">(-?[\d.]+)</td>', shelf)]
    assert sum(parts) == whole > 0
    assert 'href="/for-you/#choices"' in shelf
    sent = reader.post(f"/for-you/{course.slug}/not-interested/", {"to": "home"})
    assert sent["Location"] == "/"
    assert Dismissal.objects.of(lin).get().course == course
    assert reader.post(f"/for-you/{course.slug}/not-interested/", {"to": "//evil.example"})["Location"] == "/for-you/"
