"""A path as its reader sees it: greyed is exactly what is mastered, each with its reason, and the rest is reckoned."""

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.urls import reverse

from accounts.models import User
from courses.models import Course, Path
from learners import journeys
from learners.certificates import issuing
from learners.models import Enrollment, LessonProgress, PathFollow
from marketplace.lib.money import Money
from tests.courses.factories import make_course, make_skill
from tests.courses.path_factories import make_path
from tests.learners.certified import do_all, make_certificate
from tests.learners.factories import enroll

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop(ada: User) -> dict[str, Course]:
    """Three courses of 90 s each: what "first" teaches is known by "elsewhere" too, which is on no path."""
    python, sql = make_skill("python"), make_skill("databases-sql")
    return {
        "first": make_course(title="First", skills={python: 1}),
        "both": make_course(title="Both", skills={python: 2, sql: 2}, price=Money(12800, "CNY")),
        "plain": make_course(title="Plain", price=Money(0, "USD")),
        "elsewhere": make_course(title="Elsewhere", skills={python: 2}),
    }


@pytest.fixture
def path(shop: dict[str, Course]) -> Path:
    return make_path([shop["first"], shop["both"]], [shop["plain"]])


def greyed(path: Path, reader: Any) -> dict[str, str]:
    """What is pale, and why."""
    stops = journeys.of(path, reader).stops
    return {
        stop.course.title: "finished" if stop.finished_at else "; ".join(reason.text for reason in stop.known)
        for stop in stops
        if stop.is_mastered
    }


class TestMastered:
    def test_a_visitor_has_mastered_nothing(self, path: Path) -> None:
        seen = journeys.of(path, AnonymousUser())
        assert greyed(path, AnonymousUser()) == {}
        assert (seen.total_s, seen.remaining_s, seen.percent) == (270, 270, 0)
        assert [(sum.minor, sum.currency) for sum in seen.prices] == [(12800, "CNY"), (1999, "USD")]

    def test_sums_with_a_named_price_are_said_to_be_the_least(
        self, path: Path, shop: dict, ada: User, client: Client
    ) -> None:
        shop["first"].set_price(Money(1000, "USD"), by=ada, suggested=Money(1500, "USD"))
        page = client.get(path.get_absolute_url()).content.decode()
        assert "CN¥128.00 + from $10.00" in page

    def test_a_finished_course_is(self, path: Path, shop: dict, lin: User) -> None:
        enroll(lin, shop["plain"]).complete()
        assert greyed(path, lin) == {"Plain": "finished"}
        seen = journeys.of(path, lin)
        assert (seen.mastered, seen.remaining_s, seen.percent) == (1, 180, 33)
        assert [part.is_mastered for part in seen.parts] == [False, True]

    def test_a_course_is_whose_skills_she_has_from_elsewhere(self, path: Path, shop: dict, lin: User) -> None:
        enroll(lin, shop["elsewhere"]).complete()
        assert greyed(path, lin) == {"First": "Finished “Elsewhere”"}
        seen = journeys.of(path, lin)
        assert seen.next_stop is not None
        assert (seen.remaining_s, seen.next_stop.course.title) == (180, "Both")
        assert [(sum.minor, sum.currency) for sum in seen.prices] == [(12800, "CNY")]

    def test_a_course_is_not_of_which_she_has_only_a_part(self, path: Path, shop: dict, lin: User) -> None:
        enroll(lin, shop["first"]).complete()
        assert greyed(path, lin) == {"First": "finished"}

    def test_a_course_that_names_no_skill_is_only_when_finished(self, path: Path, shop: dict, lin: User) -> None:
        for title in ("first", "both", "elsewhere"):
            enroll(lin, shop[title]).complete()
        assert set(greyed(path, lin)) == {"First", "Both"}

    def test_what_is_begun_counts_by_its_lessons(self, path: Path, shop: dict, lin: User) -> None:
        enroll(lin, shop["both"])
        do_all(lin, shop["both"])
        LessonProgress.objects.filter(lesson_key=shop["both"].live_lessons().last().key).update(done_at=None)
        stop = next(stop for stop in journeys.of(path, lin).stops if stop.course == shop["both"])
        assert (stop.is_begun, stop.is_mastered, stop.remaining_s) == (True, False, 30)

    def test_a_course_is_not_whose_evidence_was_found_untrue(
        self, path: Path, shop: dict, lin: User, sam: User
    ) -> None:
        certificate = make_certificate(lin, shop["plain"])
        assert greyed(path, lin) == {"Plain": "finished"}
        issuing.revoke(certificate, by=sam, cause="evidence", reason="A program watched")
        assert greyed(path, lin) == {}
        stop = next(stop for stop in journeys.of(path, lin).stops if stop.course == shop["plain"])
        assert (stop.is_hers, stop.is_mastered) == (True, False)

    def test_a_course_stays_so_when_its_certificate_was_only_a_mistake(
        self, path: Path, shop: dict, lin: User, sam: User
    ) -> None:
        issuing.revoke(make_certificate(lin, shop["plain"]), by=sam, cause="mistake", reason="Wrong name")
        assert greyed(path, lin) == {"Plain": "finished"}

    def test_another_s_deeds_are_not_hers(self, path: Path, shop: dict, lin: User, cole: User) -> None:
        enroll(cole, shop["plain"]).complete()
        assert greyed(path, lin) == {}

    def test_a_course_off_the_sale_leaves_it_but_not_for_who_has_it(
        self, path: Path, shop: dict, lin: User, sam: User
    ) -> None:
        enroll(lin, shop["both"])
        shop["both"].take_down(by=sam, rule_code="privacy", reason="Looked at")
        titles = {who: [stop.course.title for stop in journeys.of(path, who).stops] for who in (AnonymousUser(), lin)}
        assert list(titles.values()) == [["First", "Plain"], ["First", "Both", "Plain"]]

    def test_the_number_of_queries_does_not_grow(
        self, path: Path, shop: dict, lin: User, django_assert_max_num_queries: Any
    ) -> None:
        enroll(lin, shop["plain"]).complete()
        make_path([shop["plain"], shop["first"]], title="Another")
        make_path([shop["plain"], shop["both"]], title="A third")
        public = Path.objects.public().select_related("live_edition", "creator")
        with django_assert_max_num_queries(16):
            assert len(journeys.journeys(public, lin)) == 3


