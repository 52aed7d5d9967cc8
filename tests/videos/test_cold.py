"""Originals in cold storage: moved by rule, back when they are needed, never lost, whatever is killed in between."""

import os
import signal
import subprocess
import sys
import threading
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from marketplace.lib import work
from tests.videos.films import make_film, upload_of
from tests.videos.s3 import S3
from tests.workers import database_address
from videos import bucket, cold, cold_places, parts, shelves, strays, transcoding, uploading
from videos.cold_places import Damaged
from videos.models import ColdOriginal, PutAway, Upload, Video

CONTENT = b"a film as it was sent " * 4000
_WORKER = """
import sys, django
django.setup()
from videos.tasks import move_original
move_original(sys.argv[1])
"""


@pytest.fixture(autouse=True)
def _cold_folder(settings: Any, tmp_path: Path) -> None:
    settings.COLD_ROOT = str(tmp_path / "cold")


@pytest.fixture
def cold_bucket(settings: Any, s3: S3) -> S3:
    settings.COLD_ROOT, settings.COLD_BUCKET = "", settings.VIDEO_BUCKET
    settings.VIDEO_BUCKET = ""
    return s3


def old_film(owner: User, content: bytes = CONTENT, *, days: int = 100) -> Upload:
    """A film that has been ready for so long, its original in the warm place."""
    upload = upload_of(owner, content)
    long_ago = timezone.now() - timedelta(days=days)
    Video.objects.filter(pk=upload.video_id).update(
        state="ready", percent=100, output="1-test", duration_ms=1000, ready_at=long_ago, finished_at=long_ago
    )
    return Upload.objects.select_related("video").get(pk=upload.pk)


def run(upload: Upload) -> ColdOriginal:
    """One try of a worker."""
    ColdOriginal.objects.filter(upload=upload).update(due_at=timezone.now(), lease_until=None)
    work.run(ColdOriginal, upload.cold.pk, cold.move)
    return ColdOriginal.objects.get(upload=upload)


def moved(upload: Upload) -> ColdOriginal:
    assert cold.ask_for_old() == 1
    return run(upload)


def warm(upload: Upload) -> bytes | None:
    place = shelves.original(upload.video_id)
    return place.read_bytes() if place.exists() else None


def in_cold(upload: Upload) -> bytes | None:
    place = cold_places.current()
    assert place
    return None if place.size(upload.pk) is None else b"".join(place.pieces(upload.pk))


def nothing(_done: float) -> None: ...


class TestTheRule:
    def test_asks_for_what_has_been_ready_long_enough_and_once(self, ada: User) -> None:
        old, _young = old_film(ada), old_film(ada, days=80)
        assert (cold.ask_for_old(), cold.ask_for_old()) == (1, 0)
        assert ColdOriginal.objects.get().upload == old
        run(old)
        assert cold.ask_for_old() == 0

    def test_asks_for_nothing_without_a_cold_place(self, ada: User, settings: Any) -> None:
        settings.COLD_ROOT = ""
        old_film(ada)
        assert cold.ask_for_old() == 0

    def test_leaves_a_film_that_is_made_anew(self, ada: User) -> None:
        upload = old_film(ada)
        cold.ask_for_old()
        Video.objects.filter(pk=upload.video_id).update(state="transcoding", ready_at=None, finished_at=None)
        assert run(upload).moved_at is None
        assert (warm(upload), in_cold(upload)) == (CONTENT, None)

    def test_is_over_for_a_film_that_was_put_away_since_it_was_asked(self, ada: User) -> None:
        upload = old_film(ada)
        cold.ask_for_old()
        PutAway.objects.create(video=upload.video, by=ada)
        shelves.forget_original(upload.video_id)
        row = run(upload)
        assert (row.moved_at, row.dead_at, row.last_error) == (None, None, "")
        assert row.finished_at is not None


