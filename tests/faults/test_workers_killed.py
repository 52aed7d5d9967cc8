"""Workers killed at random while ten films are made, some of them in chunks: all end ready, none twice."""

import random
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.utils import timezone

from accounts.models import User
from marketplace.lib.emails import Mail
from tests.faults.test_transcoding_killed import worker_environment
from tests.videos.films import make_film, upload_of, work_off
from videos import shelves, uploading
from videos.models import Video, VideoChunk

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

SEED, FILMS, KILLS = 20261128, 10, 6
_WORKER = """
import django, time
django.setup()
from videos import turns
while True:
    turns.work_on_next()
    if not turns.is_anything_due(): time.sleep(0.2)
"""


def start_worker() -> subprocess.Popen[bytes]:
    more = {"KEZHAN_VIDEO_CHUNK_FROM_S": "8", "KEZHAN_VIDEO_CHUNK_S": "4"}
    command = [sys.executable, "-c", _WORKER]
    return subprocess.Popen(command, env=worker_environment() | more, cwd=django_settings.BASE_DIR)


def end_leases() -> None:
    """The leases of the dead run out at once: nobody is left who could hold one."""
    over = timezone.now() - timedelta(seconds=1)
    for kind in (Video, VideoChunk):
        kind.objects.exclude(lease_until=None).update(lease_until=over)


def test_workers_killed_at_random_leave_every_film_ready_once_and_nothing_beside(
    ada: User, tmp_path: Path, settings: Any
) -> None:
    settings.VIDEO_ROOT = tmp_path / "video"
    settings.KEZHAN_VIDEO_CHUNK_FROM_S, settings.KEZHAN_VIDEO_CHUNK_S = 8, 4
    short = make_film(tmp_path / "short.mp4", seconds=3, size=(160, 120)).read_bytes()
    long = make_film(tmp_path / "long.mp4", seconds=13, size=(160, 120)).read_bytes()
    videos = [upload_of(ada, long if at % 3 == 0 else short, f"{at}.mp4").video for at in range(FILMS)]
    chance = random.Random(SEED)
    for _ in range(KILLS):
        worker = start_worker()
        time.sleep(chance.uniform(1.0, 4.0))
        worker.send_signal(signal.SIGKILL)
        worker.wait()
        end_leases()
    work_off()
    uploading.expire_old()
    assert set(Video.objects.values_list("state", flat=True)) == {"ready"}
    mails = sorted(mail.subject for mail in Mail.objects.all())
    assert mails == sorted(f"“{at}.mp4” is ready" for at in range(FILMS))
    for video in Video.objects.filter(pk__in=[video.pk for video in videos]):
        assert [path.name for path in (shelves.root() / "films" / str(video.asset)).iterdir()] == [video.output]
    for room in ("jobs", "chunks"):
        assert not list((shelves.root() / room).glob("*"))
    assert not VideoChunk.objects.exists()
