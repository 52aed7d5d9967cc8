"""The pieces of fragmented MP4 that we wrote ourselves: how many frames they hold, and moving them in time.

Each chunk of a film is encoded as if it began at zero. Its pieces become those of the whole film by raising the time
that stands in each of them; the frames themselves are not touched.
"""

from collections.abc import Iterator
from dataclasses import dataclass

_ROOMS = (b"moof", b"traf", b"moov", b"trak", b"mdia")


@dataclass(frozen=True)
class _Box:
    """`body` and `end`: where its content begins and ends."""

    kind: bytes
    body: int
    end: int


def timescale(init: bytes) -> int:
    """Ticks a second of the one track of an initialization segment."""
    for box in _boxes(init, 0, len(init)):
        if box.kind == b"mdhd":
            at = box.body + (20 if init[box.body] == 1 else 12)
            return int.from_bytes(init[at : at + 4], "big")
    raise ValueError("no mdhd box")


def frames(piece: bytes) -> int:
    """How many frames lie in a piece."""
    runs = (box for box in _boxes(piece, 0, len(piece)) if box.kind == b"trun")
    return sum(int.from_bytes(piece[box.body + 4 : box.body + 8], "big") for box in runs)


def begins(piece: bytes) -> int:
    """The decode time of its first frame, in ticks."""
    for box in _boxes(piece, 0, len(piece)):
        if box.kind == b"tfdt":
            return int.from_bytes(piece[box.body + 4 : box.end], "big")
    raise ValueError("no tfdt box")


def moved(piece: bytes, ticks: int, number: int) -> bytes:
    """The same piece, `ticks` later and as the `number`th of the film (from 1)."""
    out = bytearray(piece)
    for box in _boxes(piece, 0, len(piece)):
        if box.kind == b"mfhd":
            out[box.body + 4 : box.end] = number.to_bytes(4, "big")
        elif box.kind == b"tfdt":
            _raise(out, box.body + 4, box.end - box.body - 4, ticks)
        elif box.kind == b"sidx":
            # Its own id and time scale stand before the time.
            _raise(out, box.body + 12, 8 if piece[box.body] == 1 else 4, ticks)
    return bytes(out)


def _raise(out: bytearray, at: int, width: int, by: int) -> None:
    value = int.from_bytes(out[at : at + width], "big") + by
    out[at : at + width] = value.to_bytes(width, "big")


def _boxes(data: bytes, at: int, end: int) -> Iterator[_Box]:
    """All boxes, also those inside the rooms that matter here. Raises ValueError where lengths make no sense."""
    while at + 8 <= end:
        length, kind = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        if length < 8 or at + length > end:
            raise ValueError(f"a box of {length} bytes at {at} of {end}")
        box = _Box(kind, at + 8, at + length)
        if kind in _ROOMS:
            yield from _boxes(data, box.body, box.end)
        else:
            yield box
        at += length
