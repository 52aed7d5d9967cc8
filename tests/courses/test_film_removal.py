"""Removing a film that lessons show: refused with the lesson's name, or put away where only past versions show it."""

from contextlib import nullcontext
from datetime import timedelta
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import User
from courses import replacing
from courses.models import Course
from tests.courses.factories import make_course, make_video, publish
from tests.faults.meeting import wait_for_somebody_behind
from tests.faults.taken_away import meeting, taken_away
from tests.payments.crowd import at_once, locks_removed
from tests.videos.films import ready_video
from videos import cold, playback, remaking, shelves, uploading
from videos.models import ColdOriginal, PutAway, Replacement, Upload, Video
from videos.models.put_away import VideoPutAway
from videos.models.video import VideoInUse

pytestmark = pytest.mark.django_db
# The two have looked before either of them writes.


@pytest.fixture(autouse=True)
def _own_shelf(settings: Any, tmp_path: Path) -> None:
    settings.VIDEO_ROOT, settings.COLD_ROOT = tmp_path / "video", str(tmp_path / "cold")


@pytest.fixture
def course(ada: User) -> Course:
    return make_course(lessons=1)


@pytest.fixture
def old(ada: User, course: Course) -> Video:
    """The film that was on sale, with its upload and its original, before another one took its place."""
    film: Any = course.live_lessons()[0].video
    now = timezone.now()
    Upload.objects.create(
        owner=ada, video=film, name="old.mp4", size=film.size, part_size=1000, expires_at=now, completed_at=now
    )
    shelves.original(film.pk).parent.mkdir(parents=True)
    shelves.original(film.pk).write_bytes(b"x" * film.size)
    return film


def replace(film: Video, ada: User) -> Course:
    """Another film takes its place, up to the version under work."""
    row = Replacement.objects.begin(old=film, new=make_video(ada, 30, "new.mp4"), by=ada)
    (lesson,) = replacing.carry_out(row, ada)
    return lesson.version.course


@pytest.fixture
def past(ada: User, course: Course, old: Video) -> Video:
    publish(replace(old, ada).draft)
    return Video.objects.get(pk=old.pk)


class TestAFilmInUse:
    def test_is_refused_with_the_lesson_and_what_to_do(self, ada: User, course: Course, old: Video) -> None:
        with pytest.raises(VideoInUse, match="Learners see this film in “Lesson 1” of “Pottery"):
            uploading.remove_film(old, ada)
        draft = replace(old, ada).draft
        with pytest.raises(VideoInUse, match="Learners see"):
            uploading.remove_film(old, ada)
        new: Any = draft.lessons.get().video
        with pytest.raises(VideoInUse, match="Take it out of the lesson first"):
            uploading.remove_film(new, ada)
        draft.submit(by=ada)
        with pytest.raises(VideoInUse, match="is under review with this film"):
            uploading.remove_film(new, ada)
        assert not PutAway.objects.exists()
        assert shelves.original(old.pk).exists()

    def test_is_refused_where_past_versions_show_it_too(self, ada: User, past: Video) -> None:
        lesson = make_course(ada.creator, title="Glazing", lessons=1, live=False).draft.lessons.get()
        lesson.attach_video(past)
        with pytest.raises(VideoInUse, match="in “Glazing” shows this film"):
            uploading.remove_film(past, ada)


class TestAFilmThatOnlyPastVersionsShow:
    def test_leaves_its_creator_and_its_original_goes_while_what_was_reviewed_stays(
        self, ada: User, course: Course, past: Video, django_capture_on_commit_callbacks: Any
    ) -> None:
        played = shelves.film_folder(past.asset, past.output)
        played.mkdir(parents=True)
        (played / "master.m3u8").write_text("#EXTM3U\n")
        before = Video.objects.bytes_kept_for(ada)
        with django_capture_on_commit_callbacks(execute=True):
            assert not uploading.remove_film(past, ada)
        assert Video.objects.bytes_kept_for(ada) == before - past.size
        assert Video.objects.bytes_kept_for(ada, cancelled_too=True) == before - past.size
        assert (shelves.original(past.pk).exists(), (played / "master.m3u8").exists()) == (False, True)
        assert past not in Video.objects.owned_by(ada).shown()
        assert course.versions.get(state="superseded").lessons.get().video == past
        assert playback.play_url(past, playback.viewer_of(ada))
        assert PutAway.objects.get().by == ada

    def test_is_gone_from_pages_and_cannot_be_taken_for_a_replacement(
        self, ada: User, past: Video, client: Client
    ) -> None:
        client.force_login(ada)
        films = client.get(reverse("studio:uploads")).content.decode()
        assert "Shown by past versions only" in films
        assert reverse("videos:remove", args=[past.pk]) in films
        page = client.get(reverse("videos:film", args=[past.pk])).content.decode()
        kept = "Past versions of your courses keep the film, with its captions and chapters."
        assert [words.count(kept) for words in (films, page)] == [1, 1]
        assert films.count("for good, with its captions and chapters?") == 0
        said = client.post(reverse("videos:remove", args=[past.pk]), follow=True).content.decode()
        assert "Past versions of your courses keep it" in said
        assert str(past.pk) not in client.get(reverse("studio:uploads")).content.decode()
        for page in ("videos:film", "studio:replace_film"):
            assert client.get(reverse(page, args=[past.pk])).status_code == 404
        new = past.replacements.get().new_id
        answer = client.post(reverse("studio:begin_replacement", args=[new]), {"video": past.pk})
        assert answer.status_code == 404

    def test_is_removed_over_the_api_as_on_the_page(self, ada: User, past: Video) -> None:
        api = APIClient()
        api.force_authenticate(ada)
        address = reverse("api-video", args=[past.pk])
        assert [api.delete(address).status_code, api.get(address).status_code] == [204, 404]
        assert PutAway.objects.get().video == past

    def test_is_not_moved_to_the_cold_place_and_what_lies_there_goes(
        self, ada: User, past: Video, tmp_path: Path, django_capture_on_commit_callbacks: Any
    ) -> None:
        copy = tmp_path / "cold" / f"{past.upload.pk}.bin"
        copy.parent.mkdir()
        copy.write_bytes(b"x")
        ColdOriginal.objects.create(upload=past.upload)
        with django_capture_on_commit_callbacks(execute=True):
            uploading.remove_film(past, ada)
        assert (copy.exists(), ColdOriginal.objects.exists()) == (False, False)
        Video.objects.filter(pk=past.pk).update(ready_at=timezone.now() - timedelta(days=400))
        assert cold.ask_for_old() == 0

    def test_is_swept_where_a_process_died_before_its_files_went(self, ada: User, past: Video, tmp_path: Path) -> None:
        PutAway.objects.put(past, ada)
        copy = tmp_path / "cold" / f"{past.upload.pk}.bin"
        copy.parent.mkdir()
        copy.write_bytes(b"x")
        uploading.expire_old()
        assert (shelves.original(past.pk).exists(), copy.exists()) == (False, False)


