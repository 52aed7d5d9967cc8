"""The storyboard: small pictures of the whole film on few sheets, shown while somebody looks for a place in it."""

import math
import shutil
from pathlib import Path

from . import fence
from .cues import clock
from .playlists import Made
from .precheck.measuring import whole

WIDTH, ACROSS = 160, 5
MOST_PICTURES = 500
LEAST_S = 2


def every_s(duration_ms: int) -> int:
    """Seconds from one picture to the next: two, or more where a long film would get too many."""
    return max(LEAST_S, math.ceil(duration_ms / 1000 / MOST_PICTURES))


def make(job: Path, made: list[Made], *, on_tick: fence.Tick | None = None) -> bool:
    """Write out/storyboard/ from the smallest picture; False without pictures, or when none came out."""
    pictures = [one for one in made if one.rung.kind == "video"]
    if not pictures:
        return False
    smallest = pictures[0]
    studio = job / "storyboard"
    studio.mkdir()
    whole(job / "out" / smallest.rung.name, studio / "in.bin")
    height = max(2, round(WIDTH * smallest.rung.height / smallest.rung.width) // 2 * 2)
    step, seconds = every_s(smallest.duration_ms), 60 + smallest.duration_ms / 1000
    limits = fence.Limits(wall_s=seconds, cpu_s=int(seconds * 2), memory=2 * 1024**3)
    ended = fence.encode(studio, _arguments(step, height), limits, threads=1, on_tick=on_tick)
    sheets = sorted(studio.glob("*.jpg"))
    if ended.code != 0 or not sheets:
        return False
    folder = job / "out" / "storyboard"
    folder.mkdir()
    for sheet in sheets:
        sheet.rename(folder / sheet.name)
    (folder / "index.vtt").write_text(index(smallest.duration_ms, step, height, len(sheets)))
    shutil.rmtree(studio)
    return True


def index(duration_ms: int, step: int, height: int, sheets: int) -> str:
    """WebVTT that says which part of which sheet shows a moment: `001.jpg#xywh=160,0,160,90`."""
    count = min(sheets * ACROSS * ACROSS, max(1, math.ceil(duration_ms / 1000 / step)))
    blocks = ["WEBVTT"]
    for number in range(count):
        sheet, place = divmod(number, ACROSS * ACROSS)
        row, column = divmod(place, ACROSS)
        end = min((number + 1) * step * 1000, max(duration_ms, number * step * 1000 + 1))
        where = f"{sheet + 1:03d}.jpg#xywh={column * WIDTH},{row * height},{WIDTH},{height}"
        blocks.append(f"{clock(number * step * 1000)} --> {clock(end)}\n{where}")
    return "\n\n".join(blocks) + "\n"


def _arguments(step: int, height: int) -> list[str]:
    sheet = f"fps=1/{step}:round=up,scale={WIDTH}:{height}:flags=bicubic,tile={ACROSS}x{ACROSS}"
    return ["-map", "0:v:0", "-vf", sheet, "-q:v", "5", "-fps_mode", "passthrough", "%03d.jpg"]
