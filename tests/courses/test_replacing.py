"""Replacing a film in lessons: drafts take it, what is on sale waits for its approval; pages and API do the same."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from accounts.models import User
from courses import replacing
from courses.models import Course, Lesson
from courses.models.course import UnderReview
from learners import rights
from tests.courses.factories import make_course, make_video, publish
from tests.learners.factories import enroll
from tests.videos.films import text_file
from videos import captions, playback
from videos.models import Replacement, Video

pytestmark = pytest.mark.django_db
SRT = "1\n00:00:01,000 --> 00:00:03,000\nHello\n\n2\n00:00:28,000 --> 00:00:29,000\nLate\n"


@pytest.fixture
def course(ada: User) -> Course:
    return make_course()


@pytest.fixture
def lesson(course: Course) -> Lesson:
    lesson = course.live_lessons()[1]
    captions.put(lesson.video, language="en", file=text_file(SRT))
    return lesson


def begun(lesson: Lesson, seconds: int = 25) -> Replacement:
    owner: Any = lesson.video.owner
    return Replacement.objects.begin(old=lesson.video, new=make_video(owner, seconds, "new.mp4"), by=owner)


def as_(user: User) -> APIClient:
    client = APIClient()
    client.force_authenticate(user)
    return client


class TestReplacing:
    def test_goes_into_a_new_version_of_what_is_on_sale(self, ada: User, course: Course, lesson: Lesson) -> None:
        row = begun(lesson)
        (drafted,) = replacing.carry_out(row, ada, drops=1)
        assert (drafted.version, drafted.key, drafted.video) == (course.draft, lesson.key, row.new)
        assert drafted.duration_s == 25
        assert course.live_lessons()[1].video == row.old  # reviewed, and as it was

    def test_takes_the_draft_that_is_open(self, ada: User, course: Course, lesson: Lesson) -> None:
        draft = course.open_draft(by=ada)
        (drafted,) = replacing.carry_out(begun(lesson), ada, drops=1)
        assert drafted.version == draft

    def test_waits_while_a_moderator_looks(self, ada: User, course: Course, lesson: Lesson) -> None:
        course.open_draft(by=ada).submit(by=ada)
        row = begun(lesson)
        with pytest.raises(UnderReview):
            replacing.carry_out(row, ada, drops=1)
        row.refresh_from_db()
        assert row.is_open
        assert not row.new.captions.exists()

    def test_the_old_address_dies_for_learners_when_the_new_film_is_approved(
        self, ada: User, lin: User, course: Course, lesson: Lesson
    ) -> None:
        enroll(lin, course)
        row = begun(lesson)
        replacing.carry_out(row, ada, drops=1)
        viewer = playback.viewer_of(lin)
        assert (rights.may_watch_asset(row.old_asset, viewer), rights.may_watch_asset(row.new_asset, viewer)) == (
            True,
            False,
        )
        publish(course.draft)
        assert (rights.may_watch_asset(row.old_asset, viewer), rights.may_watch_asset(row.new_asset, viewer)) == (
            False,
            True,
        )


class TestThePages:
    @pytest.fixture
    def studio(self, ada: User) -> Client:
        client = Client()
        client.force_login(ada)
        return client

    def to(self, name: str, film: Video) -> str:
        return reverse(f"studio:{name}", args=[film.pk])

    def test_lead_from_the_film_to_its_successor(
        self, studio: Client, ada: User, course: Course, lesson: Lesson
    ) -> None:
        old: Any = lesson.video
        new = make_video(ada, 25, "new.mp4")
        assert self.to("replace_film", old) in studio.get(reverse("videos:film", args=[old.pk])).content.decode()
        page = studio.get(self.to("replace_film", old)).content.decode()
        assert course.title in page  # learners see it now
        studio.post(self.to("begin_replacement", old), {"video": new.pk})
        page = studio.get(self.to("replace_film", old)).content.decode()
        assert "<time>0:28</time> Late" in page
        assert "stays counted" in page
        answer = studio.post(self.to("carry_out_replacement", old), {"shift": "", "drops": "1"})
        assert answer.url == reverse("videos:film", args=[new.pk])
        assert "Took the place of" in studio.get(answer.url).content.decode()

    def test_come_again_when_more_would_be_lost_than_was_shown(self, studio: Client, lesson: Lesson) -> None:
        row = begun(lesson)
        old: Any = row.old
        answer = studio.post(self.to("carry_out_replacement", old), {"shift": "", "drops": "0"})
        assert answer.status_code == 409
        assert "<time>0:28</time> Late" in answer.content.decode()
        answer = studio.post(self.to("carry_out_replacement", old), {"shift": "soon", "drops": "9"})
        assert answer.status_code == 422
        assert not row.new.captions.exists()

    def test_shift_before_they_ask(self, studio: Client, lesson: Lesson) -> None:
        old: Any = begun(lesson).old
        page = studio.get(self.to("replace_film", old), {"shift": "-4"}).content.decode()
        assert "<time>0:28</time> Late" not in page
        assert "<time>0:01</time> Hello" in page

    def test_keep_the_old_film(self, studio: Client, lesson: Lesson) -> None:
        row = begun(lesson)
        old: Any = row.old
        studio.post(self.to("give_up_replacement", old))
        assert not Replacement.objects.open().exists()
        assert studio.post(self.to("give_up_replacement", old)).status_code == 404


class TestTheApi:
    def test_does_the_same(self, ada: User, cole: User, lesson: Lesson) -> None:
        old, new = lesson.video, make_video(ada, 25, "new.mp4")
        here = reverse("api-studio-replacement", args=[old.pk])  # type: ignore[union-attr]
        assert as_(cole).get(here).status_code in (403, 404)
        api = as_(ada)
        assert api.get(here).status_code == 404
        told = api.post(here, {"video": str(new.pk)}).json()
        assert (told["plan"]["drops"], told["plan"]["captions"][0]["dropped"][0]["text"]) == (1, "Late")
        assert api.get(here, {"shift_s": "-4"}).json()["plan"]["captions"][0]["dropped"][0]["text"] == "Hello"
        assert api.get(here, {"shift_s": "nan"}).status_code == 400
        over = reverse("api-studio-carry-out", args=[old.pk])  # type: ignore[union-attr]
        refused = api.post(over, {"drops": 0})
        assert (refused.status_code, refused.json()["code"], refused.json()["drops"]) == (409, "would_lose_more", 1)
        done = api.post(over, {"shift_s": "-4.5", "drops": 1}).json()
        assert (done["shift_ms"], done["plan"]) == (-4500, None)
        assert api.delete(here).status_code == 404
