"""V1: a crowd of hostile films goes through the real way, and each ends clearly, alone, inside its limits.

A few of every family run with all tests; `bin/faults videos` runs a thousand.
"""

import contextlib
import itertools
import resource
import subprocess
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from PIL import Image, ImageStat

from accounts.models import User
from marketplace.lib import work
from tests.videos.films import make_film, transcoded, upload_of
from tests.videos.hostile import corpus
from videos import failures, fence, judging, shelves, transcoding
from videos.models import Video

from . import rows

pytestmark = pytest.mark.django_db
FEW, MANY = 26, 1200
SHARES = 4
COUNT = MANY if rows.ROUNDS > 1 else FEW
MOST_S = 60.0
# What one program may hold (videos.fence.Limits.memory), in kilobytes as the kernel counts it.
MOST_KB = fence.Limits(1, 1).memory // 1024


@pytest.fixture(autouse=True)
def _own_shelf(settings: Any, tmp_path: Path) -> None:
    settings.VIDEO_ROOT = tmp_path / "video"


@pytest.fixture
def canary(tmp_path: Path) -> Path:
    """Another tenant's film, in reach of a careless program: all magenta, as no other of ours is."""
    magenta = ("-vf", "drawbox=color=magenta:t=fill")
    return make_film(tmp_path / "secret.mp4", seconds=1, size=(64, 48), fps="10", extra=magenta)


def bring_to_its_end(owner: User, one: corpus.Hostile) -> Video:
    video = upload_of(owner, one.content, one.name).video
    for _try in range(Video.MAX_ATTEMPTS + 1):
        Video.objects.filter(pk=video.pk).update(due_at=timezone.now())
        with contextlib.suppress(judging.EncoderFailed):  # as the worker does: tried again, and given up in the end
            work.run(Video, video.pk, transcoding.transcode)
        video.refresh_from_db()
        if video.is_settled:
            return video
    raise AssertionError(f"{one.name} came to no end: {video.last_error}")


def shows_the_canary(video: Video) -> bool:
    """Whether another tenant's film is to be seen in any still that was made of this one."""
    stills = shelves.film_folder(video.asset, video.output).rglob("*.jpg")
    return any(_is_magenta(still) for still in stills)


def _is_magenta(still: Path) -> bool:
    red, green, blue = ImageStat.Stat(Image.open(still).convert("RGB")).mean
    return red > 180 and green < 80 and blue > 180


def test_the_canary_is_seen_where_it_is_shown(ada: User, canary: Path, tmp_path: Path) -> None:
    """The negative control: converted openly it is found out, and an honest film is not."""
    assert shows_the_canary(transcoded(ada, canary))
    assert not shows_the_canary(transcoded(ada, make_film(tmp_path / "film.mp4", seconds=1, size=(64, 48))))


@pytest.mark.parametrize("share", range(SHARES))
def test_each_hostile_film_ends_clearly_and_takes_nothing_along(
    ada: User, tmp_path: Path, canary: Path, share: int, record_property: Callable[[str, object], None]
) -> None:
    (tmp_path / "honest").mkdir()
    pick = corpus.all_of if COUNT == MANY else corpus.a_few_of
    ends: Counter[str] = Counter()
    films = pick(tmp_path / "honest", canary, COUNT, rows.SEED)
    for one in itertools.islice(films, share, None, SHARES):
        began = time.monotonic()
        video = bring_to_its_end(ada, one)
        assert time.monotonic() - began < MOST_S, one.name
        if video.is_ready:
            assert not one.must_fail, f"{one.name} plays"
            assert video.renditions.exists(), one.name
            assert not shows_the_canary(video), f"{one.name} shows another's film"
        else:
            assert video.failure_code in failures.CODES, one.name
            assert str(video.failure_text), one.name
            assert not list(shelves.film_folder(video.asset, "x").parent.glob("*")), f"{one.name} left files"
        ends[f"{one.family}: {video.failure_code or 'ready'}"] += 1
        shelves.forget_film(video.pk, video.asset)
        Video.objects.filter(pk=video.pk).update(size=0)  # the quota is not what is tried here
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss < MOST_KB
    assert not list((tmp_path / "video" / "jobs").glob("*"))
    for end, count in sorted(ends.items()):
        record_property("fault", f"V1, {share + 1} of {SHARES}: {count:5} × {end}")


def test_without_the_fence_s_whitelist_a_playlist_would_be_followed(tmp_path: Path, canary: Path) -> None:
    """The negative control: the same program, bare, opens the other tenant's film."""
    playlist = tmp_path / "in.m3u8"
    playlist.write_text(corpus.script_texts(canary)["ffconcat-absolute"])
    command = [fence.ffmpeg(), "-nostdin", "-loglevel", "error", "-safe", "0", "-f", "concat", "-i", str(playlist)]
    subprocess.run([*command, "-map", "0:v", "-c", "copy", str(tmp_path / "leak.mp4")], check=True, timeout=30)
    assert (tmp_path / "leak.mp4").stat().st_size > 1000
