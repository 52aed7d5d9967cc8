"""Films that run beside another creator's: the moderator reads whose, the creator only that, and where."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from courses.models import Lesson, Submission
from moderation import twins
from tests import cast
from tests.courses.factories import make_course
from tests.creators.factories import make_creator
from tests.moderation.factories import make_submission
from tests.videos.films import ready_video
from videos.models import TwinMatch, Video, VideoFinding

pytestmark = pytest.mark.django_db


def as_(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def film_of(submission: Submission) -> Video:
    lesson = Lesson.objects.filter(version=submission.version, video__isnull=False).in_order()[0]
    assert lesson.video
    return lesson.video


def beside(film: Video, twin: Video, **facts: object) -> TwinMatch:
    """The match that a worker writes down of them, and its finding."""
    now = timezone.now()
    match = TwinMatch.objects.keep(
        film=film.pk, film_output=film.output, film_name=film.name, film_owner=film.owner, film_uploaded_at=now,
        film_start_ms=5_000, film_end_ms=65_000, twin=twin.pk, twin_output=twin.output, twin_name=twin.name,
        twin_owner=twin.owner, twin_uploaded_at=now - timedelta(days=3), twin_start_ms=30_000, twin_end_ms=96_000,
        picture_s=60.0, picture_score=0.97, sound_s=None, sound_score=None, is_mirrored=True, **facts,
    )  # fmt: skip
    VideoFinding.objects.tell_twin(film, match)
    return match


@pytest.fixture
def submission(ada: User) -> Submission:
    return make_submission()


class TestTheModerator:
    def test_reads_whose_film_it_is_and_from_which_second_to_which(self, sam: User, submission: Submission) -> None:
        other = make_submission(course=make_course(make_creator(cast.person("Noor")), title="Glazes", live=False))
        beside(film_of(submission), film_of(other))
        page = as_(sam).get(reverse("moderation:case", args=[submission.pk])).content.decode()
        for words in ("0:05–1:05", "is there 0:30–1:36", "Mirrored.", "The other was here first", "Glazes"):
            assert words in page
        assert reverse("moderation:case", args=[other.pk]) in page
        assert reverse("moderation:creator", args=[other.version.course.creator.slug]) in page
        there = as_(sam).get(reverse("moderation:case", args=[other.pk])).content.decode()
        assert "This one was here first" in there

    def test_sees_in_the_queue_that_there_is_something(self, sam: User, submission: Submission, cole: User) -> None:
        queue = reverse("moderation:queue")
        asked = "In another creator"  # once among the filters, and where a course has it
        assert as_(sam).get(queue).content.decode().count(asked) == 1
        beside(film_of(submission), ready_video(cole))
        assert as_(sam).get(queue).content.decode().count(asked) == 2

    def test_reads_the_name_of_a_film_that_is_gone(self, sam: User, submission: Submission, cole: User) -> None:
        twin = ready_video(cole, name="Seen before")
        beside(film_of(submission), twin)
        twin.remove()
        page = as_(sam).get(reverse("moderation:case", args=[submission.pk])).content.decode()
        assert "Seen before" in page

    def test_does_not_see_matches_of_a_former_conversion(self, submission: Submission, cole: User) -> None:
        film = film_of(submission)
        beside(film, ready_video(cole))
        assert len(twins.beside(film)) == 1
        film.output = "another"
        assert twins.beside(film) == []


class TestTheCreator:
    def test_reads_where_and_nothing_of_whose(self, ada: User, cole: User, submission: Submission) -> None:
        film = film_of(submission)
        beside(film, ready_video(cole, name="Cole's secret plan"))
        page = as_(ada).get(reverse("videos:film", args=[film.pk])).content.decode()
        assert "From here to 1:05 the film is the same" in page
        assert "from 0:30 on" in page
        assert "secret plan" not in page
        assert "cole@" not in page.lower()

    def test_is_told_before_she_submits(self, ada: User, cole: User) -> None:
        course = make_course(title="Clay", live=False)
        assert course.draft
        lesson = course.draft.lessons.filter(video__isnull=False).in_order()[0]
        publish = reverse("studio:publish", args=[course.slug])
        words = "the same as another creator"
        assert words not in as_(ada).get(publish).content.decode()
        beside(lesson.video, ready_video(cole))
        page = as_(ada).get(publish).content.decode()
        assert words in page
        assert reverse("videos:film", args=[lesson.video_id]) + "#findings" in page
