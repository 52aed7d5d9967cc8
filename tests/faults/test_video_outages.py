"""D1, R1, P1: the disk is full, Valkey freezes or is gone, the database drops its lines while a film is made.

Each time the film waits or goes on by itself, no try is spent for what is not its fault, and nothing half-made plays.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import psycopg2
import pytest
import redis
from django.conf import settings as django_settings
from django.utils import timezone

from accounts.models import User
from marketplace.lib import work
from marketplace.local.valkey import Valkey
from tests.faults.test_transcoding_killed import let_the_lease_run_out, ready_once, wait_for
from tests.videos.films import make_film, upload_of
from tests.workers import database_address
from videos import shelves, transcoding
from videos.models import Video

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _own_shelf(settings: Any, tmp_path: Path) -> None:
    settings.VIDEO_ROOT = tmp_path / "video"


def run_python(code: str, *arguments: str, prefix: tuple[str, ...] = (), **more: str) -> subprocess.Popen[bytes]:
    """`code` in a process of its own, with Django set up, on the test's database and shelf."""
    environment = {
        **os.environ,
        "DATABASE_URL": database_address(),
        "KEZHAN_VIDEO_ROOT": str(django_settings.VIDEO_ROOT),
        **more,
    }
    command = [*prefix, sys.executable, "-c", f"import sys, django\ndjango.setup()\n{code}", *arguments]
    return subprocess.Popen(command, env=environment, cwd=django_settings.BASE_DIR, stdout=subprocess.PIPE)


_TRANSCODE = "from videos.tasks import transcode_video\ntranscode_video(sys.argv[1])"
# A disk of its own for the folder of jobs, seen by this one process alone: room for the film and a little more.
_ON_A_SMALL_DISK = 'mount -t tmpfs -o size="$1" small "$2" && shift 2 && exec "$@"'


def transcode_on_a_small_disk(video: Video, code: str = _TRANSCODE) -> int:
    jobs = shelves.root() / "jobs"
    jobs.mkdir(parents=True, exist_ok=True)
    room = str(video.size + 150_000)
    prefix = ("unshare", "-Urm", "sh", "-c", _ON_A_SMALL_DISK, "sh", room, str(jobs))
    return run_python(code, str(video.pk), prefix=prefix).wait(60)


@pytest.fixture
def film(ada: User, tmp_path: Path) -> Video:
    made = make_film(tmp_path / "film.mp4", seconds=8, size=(960, 540), fps="30")
    return upload_of(ada, made.read_bytes()).video


def test_a_disk_that_is_full_while_a_film_is_made_costs_no_try(film: Video) -> None:
    assert transcode_on_a_small_disk(film) == 0
    film.refresh_from_db()
    assert (film.is_settled, film.attempts, film.output) == (False, 0, ""), (film.failure_code, film.failure_detail)
    assert film.due_at > timezone.now()
    assert not (shelves.root() / "films").exists()
    Video.objects.filter(pk=film.pk).update(due_at=timezone.now())
    work.run(Video, film.pk, transcoding.transcode)
    ready_once(film)


def test_if_a_full_disk_were_the_film_s_fault_it_would_spend_its_tries(film: Video) -> None:
    """The negative control: unless somebody looks at the disk, the film is called broken, or spends a try."""
    unread = "from videos import shelves\nshelves.is_full = lambda folder: False\n"
    transcode_on_a_small_disk(film, unread + _TRANSCODE)
    film.refresh_from_db()
    assert (film.attempts, film.is_ready) == (1, False)


def cut_all_lines() -> None:
    """What a restart of PostgreSQL does to those who are connected to this test's database."""
    with psycopg2.connect(database_address()) as line, line.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name = 'worker'"
        )
        assert cursor.rowcount > 0
    line.close()


def first_segment_is_there() -> bool:
    return bool(list((shelves.root() / "jobs").glob("*/out/v*/s00000.m4s")))


def test_a_database_that_drops_its_lines_while_a_film_is_made_costs_a_try_at_most(film: Video) -> None:
    worker = run_python(_TRANSCODE, str(film.pk), PGAPPNAME="worker")
    wait_for(first_segment_is_there)
    cut_all_lines()
    worker.wait(90)
    film.refresh_from_db()
    if not film.is_ready:  # the line was cut just when it wanted to write: the next try makes it, by itself
        assert not film.is_settled
        let_the_lease_run_out(film)
        Video.objects.filter(pk=film.pk).update(due_at=timezone.now())
        work.run(Video, film.pk, transcoding.transcode)
    ready_once(film)


def hit(valkey: Valkey, how: signal.Signals) -> None:
    assert valkey.process.running
    valkey.process.running.send_signal(how)
    if how == signal.SIGKILL:
        valkey.process.running.wait()


@pytest.fixture
def valkey(tmp_path: Path) -> Iterator[Valkey]:
    """A Valkey of this test's own, to freeze and to kill."""
    (tmp_path / "valkey-log").mkdir()
    server = Valkey(tmp_path / "valkey", tmp_path / "valkey-log", "secret", durable=False)
    server.start()
    wait_for(server.is_ready)
    yield server
    hit(server, signal.SIGKILL)


_COMPLETE = """
import time
from videos.models import Upload
began = time.monotonic()
Upload.objects.get(pk=sys.argv[1]).complete([{"number": 1, "etag": "0" * 32}])
print(time.monotonic() - began)
"""


def complete_beside(valkey: Valkey, owner: User, content: bytes, before: str = "") -> tuple[Video, float]:
    """A completed upload whose bell could not be rung, and how many seconds that took."""
    upload = upload_of(owner, content)
    type(upload).objects.filter(pk=upload.pk).update(completed_at=None, part_size=upload.size)
    Video.objects.filter(pk=upload.video_id).update(state="uploading")
    upload.record_part(number=1, size=upload.size, etag="0" * 32, file_name="part")
    process = run_python(before + _COMPLETE, str(upload.pk), REDIS_URL=valkey.url, KEZHAN_TEST_CORNER="main")
    told, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    return upload.video, float(told)


def fill(valkey: Valkey) -> None:
    line = redis.Redis.from_url(valkey.url)
    line.config_set("maxmemory", 1)
    with pytest.raises(redis.exceptions.OutOfMemoryError):  # the control: it is full
        line.set("one", "more")


BROKEN = {"frozen": partial(hit, how=signal.SIGSTOP), "gone": partial(hit, how=signal.SIGKILL), "full": fill}


@pytest.mark.parametrize("how", BROKEN)
def test_valkey_frozen_gone_or_full_costs_an_upload_seconds_and_the_sweeper_finds_it(
    ada: User, tmp_path: Path, valkey: Valkey, how: str
) -> None:
    content = make_film(tmp_path / "film.mp4", seconds=1).read_bytes()
    BROKEN[how](valkey)
    video, took_s = complete_beside(valkey, ada, content)
    assert took_s < 20
    video.refresh_from_db()
    assert video.state == "uploaded"
    assert Video.due_work().get() == video
    assert work.sweep() >= 1
    work.run(Video, video.pk, transcoding.transcode)
    ready_once(video)


def test_a_row_that_is_not_due_is_found_by_nobody_when_its_bell_is_lost(
    ada: User, tmp_path: Path, valkey: Valkey
) -> None:
    """The negative control: it is the row that brings the film back; nothing else remembers it."""
    hit(valkey, signal.SIGKILL)
    content = make_film(tmp_path / "film.mp4", seconds=1).read_bytes()
    video, _ = complete_beside(valkey, ada, content)
    Video.objects.filter(pk=video.pk).update(due_at=timezone.now() + timedelta(days=1))
    assert work.sweep() == 0
