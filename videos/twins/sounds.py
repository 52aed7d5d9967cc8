"""The print of a film's sound: eight bands of pitch, eight times a second, keyed by two seconds at a time. Pure.

The bands are as far apart as notes are: what plays 1.1 times as fast, and so as high, has the same bands two steps
further up. Copies whose pitch was held and copies whose pitch went along are both asked for.
"""

from collections.abc import Iterator
from itertools import accumulate

from . import cells
from .asking import Asked, Kept

RATE = 8
# Fine bands that are drawn: 190 to 4,009 Hz, each 1.1 ** 0.5 times the one below.
DRAWN = 64
LOWEST_HZ, HIGHEST_HZ = 190, 4009
STEPS_OF_SPEED = 2
_BAND, _MARGIN = 7, 4
# Of one row of a key: from one to the next, and how much sound each takes in, in eighths of a second.
ROW, WIDTH = 2, 3
WEAK_BITS = 3
ASKED_EVERY = 2
LEAST_CONTRAST = 6.0
FASTER = 1.1
# (speed, pitch) under which a copy is looked for.
WAYS = ((1.0, 0), (FASTER, 0), (FASTER, STEPS_OF_SPEED))
Row = list[float]


def rows(drawn: bytes, pitch: int = 0) -> list[Row]:
    """Eight bands a row, moved up by `pitch` fine bands."""
    first = _MARGIN + pitch
    starts = range(first, first + cells.SIDE * _BAND, _BAND)
    whole = range(0, len(drawn) - DRAWN + 1, DRAWN)
    return [[sum(drawn[at + low : at + low + _BAND]) / _BAND for low in starts] for at in whole]


def by_pitch(drawn: bytes) -> dict[int, list[Row]]:
    return {pitch: rows(drawn, pitch) for pitch in sorted({pitch for _speed, pitch in WAYS})}


def packed(found: list[Row]) -> bytes:
    return bytes(min(255, round(band)) for row in found for band in row)


def track(kept: bytes) -> list[bytes]:
    return [kept[at : at + cells.SIDE] for at in range(0, len(kept), cells.SIDE)]


def keys_to_keep(found: list[Row]) -> Iterator[Kept]:
    for at, strengths in _telling(found, 1.0, 0, len(found), every=1):
        yield Kept(cells.key(strengths), at / RATE)


def keys_to_ask(by_pitch: dict[int, list[Row]], first: int, last: int) -> Iterator[Asked]:
    """For keys that begin in the rows from `first` up to `last`; `by_pitch`: the rows as they are, and moved up."""
    for speed, pitch in WAYS:
        for at, strengths in _telling(by_pitch[pitch], speed, first, last, every=ASKED_EVERY):
            for key in cells.near_keys(strengths, WEAK_BITS):
                yield Asked(key, at / RATE, pitch=pitch, speed=speed)


def _telling(found: list[Row], speed: float, first: int, last: int, *, every: int) -> Iterator[tuple[int, list[float]]]:
    """Where something happens: two seconds of the original, which are less in a copy that is faster."""
    # Whatever is read stands in these rows; what lies before them must not be summed up for each stretch anew.
    part = found[first : last + RATE * 3]
    sums = [list(accumulate((row[band] for row in part), initial=0.0)) for band in range(cells.SIDE)]
    for at in range(0, min(last, len(found)) - first, every):
        window = _window(sums, at, speed)
        if window is None:
            return
        if _movement(window) >= LEAST_CONTRAST:
            yield first + at, cells.waves(window, cells.DOWNWARD)


def _window(sums: list[list[float]], at: int, speed: float) -> Row | None:
    """Eight rows of eight bands from there on; None where the sound ends before."""
    step, width = ROW / speed, WIDTH / speed
    if at + step * (cells.SIDE - 1) + width > len(sums[0]) - 1:
        return None
    starts = [at + step * number for number in range(cells.SIDE)]
    return [(_sum_at(band, start + width) - _sum_at(band, start)) / width for start in starts for band in sums]


def _sum_at(sums: list[float], place: float) -> float:
    whole = int(place)
    rest = place - whole
    return sums[whole] + (sums[whole + 1] - sums[whole]) * rest if rest else sums[whole]


def _movement(window: Row) -> float:
    """The contrast of what changes: a tone that stands still, however loud, has none."""
    means = [sum(window[band :: cells.SIDE]) / cells.SIDE for band in range(cells.SIDE)]
    return cells.contrast([value - means[at % cells.SIDE] for at, value in enumerate(window)])
