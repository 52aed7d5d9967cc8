"""The storyboard: small pictures of the whole film on few sheets, shown while somebody looks for a place in it."""

import math
from pathlib import Path

from .cues import clock
from .playlists import Made

WIDTH, ACROSS = 160, 5
MOST_PICTURES = 500
LEAST_S = 2
# After the map of what `drawing` made.
OUTPUT = ("-q:v", "5", "-fps_mode", "passthrough", "%03d.jpg")


def every_s(duration_ms: int) -> int:
    """Seconds from one picture to the next: two, or more where a long film would get too many."""
    return max(LEAST_S, math.ceil(duration_ms / 1000 / MOST_PICTURES))


def drawing(smallest: Made) -> str:
    """The filters from a picture to its sheets."""
    every = every_s(smallest.duration_ms)
    return f"fps=1/{every}:round=up,scale={WIDTH}:{_height(smallest)}:flags=bicubic,tile={ACROSS}x{ACROSS}"


def keep(studio: Path, folder: Path, smallest: Made) -> bool:
    """Move the sheets from `studio` to a new `folder`, with their index; False when none came out."""
    sheets = sorted(studio.glob("*.jpg"))
    if not sheets:
        return False
    folder.mkdir()
    for sheet in sheets:
        sheet.rename(folder / sheet.name)
    step = every_s(smallest.duration_ms)
    (folder / "index.vtt").write_text(index(smallest.duration_ms, step, _height(smallest), len(sheets)))
    return True


def _height(smallest: Made) -> int:
    return max(2, round(WIDTH * smallest.rung.height / smallest.rung.width) // 2 * 2)


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
