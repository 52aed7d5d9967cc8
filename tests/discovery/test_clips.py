"""The feed of clips: which stand in it, in which order and why; what each page and the API show of them."""

import json
import re
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import User
from courses.models import Clip, Course, Restriction
from creators.models import Creator
from discovery.clips import choosing, feed
from discovery.models import Dismissal, Follow, Taste
from moderation import measures
from tests import cast
from tests.courses.clips import make_clip
from tests.courses.factories import make_course, make_skill
from tests.creators.factories import make_creator
from tests.learners.factories import enroll
from tests.moderation import decisions
from videos.models import Caption

pytestmark = pytest.mark.django_db


@pytest.fixture
def course() -> Course:
    return make_course()


@pytest.fixture
def bea() -> Creator:
    return make_creator(cast.person("Bea"), "Bea Glazes")


def as_(user: User | None = None) -> Client:
    client = Client()
    if user:
        client.force_login(user)
    return client


def age(clip: Clip, days: float) -> None:
    Clip.objects.filter(pk=clip.pk).update(published_at=timezone.now() - timedelta(days=days))


def titles(client: Client) -> list[str]:
    cache.clear()
    page = client.get(reverse("discovery:clips")).content.decode()
    return re.findall(r'data-title="([^"]+)"', page)


class TestOrder:
    def test_the_fresher_stands_before_the_older(self, course: Course) -> None:
        old, new = make_clip(course, title="Old"), make_clip(course, center=1, title="New")
        age(old, 30)
        age(new, 1)
        assert titles(as_()) == ["New", "Old"]

    def test_what_speaks_for_a_course_weighs_against_freshness(self, course: Course, bea: Creator, lin: User) -> None:
        followed, other = (
            make_clip(course, title="Followed"),
            make_clip(make_course(bea, title="Glazes"), title="Other"),
        )
        age(followed, 10)
        age(other, 0)
        assert titles(as_(lin)) == ["Other", "Followed"]
        Follow.objects.follow(lin, course.creator)
        assert titles(as_(lin)) == ["Followed", "Other"]
        assert "You follow Ada Lin Studio" in as_(lin).get(reverse("discovery:clips")).content.decode()

    def test_no_course_stands_there_more_than_twice(self, course: Course) -> None:
        for number in range(4):
            make_clip(course, center=number, title=f"Number {number}")
        assert titles(as_()) == ["Number 3", "Number 2"]

    def test_it_ends(self, course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(choosing, "SHOWN", 1)
        make_clip(course)
        make_clip(course, center=1)
        page = as_().get(reverse("discovery:clips")).content.decode()
        assert page.count("data-clip ") == 1
        assert "That was all" in page

    def test_the_parts_add_up_to_the_score(self, course: Course, lin: User) -> None:
        make_clip(course)
        Follow.objects.follow(lin, course.creator)
        (card,) = feed.cards(lin)
        assert card.score == pytest.approx(card.freshness * (1 + sum(part.amount for part in card.parts)))
        assert card.score == pytest.approx(choosing.feed_of(lin)[0].score)

    def test_what_her_courses_teach_counts_unless_she_switched_it_off(self, bea: Creator, lin: User) -> None:
        glazing = {make_skill("pottery"): 1}
        enroll(lin, make_course(title="Has it", skills=glazing))
        carries_on, other = make_course(bea, title="Glazes", skills=glazing), make_course(bea, title="Knots")
        make_clip(carries_on, title="Carries on")
        make_clip(other, title="Other")
        assert titles(as_(lin)) == ["Carries on", "Other"]
        assert "Carries on with: " in as_(lin).get(reverse("discovery:clips")).content.decode()
        Taste.objects.of(lin).choose({"uses_skills": False}, [])
        assert titles(as_(lin)) == ["Other", "Carries on"]

    def test_what_is_shown_of_freshness_multiplies_to_what_is_shown_in_all(self, course: Course, lin: User) -> None:
        Follow.objects.follow(lin, course.creator)
        Course.objects.filter(pk=course.pk).update(learners_count=7)
        for number in range(12):
            clip = make_clip(make_course(title=f"Course {number}"), title=f"Number {number}")
            age(clip, number * 2.37)
        for card in feed.cards(lin):
            assert card.freshness == round(card.freshness, 2)
            parts = sum(Decimal(f"{part.amount:.2f}") for part in card.parts)
            whole = Decimal(f"{card.freshness:.2f}") * (1 + parts)
            assert abs(Decimal(f"{card.score:.2f}") - whole) <= Decimal("0.005")

    def test_without_any_it_says_so_and_names_courses(self, course: Course) -> None:
        page = as_().get(reverse("discovery:clips")).content.decode()
        assert "No clips yet" in page
        assert course.title in page


class TestWhatIsShown:
    def test_who_is_not_interested_sees_no_clip_of_that_course(self, course: Course, lin: User) -> None:
        clip = make_clip(course)
        answer = as_(lin).post(reverse("discovery:dismiss_clip", args=[clip.key]))
        assert answer["Location"] == reverse("discovery:clips")
        assert Dismissal.objects.get().course == course
        assert titles(as_(lin)) == []
        assert titles(as_()) == [clip.title]

    @pytest.mark.parametrize("uses_history", [True, False])
    def test_what_she_has_stays_whether_or_not_her_history_counts(
        self, course: Course, bea: Creator, lin: User, uses_history: bool
    ) -> None:
        make_clip(course, title="Hers")
        make_clip(make_course(bea, title="Glazes"), title="Not wanted")
        enroll(lin, course)
        every = dict.fromkeys(("uses_goals", "uses_follows", "uses_popularity"), True)
        Taste.objects.of(lin).choose({**every, "uses_history": uses_history}, [])
        Dismissal.objects.create(learner=lin, course=Course.objects.get(slug="glazes"))
        assert titles(as_(lin)) == ["Hers"]

    @pytest.mark.parametrize(("written", "first"), [(["zh-Hans", "en"], "en"), (["de", "zh-Hans"], "de"), ([], "")])
    def test_captions_of_its_language_stand_on_its_own_page_without_a_script(
        self, course: Course, written: list[str], first: str
    ) -> None:
        clip = make_clip(course)
        film: Any = clip.excerpt.video if clip.excerpt else None
        for language in written:
            Caption.objects.put(video=film, language=language, label=language, webvtt="WEBVTT\n", cues_count=0)
        standing = r'<track kind="captions" [^>]*srclang="([^"]+)"[^>]* default>'
        assert re.findall(standing, as_().get(clip.get_absolute_url()).content.decode()) == ([first] if first else [])
        # Two dozen films would fetch theirs with the page.
        assert re.findall(standing, as_().get(reverse("discovery:clips")).content.decode()) == []

    def test_each_leads_where_its_viewer_may_go(self, course: Course, lin: User) -> None:
        preview, paid = make_clip(course, 0), make_clip(course, 1)
        ways = {card.clip.pk: (card.way, card.way_url) for card in feed.cards(lin)}
        assert ways[preview.pk] == ("preview", f"{course.get_absolute_url()}?preview={preview.lesson_key}#film")
        assert ways[paid.pk] == ("course", f"{course.get_absolute_url()}#lesson-{paid.lesson_key}")
        assert f'id="lesson-{paid.lesson_key}"' in as_().get(course.get_absolute_url()).content.decode()
        enroll(lin, course)
        ways = {card.clip.pk: (card.way, card.way_url) for card in feed.cards(lin)}
        assert ways[paid.pk] == ("lesson", f"/learn/{course.slug}/{paid.lesson_key}/?t=2")

    def test_a_clip_goes_from_every_page_when_its_lesson_is_hidden(self, course: Course, sam: User) -> None:
        clip = make_clip(course)
        pages = [reverse("discovery:clips"), reverse("discovery:all_clips"), course.get_absolute_url()]
        pages += [course.creator.get_absolute_url(), reverse("api-clips"), reverse("api-clip-feed")]
        assert all(str(clip.key) in as_().get(page).content.decode() for page in pages)
        assert as_().get(clip.get_absolute_url()).status_code == 200
        Restriction.objects.impose(
            "hide", course, by=sam, rule_code="copyright", rule_version=1, reason="A claim", lesson_key=clip.lesson_key
        )
        assert not any(str(clip.key) in as_().get(page).content.decode() for page in pages)
        for name in ("discovery:clip", "api-clip"):
            assert as_().get(reverse(name, args=[clip.key])).status_code == 404
        assert as_().get(reverse("discovery:clip_file", args=[clip.key, "poster.jpg"])).status_code == 404

    def test_the_list_of_all_is_paged_by_marks(self, bea: Creator) -> None:
        courses = [make_course(bea, title=f"Course {number}", lessons=1) for number in range(3)]
        for number in range(30):
            make_clip(courses[number // 10], center=number, title=f"Clip {number:02}")
        first = as_().get(reverse("discovery:all_clips")).content.decode()
        after: Any = re.search(r'rel="next" href="([^"]+)"', first)
        second = as_().get(reverse("discovery:all_clips") + after[1]).content.decode()
        found = re.findall(r'clip-tile__title" lang="en" dir="auto">([^<]+)<', first + second)
        assert found == [f"Clip {number:02}" for number in reversed(range(30))]
        assert "noindex" in second
        assert "noindex" not in first

    @pytest.mark.parametrize("mark", ["x", "%00", "MTIzXzEyMw", "a" * 500])
    def test_a_mark_that_cannot_be_read_is_the_first_page(self, course: Course, mark: str) -> None:
        make_clip(course)
        assert "Centering" in as_().get(reverse("discovery:all_clips") + f"?after={mark}").content.decode()

    def test_search_engines_read_what_it_is(self, course: Course) -> None:
        clip = make_clip(course)
        page = as_().get(clip.get_absolute_url()).content.decode()
        found: Any = re.search(r'<script type="application/ld\+json"[^>]*>(.+?)</script>', page, re.DOTALL)
        told = json.loads(found[1])
        assert (told["@type"], told["duration"], told["name"]) == ("VideoObject", "PT18S", clip.title)
        assert told["thumbnailUrl"][0].endswith(f"/clips/{clip.key}/poster.jpg")
        where = as_().get(reverse("discovery:clip_file", args=[clip.key, "film.mp4"]))["Location"]
        assert where.endswith("/v540.mp4")
        assert "/anon/" in where
        map_ = as_().get(reverse("sitemap-part", args=["clips"])).content.decode()
        assert clip.get_absolute_url() in map_


class TestCost:
    def test_the_feed_costs_the_same_however_many_there_are(
        self, course: Course, bea: Creator, lin: User, django_assert_max_num_queries: Any
    ) -> None:
        other = make_course(bea, title="Glazes")
        Follow.objects.follow(lin, bea)
        enroll(lin, course)
        make_clip(course)
        make_clip(other)
        with CaptureQueriesContext(connection) as few:
            as_(lin).get(reverse("discovery:clips"))
        for number in range(4):
            make_clip(course, center=number)
            make_clip(other, center=number)
        with CaptureQueriesContext(connection) as many:
            as_(lin).get(reverse("discovery:clips"))
        assert len(many) <= len(few) <= 34
        cache.clear()
        with django_assert_max_num_queries(8):
            as_().get(reverse("discovery:clips"))
        with django_assert_max_num_queries(1):
            as_().get(reverse("discovery:clips"))


class TestApi:
    def test_it_has_the_same_feed_with_the_same_reasons(self, course: Course, lin: User) -> None:
        clip = make_clip(course)
        Follow.objects.follow(lin, course.creator)
        api = APIClient()
        api.force_authenticate(lin)
        (told,) = api.get(reverse("api-clip-feed")).json()
        assert (told["clip"]["key"], told["way"]) == (str(clip.key), "preview")
        assert told["why"] == "You follow Ada Lin Studio"
        assert [one["lines"] for one in told["clip"]["playing"]["sources"]] == [360, 540]
        assert api.get(reverse("api-clips")).json()["results"][0]["key"] == str(clip.key)
        assert api.get(reverse("api-clip", args=[clip.key])).json()["course"] == course.slug


class TestModeration:
    def test_it_is_reported_under_a_rule_about_lessons_hidden_and_seen_again(
        self, course: Course, lin: User, sam: User
    ) -> None:
        clip = make_clip(course)
        case = decisions.report("clip", clip.key, lin)
        assert case.title == f"{course.title}: {clip.title}"
        measure = decisions.decide("hide_clip", "clip", clip.key, sam)
        assert not Clip.objects.shown().exists()
        assert as_().get(clip.get_absolute_url()).status_code == 404
        assert as_(sam).get(clip.get_absolute_url()).status_code == 200
        page = as_(course.creator.user).get(reverse("studio:clips", args=[course.slug])).content.decode()
        assert "A moderator has hidden this clip" in page
        measures.reverse(measure, sam, reason="Settled")
        assert Clip.objects.shown().exists()

    def test_hiding_one_leaves_the_others_and_the_lesson(self, course: Course, sam: User) -> None:
        hidden, other = make_clip(course), make_clip(course, center=1)
        decisions.decide("hide_clip", "clip", hidden.key, sam)
        assert list(Clip.objects.shown()) == [other]
        assert as_().get(course.get_absolute_url()).status_code == 200
