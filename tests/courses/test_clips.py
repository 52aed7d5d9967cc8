"""Clips: cut from reviewed lessons alone, published and withdrawn by their creator, gone when their lesson goes."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from accounts.models import User
from courses.models import Clip, ClipShowing, Course, Restriction, Takedown, clippable
from courses.models.clip import (
    MOST_A_COURSE,
    ClipNotPublished,
    ClipNotReady,
    ClipPublished,
    ClipRemoved,
    TooManyClips,
)
from courses.models.clip_source import FilmReplaced, LessonNotReviewed
from creators.models import Suspension
from marketplace.lib.errors import NotAllowed
from tests.courses.clips import CUT, cut, lesson_of, make_clip, make_ready
from tests.courses.factories import make_course, make_video, publish
from tests.faults.taken_away import meeting, taken_away
from tests.payments.crowd import at_once
from videos import playback
from videos.models import Caption, Excerpt, Video

WORDS = {"title": "A bowl", "language": "en", "line": ""}
FORM = {"start": "0:02", "end": "0:20", "shape": "vertical", "fit": "crop", "center": "500", **WORDS}


@pytest.fixture
def course(db: None) -> Course:
    return make_course()


def fresh(course: Course) -> Course:
    return Course.objects.select_related("creator__user", "live_version").get(pk=course.pk)


def is_shown(clip: Clip) -> bool:
    return Clip.objects.shown().filter(pk=clip.pk).exists()


def is_played(clip: Clip) -> bool:
    excerpt: Any = clip.excerpt
    return playback.clip_right.holds(excerpt.asset, playback.ANON)


class TestCutting:
    def test_a_worker_gets_the_stretch_and_its_page(self, course: Course, ada: User) -> None:
        clip = cut(course)
        excerpt: Any = clip.excerpt
        assert (excerpt.state, excerpt.start_ms, excerpt.end_ms, excerpt.shape) == (
            "waiting",
            2_000,
            20_000,
            "vertical",
        )
        assert excerpt.page.startswith(f"/studio/courses/{course.slug}/clips/")
        assert (clip.made_by, clip.lesson_key, clip.is_published) == (ada, lesson_of(course).key, False)

    @pytest.mark.parametrize(
        ("start_ms", "end_ms", "says"),
        [
            (0, 14_999, "15 to 90"),
            (0, 90_001, "15 to 90"),
            (5_000, 5_000, "after the beginning"),
            (9_000, 4_000, "after the beginning"),
            (80_000, 100_001, "ends before"),
            (-1, 20_000, "after the beginning"),
        ],
    )
    def test_bounds_are_kept(self, ada: User, start_ms: int, end_ms: int, says: str) -> None:
        course = make_course()
        Video.objects.update(duration_ms=100_000)
        with pytest.raises(ValidationError, match=says):
            cut(course, start_ms=start_ms, end_ms=end_ms)
        assert not Clip.objects.exists()
        assert not Excerpt.objects.exists()

    @pytest.mark.parametrize(("start_ms", "end_ms"), [(0, 15_000), (10_000, 100_000)])
    def test_both_bounds_themselves_are_allowed(self, course: Course, start_ms: int, end_ms: int) -> None:
        Video.objects.update(duration_ms=100_000)
        assert cut(course, start_ms=start_ms, end_ms=end_ms).pk

    def test_somebody_else_s_lesson_is_refused(self, course: Course, cole: User) -> None:
        with pytest.raises(NotAllowed):
            cut(course, by=cole)

    def test_a_lesson_that_is_not_reviewed_or_not_on_sale_is_refused(
        self, course: Course, ada: User, sam: User
    ) -> None:
        draft = make_course(title="Glazes", live=False)
        lesson = draft.draft.lessons.select_related("version__course__creator", "video")[0]
        with pytest.raises(LessonNotReviewed):
            Clip.objects.cut(lesson, film=lesson.video.asset, by=ada, **CUT, **WORDS)
        Takedown.objects.take_down(course=course, by=sam, rule_code="copyright", reason="A claim")
        with pytest.raises(LessonNotReviewed):
            cut(fresh(course))

    def test_a_hidden_lesson_is_refused(self, course: Course, sam: User) -> None:
        hide_lesson(course, sam)
        with pytest.raises(LessonNotReviewed):
            cut(course)
        assert lesson_of(course).key not in {lesson.key for lesson in clippable(course)}

    def test_a_film_that_was_replaced_meanwhile_is_refused(self, course: Course, ada: User) -> None:
        with pytest.raises(FilmReplaced):
            cut(course, film=make_video(ada).asset)

    def test_the_same_cut_twice_is_one_clip(self, course: Course) -> None:
        assert cut(course).pk == cut(course, title="Other words").pk
        assert cut(course, center=400).pk != cut(course).pk
        assert Excerpt.objects.count() == 2

    def test_the_same_cut_of_another_lesson_is_another_clip(self, course: Course) -> None:
        assert cut(course, 0).pk != cut(course, 1).pk

    def test_a_course_has_a_quota(self, course: Course, ada: User) -> None:
        for number in range(MOST_A_COURSE):
            last = cut(course, center=number)
        with pytest.raises(TooManyClips):
            cut(course, center=900)
        last.remove(ada)
        assert cut(course, center=900).pk

    @pytest.mark.parametrize("words", [{"title": ""}, {"title": "x" * 81}, {"language": "xx"}, {"line": "x" * 141}])
    def test_words_that_are_too_long_or_missing_leave_nothing_behind(
        self, course: Course, words: dict[str, str]
    ) -> None:
        with pytest.raises(ValidationError):
            cut(course, **words)
        assert not Excerpt.objects.exists()


class TestShowing:
    def test_publishing_and_withdrawing_say_who_and_when(self, course: Course, ada: User) -> None:
        clip = make_ready(cut(course))
        assert not is_shown(clip)
        clip.publish(ada)
        assert (is_shown(clip), is_played(clip)) == (True, True)
        with pytest.raises(ClipPublished):
            clip.publish(ada)
        clip.withdraw(ada)
        assert (is_shown(clip), is_played(clip)) == (False, False)
        with pytest.raises(ClipNotPublished):
            clip.withdraw(ada)
        clip.publish(ada)
        assert ClipShowing.objects.count() == 2
        assert ClipShowing.objects.filter(withdrawn_by=ada, withdrawn_at__isnull=False).count() == 1

    def test_what_is_not_cut_cannot_be_published(self, course: Course, ada: User) -> None:
        with pytest.raises(ClipNotReady):
            cut(course).publish(ada)

    def test_nobody_else_publishes_withdraws_edits_or_removes_it(self, course: Course, cole: User) -> None:
        clip = make_clip(course)
        for act in (clip.publish, clip.withdraw, clip.remove, clip.stop, clip.retry):
            with pytest.raises(NotAllowed):
                act(cole)
        with pytest.raises(NotAllowed):
            clip.edit(cole, title="Mine")

    def test_removing_takes_the_files_and_leaves_the_row(
        self, course: Course, ada: User, django_capture_on_commit_callbacks: Any
    ) -> None:
        clip = make_clip(course)
        with django_capture_on_commit_callbacks(execute=True):
            clip.remove(ada)
        assert not Excerpt.objects.exists()
        assert (clip.removed_by, clip.excerpt, clip.published_at) == (ada, None, None)
        with pytest.raises(ClipRemoved):
            clip.publish(ada)
        assert not is_shown(clip)

    def test_its_film_cannot_take_it_along_unseen(self, course: Course, ada: User) -> None:
        """A film that a lesson shows stays; one that none shows any more goes, and the clip says so."""
        clip = make_clip(course)
        excerpt: Any = clip.excerpt
        excerpt.delete()
        client = Client()
        client.force_login(ada)
        page = client.get(reverse("studio:clips", args=[course.slug])).content.decode()
        assert "Its film is removed" in page
        assert not is_shown(clip)


def hide_lesson(course: Course, sam: User) -> Restriction:
    key = lesson_of(course).key
    return Restriction.objects.impose(
        "hide", course, by=sam, rule_code="copyright", rule_version=1, reason="A claim", lesson_key=key
    )


class TestFollowing:
    def test_it_goes_with_a_hidden_lesson_and_comes_back(self, course: Course, sam: User) -> None:
        clip = make_clip(course)
        restriction = hide_lesson(course, sam)
        assert (is_shown(clip), is_played(clip)) == (False, False)
        restriction.lift(by=sam, reason="Settled")
        assert (is_shown(clip), is_played(clip)) == (True, True)

    def test_it_goes_with_a_course_that_is_taken_down(self, course: Course, sam: User) -> None:
        clip = make_clip(course)
        Takedown.objects.take_down(course=course, by=sam, rule_code="copyright", reason="A claim")
        assert (is_shown(clip), is_played(clip)) == (False, False)

    def test_it_goes_with_a_suspended_creator(self, course: Course, sam: User) -> None:
        clip = make_clip(course)
        Suspension.objects.suspend(
            creator=course.creator, by=sam, rule_code="copyright", rule_version=1, reason="Again"
        )
        assert (is_shown(clip), is_played(clip)) == (False, False)

    def test_a_new_version_that_keeps_the_lesson_keeps_it(self, course: Course, ada: User) -> None:
        clip = make_clip(course)
        publish(course.open_draft(ada))
        assert is_shown(clip)

    def test_a_new_version_without_the_lesson_takes_it_away(self, course: Course, ada: User) -> None:
        clip = make_clip(course, 2)
        draft = course.open_draft(ada)
        draft.lessons.get(key=clip.lesson_key).remove()
        publish(draft)
        assert (is_shown(clip), is_played(clip)) == (False, False)

    def test_a_new_film_in_the_lesson_takes_it_away_and_says_why(self, course: Course, ada: User) -> None:
        clip = make_clip(course)
        draft = course.open_draft(ada)
        draft.lessons.get(key=clip.lesson_key).attach_video(make_video(ada, name="better.mp4"))
        publish(draft)
        assert (is_shown(clip), is_played(clip)) == (False, False)
        client = Client()
        client.force_login(ada)
        page = client.get(reverse("studio:clips", args=[course.slug])).content.decode()
        assert "shows another film now" in page
        with pytest.raises(LessonNotReviewed):
            withdrawn(clip, ada).publish(ada)

    def test_a_limited_course_s_clip_has_its_address_and_stands_in_no_list(self, course: Course, sam: User) -> None:
        clip = make_clip(course)
        Restriction.objects.impose("limit", course, by=sam, rule_code="honest_title", rule_version=1, reason="No")
        assert is_shown(clip)
        assert not Clip.objects.listed().exists()


def withdrawn(clip: Clip, by: User) -> Clip:
    clip.withdraw(by)
    return clip


class TestStudio:
    @pytest.fixture
    def studio(self, ada: User) -> Client:
        client = Client()
        client.force_login(ada)
        return client

    def test_a_clip_is_cut_published_withdrawn_and_removed(self, studio: Client, course: Course) -> None:
        lesson: Any = lesson_of(course)
        page = reverse("studio:cut_clip", args=[course.slug, lesson.key])
        assert "data-clip-cutter" in studio.get(page).content.decode()
        answer = studio.post(page, {**FORM, "film": str(lesson.video.asset)})
        clip = Clip.objects.get()
        assert answer["Location"] == f"{reverse('studio:clips', args=[course.slug])}#clip-{clip.key}"
        assert "Waiting" in studio.get(reverse("studio:clips", args=[course.slug])).content.decode()
        make_ready(clip)
        act = lambda name: studio.post(reverse(f"studio:{name}", args=[course.slug, clip.key])).status_code  # noqa: E731
        assert act("publish_clip") == 302
        assert "Public" in studio.get(reverse("studio:clips", args=[course.slug])).content.decode()
        assert (act("publish_clip"), act("withdraw_clip"), act("stop_clip"), act("remove_clip")) == (409, 302, 409, 302)
        assert act("remove_clip") == 404

    @pytest.mark.parametrize(
        "bad",
        [
            {"start": "yesterday"},
            {"start": "0:10", "end": "0:12"},
            {"end": "9:99:99"},
            {"start": ""},
            {"shape": "round"},
            {"fit": "stretch"},
            {"center": "1001"},
            {"center": "-1"},
            {"center": "½"},
            {"title": " "},
            {"language": "tlh"},
            {"start": "٠:٠٢"},
            {"start": "0:02\x00"},
            {"end": "1" * 16},
        ],
    )
    def test_what_makes_no_clip_is_said_beside_its_field(
        self, studio: Client, course: Course, bad: dict[str, str]
    ) -> None:
        lesson: Any = lesson_of(course)
        page = reverse("studio:cut_clip", args=[course.slug, lesson.key])
        answer = studio.post(page, {**FORM, "film": str(lesson.video.asset), **bad})
        assert answer.status_code == 422
        assert "field__error" in answer.content.decode()
        assert not Clip.objects.exists()

    def test_a_film_replaced_meanwhile_is_refused_in_words(self, studio: Client, course: Course) -> None:
        page = reverse("studio:cut_clip", args=[course.slug, lesson_of(course).key])
        answer = studio.post(page, {**FORM, "film": "11111111-1111-1111-1111-111111111111"})
        assert answer.status_code == 409
        assert "shows another film now" in answer.content.decode()

    def test_words_are_changed_later(self, studio: Client, course: Course) -> None:
        clip = make_clip(course)
        studio.post(reverse("studio:edit_clip", args=[course.slug, clip.key]), {**WORDS, "title": "Better"})
        clip.refresh_from_db()
        assert clip.title == "Better"
        studio.post(reverse("studio:edit_clip", args=[course.slug, clip.key]), {**WORDS, "title": ""})
        clip.refresh_from_db()
        assert clip.title == "Better"

    def test_what_speaks_without_captions_is_said_and_where_to_add_them(self, studio: Client, course: Course) -> None:
        clip = make_clip(course)
        film: Any = lesson_of(course).video
        page, place = reverse("studio:clips", args=[course.slug]), reverse("videos:film", args=[film.pk]) + "#captions"
        says = "No captions: most people see it without sound."
        told = studio.get(page).content.decode()
        assert says in told
        assert f'href="{place}"' in told
        Excerpt.objects.filter(pk=clip.excerpt_id).update(has_sound=False)
        assert says not in studio.get(page).content.decode()
        Excerpt.objects.filter(pk=clip.excerpt_id).update(has_sound=True)
        Caption.objects.put(video=film, language="en", label="English", webvtt="WEBVTT\n", cues_count=0)
        assert says not in studio.get(page).content.decode()

    def test_the_page_costs_the_same_however_many_there_are(
        self, studio: Client, course: Course, django_assert_max_num_queries: Any
    ) -> None:
        for number in range(8):
            make_clip(course, center=number)
        with django_assert_max_num_queries(24):
            studio.get(reverse("studio:clips", args=[course.slug]))


class TestApi:
    def test_it_does_the_same(self, course: Course, ada: User) -> None:
        api = APIClient()
        api.force_authenticate(ada)
        lesson: Any = lesson_of(course)
        asked = {**CUT, **WORDS, "lesson": str(lesson.key), "film": str(lesson.video.asset)}
        address = reverse("api-studio-clips", args=[course.slug])
        made = api.post(address, asked, format="json")
        assert (made.status_code, made.json()["state"], made.json()["playing"]) == (201, "waiting", None)
        again = api.post(address, asked, format="json")
        assert (again.status_code, again.json()["key"]) == (200, made.json()["key"])
        key = made.json()["key"]
        assert api.post(reverse("api-studio-clip-stop", args=[key])).json()["state"] == "cancelled"
        assert api.post(reverse("api-studio-clip-retry", args=[key])).json()["state"] == "waiting"
        assert api.post(reverse("api-studio-clip-publish", args=[key])).status_code == 409
        make_ready(Clip.objects.get())
        assert api.post(reverse("api-studio-clip-publish", args=[key])).json()["published_at"]
        assert api.get(address).json()[0]["playing"]["sources"][1]["lines"] == 540
        assert (
            api.put(reverse("api-studio-clip", args=[key]), {**WORDS, "line": "So"}, format="json").json()["line"]
            == "So"
        )
        assert api.post(reverse("api-studio-clip-withdraw", args=[key])).json()["published_at"] is None
        assert api.delete(reverse("api-studio-clip", args=[key])).status_code == 204
        assert api.get(reverse("api-studio-clip", args=[key])).status_code == 404

    @pytest.mark.parametrize(
        "bad",
        [{"end_ms": 5_000}, {"end_ms": 10**30}, {"shape": "x"}, {"lesson": "x"}, {"film": "x"}, {"center": 2_000}],
    )
    def test_bad_input_is_400(self, course: Course, ada: User, bad: dict[str, Any]) -> None:
        api = APIClient()
        api.force_authenticate(ada)
        lesson: Any = lesson_of(course)
        asked = {**CUT, **WORDS, "lesson": str(lesson.key), "film": str(lesson.video.asset), **bad}
        assert api.post(reverse("api-studio-clips", args=[course.slug]), asked, format="json").status_code == 400


@pytest.mark.django_db(transaction=True)
class TestRace:
    def test_two_windows_that_ask_for_the_same_cut_get_the_same_clip(self, course: Course) -> None:
        with taken_away(meeting("videos_excerpt")):
            assert len(set(both(lambda: cut(fresh(course)).pk))) == 1
            assert (Clip.objects.count(), Excerpt.objects.count()) == (1, 1)

    def test_without_the_course_s_lock_the_database_refuses_the_second(
        self, course: Course, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The negative control: they do meet, and nothing but the lock keeps the second from being told off."""
        monkeypatch.setattr(Course, "hold", lambda self: self)
        with taken_away(meeting("videos_excerpt")):
            found = both(lambda: cut(fresh(course)).pk)
            assert [type(one) for one in found if isinstance(one, Exception)] == [IntegrityError]
            assert Clip.objects.count() == 1

    def test_two_who_publish_make_one_showing(self, course: Course, ada: User) -> None:
        clip = make_ready(cut(course))
        found = both(lambda: Clip.objects.select_related("course__creator").get(pk=clip.pk).publish(ada))
        assert sum(isinstance(one, ClipPublished) for one in found) == 1
        assert ClipShowing.objects.count() == 1


def both(act: Any) -> list[Any]:
    """What two threads that begin together got, errors included."""

    def run(_n: int) -> Any:
        try:
            return act()
        except Exception as error:
            return error

    return at_once(run, 2)
