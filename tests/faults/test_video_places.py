"""K2: a process that dies at each named place of films in chunks, excerpts, prints and uploads to S3.

Whatever the place, the next worker brings the work to its end, once, and nothing is left beside it.
"""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from marketplace.lib import work
from tests.payments.crash import dies_at
from tests.videos.films import make_film, on_shelf, transcoded, upload_of, work_off
from tests.videos.moving import make_moving
from tests.videos.s3 import S3, s3, s3_server
from tests.videos.test_bucket import PART, begin, client_of, send_all
from tests.videos.test_excerpts import ask
from tests.videos.test_twins import compare
from videos import beats, excerpting, shelves, transcoding, uploading
from videos.models import Excerpt, TwinMatch, TwinPrint, Upload, Video, VideoChunk
from videos.twins import comparing

__all__ = ["s3", "s3_server"]
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _own_shelf_and_every_beat_is_told(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.VIDEO_ROOT = tmp_path / "video"
    settings.KEZHAN_VIDEO_CHUNK_FROM_S, settings.KEZHAN_VIDEO_CHUNK_S = 8, 4
    for kind in (beats.Progress, beats.ChunkProgress):
        monkeypatch.setattr(kind, "EVERY_S", 0.0)


def end_leases() -> None:
    """The leases of the dead run out at once: nobody is left who could hold one."""
    over = timezone.now() - timedelta(seconds=1)
    for kind in (Video, VideoChunk, Excerpt, TwinPrint):
        kind.objects.exclude(lease_until=None).update(lease_until=over)


def ready_alone(video: Video) -> None:
    """Ready, in one folder, and nothing left of the way there."""
    video.refresh_from_db()
    assert video.is_ready, (video.state, video.last_error, video.failure_detail)
    assert [path.name for path in (shelves.root() / "films" / str(video.asset)).iterdir()] == [video.output]
    for room in ("jobs", "chunks"):
        assert not list((shelves.root() / room).glob("*"))
    assert not VideoChunk.objects.exists()


def test_while_a_film_is_encoded(ada: User, tmp_path: Path) -> None:
    video = upload_of(ada, make_film(tmp_path / "film.mp4", seconds=2).read_bytes()).video
    assert dies_at("videos.encoding", lambda: work.run(Video, video.pk, transcoding.transcode))
    end_leases()
    work_off()
    ready_alone(video)


@pytest.mark.parametrize(
    "place", ["videos.chunk_encoding", "videos.before_chunk_adoption", "videos.after_chunk_adoption"]
)
def test_while_a_chunk_is_made(ada: User, tmp_path: Path, place: str) -> None:
    film = make_film(tmp_path / "film.mp4", seconds=13, size=(160, 120))
    video = upload_of(ada, film.read_bytes()).video
    assert dies_at(place, work_off)
    made = VideoChunk.objects.exclude(finished_at=None).count()
    assert made == (1 if place == "videos.after_chunk_adoption" else 0)
    end_leases()
    work_off()
    ready_alone(video)


@pytest.mark.parametrize("place", ["videos.cutting_excerpt", "videos.before_excerpt_adoption"])
def test_while_an_excerpt_is_cut(ada: User, tmp_path: Path, place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(excerpting._Progress, "EVERY_S", 0.0)
    video = transcoded(ada, make_film(tmp_path / "film.mp4", seconds=20))
    row = ask(video, ada)
    assert dies_at(place, lambda: work.run(Excerpt, row.pk, excerpting.carry_out))
    row.refresh_from_db()
    assert (row.output, row.attempts) == ("", 1)
    end_leases()
    work.run(Excerpt, row.pk, excerpting.carry_out)
    row.refresh_from_db()
    assert row.is_ready, row.last_error
    assert [path.name for path in (shelves.root() / "films" / str(row.asset)).iterdir()] == [row.output]


def test_between_a_print_and_its_comparison(ada: User, cole: User, tmp_path: Path) -> None:
    """The later film is compared again, whole, and the pair is told once."""
    film = make_moving(tmp_path / "film.mp4", seed=1, seconds=36)
    compare(on_shelf(ada, film))
    copy = on_shelf(cole, film)
    TwinPrint.objects.ask(copy)
    pk = TwinPrint.objects.only("pk").get(video=copy).pk
    assert dies_at("videos.print_indexed", lambda: work.run(TwinPrint, pk, comparing.compare))
    assert not TwinMatch.objects.exists()
    end_leases()
    work.run(TwinPrint, pk, comparing.compare)
    assert TwinMatch.objects.count() == 1


def test_between_s3_s_joining_and_our_row(ada: User, tmp_path: Path, s3: S3, settings: Any) -> None:
    settings.UPLOAD_PART_BYTES = PART
    content = make_film(tmp_path / "film.mp4", seconds=1).read_bytes()
    client = client_of(ada)
    sent = send_all(client, begin(client, len(content)), content)
    told = [{"number": part["number"], "etag": part["etag"].strip('"')} for part in sent]
    assert dies_at("videos.joined_in_bucket", lambda: uploading.complete(Upload.objects.get(), told))
    assert Upload.objects.get().completed_at is None
    uploading.complete(Upload.objects.get(), told)
    work_off()
    ready_alone(Video.objects.get())
    assert "Contents" not in s3.client.list_objects_v2(Bucket=settings.VIDEO_BUCKET)
