"""Our pipeline against one bare ffmpeg command that makes the same rungs from the same film, in one run.

    python bench/transcode.py FILM [--minutes 10] [--rounds 1] [--workers 1 2 4]
    python bench/transcode.py FILM --looks 1 10 30

**Inside our clock**: everything from the moment that the whole file lies on its shelf until the film is ready: probing,
turns, rows, progress, listening and evening out the loudness, encoding behind the fence, black and still pictures,
storyboard, posters, lists, the notice. **Inside the bare clock**: the encode alone, with the same arguments, threads as
ffmpeg chooses them, as polite to others as ours (nice 10). A worker is a thread with one core of its own (worker n has
core n of those there are), in a process that made a film before, as workers have; one worker is compared with the bare
command on one core, more with it on all. Processor time is that of this process and everything it started; for one
worker also that of the rungs alone, which is the part that the bare command does. `--looks`: only how long a first look
takes at films of such lengths, against the bare first size alone; the rest is stopped.
**On paper**: the pieces of the run with one worker, dealt out to more in the order in which they are taken.
Source of the goals: the design's page on performance, 9-11.
"""

import argparse
import os
import resource
import statistics
import subprocess
import tempfile
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from stage import own_servers, say

LOOKS_EVERY_S = 0.05
CORES = sorted(os.sched_getaffinity(0))


@dataclass(frozen=True)
class Run:
    """Seconds by the clock, of processor time, until something could be played; (kind, seconds) of each piece.

    `rungs`: of the processor time what went into programs that encode, where one ran at a time.
    """

    wall: float
    processor: float
    playable: float
    rungs: float = 0.0
    pieces: list[tuple[str, float]] = field(default_factory=list)


def processor() -> float:
    spent = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in spent)