class TestAMove:
    def test_leaves_one_whole_copy_and_that_in_the_cold_place(self, ada: User) -> None:
        upload = old_film(ada)
        row = moved(upload)
        assert row.moved_at
        assert row.finished_at
        assert (warm(upload), in_cold(upload)) == (None, CONTENT)

    def test_to_a_bucket_names_the_class_of_storage(self, ada: User, cold_bucket: S3, settings: Any) -> None:
        upload = old_film(ada)
        assert moved(upload).moved_at
        assert (warm(upload), in_cold(upload)) == (None, CONTENT)
        told = cold_bucket.client.head_object(Bucket=settings.COLD_BUCKET, Key=f"originals/{upload.pk}")
        assert told.get("StorageClass") == "STANDARD_IA"
        assert cold.bring_back(upload, shelves.original(upload.video_id), nothing)
        assert warm(upload) == CONTENT

    def test_waits_untried_while_s3_is_away(self, ada: User, settings: Any) -> None:
        settings.COLD_ROOT, settings.COLD_BUCKET = "", "films"
        settings.S3_ENDPOINT_URL = "http://127.0.0.1:9"
        upload = old_film(ada)
        row = moved(upload)
        assert (row.attempts, row.finished_at, row.moved_at) == (0, None, None)
        assert warm(upload) == CONTENT

    def test_that_reads_back_something_else_removes_nothing(self, ada: User, monkeypatch: pytest.MonkeyPatch) -> None:
        upload = old_film(ada)
        monkeypatch.setattr(cold_places.Folder, "pieces", lambda place, pk: iter([b"x" * len(CONTENT)]))
        with pytest.raises(Damaged):
            moved(upload)
        assert warm(upload) == CONTENT
        assert ColdOriginal.objects.get().copied_at is None

    def test_of_a_warm_copy_that_is_cut_short_is_refused(self, ada: User) -> None:
        upload = old_film(ada)
        shelves.original(upload.video_id).write_bytes(CONTENT[:-1])
        with pytest.raises(Damaged):
            moved(upload)
        assert in_cold(upload) is None

    def test_of_what_lies_nowhere_is_an_alert_in_the_end(self, ada: User) -> None:
        upload = old_film(ada)
        shelves.forget_original(upload.video_id)
        cold.ask_for_old()
        for _ in range(ColdOriginal.MAX_ATTEMPTS):
            with pytest.raises(cold.OriginalGone):
                run(upload)
        assert ColdOriginal.objects.get().dead_at
        assert cold.ask_for_old() == 0


class TestWhoNeedsIt:
    def test_gets_it_back_before_the_film_is_made_anew(self, ada: User, tmp_path: Path) -> None:
        content = make_film(tmp_path / "film.mp4", seconds=1).read_bytes()
        upload = old_film(ada, content)
        moved(upload)
        Video.objects.filter(pk=upload.video_id).update(state="uploaded", percent=0, ready_at=None, finished_at=None)
        work.run(Video, upload.video_id, transcoding.transcode)
        upload.video.refresh_from_db()
        assert upload.video.is_ready, upload.video.failure_detail
        assert (warm(upload), in_cold(upload)) == (content, content)
        row = ColdOriginal.objects.get()
        assert (row.moved_at, row.brought_back_at is None) == (None, False)

    def test_costs_no_second_copy_when_it_is_moved_again(self, ada: User, monkeypatch: pytest.MonkeyPatch) -> None:
        upload = old_film(ada)
        moved(upload)
        parts.join(upload, nothing)
        assert warm(upload) == CONTENT

        def refuse(*_args: object) -> None:
            raise AssertionError("copied again")

        monkeypatch.setattr(cold_places.Folder, "put", refuse)
        assert moved(upload).moved_at
        assert (warm(upload), in_cold(upload)) == (None, CONTENT)

    def test_never_gets_a_copy_that_has_changed(self, ada: User, tmp_path: Path) -> None:
        upload = old_film(ada)
        moved(upload)
        (tmp_path / "cold" / f"{upload.pk}.bin").write_bytes(b"y" * len(CONTENT))
        with pytest.raises(Damaged):
            parts.join(upload, nothing)
        assert warm(upload) is None


class TestTheEnd:
    def test_a_film_that_is_removed_leaves_nothing_behind(
        self, ada: User, django_capture_on_commit_callbacks: Any
    ) -> None:
        upload = old_film(ada)
        moved(upload)
        with django_capture_on_commit_callbacks(execute=True):
            uploading.remove_film(upload.video, ada)
        assert in_cold(upload) is None

    def test_strays_go_and_what_a_known_upload_has_stays(self, ada: User, tmp_path: Path) -> None:
        upload = old_film(ada)
        moved(upload)
        ColdOriginal.objects.all().delete()  # as after an older copy of the database was restored
        stray = tmp_path / "cold" / "11111111-1111-4111-8111-111111111111.bin"
        stray.write_bytes(b"z")
        assert cold.forget_strays() == 0
        os.utime(stray, (time.time() - strays.KNOWN_AFTER.total_seconds() - 60,) * 2)
        (tmp_path / "cold" / "notes.bin").write_bytes(b"not ours")
        assert cold.forget_strays() == 1
        assert not stray.exists()
        assert (tmp_path / "cold" / "notes.bin").exists()
        parts.join(upload, nothing)
        assert warm(upload) == CONTENT

    def test_what_was_put_there_in_part_goes_a_day_later(self, ada: User, tmp_path: Path) -> None:
        moved(old_film(ada))
        half, fresh = tmp_path / "cold" / "joining-old", tmp_path / "cold" / "joining-new"
        for one in (half, fresh):
            one.write_bytes(b"x")
        os.utime(half, (time.time() - shelves.JOB_LIVES_S - 60,) * 2)
        uploading.expire_old()
        assert (half.exists(), fresh.exists()) == (False, True)

    def test_its_creator_reads_one_line(self, ada: User) -> None:
        upload = old_film(ada)
        client = Client()
        client.force_login(ada)
        page = reverse("videos:film", args=[upload.video_id])
        assert "cold storage" not in client.get(page).content.decode()
        moved(upload)
        assert "Your original is in cold storage since" in client.get(page).content.decode()


