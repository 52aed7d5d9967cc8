"""Our pipeline against one bare ffmpeg command that makes the same rungs from the same film, interleaved in one run.

    python bench/transcode.py FILM [--rounds 3]

The bare command is `ffmpeg -i FILM` with the same outputs, without fence, probe, poster, rows and progress. Both are
measured by the clock and by the processor time of the whole process tree. Needs the same environment as manage.py;
writes below a temporary folder and leaves no row behind.
"""

import argparse
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import django

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "marketplace.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.db import transaction  # noqa: E402

from accounts.models import User  # noqa: E402
from videos import encoding, fence, ladder, probing, shelves, transcoding  # noqa: E402
from videos.models import Upload, Video  # noqa: E402


class Undo(Exception):
    """Ends the transaction of a measurement, so that its rows are gone."""


def measured(act: Callable[[], None]) -> tuple[float, float]:
    """Seconds by the clock, and of processor time of this process and its ended children."""
    before, began = processor(), time.perf_counter()
    act()
    return time.perf_counter() - began, processor() - before


def processor() -> float:
    spent = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in spent)


def bare(film: Path, room: Path) -> Callable[[], None]:
    """One ffmpeg command with the outputs that our pipeline chooses for this film."""
    job = room / "bare"
    job.mkdir()
    shutil.copy(film, job / "in.bin")
    probe = probing.probe(job)
    rungs = ladder.rungs(probe.source)
    for rung in rungs:
        (job / "out" / rung.name).mkdir(parents=True)
    command = [
        fence.ffmpeg(),
        "-nostdin",
        "-y",
        "-loglevel",
        "error",
        "-i",
        "in.bin",
        *encoding.arguments(probe, rungs),
    ]
    return lambda: subprocess.run(command, cwd=job, check=True) and None


def ours(film: Path, owner: User) -> Callable[[], None]:
    """A completed upload brought to `ready`, as a worker does it."""

    def act() -> None:
        size = film.stat().st_size
        upload = Upload.objects.begin(owner=owner, name=film.name, size=size, content_type="video/mp4")
        place = shelves.original(upload.video_id)
        place.parent.mkdir(parents=True)
        shutil.copy(film, place)
        upload.video.accept_upload()
        video = Video.claim(upload.video_id)
        transcoding.transcode(video)
        video.refresh_from_db()
        if not video.is_ready:
            raise SystemExit(f"{film.name}: {video.failure_code} {video.failure_detail}")

    return act


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("film", type=Path)
    options.add_argument("--rounds", type=int, default=3)
    asked = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        room = Path(folder)
        settings.VIDEO_ROOT = room / "video"
        results: dict[str, list[tuple[float, float]]] = {"bare": [], "ours": []}
        try:
            with transaction.atomic():
                owner = User.objects.sign_up(email="bench@example.invalid", password="a bench needs no password")
                acts = {"bare": bare(asked.film, room), "ours": ours(asked.film, owner)}
                for _ in range(asked.rounds):
                    for name, act in acts.items():
                        results[name].append(measured(act))
                raise Undo
        except Undo:
            report(results)


def report(results: dict[str, list[tuple[float, float]]]) -> None:
    wall, cpu = ({name: statistics.median(run[at] for run in runs) for name, runs in results.items()} for at in (0, 1))
    for name in results:
        sys.stdout.write(f"{name:5} wall {wall[name]:7.2f} s   processor {cpu[name]:7.2f} s\n")
    sys.stdout.write(f"ratio wall {wall['ours'] / wall['bare']:7.2f}     processor {cpu['ours'] / cpu['bare']:7.2f}\n")


main()
