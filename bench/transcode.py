"""Our pipeline against one bare ffmpeg command that makes the same rungs from the same film, interleaved in one run.

    python bench/transcode.py FILM [--minutes 1] [--rounds 3] [--workers 1 2 4]

The bare commands run without fence, probe, poster, storyboard, loudness, rows and progress: one makes all rungs, one
the size of our first look alone, whose first finished segment is its first playable moment. Ours runs with so many
workers (threads that take pieces as workers do), in chunks. All are measured by the clock and by the processor time of
everything that was started. Needs the same environment as manage.py and a database in which no other film waits; it
removes its rows and files.
Source of the goals: the design's page on performance, 9-11.
"""

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import django

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "marketplace.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402

from accounts.models import User  # noqa: E402
from videos import encoding, fence, ladder, plans, probing, shelves, turns  # noqa: E402
from videos.models import Upload, Video  # noqa: E402

LOOKS_EVERY_S = 0.05


@dataclass(frozen=True)
class Run:
    """Seconds by the clock, of processor time, and until something could be played."""

    wall: float
    processor: float
    playable: float


def processor() -> float:
    spent = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in spent)


def lengthened(film: Path, minutes: float, room: Path) -> Path:
    """`film` again and again, until it is so long."""
    target = room / "film.mp4"
    command = [fence.ffmpeg(), "-nostdin", "-y", "-loglevel", "error", "-stream_loop", "-1", "-i", str(film)]
    subprocess.run([*command, "-t", str(minutes * 60), "-c", "copy", str(target)], check=True)
    return target


def bare(film: Path, room: Path, *, first_only: bool) -> Run:
    """All rungs by one command; with `first_only` the size of a first look and the smaller sound."""
    with tempfile.TemporaryDirectory(dir=room) as folder:
        job = Path(folder)
        os.link(film, job / "in.bin")
        probe = probing.probe(job)
        rungs = ladder.rungs(probe.source)
        shown = plans.Plan(probe, rungs, 0).preview
        if first_only:
            rungs = [shown, rungs[-1]]
        for rung in rungs:
            (job / "out" / rung.name).mkdir(parents=True)
        command = [fence.ffmpeg(), "-nostdin", "-y", "-loglevel", "error", "-i", "in.bin"]
        before, began, playable = processor(), time.perf_counter(), 0.0
        process = subprocess.Popen([*command, *encoding.arguments(probe, rungs)], cwd=job)
        while process.poll() is None:
            # The second segment has begun: the first one is whole.
            if not playable and (job / "out" / shown.name / "s00001.m4s").exists():
                playable = time.perf_counter() - began
                if first_only:
                    process.kill()
            time.sleep(LOOKS_EVERY_S)
        wall = time.perf_counter() - began
        return Run(wall, processor() - before, playable or wall)


def ours(film: Path, owner: User, workers: int) -> Run:
    """A completed upload brought to `ready` by so many workers."""
    upload = Upload.objects.begin(owner=owner, name=film.name, size=film.stat().st_size, content_type="video/mp4")
    place = shelves.original(upload.video_id)
    place.parent.mkdir(parents=True)
    os.link(film, place)
    before, began = processor(), time.perf_counter()
    upload.video.accept_upload()
    state = {"playable": 0.0}
    crowd = [threading.Thread(target=_work, args=(upload.video_id,)) for _ in range(workers)]
    for one in crowd:
        one.start()
    while any(one.is_alive() for one in crowd):
        if not state["playable"] and Video.objects.filter(pk=upload.video_id, look_s__gt=0).exists():
            state["playable"] = time.perf_counter() - began
        time.sleep(LOOKS_EVERY_S)
    wall, spent = time.perf_counter() - began, processor() - before
    video = Video.objects.get(pk=upload.video_id)
    if not video.is_ready:
        raise SystemExit(f"{film.name}: {video.state} {video.failure_code} {video.failure_detail} {video.last_error}")
    shelves.forget_film(video.pk, video.asset)
    return Run(wall, spent, state["playable"] or wall)


def _work(video_id: uuid.UUID) -> None:
    try:
        while not Video.objects.get(pk=video_id).is_settled:
            turns.work_on_next()
            time.sleep(LOOKS_EVERY_S)
    finally:
        connection.close()


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("film", type=Path)
    options.add_argument("--minutes", type=float, default=1)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--workers", type=int, nargs="+", default=[1, 2, 4])
    asked = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        room = Path(folder)
        settings.VIDEO_ROOT, settings.KEZHAN_VIDEO_CHUNK_FROM_S = room / "video", 1
        film = lengthened(asked.film, asked.minutes, room)
        name = f"bench-{uuid.uuid4().hex[:8]}@example.invalid"
        owner = User.objects.sign_up(email=name, password="a bench needs no password")
        acts: dict[str, Callable[[], Run]] = {
            "bare": lambda: bare(film, room, first_only=False),
            "bare, first size": lambda: bare(film, room, first_only=True),
            **{f"ours, {count}": lambda count=count: ours(film, owner, count) for count in asked.workers},
        }
        results: dict[str, list[Run]] = {name: [] for name in acts}
        say(f"{asked.minutes:g} min, {os.cpu_count()} cores, load before {os.getloadavg()[0]:.1f}")
        try:
            for _ in range(asked.rounds):
                for name, act in acts.items():
                    results[name].append(act())
        finally:
            Video.objects.filter(owner=owner).delete()
            owner.delete()
        report(results, asked.workers)


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def report(results: dict[str, list[Run]], workers: list[int]) -> None:
    def middle(name: str, what: str) -> float:
        return statistics.median(getattr(run, what) for run in results[name])

    for name in results:
        told = "   ".join(f"{what} {middle(name, what):6.1f} s" for what in ("wall", "processor", "playable"))
        say(f"{name:17} {told}")
    say(f"load after {os.getloadavg()[0]:.1f}")
    for count in workers:
        ours_, wall = f"ours, {count}", middle(f"ours, {count}", "wall")
        say(
            f"{count} workers: processor {middle(ours_, 'processor') / middle('bare', 'processor'):.2f} (goal 1.0), "
            f"wall {wall / middle('bare', 'wall'):.2f} (goal 1.10), first playable "
            f"{middle(ours_, 'playable') - middle('bare, first size', 'playable'):+.1f} s (goal +2.0)"
        )
    if {1, 2} <= set(workers):
        say(f"2 workers are {middle('ours, 1', 'wall') / middle('ours, 2', 'wall'):.2f} times one (goal 1.7)")


main()
