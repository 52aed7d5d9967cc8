"""Rights: who may watch which lesson, on pages and at every file."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.test import Client

from accounts.models import User
from courses.models import Course, Lesson
from learners.rights import may_watch, may_watch_asset
from tests.courses.factories import RUBRIC, add_lessons, make_course
from tests.learners.factories import enroll
from tests.videos.films import put_files
from videos import playback

pytestmark = pytest.mark.django_db
STRANGER = AnonymousUser()


@pytest.fixture
def course(ada: User) -> Course:
    return make_course()


def sees(user: object, lesson: Lesson) -> bool:
    """The page's answer; it must be the same at the files, where the owner is let in by the videos app."""
    answer = may_watch(user, lesson)
    viewer = str(user.pk) if user.pk else "anon"
    owner = viewer == str(lesson.video.owner_id)
    assert (owner or may_watch_asset(lesson.video.asset, viewer)) == answer
    return answer


def test_a_preview_is_open_to_everyone_and_the_rest_to_nobody_else(course: Course, cole: User) -> None:
    preview, paid, *_more = course.live_lessons()
    assert sees(STRANGER, preview)
    assert not sees(STRANGER, paid)
    assert not sees(cole, paid)


def test_an_enrollment_opens_all_lessons_until_it_ends(course: Course, lin: User) -> None:
    paid = course.live_lessons()[1]
    enrollment = enroll(lin, course)
    assert sees(lin, paid)
    enrollment.end("refunded")
    assert not sees(lin, paid)


def test_a_takedown_closes_previews_and_leaves_learners_their_course(course: Course, lin: User, sam: User) -> None:
    preview, paid, *_more = course.live_lessons()
    enroll(lin, course)
    course.take_down(by=sam, rule_code="content.quality", reason="misleading")
    course.refresh_from_db()
    preview = course.live_lessons()[0]
    assert not sees(STRANGER, preview)
    assert sees(lin, paid)


def test_a_draft_is_seen_by_its_creator_alone_and_a_submission_by_moderators_too(
    course: Course, lin: User, sam: User, ada: User
) -> None:
    enroll(lin, course)
    draft = course.open_draft(by=ada)
    lesson = add_lessons(draft, 1)[0]
    lesson = Lesson.objects.select_related("version__course__creator", "video").get(pk=lesson.pk)
    assert sees(ada, lesson)
    assert not sees(sam, lesson)
    draft.submit(by=ada)
    lesson.version.refresh_from_db()
    assert sees(sam, lesson)
    assert not sees(lin, lesson)


def test_a_film_that_a_new_version_left_out_is_closed_to_learners(
    course: Course, lin: User, ada: User, sam: User
) -> None:
    enroll(lin, course)
    old = course.live_lessons()[1]
    draft = course.open_draft(by=ada)
    add_lessons(draft, 1)
    draft.lessons.get(key=old.key).remove()
    draft.submit(by=ada).approve(by=sam, reason="fine", rubric_version=RUBRIC)
    assert not may_watch_asset(old.video.asset, str(lin.pk))


def test_every_file_of_a_film_asks_for_the_right(client: Client, course: Course, lin: User, cole: User) -> None:
    video = course.live_lessons()[1].video
    put_files(video)
    video.captions.create(language="en", label="English", webvtt="WEBVTT\n", cues_count=0)
    enrollment = enroll(lin, course)
    files = ["master.m3u8", "v240/index.m3u8", "v240/init.mp4", "a128/s00000.m4s", "poster.jpg", "captions/en.vtt"]

    def statuses(viewer: str) -> set[int]:
        return {client.get(playback.file_url(video, viewer, file)).status_code for file in files}

    assert statuses(str(lin.pk)) == {200}
    assert statuses(str(cole.pk)) == {403}
    assert statuses("anon") == {403}
    enrollment.end("refunded")
    cache.clear()  # what was allowed is remembered for ten seconds
    assert statuses(str(lin.pk)) == {403}
