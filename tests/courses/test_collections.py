"""Collections: in both languages, from a day until another, in their order, with every change on record."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.utils import DatabaseError
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from accounts.models import User
from courses import shelves
from courses.models import Collection, CollectionEdition, Course
from courses.models.version import EditedElsewhere
from marketplace.lib.errors import NotAllowed
from tests import cast
from tests.courses.factories import make_course

pytestmark = pytest.mark.django_db

TOLD = {"title_en": "First snow", "title_zh": "初雪", "words_en": "To do inside", "words_zh": "在屋里做"}


@pytest.fixture
def courses(ada: User) -> list[Course]:
    return [make_course(title=title) for title in ("Bread", "Knitting", "Candles")]


def make(courses: list[Course], *, first: date | None = None, last: date | None = None, **told: Any) -> Collection:
    days = {"starts_on": first or timezone.localdate(), "ends_on": last}
    return Collection.objects.start({**TOLD, **days, **told}, courses, by=cast.sam(), why="Winter")


class TestCurating:
    def test_every_change_is_a_row_with_who_and_why(self, courses: list[Course], sam: User) -> None:
        made = make(courses)
        mo = cast.person("Mo", role="moderator")
        told = {**TOLD, "title_en": "Deep snow", "starts_on": timezone.localdate()}
        made.write(told, courses[:1], by=mo, why="Fewer", seen=1)
        rows = [(row.number, row.title_en, row.by, row.why) for row in made.editions.all()]
        assert rows == [(2, "Deep snow", mo, "Fewer"), (1, "First snow", sam, "Winter")]
        for act in (made.editions.first().delete, lambda: CollectionEdition.objects.update(why="Else")):
            with pytest.raises(DatabaseError), transaction.atomic():
                act()

    def test_two_curators_do_not_overwrite_each_other(self, courses: list[Course], sam: User) -> None:
        made = make(courses)
        told = {**TOLD, "starts_on": timezone.localdate()}
        made.write(told, courses, by=sam, why="One", seen=1)
        with pytest.raises(EditedElsewhere):
            made.write(told, courses, by=sam, why="Two", seen=1)

    @pytest.mark.parametrize(
        "wrong",
        [{"title_zh": ""}, {"title_en": "x" * 81}, {"ends_on": date(2020, 1, 1)}, {"why": " "}],
    )
    def test_what_is_not_whole_is_refused(self, courses: list[Course], sam: User, wrong: dict[str, Any]) -> None:
        told = {**TOLD, "starts_on": timezone.localdate(), "why": "Winter", **wrong}
        with pytest.raises(ValidationError):
            Collection.objects.start(told, courses, by=sam, why=told.pop("why"))
        assert not CollectionEdition.objects.exists()

    def test_so_is_one_without_a_course_or_with_one_twice(self, courses: list[Course], sam: User) -> None:
        for held in ([], courses[:1] * 2):
            with pytest.raises(ValidationError):
                make(held)

    def test_only_staff_curate(self, courses: list[Course], ada: User) -> None:
        with pytest.raises(NotAllowed):
            Collection.objects.start({**TOLD, "starts_on": timezone.localdate()}, courses, by=ada, why="Mine")


class TestShown:
    def test_from_its_first_day_to_its_last(self, courses: list[Course]) -> None:
        made = make(courses, first=date(2026, 12, 1), last=date(2026, 12, 24))
        shown = {
            day: made in Collection.objects.public(date(2026, *day)) for day in ((11, 30), (12, 1), (12, 24), (12, 25))
        }
        assert list(shown.values()) == [False, True, True, False]

    def test_the_first_page_has_it_in_its_order_without_what_left_the_sale(
        self, courses: list[Course], sam: User, client: Client
    ) -> None:
        make([courses[2], courses[0], courses[1]])
        courses[0].take_down(by=sam, rule_code="privacy", reason="Looked at")
        assert [[course.title for course in held] for _one, held in shelves.curated()] == [["Candles", "Knitting"]]
        page = client.get(reverse("home")).content.decode()
        assert page.index("First snow") < page.index("Candles")

    def test_kept_off_the_first_page_it_has_its_own(self, courses: list[Course], client: Client) -> None:
        made = make(courses, is_on_home=False)
        assert shelves.curated() == []
        page: Any = client.get(made.get_absolute_url())
        titles = ("Bread", "Knitting", "Candles")
        assert [title in card for title, card in zip(titles, page.context["cards"], strict=True)] == [True] * 3
        assert made.get_absolute_url() in client.get("/sitemap-collections.xml").content.decode()

    def test_it_speaks_the_reader_s_language(self, courses: list[Course], client: Client) -> None:
        made = make(courses)
        client.cookies["django_language"] = "zh-hans"
        with translation.override("zh-hans"):
            page = client.get(made.get_absolute_url()).content.decode()
        assert "初雪" in page
        assert "First snow" not in page

    def test_before_its_day_it_is_not_there(self, courses: list[Course], client: Client) -> None:
        made = make(courses, first=timezone.localdate() + timedelta(days=1))
        assert client.get(made.get_absolute_url()).status_code == 404

    def test_the_api_lists_them(self, courses: list[Course], client: Client) -> None:
        make(courses)
        told = client.get(reverse("api-collections")).json()
        assert [(one["title"], [course["slug"] for course in one["courses"]]) for one in told] == [
            ("First snow", ["bread", "knitting", "candles"])
        ]

    def test_the_api_leaves_out_none_and_asks_for_their_courses_once(
        self, courses: list[Course], client: Client, django_assert_max_num_queries: Any
    ) -> None:
        for at in range(26):
            make(courses, title_en=f"Snow {at}")
        client.get(reverse("api-collections"))  # what is near by name is remembered
        with django_assert_max_num_queries(4):
            told = client.get(reverse("api-collections")).json()
        assert [len(one["courses"]) for one in told] == [3] * 26


class TestDesk:
    def test_pages_write_it_and_name_an_unknown_course(self, courses: list[Course], sam: User, client: Client) -> None:
        client.force_login(sam)
        told = {
            **TOLD, "starts_on": "2026-12-01", "ends_on": "", "is_on_home": "on", "why": "Winter", "seen": 0,
            "courses": [courses[1].get_absolute_url(), courses[0].slug, ""],
        }  # fmt: skip
        assert client.post(reverse("moderation:create_collection"), told).status_code == 302
        made = Collection.objects.get()
        assert made.present.course_ids == [courses[1].pk, courses[0].pk]
        url = reverse("moderation:collection", args=[made.slug])
        wrong = client.post(url, {**told, "seen": 1, "courses": ["nowhere"]})
        assert (wrong.status_code, "No course on sale is named nowhere." in wrong.content.decode()) == (422, True)
        assert client.post(url, {**told, "seen": 1, "ends_on": "2026-11-01"}).status_code == 422
        assert client.post(url, {**told, "seen": 1, "why": "Again"}).status_code == 302
        assert "Again" in client.get(url).content.decode()
        assert client.post(url, {**told, "seen": 1, "why": "Late"}).status_code == 422

    def test_an_edit_keeps_what_is_not_in_lists_now(self, courses: list[Course], sam: User, client: Client) -> None:
        made, words = make(courses), "Not in lists now."
        url = reverse("moderation:collection", args=[made.slug])
        client.force_login(sam)
        assert words not in client.get(url).content.decode()
        takedown = courses[0].take_down(by=sam, rule_code="privacy", reason="Looked at")
        Course.objects.filter(pk=courses[1].pk).update(is_limited=True)
        page: Any = client.get(url)
        assert words in page.content.decode()
        assert [course.title for course in page.context["away"]] == ["Bread", "Knitting"]
        shown = {name: value for name, value in page.context["form"].initial.items() if value is not None}
        assert client.post(url, {**shown, "why": "A comma"}).status_code == 302
        takedown.lift(by=sam, reason="Found right")
        Course.objects.update(is_limited=False)
        made.refresh_from_db()
        assert (made.present.number, made.present.courses()) == (2, courses)

    def test_what_is_not_on_sale_is_put_into_none(self, courses: list[Course], sam: User, client: Client) -> None:
        made = make(courses[:1])
        courses[1].take_down(by=sam, rule_code="privacy", reason="Looked at")
        client.force_login(sam)
        told = {**TOLD, "starts_on": "2026-12-01", "why": "More", "seen": 1, "courses": ["bread", "knitting"]}
        answer = client.post(reverse("moderation:collection", args=[made.slug]), told)
        assert (answer.status_code, made.editions.count()) == (422, 1)
