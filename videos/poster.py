"""Posters: frames of what we encoded ourselves, never of what was sent. The creator chooses one of some."""

import shutil
from pathlib import Path

from . import encoding, fence, shelves
from .playlists import Made

LIMITS = fence.Limits(wall_s=60, cpu_s=60, memory=2 * 1024**3, file_bytes=16 * 1024**2)
# Hundredths of the film: the first past the black and the title, the others spread over what follows.
PLACES = (10, 35, 60, 85)


def make(job: Path, made: list[Made], *, on_tick: fence.Tick | None = None) -> int:
    """Write out/poster.jpg, out/poster-2.jpg and so on from the largest picture; how many, none without pictures."""
    pictures = [one for one in made if one.rung.kind == "video"]
    if not pictures:
        return 0
    rung = job / "out" / pictures[-1].rung.name
    segments = sorted(rung.glob("s*.m4s"))
    chosen = dict.fromkeys(segments[min(len(segments) * place // 100, len(segments) - 1)] for place in PLACES)
    count = 0
    for segment in chosen:
        count += _draw(job, rung, segment, count + 1, on_tick)
    return count


def file_of(number: int) -> str:
    return "poster.jpg" if number == 1 else f"poster-{number}.jpg"


def _draw(job: Path, rung: Path, segment: Path, number: int, on_tick: fence.Tick | None) -> bool:
    studio = job / "poster"
    studio.mkdir()
    shelves.join([rung / "init.mp4", segment], studio / "in.bin")
    ended = fence.encode(studio, encoding.poster_arguments(), LIMITS, threads=1, on_tick=on_tick)
    picture = studio / "poster.jpg"
    is_there = ended.code == 0 and picture.is_file()
    if is_there:
        picture.rename(job / "out" / file_of(number))
    shutil.rmtree(studio)
    return is_there