def killed(upload: Upload, point: str) -> None:
    environment = {
        **os.environ,
        "DATABASE_URL": database_address(),
        "KEZHAN_VIDEO_ROOT": str(django_settings.VIDEO_ROOT),
        "KEZHAN_COLD_ROOT": django_settings.COLD_ROOT,
        "KEZHAN_FAILPOINTS": point,
    }
    command = [sys.executable, "-c", _WORKER, str(upload.cold.pk)]
    ended = subprocess.run(command, env=environment, cwd=django_settings.BASE_DIR, check=False, timeout=60)
    assert ended.returncode == -signal.SIGKILL


@pytest.mark.django_db(transaction=True)
class TestAWorkerThatIsKilled:
    @pytest.mark.parametrize(
        ("point", "is_warm"),
        [("videos.original_put", True), ("videos.original_copied", True), ("videos.original_let_go", False)],
    )
    def test_has_lost_nothing_and_the_next_one_goes_on(self, ada: User, point: str, is_warm: bool) -> None:
        upload = old_film(ada)
        cold.ask_for_old()
        killed(upload, point)
        assert (warm(upload), in_cold(upload)) == (CONTENT if is_warm else None, CONTENT)
        assert ColdOriginal.objects.get().moved_at is None
        # Whoever needs it now gets it, whatever the row says.
        parts.join(upload, nothing)
        assert warm(upload) == CONTENT
        assert run(upload).moved_at
        assert (warm(upload), in_cold(upload)) == (None, CONTENT)

    def test_would_have_lost_it_if_the_warm_copy_went_first(self, ada: User, monkeypatch: pytest.MonkeyPatch) -> None:
        """The negative control: removed before the cold copy is whole, a kill leaves neither."""
        upload = old_film(ada)
        monkeypatch.setattr(cold_places.Folder, "put", lambda place, pk, original, tick: original.unlink())
        with pytest.raises(FileNotFoundError):
            moved(upload)
        assert (warm(upload), in_cold(upload)) == (None, None)


@pytest.mark.django_db(transaction=True)
class TestAConversionThatBeginsMeanwhile:
    def test_waits_for_the_move_or_the_move_leaves_it_alone(self, ada: User) -> None:
        """Held by whoever began first: here the conversion, so nothing is removed under it."""
        upload = old_film(ada)
        cold.ask_for_old()
        assert self._moved_while_a_conversion_begins(upload) is None
        assert warm(upload) == CONTENT

    def test_without_the_film_held_the_original_would_go_under_it(
        self, ada: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The negative control: the move reads that the film is ready, and does not wait for who is changing that."""
        upload = old_film(ada)
        cold.ask_for_old()
        monkeypatch.setattr(type(Video.objects.all()), "select_for_update", lambda films, **_how: films)
        assert self._moved_while_a_conversion_begins(upload) is not None
        assert warm(upload) is None

    def _moved_while_a_conversion_begins(self, upload: Upload) -> Any:
        ended = threading.Event()

        def move() -> None:
            work.run(ColdOriginal, upload.cold.pk, cold.move)
            ended.set()
            connection.close()

        worker = threading.Thread(target=move)
        with transaction.atomic():
            Video.objects.filter(pk=upload.video_id).update(state="uploaded", ready_at=None, finished_at=None)
            worker.start()
            ended.wait(timeout=3)
        worker.join(timeout=30)
        return ColdOriginal.objects.get().moved_at


def test_the_bucket_s_failures_are_those_of_the_store(settings: Any) -> None:
    settings.S3_ENDPOINT_URL = "http://127.0.0.1:9"
    with pytest.raises(bucket.StoreDown):
        cold_places.Bucket("films", "STANDARD_IA").names()
