"""Pages of the house's own: versions, what is shown when, what readers get, and what the database refuses."""

from typing import Any

import pytest
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, InternalError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation
from rest_framework.test import APIClient

from accounts.models import AuditEvent, User
from marketplace.lib import frames, window
from marketplace.lib.errors import NotAllowed
from operating import foot, held, periods
from operating.models import CustomPage, PageShowing, PageVersion
from operating.models.page import LONGEST_TEXT, PageEditedElsewhere, PageNotShown, PageTaken
from tests import cast
from tests.faults.taken_away import meeting, take_away, taken_away, triggers
from tests.operating.pages import WORDS, make_page, max_
from tests.payments.crowd import at_once

pytestmark = pytest.mark.django_db
ENGLISH = {"title_en": "Imprint", "text_en": "Who we are."}


def seen_of(slug: str) -> int:
    """The present showing, as whoever decides now sees it."""
    return CustomPage.objects.get(slug=slug).present_id or 0


@pytest.fixture
def admin() -> User:
    return max_()


@pytest.fixture
def desk(admin: User) -> Client:
    client = Client()
    client.force_login(admin)
    return client


class TestWriting:
    def test_keeps_every_version_with_who_and_why(self, admin: User) -> None:
        page = make_page()
        page.write({**WORDS, "text_en": "Other words."}, by=admin, why="Clearer", seen=1)
        told = [(row.number, row.by, row.why) for row in page.versions.all()]
        assert told == [(2, admin, "Clearer"), (1, admin, "We open")]
        assert page.shown.number == 1
        assert AuditEvent.objects.filter(verb="page.write").count() == 2

    def test_is_for_administrators_alone(self, sam: User) -> None:
        with pytest.raises(NotAllowed):
            CustomPage.objects.start("terms", WORDS, by=sam, why="Mine")

    def test_is_refused_where_another_version_came_between(self, admin: User) -> None:
        page = make_page()
        page.write(WORDS, by=admin, why="Mine", seen=1)
        with pytest.raises(PageEditedElsewhere):
            page.write(WORDS, by=admin, why="Yours", seen=1)

    @pytest.mark.parametrize(
        "slug", ["create", "versions", "Terms", "a", "two--words", "-x", "x_y", "x" * 61, "条款", ""]
    )
    def test_refuses_an_address_that_is_none_or_is_kept(self, admin: User, slug: str) -> None:
        with pytest.raises(ValidationError, match="slug"):
            CustomPage.objects.start(slug, WORDS, by=admin, why="We open")

    def test_refuses_an_address_that_is_taken(self, admin: User) -> None:
        make_page()
        with pytest.raises(PageTaken):
            CustomPage.objects.start("terms", WORDS, by=admin, why="Again")

    @pytest.mark.parametrize("words", [{}, {"title_en": "Terms"}, {"text_zh": "条款"}, {**ENGLISH, "title_zh": "条款"}])
    def test_refuses_half_a_language(self, admin: User, words: dict[str, str]) -> None:
        with pytest.raises(ValidationError):
            CustomPage.objects.start("terms", words, by=admin, why="We open")

    def test_refuses_a_text_without_end(self, admin: User) -> None:
        with pytest.raises(ValidationError, match="text_en"):
            CustomPage.objects.start("terms", {**ENGLISH, "text_en": "x" * (LONGEST_TEXT + 1)}, by=admin, why="Long")