class TestAFilmThatWasPutAway:
    """It comes back through no door: its original is gone, and it counts no more."""

    @pytest.fixture
    def draft(self, ada: User, past: Video) -> Any:
        uploading.remove_film(past, ada)
        return make_course(ada.creator, title="Glazing", lessons=1, live=False).draft

    def test_is_given_to_no_lesson(self, past: Video, draft: Any) -> None:
        lesson = draft.lessons.get()
        with pytest.raises(VideoPutAway):
            lesson.attach_video(past)
        with pytest.raises(VideoPutAway):
            draft.sections.get().add_lesson("Another", video=past)
        assert not draft.lessons.filter(video=past).exists()

    def test_is_not_found_by_the_studio_nor_the_api(self, ada: User, past: Video, draft: Any, client: Client) -> None:
        client.force_login(ada)
        lesson = draft.lessons.get()
        page = reverse("studio:attach_video", args=[draft.course.slug, lesson.pk])
        assert client.post(page, {"video": past.pk}).status_code == 404
        api = APIClient()
        api.force_authenticate(ada)
        address, film = reverse("api-studio-lesson", args=[lesson.pk]), {"video": str(past.pk)}
        assert api.patch(address, film, format="json").status_code == 400
        assert api.post(reverse("api-studio-replacement", args=[past.pk]), film, format="json").status_code == 404
        assert not draft.lessons.filter(video=past).exists()

    def test_takes_nobodys_place_where_a_replacement_was_begun_with_it(
        self, ada: User, course: Course, past: Video
    ) -> None:
        now: Any = Course.objects.get(pk=course.pk).live_lessons()[0].video
        begun = Replacement.objects.begin(old=now, new=past, by=ada)
        uploading.remove_film(past, ada)
        begun.refresh_from_db()
        assert begun.given_up_at is not None
        Replacement.objects.filter(pk=begun.pk).update(given_up_at=None)  # begun in the moment between
        with pytest.raises(VideoPutAway):
            replacing.carry_out(begun, ada)


@pytest.mark.django_db(transaction=True)
class TestGivenToALessonWhileItIsRemoved:
    def both(self, ada: User, past: Video, *, without_locks: bool = False) -> list[Any]:
        section = make_course(ada.creator, title="Glazing", lessons=1, live=False).draft.sections.get()
        acts = [lambda: PutAway.objects.put(past, ada), lambda: section.add_lesson("Another", video=past)]
        with taken_away(meeting("videos_putaway"), meeting("courses_lesson")):
            given = at_once(lambda n: acts[n](), 2, without_locks=without_locks)
        return [type(one) for one in given if isinstance(one, VideoInUse | VideoPutAway)]

    def test_one_of_the_two_is_refused(self, ada: User, past: Video) -> None:
        assert len(self.both(ada, past)) == 1

    def test_without_the_lock_it_is_removed_and_shown(self, ada: User, past: Video) -> None:
        assert self.both(ada, past, without_locks=True) == []


@pytest.mark.django_db(transaction=True)
class TestRemovedWhileItsOtherConversionIsAdopted:
    def both(self, ada: User, *, is_held: bool) -> list[Any]:
        film = ready_video(ada)
        copy = Video.objects.begin_anew(film)
        copy.renditions.create(name="v240", kind="video", bitrate=1, position=0)
        is_inside = Event()

        def adopt() -> None:
            """In the order of a worker: the film, what belongs to its other conversion, that itself."""
            with remaking.holding(film):
                is_inside.set()
                wait_for_somebody_behind()
                copy.renditions.update(percent=100)
                Video.objects.filter(pk=copy.pk).update(percent=100)

        def remove() -> None:
            assert is_inside.wait(timeout=10)
            with nullcontext() if is_held else locks_removed():
                uploading.remove_film(film, ada)

        def told(act: Any) -> Any:
            try:
                return act()
            except OperationalError as error:
                return str(error)

        return at_once(lambda n: told((adopt, remove)[n]), 2)

    def test_both_come_to_their_end(self, ada: User) -> None:
        assert self.both(ada, is_held=True) == [None, None]
        assert not Video.objects.exists()

    def test_without_the_lock_each_waits_for_the_other(self, ada: User) -> None:
        assert "deadlock" in str(self.both(ada, is_held=False))