class TestPages:
    def test_the_page_says_why_what_is_pale_is(self, path: Path, shop: dict, lin: User, client: Client) -> None:
        enroll(lin, shop["elsewhere"]).complete()
        client.force_login(lin)
        client.post(reverse("paths:follow", args=[path.slug]))
        page = client.get(path.get_absolute_url()).content.decode()
        assert "You know what it teaches: Finished “Elsewhere”" in page
        assert "1 of 3 courses mastered" in page
        assert page.count('class="way__stop" data-done') == 1
        library = client.get(reverse("learners:library")).content.decode()
        assert "Your paths" in library
        assert "1 of 3 courses mastered" in library

    def test_followed_and_no_longer(self, path: Path, lin: User, client: Client) -> None:
        client.force_login(lin)
        url = reverse("paths:follow", args=[path.slug])
        client.post(url)
        client.post(url)
        assert PathFollow.objects.of(lin).count() == 1
        client.post(url, {"stop": "1"})
        assert not PathFollow.objects.of(lin).exists()

    def test_a_closed_one_stays_with_who_follows_it(self, path: Path, ada: User, lin: User, client: Client) -> None:
        PathFollow.objects.follow(lin, path)
        path.close(True, by=ada, reason="Old")
        assert client.get(path.get_absolute_url()).status_code == 404
        client.force_login(lin)
        assert "no longer in our lists" in client.get(path.get_absolute_url()).content.decode()

    def test_a_draft_is_not_there(self, shop: dict, client: Client) -> None:
        path = make_path([shop["plain"], shop["first"]], title="Draft", live=False)
        assert client.get(path.get_absolute_url()).status_code == 404
        assert "Draft" not in client.get(reverse("paths:paths")).content.decode()

    def test_search_engines_are_told(self, path: Path, client: Client) -> None:
        page = client.get(path.get_absolute_url()).content.decode()
        assert '"@type": "ItemList"' in page
        assert '"numberOfItems": 3' in page
        assert path.get_absolute_url() in client.get("/sitemap-paths.xml").content.decode()

    def test_the_api_tells_it_with_what_is_mastered(self, path: Path, shop: dict, lin: User, client: Client) -> None:
        enroll(lin, shop["elsewhere"]).complete()
        client.force_login(lin)
        told = client.get(reverse("api-path", args=[path.slug])).json()
        stops = [stop for stage in told["stages"] for stop in stage["courses"]]
        assert [(stop["course"]["slug"], stop["is_mastered"]) for stop in stops] == [
            ("first", True), ("both", False), ("plain", False),
        ]  # fmt: skip
        assert stops[0]["known"][0]["course"] == "elsewhere"
        assert (told["remaining_s"], told["prices"]) == (180, [{"minor": "12800", "currency": "CNY"}])
        assert client.post(reverse("api-path-follow", args=[path.slug])).status_code == 204
        assert client.get(reverse("api-path", args=[path.slug])).json()["is_followed"]
        assert client.get(reverse("api-paths")).json()["results"][0]["slug"] == path.slug

    def test_a_refund_makes_it_hers_no_longer(self, path: Path, shop: dict, lin: User) -> None:
        enrollment = enroll(lin, shop["both"])
        enrollment.complete()
        enrollment.end(Enrollment.EndReason.REFUNDED)
        assert greyed(path, lin) == {}