class TestTheDatabase:
    @pytest.mark.parametrize("model", [PageVersion, PageShowing])
    def test_refuses_to_change_or_delete_what_was_said(self, model: Any) -> None:
        make_page()
        for act in (lambda: model.objects.update(why="Other"), lambda: model.objects.all().delete()):
            with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
                act()

    def test_refuses_half_a_language_and_a_number_twice(self, admin: User) -> None:
        page = make_page()
        for wrong in ({"number": 2, "title_en": "Terms"}, {"number": 1, **ENGLISH}, {"number": 2}):
            with pytest.raises(IntegrityError), transaction.atomic():
                PageVersion.objects.create(page=page, by=admin, why="Wrong", **wrong)

    def astray(self, admin: User) -> dict[str, Any]:
        """Ways to show something, or nothing, that no showing says."""
        page, other = make_page(), make_page("imprint")
        first = seen_of("terms")
        page.publish(1, by=admin, why="Elsewhere in the foot", in_foot=True, place=5, seen=first)
        rows = CustomPage.objects.filter(pk=page.pk)
        facts = {"page": page, "by": admin, "why": "Mine"}
        return {
            "nothing": lambda: rows.update(present=None),
            "what was shown before": lambda: rows.update(present_id=first),
            "what another page shows": lambda: rows.update(present_id=other.present_id),
            "a version of another page": lambda: PageShowing.objects.create(version=other.newest, **facts),
            "another address": lambda: rows.update(slug="about"),
        }

    def test_shows_what_the_last_showing_says_and_nothing_else(self, admin: User) -> None:
        for act in self.astray(admin).values():
            with pytest.raises(IntegrityError), transaction.atomic():
                act()
        with connection.cursor() as cursor:
            with pytest.raises(IntegrityError, match="the address of"), transaction.atomic():
                cursor.execute("DELETE FROM operating_custompage")
            PageShowing.objects.create(page=CustomPage.objects.get(slug="terms"), by=admin, why="Nobody sees it")
            with pytest.raises(IntegrityError, match="does not show"), transaction.atomic():
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            CustomPage.objects.filter(slug="terms").update(present=PageShowing.objects.latest("pk"))

    def test_the_control_without_the_guards_all_of_it_is_taken(self, admin: User) -> None:
        astray = self.astray(admin)
        take_away(triggers("operating_custompage", "page_shows_the_last"))
        take_away(triggers("operating_pageshowing", "version_is_of_its_page"))
        take_away(triggers("operating_pageshowing", "showing_is_shown"))
        for act in astray.values():
            act()


class TestShowing:
    def test_periods_say_what_was_shown_from_when_until_when(self, admin: User) -> None:
        page = make_page()
        page.publish(1, by=admin, why="Elsewhere in the foot", in_foot=True, place=5, seen=seen_of("terms"))
        page.write({**WORDS, "text_en": "Other words."}, by=admin, why="Clearer", seen=1)
        page.publish(2, by=admin, why="Clearer", in_foot=True, place=5, seen=seen_of("terms"))
        page.withdraw(by=admin, why="Not ours any more", seen=seen_of("terms"))
        page.publish(1, by=admin, why="Back", in_foot=False, place=0, seen=seen_of("terms"))
        told = [(each.version.number, each.until is None, each.why) for each in periods.of(page)]
        assert told == [(1, True, "Back"), (2, False, "Clearer"), (1, False, "First version")]
        first, second = periods.of(page)[2], periods.of(page)[1]
        assert first.until == second.since

    def test_withdrawn_once_it_is_not_withdrawn_again(self, admin: User) -> None:
        page = make_page()
        page.withdraw(by=admin, why="Old", seen=seen_of("terms"))
        with pytest.raises(PageNotShown):
            page.withdraw(by=admin, why="Old", seen=seen_of("terms"))

    def test_what_is_withdrawn_is_gone_and_its_versions_stay_readable(self, client: Client, admin: User) -> None:
        page = make_page()
        page.withdraw(by=admin, why="Old", seen=seen_of("terms"))
        assert client.get("/pages/terms/").status_code == 404
        assert "not published any more" in client.get("/pages/terms/versions/").content.decode()
        assert "is a right" in client.get("/pages/terms/versions/1/").content.decode()

    def test_who_did_not_see_what_is_shown_now_neither_publishes_nor_withdraws(self, admin: User) -> None:
        page = make_page()
        page.write({**WORDS, "text_en": "Other words."}, by=admin, why="Clearer", seen=1)
        stale = seen_of("terms")
        page.publish(2, by=admin, why="Clearer", in_foot=True, place=0, seen=stale)
        with pytest.raises(PageEditedElsewhere):
            page.publish(1, by=admin, why="Mine", in_foot=True, place=0, seen=stale)
        with pytest.raises(PageEditedElsewhere):
            page.withdraw(by=admin, why="Mine", seen=stale)
        assert page.shown.number == 2

    def test_a_draft_is_nobody_s_but_its_writers(self, client: Client, desk: Client, admin: User) -> None:
        page = CustomPage.objects.start("terms", WORDS, by=admin, why="We open")
        for address in ("/pages/terms/", "/pages/terms/versions/", "/pages/terms/versions/1/"):
            assert client.get(address).status_code == 404
        assert "is a right" in desk.get(reverse("operating:preview_page", args=[page.slug, 1])).content.decode()
        page.publish(1, by=admin, why="Now", in_foot=False, place=0, seen=seen_of("terms"))
        page.write({**WORDS, "text_en": "A draft."}, by=admin, why="Next", seen=1)
        assert "A draft." not in client.get("/pages/terms/").content.decode()
        assert client.get("/pages/terms/versions/2/").status_code == 404


