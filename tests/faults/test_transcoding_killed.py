"""A transcoding worker that is killed: whatever the moment, the film is ready once, afterwards."""

import io
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.utils import timezone

from accounts.models import User
from marketplace.lib import work
from marketplace.lib.emails import Mail
from tests.videos.films import make_film, upload_of
from tests.workers import database_address
from videos import parts, shelves, transcoding, uploading
from videos.models import Upload, Video

pytestmark = pytest.mark.django_db(transaction=True)

_WORKER = """
import sys, django
django.setup()
from videos.tasks import transcode_video
transcode_video(sys.argv[1])
"""


@pytest.fixture(autouse=True)
def _own_shelf(settings: object, tmp_path: Path) -> None:
    settings.VIDEO_ROOT = tmp_path / "video"  # type: ignore[attr-defined]


def worker_environment(failpoint: str = "") -> dict[str, str]:
    return {
        **os.environ,
        "DATABASE_URL": database_address(),
        "KEZHAN_VIDEO_ROOT": str(django_settings.VIDEO_ROOT),
        "KEZHAN_FAILPOINTS": failpoint,
    }


def start_worker(video: Video, failpoint: str = "") -> subprocess.Popen[bytes]:
    command = [sys.executable, "-c", _WORKER, str(video.pk)]
    return subprocess.Popen(command, env=worker_environment(failpoint), cwd=django_settings.BASE_DIR)


def let_the_lease_run_out(video: Video) -> None:
    Video.objects.filter(pk=video.pk).update(lease_until=timezone.now() - timedelta(seconds=1))


def wait_for(holds: Callable[[], bool], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it did not come to pass"
        time.sleep(0.02)


def ready_once(video: Video) -> None:
    """One ready film, one mail, one folder of files, no job left."""
    video.refresh_from_db()
    assert video.is_ready, (video.state, video.last_error, video.failure_detail)
    assert [mail.subject for mail in Mail.objects.filter(key__startswith="videos.")] == ["“film.mp4” is ready"]
    films = [path.name for path in (shelves.root() / "films" / str(video.asset)).iterdir()]
    assert films == [video.output]
    assert not list((shelves.root() / "jobs").iterdir())
    assert (shelves.film_folder(video.asset, video.output) / "master.m3u8").is_file()


def test_killed_in_the_middle_of_the_film_it_is_ready_once_afterwards(ada: User, tmp_path: Path) -> None:
    film = make_film(tmp_path / "film.mp4", seconds=8, size=(960, 540), fps="30")
    video = upload_of(ada, film.read_bytes()).video
    worker = start_worker(video)
    # The first segment of a rung is on disk, and the last one is not.
    wait_for(lambda: bool(list((shelves.root() / "jobs").glob("*/out/v*/s00000.m4s"))))
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    video.refresh_from_db()
    assert (video.state, video.attempts) == ("transcoding", 1)
    assert not video.output
    # While the lease lives, nobody takes the film; the sweeper does once it has run out.
    assert Video.claim(video.pk) is None
    let_the_lease_run_out(video)
    assert Video.due_work().get() == video
    assert start_worker(video).wait(timeout=60) == 0
    ready_once(video)
    assert start_worker(video).wait(timeout=60) == 0
    ready_once(video)


@pytest.mark.parametrize("point", ["videos.original_joined", "videos.before_adoption", "videos.after_adoption"])
def test_killed_at_a_named_place_it_is_ready_once_afterwards(ada: User, tmp_path: Path, point: str) -> None:
    video = upload_of(ada, make_film(tmp_path / "film.mp4", seconds=1).read_bytes()).video
    assert start_worker(video, point).wait(timeout=60) == -signal.SIGKILL
    let_the_lease_run_out(video)
    work.run(Video, video.pk, transcoding.transcode)
    ready_once(video)


def test_killed_while_its_original_is_joined_nothing_of_that_stays(ada: User, tmp_path: Path) -> None:
    content = make_film(tmp_path / "film.mp4", seconds=1).read_bytes()
    upload = Upload.objects.begin(owner=ada, name="film.mp4", size=len(content), content_type="video/mp4")
    etag = parts.receive(upload, 1, io.BytesIO(content), length=len(content))
    video = uploading.complete(upload, [{"number": 1, "etag": etag}])
    assert start_worker(video, "videos.original_half_joined").wait(timeout=60) == -signal.SIGKILL
    (half,) = shelves.root().rglob("joining-*")
    let_the_lease_run_out(video)
    uploading.expire_old()
    assert half.exists()  # somebody may still write to it
    work.run(Video, video.pk, transcoding.transcode)
    os.utime(half, (time.time() - shelves.JOB_LIVES_S - 60,) * 2)
    uploading.expire_old()
    ready_once(video)
    kept = {path.relative_to(shelves.root()).parts[0] for path in shelves.root().rglob("*") if path.is_file()}
    assert (kept, list(shelves.root().rglob("joining-*"))) == ({"originals", "films"}, [])


def test_killed_at_every_attempt_the_film_fails_in_the_end(ada: User, tmp_path: Path) -> None:
    """A film that kills its worker is not tried for ever."""
    video = upload_of(ada, make_film(tmp_path / "film.mp4", seconds=1).read_bytes()).video
    for _ in range(Video.MAX_ATTEMPTS):
        assert start_worker(video, "videos.before_adoption").wait(timeout=60) == -signal.SIGKILL
        let_the_lease_run_out(video)
    # So often a deploy may meet it; the rest of the losses that it may have is counted, not waited for.
    Video.objects.filter(pk=video.pk).update(attempts=Video.MAX_LOST - 1, lost=Video.MAX_LOST - 2)
    assert start_worker(video, "videos.before_adoption").wait(timeout=60) == -signal.SIGKILL
    let_the_lease_run_out(video)
    work.run(Video, video.pk, transcoding.transcode)
    video.refresh_from_db()
    assert (video.state, video.failure_code) == ("failed", "encoder_failed")
    assert Mail.objects.get(key__startswith="videos.").subject == "“film.mp4” could not be converted"


def test_two_workers_that_believe_to_hold_the_film_leave_one_result(ada: User, tmp_path: Path) -> None:
    """The lease runs out while the first worker still encodes: the second one wins, the first one stops."""
    film = make_film(tmp_path / "film.mp4", seconds=8, size=(960, 540), fps="30")
    video = upload_of(ada, film.read_bytes()).video
    first = start_worker(video)
    wait_for(lambda: Video.objects.filter(pk=video.pk, state="transcoding").exists())
    let_the_lease_run_out(video)
    second = start_worker(video)
    assert (first.wait(timeout=90), second.wait(timeout=90)) == (0, 0)
    video.refresh_from_db()
    assert video.output.startswith(f"{video.attempts}-")
    ready_once(video)
