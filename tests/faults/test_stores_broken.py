"""D1, R1: S3's line is cut in the middle of a film, the disk is full under a part, Valkey is gone for a while.

Each has its clear answer; what was there stays, and once the thing is back everything goes on without hands.
"""

import hashlib
import json
import signal
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import IncompleteReadError
from django.utils import timezone

from accounts.models import User
from marketplace.lib import work
from marketplace.local.valkey import Valkey
from tests import workers
from tests.faults.lame_line import LameLine, lame_line
from tests.faults.test_transcoding_killed import wait_for
from tests.faults.test_video_outages import hit, run_python, valkey
from tests.videos.films import make_film, upload_of
from tests.videos.s3 import S3, s3, s3_server
from tests.videos.test_bucket import PART as S3_PART
from tests.videos.test_bucket import begin, client_of, complete, large, send_all
from videos import bucket, shelves, transcoding
from videos.models import Upload, Video

__all__ = ["large", "s3", "s3_server", "valkey"]  # fixtures of their neighbours
pytestmark = pytest.mark.django_db(transaction=True)
PART = 64 * 1024


@pytest.fixture(autouse=True)
def _own_shelf(settings: Any, tmp_path: Path) -> None:
    settings.VIDEO_ROOT = tmp_path / "video"
    settings.UPLOAD_PART_BYTES = PART


@pytest.fixture
def line(s3: S3) -> Iterator[LameLine]:
    with lame_line(s3.url) as line:
        yield line


def sent_to_s3(owner: User, content: bytes, settings: Any) -> Video:
    settings.UPLOAD_PART_BYTES = S3_PART
    client = client_of(owner)
    upload = begin(client, len(content))
    assert complete(client, upload, send_all(client, upload, content)).status_code == 200
    return Video.objects.get()


def made(video: Video) -> Video:
    """After a worker has tried."""
    Video.objects.filter(pk=video.pk).update(due_at=timezone.now())
    work.run(Video, video.pk, transcoding.transcode)
    video.refresh_from_db()
    return video


def test_a_line_to_s3_that_is_cut_in_the_middle_of_a_film_costs_no_try_and_no_byte(
    ada: User, large: bytes, s3: S3, line: LameLine, settings: Any
) -> None:
    video = sent_to_s3(ada, large, settings)
    settings.S3_ENDPOINT_URL, line.most_bytes = line.url, len(large) // 2
    for _ in range(video.MAX_ATTEMPTS + 1):
        assert (made(video).is_settled, video.attempts) == (False, 0), video.failure_detail
        assert not shelves.original(video.pk).exists(), "half a film is none"
    assert line.cut > video.MAX_ATTEMPTS
    key = f"uploads/{video.upload.pk}"
    assert s3.client.head_object(Bucket=settings.VIDEO_BUCKET, Key=key)["ContentLength"] == len(large)
    line.most_bytes = None
    assert made(video).is_ready, video.failure_detail
    assert shelves.original(video.pk).read_bytes() == large


def test_if_a_cut_line_were_any_error_the_film_would_spend_its_tries(
    ada: User, large: bytes, line: LameLine, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control: the line is really cut, and it is the store's own error that keeps the tries."""
    video = sent_to_s3(ada, large, settings)
    settings.S3_ENDPOINT_URL, line.most_bytes = line.url, len(large) // 2
    monkeypatch.setattr(bucket, "answers", lambda *_known: nullcontext([]))
    with pytest.raises(IncompleteReadError):
        made(video)
    video.refresh_from_db()
    assert video.attempts == 1


# Room for two parts and a half on a disk of its own, seen by this process alone.
_ON_A_SMALL_DISK = 'mount -t tmpfs -o size="$1" small "$2" && shift 2 && exec "$@"'
_SEND = """
import hashlib, json
from pathlib import Path
from django.test import Client
from videos import parts, shelves
from videos.models import Upload
upload = Upload.objects.get(pk=sys.argv[1])
content = Path(sys.argv[2]).read_bytes()
filler = shelves.root() / "uploads" / "filler"
filler.write_bytes(bytes(int(sys.argv[3])))

def put(number):
    piece = content[(number - 1) * upload.part_size : number * upload.part_size]
    return Client().put(parts.signed_path(upload, number), piece, content_type="application/octet-stream")

first = [put(number) for number in range(1, upload.parts_count + 1)]
left = len(list(shelves.upload_folder(upload.pk).iterdir()))
filler.unlink()
again = [put(number) for number, answer in enumerate(first, 1) if answer.status_code != 200]
upload.refresh_from_db()
parts.join(upload, lambda _done: None)
print(json.dumps({
    "first": [answer.status_code for answer in first],
    "code": next(answer.json()["code"] for answer in first if answer.status_code != 200),
    "left": left,
    "again": [answer.status_code for answer in again],
    "sha": hashlib.sha256(shelves.original(upload.video_id).read_bytes()).hexdigest(),
}))
"""


def test_a_disk_that_is_full_under_a_part_keeps_the_parts_before_and_takes_the_rest_when_there_is_room(
    ada: User, tmp_path: Path
) -> None:
    content = make_film(tmp_path / "film.mp4", seconds=4, size=(640, 360)).read_bytes()[: 4 * PART - 100]
    upload = Upload.objects.begin(owner=ada, name="film.mp4", size=len(content), content_type="video/mp4")
    assert upload.parts_count == 4
    uploads = shelves.root() / "uploads"
    uploads.mkdir(parents=True)
    (tmp_path / "cut.mp4").write_bytes(content)
    room, filler = 8 * PART, 5 * PART + PART // 2
    prefix = ("unshare", "-Urm", "sh", "-c", _ON_A_SMALL_DISK, "sh", str(room), str(uploads))
    process = run_python(_SEND, str(upload.pk), str(tmp_path / "cut.mp4"), str(filler), prefix=prefix)
    told, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    said = json.loads(told)
    assert (said["first"], said["code"], said["left"]) == ([200, 200, 507, 507], "no_space", 2)
    assert (said["again"], said["sha"]) == ([200, 200], hashlib.sha256(content).hexdigest())


def test_films_are_made_without_hands_when_valkey_was_gone_for_a_while(
    ada: User, tmp_path: Path, valkey: Valkey
) -> None:
    """One film is being made when it dies, another is sent while it is away, a third when it is back."""
    long = make_film(tmp_path / "a.mp4", seconds=8, size=(960, 540), fps="30").read_bytes()
    short = make_film(tmp_path / "b.mp4", seconds=1).read_bytes()
    first = upload_of(ada, long, "first.mp4").video
    with workers.running("http://127.0.0.1:1", tmp_path / "log", REDIS_URL=valkey.url) as family:
        wait_for(lambda: bool(list((shelves.root() / "jobs").glob("*/out/v*/s00000.m4s"))), 60)
        hit(valkey, signal.SIGKILL)
        second = upload_of(ada, short, "second.mp4").video
        wait_for(lambda: Video.objects.get(pk=first.pk).is_ready, 60)
        assert not Video.objects.get(pk=second.pk).is_ready, "the control: nobody could be told of it"
        valkey.start()
        wait_for(valkey.is_ready)
        third = upload_of(ada, short, "third.mp4").video
        wait_for(lambda: all(Video.objects.get(pk=film.pk).is_ready for film in (second, third)), 240)
        assert family.poll() is None, "the workers that were there before"
    for film in (first, second, third):
        film.refresh_from_db()
        assert [folder.name for folder in (shelves.root() / "films" / str(film.asset)).iterdir()] == [film.output]