class TestTheReader:
    def test_gets_her_own_language_with_its_address_in_each(self, client: Client) -> None:
        make_page()
        english = client.get("/pages/terms/").content.decode()
        assert '<div class="prose" lang="en" dir="auto"><h2>Buying</h2>' in english
        assert 'hreflang="zh-Hans"' in english
        assert 'rel="canonical"' in english
        assert "服务条款" in client.get("/pages/terms/?hl=zh-hans").content.decode()

    def test_is_told_where_there_is_only_the_other_language(self, client: Client) -> None:
        make_page("imprint", **ENGLISH)
        page = client.get("/pages/imprint/?hl=zh-hans").content.decode()
        assert '<div class="prose" lang="en"' in page
        assert 'hreflang="zh-Hans"' not in page
        with translation.override("zh-hans"):
            assert translation.gettext("This page is written in English only.") in page
        sitemap = client.get("/sitemap-pages.xml").content.decode()
        assert "/pages/imprint/" in sitemap
        assert 'hreflang="zh-Hans"' not in sitemap

    def test_is_safe_from_what_the_text_brings(self, client: Client) -> None:
        text = '<script>alert(1)</script> [x](javascript:alert(1)) <img src=x onerror=alert(1)> <b hx-get="/">b</b>'
        make_page("imprint", title_en="<i>Imprint</i>", text_en=text)
        page = client.get("/pages/imprint/").content.decode()
        for bad in ("<script>alert", 'href="javascript', "<img src=x", "<b hx-get", "<i>Imprint"):
            assert bad not in page

    def test_finds_it_in_the_foot_in_the_chosen_order(self, client: Client, admin: User) -> None:
        make_page("privacy", admin, title_en="Privacy", text_en="Little is kept.")
        make_page("about", admin, in_foot=False, title_en="About", text_en="We.")
        page = make_page("terms", admin)
        page.publish(1, by=admin, why="First", in_foot=True, place=9, seen=seen_of("terms"))
        links = client.get("/courses/").content.decode().partition("site-foot")[2]
        assert links.index("/pages/privacy/") < links.index("/pages/terms/")
        assert "/pages/about/" not in links

    def test_is_led_to_terms_where_she_agrees_to_them(self, client: Client, admin: User) -> None:
        address = reverse("account_signup")
        assert "you agree" not in client.get(address).content.decode()
        page = make_page("terms", admin, in_foot=False)
        assert '<a href="/pages/terms/" lang="en">Terms</a>' in client.get(address).content.decode()
        page.withdraw(by=admin, why="Old", seen=seen_of("terms"))
        assert "you agree" not in client.get(address).content.decode()


class TestTheFoot:
    def test_costs_no_question_while_it_is_at_hand(self) -> None:
        make_page()
        foot.shown()
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert foot.page("terms") is not None
            assert foot.page("privacy") is None
        assert not asked.captured_queries

    def test_frames_are_drawn_anew_when_it_changes_and_old_ones_are_let_go(self, client: Client, admin: User) -> None:
        client.get("/courses/")
        page = make_page()
        assert "/pages/terms/" in client.get("/courses/").content.decode()
        page.withdraw(by=admin, why="Old", seen=seen_of("terms"))
        assert "/pages/terms/" not in client.get("/courses/").content.decode()
        assert len({key[4:] for key in frames._drawn}) == 1

    def test_another_process_believes_it_for_seconds_and_no_page_for_longer(self, admin: User) -> None:
        """What is drawn from what a process held ends soon: ages do not add up."""
        held.changed()
        foot.shown()
        drawn = []

        def draw() -> str:
            foot.shown()
            drawn.append(window._ends.get())
            return "page"

        window.drawn("a page", draw, 60)
        read_at = held._held[foot.NAME][1]
        assert drawn == [pytest.approx(read_at + held.PAGE_SECONDS)]
        assert held.HELD_SECONDS < held.PAGE_SECONDS

    def test_works_without_the_cache(self, settings: Any) -> None:
        make_page()
        cache.clear()
        held.changed()
        assert foot.page("terms").said.title == "Terms"


