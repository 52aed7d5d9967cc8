"""What the machine noticed, as one list: on the creator's page before she submits, at the moderator's, over the API."""

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from accounts.models import User
from courses import links, noticed, public_texts, resubmitting
from courses.models import Course, Version
from marketplace.lib import markdown
from tests import cast
from tests.courses.factories import make_course
from tests.moderation.factories import make_submission
from videos import chapters, cues
from videos.cues import Cue
from videos.models import Caption, Video, VideoFinding
from videos.models.finding import Noticed
from videos.precheck import points

pytestmark = pytest.mark.django_db


def as_(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def film_of(version: Version) -> Video:
    lesson = version.lessons.filter(video__isnull=False).in_order()[0]
    assert lesson.video
    Video.objects.filter(pk=lesson.video_id).update(has_audio=True, duration_ms=100_000)
    return Video.objects.get(pk=lesson.video_id)


def caption(film: Video, *lines: Cue, is_draft: bool = False) -> None:
    text = cues.write(lines)
    Caption.objects.create(
        video=film, language="en", label="English", webvtt=text, cues_count=len(lines), is_draft=is_draft
    )


def codes(film: Video) -> list[tuple[str, float | None]]:
    return [(point.code, point.start_s) for point in points.of(film)]


@pytest.fixture
def course(ada: User) -> Course:
    return make_course(title="Bowls", live=False)


@pytest.fixture
def version(course: Course) -> Version:
    return course.open_draft(by=course.creator.user)


class TestAFilm:
    def test_without_captions_is_told_so(self, version: Version) -> None:
        assert codes(film_of(version)) == [("no_captions", None)]

    def test_a_draft_of_captions_is_none_yet(self, version: Version) -> None:
        film = film_of(version)
        caption(film, Cue(0, 90_000, "All of it."), is_draft=True)
        assert codes(film) == [("no_captions", None)]

    def test_that_is_captioned_throughout_has_no_point(self, version: Version) -> None:
        film = film_of(version)
        caption(film, Cue(0, 60_000, "A long talk about the first bowl."))
        assert codes(film) == []

    def test_whose_captions_are_few_and_fast_is_told_how_much_and_from_when(self, version: Version) -> None:
        film = film_of(version)
        caption(film, Cue(0, 20_000, "Slowly."), Cue(30_000, 30_500, "Much too much to be read in half a second."))
        assert codes(film) == [("few_captions", None), ("fast_captions", 30.0)]
        assert "20 %" in points.of(film)[0].text

    def test_findings_of_its_conversion_come_in_the_order_of_time(self, version: Version) -> None:
        film = film_of(version)
        found = [Noticed("silence", 40, 52, 12), Noticed("clipped", 3.5, 9, 1.2), Noticed("small", value=240)]
        VideoFinding.objects.put(film, found)
        assert codes(film) == [("small", None), ("no_captions", None), ("clipped", 3.5), ("silence", 40.0)]

    def test_that_is_not_ready_says_nothing(self, ada: User) -> None:
        assert points.of(Video.objects.begin(owner=ada, name="new", size=1)) == []


class TestWordsThatLeadAway:
    def test_are_found_in_captions_with_their_second_also_across_two_of_them(self, version: Version) -> None:
        film = film_of(version)
        lines = (Cue(0, 50_000, "A long talk."), Cue(50_000, 60_000, "加我的微信"), Cue(61_000, 63_000, "pottery_88"))
        caption(film, *lines)
        assert codes(film) == [("selling", 50.0)]
        (point,) = points.of(film)
        assert "English: “加我的微信" in point.text
        assert "take it out" in point.text

    def test_of_a_draft_of_captions_are_nobody_s_yet(self, version: Version) -> None:
        film = film_of(version)
        caption(film, Cue(0, 90_000, "加微信 abc_123456"), is_draft=True)
        assert codes(film) == [("no_captions", None)]

    def test_are_found_in_chapters(self, version: Version) -> None:
        film = film_of(version)
        caption(film, Cue(0, 90_000, "All of it."))
        chapters.put(film, [(0, "Beginning"), (9_000, "Buy my clay for $9, link below")])
        assert codes(film) == [("selling", 9.0)]

    def test_are_found_in_what_a_lesson_and_the_course_s_page_say(
        self, ada: User, course: Course, version: Version
    ) -> None:
        version.lessons.update(article="The whole of it: https://amyclay.gumroad.com/l/whole")
        Version.objects.filter(pk=version.pk).update(description="WeChat ID: pottery_88")
        version.refresh_from_db()
        notes = [note for note in noticed.of(version) if note.code == "selling"]
        assert [note.lesson is None for note in notes] == [True] + [False] * version.lessons.count()
        page = as_(ada).get(reverse("studio:publish", args=[course.slug])).content.decode()
        assert "WeChat ID: pottery_88" in page
        assert "leads to another shop" in page

    def test_are_looked_for_in_so_many_signs_of_a_course(
        self, version: Version, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        version.lessons.update(article="WeChat ID: pottery_88")
        found = noticed.lures_in(version)
        assert found == version.lessons.count() > 1
        words = public_texts.of(version)
        last = max(at for at, each in enumerate(words) if "pottery_88" in each.text)
        monkeypatch.setattr(noticed, "MOST_READ", sum(len(each.text) for each in words[: last + 1]) - len("pottery_88"))
        assert noticed.lures_in(version) == found - 1

    def test_are_told_to_the_moderator_in_the_queue_and_narrow_it(self, ada: User, sam: User, course: Course) -> None:
        version = course.open_draft(by=ada)
        Version.objects.filter(pk=version.pk).update(description="WeChat ID: pottery_88")
        version.refresh_from_db()
        submission = resubmitting.submit(version, ada, note="")
        plain = make_submission(title="Glazes")
        assert submission.lures_count == 1
        queue = as_(sam).get(reverse("moderation:queue")).content.decode()
        assert queue.count("Leads away to buy") == 1
        narrowed = as_(sam).get(reverse("moderation:queue"), {"signs": "selling"}).content.decode()
        assert reverse("moderation:case", args=[submission.pk]) in narrowed
        assert reverse("moderation:case", args=[plain.pk]) not in narrowed
        case = as_(sam).get(reverse("api-moderation-case", args=[submission.pk])).json()
        assert case["lures_count"] == 1
        assert "selling" in [note["code"] for note in case["noticed"]]
        assert (
            "WeChat ID: pottery_88" in as_(sam).get(reverse("moderation:case", args=[submission.pk])).content.decode()
        )


class TestALink:
    @pytest.mark.parametrize(
        "address",
        ["https://example.org/a", "http://例子.测试/", "mailto:ada@example.org", "/courses/",
         f"{settings.KEZHAN_BASE_URL}/courses/"],
    )  # fmt: skip
    def test_that_may_lead_somewhere_is_left_alone(self, address: str) -> None:
        assert links.why_dead(address) == ""

    @pytest.mark.parametrize(
        "address",
        ["www.example.org", "#part", "", "/no-such-page/", "http://", "https://localhost/x", "mailto:ada", "ftp://a.b/c",
         "javascript:alert(1)", "http://[::1", "/courses/no-such-course/", f"{settings.KEZHAN_BASE_URL}/nothing/"],
    )  # fmt: skip
    def test_that_leads_nowhere_says_why(self, address: str) -> None:
        assert links.why_dead(address)

    def test_to_a_course_is_dead_only_while_the_course_is_not_in_the_shop(self, ada: User) -> None:
        hidden, listed = make_course(title="Draft", live=False), make_course(title="Listed")
        assert links.why_dead(f"/courses/{hidden.slug}/")
        assert not links.why_dead(f"/courses/{listed.slug}/")

    def test_is_read_from_a_text_whatever_it_begins_with(self) -> None:
        text = (
            "See [one](https://a.example), [two](javascript:x) and `[three](not)`.\n\n> [four][4]\n\n[4]: www.b.example"
        )
        assert markdown.links_in(text) == ["https://a.example", "javascript:x", "www.b.example"]
        assert "javascript" not in markdown.render("[two](javascript:x)").replace("](javascript", "")


class TestTheList:
    @pytest.fixture
    def planted(self, version: Version) -> Version:
        film = film_of(version)
        VideoFinding.objects.put(film, [Noticed("clipped", 83.5, 90, 1.2)])
        Version.objects.filter(pk=version.pk).update(description="Read [this](www.example.org).")
        version.refresh_from_db()
        return version

    def test_has_the_page_first_and_then_each_lesson(self, planted: Version) -> None:
        found = noticed.by_lesson(noticed.of(planted))
        assert found[0][0] is None
        assert [note.code for note in found[0][1]] == ["dead_link"]
        assert "www.example.org" in found[0][1][0].text
        first = planted.lessons.in_order()[0]
        assert found[1][0] == first
        assert [note.code for note in found[1][1]] == ["no_captions", "clipped"]

    def test_is_read_by_its_creator_before_she_submits(self, ada: User, course: Course, planted: Version) -> None:
        page = as_(ada).get(reverse("studio:publish", args=[course.slug])).content.decode()
        assert "lower the recording" in page
        assert "1:23" in page
        film = planted.lessons.in_order()[0].video_id
        assert f'{reverse("videos:film", args=[film])}?t=83"' in page
        shown = as_(ada).get(reverse("videos:film", args=[film]), {"t": "83"}).content.decode()
        assert 'data-start="83.0"' in shown
        assert 'data-start="83.0"' not in as_(ada).get(reverse("videos:film", args=[film])).content.decode()

    def test_is_read_by_the_moderator_of_every_lesson_and_counted_in_the_queue(self, ada: User, sam: User) -> None:
        submission = make_submission(title="Glazes")
        film = film_of(submission.version)
        VideoFinding.objects.put(film, [Noticed("clipped", 83.5, 90, 1.2), Noticed("small", value=240)])
        key = submission.version.lessons.get(video=film).key
        page = as_(sam).get(reverse("moderation:case", args=[submission.pk])).content.decode()
        assert f"?lesson={key}&amp;t=83#watch" in page
        assert "2 hints" in as_(sam).get(reverse("moderation:queue")).content.decode()

    def test_is_the_same_over_the_api_for_both(self, ada: User, sam: User, course: Course, planted: Version) -> None:
        told = as_(ada).get(reverse("api-studio-noticed", args=[course.slug])).json()
        expected = [note.as_json() for note in noticed.of(planted)]
        assert told == expected
        film = film_of(planted)
        assert [one["code"] for one in as_(ada).get(reverse("api-video-noticed", args=[film.pk])).json()] == [
            "no_captions", "clipped",
        ]  # fmt: skip
        submission = make_submission(title="Glazes")
        case = as_(sam).get(reverse("api-moderation-case", args=[submission.pk])).json()
        assert case["noticed"] == [note.as_json() for note in noticed.of(submission.version)]

    def test_is_nobody_else_s(self, ada: User, course: Course, planted: Version) -> None:
        noor = cast.person("Noor")
        assert as_(noor).get(reverse("api-studio-noticed", args=[course.slug])).status_code in (403, 404)
        film = film_of(planted)
        assert as_(noor).get(reverse("api-video-noticed", args=[film.pk])).status_code == 404

    def test_costs_as_many_queries_for_ten_lessons_as_for_two(self, planted: Version) -> None:
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        def cost() -> int:
            with CaptureQueriesContext(connection) as asked:
                noticed.of(planted)
            return len(asked)

        before = cost()
        section = planted.sections.all()[0]
        for at in range(10, 18):
            planted.lessons.create(section=section, title=f"More {at}", position=at, video=film_of(planted))
        assert cost() == before
