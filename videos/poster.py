"""The poster: one frame of what we encoded ourselves, never of what was sent."""

import shutil
from pathlib import Path

from . import encoding, fence
from .playlists import Made

LIMITS = fence.Limits(wall_s=60, cpu_s=60, memory=2 * 1024**3, file_bytes=16 * 1024**2)


def make(job: Path, made: list[Made], *, on_tick: fence.Tick | None = None) -> bool:
    """Write out/poster.jpg from the largest picture; False for a film without pictures, or when no frame was found."""
    pictures = [one for one in made if one.rung.kind == "video"]
    if not pictures:
        return False
    rung = job / "out" / pictures[-1].rung.name
    segments = sorted(rung.glob("s*.m4s"))
    # A tenth into the film: past the black and the title, before the end of a short one.
    chosen = segments[min(len(segments) // 10, len(segments) - 1)]
    studio = job / "poster"
    studio.mkdir()
    with (studio / "in.bin").open("wb") as piece:
        for file in (rung / "init.mp4", chosen):
            with file.open("rb") as source:
                shutil.copyfileobj(source, piece)
    ended = fence.encode(studio, encoding.poster_arguments(), LIMITS, threads=1, on_tick=on_tick)
    picture = studio / "poster.jpg"
    if ended.code != 0 or not picture.is_file():
        return False
    picture.rename(job / "out" / "poster.jpg")
    return True