class TestTheDesk:
    def test_leads_from_a_draft_to_a_page_and_back(self, desk: Client, client: Client) -> None:
        made = desk.post(reverse("operating:create_page"), {**WORDS, "slug": "Terms", "why": "We open", "seen": 0})
        assert made.headers["Location"] == "/staff/pages/terms/"
        sent = {"number": 1, "in_foot": "on", "place": 3, "why": "First version", "seen": 0}
        assert desk.post("/staff/pages/terms/publish/", sent).status_code == 302
        assert client.get("/pages/terms/").status_code == 200
        assert desk.get("/staff/pages/terms/").status_code == desk.get("/staff/pages/").status_code == 200
        assert desk.post("/staff/pages/terms/withdraw/", {"why": "Old", "seen": seen_of("terms")}).status_code == 302
        assert client.get("/pages/terms/").status_code == 404

    def test_says_what_is_wrong_and_keeps_what_was_typed(self, desk: Client) -> None:
        make_page()
        sent = {**ENGLISH, "why": "", "seen": 0, "slug": "terms"}
        for wrong in ({**sent, "why": "x"}, sent, {**sent, "why": "x", "slug": "create"}, {**sent, "text_en": ""}):
            answer = desk.post(reverse("operating:create_page"), wrong)
            assert answer.status_code == 422
            assert "Imprint" in answer.content.decode()
        stale = desk.post("/staff/pages/terms/", {**WORDS, "text_en": "Mine", "why": "x", "seen": 7})
        assert stale.status_code == 422
        assert "another version meanwhile" in stale.content.decode()
        for address, sent in (("publish", {"number": 1}), ("publish", {"number": 1, "place": 100}), ("withdraw", {})):
            assert desk.post(f"/staff/pages/terms/{address}/", sent).status_code == 422
        sent = {"number": 9, "why": "x", "seen": seen_of("terms")}
        assert desk.post("/staff/pages/terms/publish/", sent).status_code == 404


class TestTheApi:
    def test_shows_everybody_what_is_shown_and_was(self, admin: User) -> None:
        page, api = make_page(), APIClient()
        page.write({**WORDS, "text_en": "Next."}, by=admin, why="Clearer", seen=1)
        (told,) = api.get("/api/v1/pages/").json()
        assert (told["slug"], told["shown"]["number"], told["in_foot"]) == ("terms", 1, True)
        one = api.get("/api/v1/pages/terms/").json()
        assert [period["number"] for period in one["periods"]] == [1]
        assert api.get("/api/v1/pages/terms/versions/1/").json()["title_zh"] == "服务条款"
        assert api.get("/api/v1/pages/terms/versions/2/").status_code == 404

    def test_lets_administrators_write(self, admin: User) -> None:
        api = APIClient()
        api.force_login(admin)
        sent = {"slug": "imprint", **ENGLISH, "why": "We open"}
        assert api.post("/api/v1/staff/pages/", sent).status_code == 201
        assert api.post("/api/v1/staff/pages/", sent).json()["code"] == "page_taken"
        assert api.post("/api/v1/staff/pages/", {**sent, "slug": "create"}).status_code == 400
        written = api.post("/api/v1/staff/pages/imprint/", {**ENGLISH, "why": "Again", "seen": 1}).json()
        assert written["number"] == 2
        published = api.post("/api/v1/staff/pages/imprint/publish/", {"number": 2, "why": "Now", "seen": 0}).json()
        assert published["shown"]["number"] == 2
        assert (
            api.post("/api/v1/staff/pages/imprint/withdraw/", {"why": "Old", "seen": seen_of("imprint")}).json()[
                "shown"
            ]
            is None
        )
        assert [row["shown_number"] for row in api.get("/api/v1/staff/pages/").json()] == [None]


@pytest.mark.django_db(transaction=True)
class TestTwoAdministratorsAtOnce:
    def write(self, *, without_locks: bool = False) -> list[Any]:
        page, people = make_page(), [max_(), cast.person("Mia", role="admin")]
        return at_once(
            lambda n: page.write({**WORDS, "text_en": f"{n}"}, by=people[n], why="Mine", seen=1).number,
            2, without_locks=without_locks,
        )  # fmt: skip

    def test_write_one_version_and_the_other_is_told(self) -> None:
        written = self.write()
        assert [one for one in written if isinstance(one, int)] == [2]
        assert [type(one) for one in written if not isinstance(one, int)] == [PageEditedElsewhere]
        assert PageVersion.objects.count() == 2

    def test_collide_without_the_lock(self) -> None:
        """The negative control, with both held until each has looked."""
        with (
            taken_away(meeting("operating_pageversion")),
            pytest.raises(DatabaseError),
        ):
            self.write(without_locks=True)
