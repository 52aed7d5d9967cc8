"""Sixty-four cells, eight by eight, as a key that a copy shares: the signs of their coarse waves. Pure.

A frame is brought down to such cells, and so are some seconds of sound (pitch across, time down). What an encoder, a
scaler or another volume does to a film changes how strong a coarse wave is, hardly ever its sign.
Source: perceptual hashing by the discrete cosine transform.
"""

import math
from collections.abc import Iterator, Sequence
from operator import mul

SIDE = 8
CELLS = SIDE * SIDE
Cells = Sequence[float]
_COSINES = [[math.cos(math.pi * (2 * at + 1) * wave / (2 * SIDE)) for at in range(SIDE)] for wave in range(SIDE)]
# (across, down), from coarse to fine; finer waves are noise in a copy.
_FINEST = 6
ALL = tuple((u, v) for u in range(SIDE) for v in range(SIDE) if 0 < u + v <= _FINEST)
# Those that change from above to below alone: of sound, what happens and not what its voice is like.
DOWNWARD = tuple((u, v) for u, v in ALL if v > 0)


def mirrored(cells: bytes) -> bytes:
    return b"".join(cells[at : at + SIDE][::-1] for at in range(0, CELLS, SIDE))


def contrast(cells: Cells) -> float:
    """Standard deviation of the cells; next to nothing for black, for silence and for an empty card."""
    mean = sum(cells) / len(cells)
    return math.sqrt(sum((cell - mean) ** 2 for cell in cells) / len(cells))


def waves(cells: Cells, chosen: tuple[tuple[int, int], ...]) -> list[float]:
    """How strong each of the chosen waves is in the cells."""
    rows = [cells[at : at + SIDE] for at in range(0, CELLS, SIDE)]
    across = {u: [sum(map(mul, row, _COSINES[u])) for row in rows] for u in {u for u, _v in chosen}}
    return [sum(map(mul, across[u], _COSINES[v])) for u, v in chosen]


def mirrored_waves(strengths: Sequence[float], chosen: tuple[tuple[int, int], ...]) -> list[float]:
    """The same of the mirrored cells: a wave with an odd number of turns across comes out the other way round."""
    return [-strength if u % 2 else strength for strength, (u, _v) in zip(strengths, chosen, strict=True)]


def key(strengths: Sequence[float]) -> int:
    """One bit a wave: its sign."""
    found = 0
    for strength in strengths:
        found = found << 1 | (strength > 0)
    return found


def near_keys(strengths: Sequence[float], weak: int) -> Iterator[int]:
    """The key, and those with any of its `weak` weakest bits turned: a copy may have them the other way round."""
    last = len(strengths) - 1
    order = sorted(range(len(strengths)), key=lambda at: abs(strengths[at]))[:weak]
    masks = [0]
    for at in order:
        masks += [mask | 1 << (last - at) for mask in masks]
    plain = key(strengths)
    return (plain ^ mask for mask in masks)
