"""Pages and API of ratings: doors, answers, and what the public sees of them."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import User
from community import hiding, rating, reckoning
from community.models import Rating, RatingReply
from courses.models import Course
from marketplace.lib.templatetags.ui import stars
from tests import cast
from tests.community.factories import crowd, rate, see
from tests.courses.factories import make_course
from tests.creators.factories import make_creator
from tests.learners.factories import enroll

pytestmark = pytest.mark.django_db


@pytest.fixture
def course(ada: User) -> Course:
    return make_course()


def client_of(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def api_of(person: User | None) -> APIClient:
    client = APIClient()
    if person:
        client.force_authenticate(person)
    return client


def page(address: str, client: Client | None = None) -> str:
    answer = (client or Client()).get(address)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


class TestCoursePage:
    def test_has_number_bars_interval_words_and_reply(self, ada: User, course: Course) -> None:
        rows = crowd(course, 5, 4, 4, 2)
        rate(cast.person("Wordy"), course, 5, text="Now <b>my</b> bowls stand.")
        rating.reply(Rating.objects.get(text__contains="bowls"), "So glad!", by=ada)
        seen = page(course.get_absolute_url())
        course.refresh_from_db()
        assert f"<strong>{stars(course.rating_score)}</strong>" in seen
        assert f"{stars(course.rating_low)} and {stars(course.rating_high)}" in seen
        assert "Now &lt;b&gt;my&lt;/b&gt; bowls stand." in seen
        assert "So glad!" in seen
        assert len(rows) == 4

    def test_tells_search_engines_the_number_that_it_shows(self, course: Course) -> None:
        crowd(course, 5, 4)
        told = re.compile(r'<script type="application/ld\+json"[^>]*>(.*?)</script>', re.S)
        assert "aggregateRating" not in json.loads(told.findall(page(course.get_absolute_url()))[0])
        rate(cast.person("Third"), course, 4)
        found = json.loads(told.findall(page(course.get_absolute_url()))[0])["aggregateRating"]
        course.refresh_from_db()
        assert (found["ratingValue"], found["ratingCount"]) == (stars(course.rating_score), 3)

    @pytest.mark.parametrize(("milli", "shown", "is_found"), [(4499, "4.4", False), (4500, "4.5", True)])
    def test_what_reads_4_5_is_under_4_5_and_up(self, course: Course, milli: int, shown: str, is_found: bool) -> None:
        course.be_rated(score=milli, low=4000, high=4900, counts=[0, 0, 0, 2, 2])
        seen = page(course.get_absolute_url())
        assert f"<strong>{shown}</strong>" in seen
        assert f'"ratingValue": "{shown}"' in seen.replace('":"', '": "')
        assert (course.get_absolute_url() in page(reverse("courses:catalogue") + "?rating=4.5")) is is_found

    def test_a_new_rating_shows_at_once_on_kept_pages_and_cards(self, course: Course) -> None:
        crowd(course, 5, 5, 5)
        catalogue = reverse("courses:catalogue")
        assert "(3)" in page(course.get_absolute_url())
        assert "(3)" in page(catalogue)
        rate(cast.person("Fourth"), course, 1)
        for address in (course.get_absolute_url(), catalogue, reverse("community:ratings", args=[course.slug])):
            assert "(3)" not in page(address)
        assert "(4)" in page(catalogue)

    def test_costs_six_queries_cold_and_none_warm(
        self, course: Course, django_assert_max_num_queries: Any, django_assert_num_queries: Any
    ) -> None:
        for row in crowd(course, 5, 4, 4, 2):
            Rating.objects.filter(pk=row.pk).update(text="Words")
        page(make_course(title="Glazes").get_absolute_url())  # what all courses share is known
        with django_assert_max_num_queries(6):
            page(course.get_absolute_url())
        with django_assert_num_queries(0):
            page(course.get_absolute_url())

    def test_says_nothing_where_nobody_has_rated(self, course: Course) -> None:
        assert 'id="ratings"' not in page(course.get_absolute_url())


class TestAllRatings:
    def test_are_narrowed_and_ordered_by_their_address(self, cole: User, course: Course) -> None:
        rows = crowd(course, 5, 4, 1)
        rows[2].find_helpful(cole)
        for row in rows:
            Rating.objects.filter(pk=row.pk).update(text=f"Said with {row.stars}")
        address = reverse("community:ratings", args=[course.slug])
        assert re.findall(r"Said with (\d)", page(address)) == ["1", "4", "5"]
        assert re.findall(r"Said with (\d)", page(f"{address}?stars=4")) == ["4"]
        assert re.findall(r"Said with (\d)", page(f"{address}?order=newest")) == ["1", "4", "5"]

    @pytest.mark.parametrize("query", ["stars=9", "stars=x", "order=%00", "after=%00%ff", "before=e30", "stars=５"])
    def test_bad_questions_are_the_first_page(self, course: Course, query: str) -> None:
        crowd(course, 5)
        assert "stars" in page(f"{reverse('community:ratings', args=[course.slug])}?{query}")

    def test_show_those_who_paid_nothing_apart(self, lin: User, course: Course) -> None:
        Rating.objects.filter(pk=rate(lin, course, 5).pk).update(is_apart=True)
        seen = page(reverse("community:ratings", args=[course.slug]))
        assert "1 rating by somebody who paid nothing" in seen

    def test_of_a_course_off_the_sale_are_gone(self, sam: User, course: Course) -> None:
        course.take_down(by=sam, rule_code="copyright", reason="a claim")
        assert Client().get(reverse("community:ratings", args=[course.slug])).status_code == 404

    def test_pages_follow_each_other_without_a_gap(self, course: Course) -> None:
        rows = crowd(course, *[5] * 30)
        for row in rows:
            Rating.objects.filter(pk=row.pk).update(text=f"Word {row.pk}.")
        address, found = reverse("community:ratings", args=[course.slug]), []
        first = page(f"{address}?order=newest")
        found += re.findall(r"Word (\d+)\.", first)
        after = re.search(r"after=([^\"]+)\"", first)
        assert after
        found += re.findall(r"Word (\d+)\.", page(f"{address}?order=newest&after={after[1]}"))
        assert [int(pk) for pk in found] == sorted((row.pk for row in rows), reverse=True)

    def test_show_at_once_what_changes_no_number(self, ada: User, lin: User, sam: User, course: Course) -> None:
        enroll(lin, course, source="staff")
        row = rate(lin, course, 4, text="First words")
        address = reverse("community:ratings", args=[course.slug])
        assert "First words" in page(address)
        rating.rate(lin, course, {"stars": 4, "text": "Other words"})
        assert "Other words" in page(address)
        rating.reply(row, "My answer", by=ada)
        assert "My answer" in page(address)
        measure = hiding.hide(row, by=sam, rule_code="respect", rule_version=1, reason="Rude")
        assert "Other words" not in page(address)
        hiding.lift(measure, by=sam, reason="Not so rude")
        assert "Other words" in page(address)


class TestRatePage:
    def test_takes_stars_and_words(self, lin: User, course: Course) -> None:
        see(lin, course)
        address = reverse("community:rate", args=[course.slug])
        form = {"stars": "4", "text": "Good", "content": "5", "clarity": "", "practice": "3", "revision": "0"}
        assert client_of(lin).post(address, {**form, "is_named": "on"}).status_code == 302
        row = Rating.objects.get()
        assert (row.stars, row.text, row.content, row.clarity, row.practice) == (4, "Good", 5, None, 3)
        assert "Say it anew" in page(address, client_of(lin))

    @pytest.mark.parametrize(
        "change", [{"stars": "6"}, {"stars": ""}, {"text": "x" * 5000}, {"revision": ""}, {"content": "0"}]
    )
    def test_says_what_is_wrong_and_keeps_what_was_written(self, lin, course, change) -> None:
        see(lin, course)
        form = {"stars": "4", "text": "My words", "revision": "0", **change}
        answer = client_of(lin).post(reverse("community:rate", args=[course.slug]), form)
        assert answer.status_code == 400
        assert "field__error" in answer.content.decode() or 'role="alert"' in answer.content.decode()
        assert not Rating.objects.exists()

    def test_of_who_has_seen_too_little_says_how_much_is_missing(self, lin: User, course: Course) -> None:
        see(lin, course, 5)
        seen = page(reverse("community:rate", args=[course.slug]), client_of(lin))
        assert "3 of 10 %" in seen
        assert "<textarea" not in seen

    def test_is_not_there_for_who_never_had_it(self, cole: User, course: Course) -> None:
        assert client_of(cole).get(reverse("community:rate", args=[course.slug])).status_code == 404

    def test_of_a_second_window_is_a_409_with_its_sentence(self, lin: User, course: Course) -> None:
        rate(lin, course, 5)
        form = {"stars": "1", "revision": "0"}
        answer = client_of(lin).post(reverse("community:rate", args=[course.slug]), form)
        assert answer.status_code == 409
        assert "another window" in answer.content.decode()

    def test_names_nobody_who_does_not_want_it(self, lin: User, course: Course) -> None:
        rate(lin, course, 4, text="Good", is_named=False)
        seen = page(reverse("community:ratings", args=[course.slug]))
        assert "A learner" in seen
        assert "Lin</strong>" not in seen


class TestStudio:
    def test_a_creator_reads_and_answers_what_waits(self, ada: User, lin: User, course: Course) -> None:
        row = rate(lin, course, 2, text="Too fast")
        address = reverse("community:course_ratings", args=[course.slug])
        assert "Too fast" in page(f"{address}?show=unanswered", client_of(ada))
        reply = reverse("community:reply", args=[row.pk])
        assert client_of(ada).post(reply, {"text": "I shall mend it", "number": "0"}).status_code == 302
        assert RatingReply.objects.get().text == "I shall mend it"
        assert "Too fast" not in page(f"{address}?show=unanswered", client_of(ada))
        client_of(ada).post(reply, {"text": "", "number": "1"})
        assert "I shall mend it" not in page(course.get_absolute_url())

    def test_another_creator_does_not(self, lin: User, course: Course) -> None:
        row = rate(lin, course, 2)
        bea = make_creator(cast.person("Bea"), "Bea Glazes").user
        answer = client_of(bea).post(reverse("community:reply", args=[row.pk]), {"text": "x", "number": "0"})
        assert answer.status_code == 404
        assert not RatingReply.objects.exists()

    @pytest.mark.parametrize("form", [{"text": "x" * 2001, "number": "0"}, {"text": "x"}, {"text": "", "number": "0"}])
    def test_a_bad_answer_is_refused(self, ada: User, lin: User, course: Course, form: dict[str, str]) -> None:
        row = rate(lin, course, 2)
        client_of(ada).post(reverse("community:reply", args=[row.pk]), form)
        assert not RatingReply.objects.exists()


class TestFormulaPage:
    def test_shows_its_examples_and_constants(self) -> None:
        seen = page(reverse("community:formula"))
        assert "Five hundred, 4.6 on the whole" in seen
        assert "1.96" in seen
        assert "365" in seen


class TestApi:
    def test_says_and_reads_ones_own(self, lin: User, course: Course) -> None:
        see(lin, course, 40)
        address = reverse("api-own-rating", args=[course.slug])
        assert api_of(lin).get(address).status_code == 204
        told = api_of(lin).put(address, {"stars": 4, "text": "Good", "practice": 2, "revision": 0}, format="json")
        assert (told.status_code, told.json()["learned"], told.json()["practice"]) == (200, 40, 2)
        assert api_of(lin).get(address).json()["stars"] == 4
        again = api_of(lin).put(address, {"stars": 1, "revision": 0}, format="json")
        assert (again.status_code, again.json()["code"]) == (409, "rated_elsewhere")

    @pytest.mark.parametrize(
        "told", [{}, {"stars": 6}, {"stars": None}, {"stars": "x"}, {"stars": 4, "content": 7},
                 {"stars": 4, "text": "x" * 4001}, {"stars": 4, "revision": -1}, [], "x"]
    )  # fmt: skip
    def test_refuses_what_is_no_rating(self, lin: User, course: Course, told: Any) -> None:
        see(lin, course)
        assert api_of(lin).put(reverse("api-own-rating", args=[course.slug]), told, format="json").status_code == 400
        assert not Rating.objects.exists()

    def test_leaves_a_rating_without_a_name_as_it_is(self, lin: User, course: Course) -> None:
        see(lin, course)
        address = reverse("api-own-rating", args=[course.slug])
        assert api_of(lin).put(address, {"stars": 4}, format="json").json()["is_named"] is True
        assert api_of(lin).put(address, {"stars": 4, "is_named": False}, format="json").json()["is_named"] is False
        assert api_of(lin).put(address, {"stars": 5}, format="json").json()["is_named"] is False
        assert api_of(lin).put(address, {"stars": 5}).json()["is_named"] is False

    def test_lists_what_was_changed_last_first(self, course: Course) -> None:
        first, second = crowd(course, 5, 4)
        address = reverse("api-ratings", args=[course.slug])
        assert [row["id"] for row in api_of(None).get(address).json()["results"]] == [second.pk, first.pk]
        rate(first.learner, course, 3)
        told = api_of(None).get(f"{address}?page_size=1").json()
        assert [row["id"] for row in told["results"]] == [first.pk]
        assert [row["id"] for row in api_of(None).get(told["next"]).json()["results"]] == [second.pk]

    def test_refuses_who_has_seen_too_little_and_who_never_had_it(self, lin: User, cole: User, course: Course) -> None:
        see(lin, course, 5)
        address = reverse("api-own-rating", args=[course.slug])
        told = api_of(lin).put(address, {"stars": 4}, format="json")
        assert (told.status_code, told.json()["code"], told.json()["learned"]) == (409, "too_little_seen", 3)
        assert api_of(cole).put(address, {"stars": 4}, format="json").status_code == 404
        assert api_of(None).put(address, {"stars": 4}, format="json").status_code in (401, 403)

    def test_lists_what_is_said_with_the_score_on_the_course(self, ada: User, lin: User, course: Course) -> None:
        row = rate(lin, course, 4, text="Good")
        reply, vote = (reverse(f"api-{name}", args=[row.pk]) for name in ("reply-to-rating", "helpful-rating"))
        assert api_of(ada).put(reply, {"text": "Thanks"}, format="json").status_code == 200
        assert api_of(cast.cole()).post(vote, {}, format="json").status_code == 204
        told = api_of(None).get(reverse("api-ratings", args=[course.slug])).json()["results"]
        assert [(each["stars"], each["reply"], each["helpful_count"], each["author"]) for each in told] == [
            (4, "Thanks", 1, "Lin")
        ]
        assert api_of(None).get(reverse("api-course", args=[course.slug])).json()["rating"]["score"] is None
        crowd(course, 5, 5)
        found = api_of(None).get(reverse("api-course", args=[course.slug])).json()["rating"]
        assert (found["count"], found["spread"]) == (3, [0, 0, 0, 1, 2])
        assert found["low"] < found["score"] < found["high"]


def test_the_night_is_one_pass(course: Course, django_assert_max_num_queries: Any) -> None:
    crowd(course, 5, 5, 4)
    reckoning.reckon_all(timezone.now())
    with django_assert_max_num_queries(10):  # two of them set members' ratings apart and back
        assert reckoning.reckon_all(timezone.now() + timedelta(hours=1)) == 0