@contextmanager
def on_cores(cores: list[int]) -> Iterator[None]:
    """What this thread starts runs there."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, cores)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def lengthened(film: Path, minutes: float, room: Path) -> Path:
    """`film` again and again, until it is so long."""
    from videos import fence

    target = room / f"film-{minutes:g}.mp4"
    command = [fence.ffmpeg(), "-nostdin", "-y", "-loglevel", "error", "-stream_loop", "-1", "-i", str(film)]
    subprocess.run([*command, "-t", str(minutes * 60), "-c", "copy", str(target)], check=True)
    return target


def bare(film: Path, room: Path, cores: list[int], *, first_only: bool = False) -> Run:
    """All rungs by one command; with `first_only` the size of a first look and the smaller sound, to its beginning."""
    from videos import encoding, fence, ladder, plans, probing

    with tempfile.TemporaryDirectory(dir=room) as folder:
        job = Path(folder)
        os.link(film, job / "in.bin")
        probe = probing.probe(job)
        rungs = ladder.rungs(probe.source)
        shown = plans.Plan(probe, rungs, 0).preview
        rungs = [shown, rungs[-1]] if first_only else rungs
        for rung in rungs:
            (job / "out" / rung.name).mkdir(parents=True)
        command = ["nice", "-n", "0" if first_only else "10", fence.ffmpeg()]
        command += ["-nostdin", "-y", "-loglevel", "error", "-i", "in.bin"]
        before, began = processor(), time.perf_counter()
        with on_cores(cores):
            process = subprocess.Popen([*command, *encoding.arguments(probe, rungs)], cwd=job)
        # The second segment has begun: the first one is whole.
        playable = until(lambda: (job / "out" / shown.name / "s00001.m4s").exists() or process.poll() is not None)
        if first_only:
            process.kill()
        process.wait()
        return Run(time.perf_counter() - began, processor() - before, playable - began)


def until(happened: Callable[[], bool]) -> float:
    while not happened():
        time.sleep(LOOKS_EVERY_S)
    return time.perf_counter()


def ours(film: Path, owner: Any, workers: int, *, look_only: bool = False) -> Run:
    """A complete file brought to `ready` by so many workers; with `look_only` to its first look."""
    from videos import shelves
    from videos.models import Upload, Video

    upload = Upload.objects.begin(owner=owner, name=film.name, size=film.stat().st_size, content_type="video/mp4")
    place = shelves.original(upload.video_id)
    place.parent.mkdir(parents=True)
    os.link(film, place)
    pieces: list[tuple[str, float]] = []
    encoders = Encoders()
    before, began = processor(), time.perf_counter()
    upload.video.accept_upload()
    crowd = [threading.Thread(target=work, args=(upload.video_id, at, pieces)) for at in range(workers)]
    for one in crowd:
        one.start()
    mine = Video.objects.filter(pk=upload.video_id)
    playable = until(lambda: mine.exclude(look_s=0).exists() or mine.get().is_settled)
    if look_only:
        mine.get().pause(owner)
    for one in crowd:
        one.join()
    run = Run(time.perf_counter() - began, processor() - before, playable - began, encoders.end(), pieces)
    if not look_only and not mine.get().is_ready:
        raise SystemExit(f"{film.name}: {vars(mine.get())}")
    shelves.forget_film(upload.video_id, upload.video.asset)
    return run


class Encoders:
    """The processor time of the fenced programs that encode pictures or sound, from now to `end`."""

    def __init__(self) -> None:
        from videos import fence

        self.fence, self.encode, self.spent = fence, fence.encode, 0.0
        fence.encode = self  # type: ignore[assignment]

    def __call__(self, folder: Path, outputs: list[str], *limits: Any, **how: Any) -> Any:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        ended = self.encode(folder, outputs, *limits, **how)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        if {"libx264", "aac"} & set(outputs):
            self.spent += after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        return ended

    def end(self) -> float:
        self.fence.encode = self.encode
        return self.spent


def work(video_id: uuid.UUID, at: int, pieces: list[tuple[str, float]]) -> None:
    from django.db import connection

    from marketplace.lib.work import carry_out
    from videos import chunking, transcoding, turns
    from videos.models import Video, VideoChunk

    os.sched_setaffinity(0, [CORES[at % len(CORES)]])
    try:
        while not (video := Video.objects.get(pk=video_id)).is_settled and video.state != "paused":
            if (piece := turns.take()) is None:
                time.sleep(LOOKS_EVERY_S)
                continue
            began = time.perf_counter()
            is_chunk = isinstance(piece, VideoChunk)
            carry_out(piece, chunking.make if is_chunk else transcoding.transcode)
            pieces.append((str(piece.kind) if is_chunk else "film", time.perf_counter() - began))
    finally:
        connection.close()


def on_paper(pieces: list[tuple[str, float]], workers: int) -> float:
    """The film is probed, its chunks go to whoever is free, then it is joined."""
    films = [seconds for kind, seconds in pieces if kind == "film"]
    free = [0.0] * workers
    for _, seconds in (piece for piece in pieces if piece[0] != "film"):
        free[free.index(min(free))] += seconds
    return films[0] + max(free) + sum(films[1:])


def measure(film: Path, room: Path, owner: Any, workers: list[int], rounds: int) -> None:
    acts: dict[str, Callable[[], Run]] = {
        "bare, one core": lambda: bare(film, room, CORES[:1]),
        "bare, all cores": lambda: bare(film, room, CORES),
        "bare, first size": lambda: bare(film, room, CORES, first_only=True),
        **{f"ours, {count}": lambda count=count: ours(film, owner, count) for count in workers},
    }
    if 1 not in workers:
        del acts["bare, one core"]
    results: dict[str, list[Run]] = {name: [] for name in acts}
    for _ in range(rounds):
        for name, act in acts.items():
            results[name].append(act())
    report(results, workers)


def report(results: dict[str, list[Run]], workers: list[int]) -> None:
    def middle(name: str, what: str) -> float:
        return statistics.median(getattr(run, what) for run in results[name])

    for name in results:
        told = "   ".join(f"{what} {middle(name, what):6.1f} s" for what in ("wall", "processor", "playable"))
        say(f"{name:17} {told}")
    for count in workers:
        name, beside = f"ours, {count}", "bare, one core" if count == 1 else "bare, all cores"
        say(
            f"{count} workers: processor {middle(name, 'processor') / middle('bare, all cores', 'processor'):.2f} "
            f"(goal 1.0), wall {middle(name, 'wall') / middle(beside, 'wall'):.2f} of {beside} (goal 1.10), playable "
            f"{middle(name, 'playable') - middle('bare, first size', 'playable'):+.1f} s (goal +2.0)"
        )
    if {1, 2} <= set(workers):
        say(f"2 workers are {middle('ours, 1', 'wall') / middle('ours, 2', 'wall'):.2f} times one (goal 1.7)")
    if 1 in workers:
        share = middle("ours, 1", "rungs") / middle("bare, all cores", "processor")
        say(f"of one worker's processor time the rungs alone: {share:.2f} of the bare command")
        pieces = results["ours, 1"][-1].pieces
        said = ", ".join(f"{count}: {on_paper(pieces, count):.1f} s" for count in (1, 2, 4, 8, 32))
        say(f"on paper, workers: {said}; longest piece {max(pieces, key=lambda piece: piece[1])}")


def measure_looks(films: dict[float, Path], room: Path, owner: Any, rounds: int) -> None:
    for minutes, film in films.items():
        alone = [bare(film, room, CORES, first_only=True).playable for _ in range(rounds)]
        for workers in (1, len(CORES), 2 * len(CORES)):
            looks = [ours(film, owner, workers, look_only=True).playable for _ in range(rounds)]
            say(
                f"{minutes:5g} min, {workers} workers: first look {statistics.median(looks):.2f} s, bare first size "
                f"{statistics.median(alone):.2f} s: {statistics.median(looks) - statistics.median(alone):+.2f} s"
            )


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("film", type=Path)
    options.add_argument("--minutes", type=float, default=1)
    options.add_argument("--rounds", type=int, default=1)
    options.add_argument("--workers", type=int, nargs="+", default=[1, 2, 4])
    options.add_argument("--looks", type=float, nargs="+", default=[])
    asked = options.parse_args()
    with own_servers(), tempfile.TemporaryDirectory() as folder:
        from django.conf import settings

        from accounts.models import User

        room = Path(folder)
        settings.VIDEO_ROOT = room / "video"
        owner = User.objects.sign_up(email="ada@example.invalid", password="a bench needs no password")
        ours(lengthened(asked.film, 0.1, room), owner, 1)
        say(f"{len(CORES)} cores, load before {os.getloadavg()[0]:.1f}")
        if asked.looks:
            measure_looks({each: lengthened(asked.film, each, room) for each in asked.looks}, room, owner, asked.rounds)
        else:
            say(f"{asked.minutes:g} min of {asked.film.name}")
            measure(lengthened(asked.film, asked.minutes, room), room, owner, asked.workers, asked.rounds)
        say(f"load after {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
