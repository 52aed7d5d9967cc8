"""The print of a film's pictures: two frames a second, each as cells of the whole frame and of its middle. Pure.

A copy that was cut at its sides shows the middle of the original, so the middle is kept as well, and three cuts of a
new film are asked for, each also mirrored.
"""

from collections.abc import Iterator

from . import cells
from .asking import Asked, Kept

RATE = 2
# Shares of width and height; the first and the last of them are kept.
CUTS = (1.0, 0.9, 0.8)
KEPT = (0, 2)
FRAME_BYTES = len(CUTS) * cells.CELLS
KEPT_BYTES = len(KEPT) * cells.CELLS
LEAST_CONTRAST = 4.0
WEAK_BITS = 2
# A picture that stays gets a key anew after so many frames.
REPEATED_AFTER = 4
Frame = list[bytes]


def frames(drawn: bytes) -> list[Frame]:
    """What `drawing` made, frame by frame: the cells of each cut. The cuts lie side by side in a row."""
    row = len(CUTS) * cells.SIDE
    whole = range(0, len(drawn) - FRAME_BYTES + 1, FRAME_BYTES)
    return [[_cut(drawn[at : at + FRAME_BYTES], number, row) for number in range(len(CUTS))] for at in whole]


def _cut(frame: bytes, number: int, row: int) -> bytes:
    start = number * cells.SIDE
    return b"".join(frame[at + start : at + start + cells.SIDE] for at in range(0, len(frame), row))


def packed(found: list[Frame]) -> bytes:
    """What is kept to compare with: KEPT_BYTES a frame."""
    return b"".join(frame[cut] for frame in found for cut in KEPT)


def track(kept: bytes, cut: int) -> list[bytes]:
    """One cut of what was kept."""
    start = KEPT.index(cut) * cells.CELLS
    return [kept[at + start : at + start + cells.CELLS] for at in range(0, len(kept), KEPT_BYTES)]


def cut_track(found: list[Frame], cut: int, *, is_mirrored: bool) -> list[bytes]:
    return [cells.mirrored(frame[cut]) if is_mirrored else frame[cut] for frame in found]


def keys_to_keep(found: list[Frame]) -> Iterator[Kept]:
    for cut in KEPT:
        for at, strengths in _telling([frame[cut] for frame in found]):
            yield Kept(cells.key(strengths), at / RATE, cut)


def keys_to_ask(found: list[Frame], first: int, last: int) -> Iterator[Asked]:
    """For the frames from `first` up to `last`."""
    for cut in range(len(CUTS)):
        for at, strengths in _telling([frame[cut] for frame in found[first:last]]):
            second = (first + at) / RATE
            for key in cells.near_keys(strengths, WEAK_BITS):
                yield Asked(key, second, cut)
            for key in cells.near_keys(cells.mirrored_waves(strengths, cells.ALL), WEAK_BITS):
                yield Asked(key, second, cut, is_mirrored=True)


def _telling(part: list[bytes]) -> Iterator[tuple[int, list[float]]]:
    """Frames that show something, and something else than the frame before."""
    before, since = -1, 0
    for at, frame in enumerate(part):
        if cells.contrast(frame) < LEAST_CONTRAST:
            before = -1
            continue
        strengths = cells.waves(frame, cells.ALL)
        key = cells.key(strengths)
        if key != before or since >= REPEATED_AFTER:
            yield at, strengths
            before, since = key, 0
        since += 1
