"""Where a long film is cut into chunks: at whole segments, counted in frames. Pure.

Every chunk begins with a key frame of its own, where the whole film would have one too: frame ceil(4 s × rate × n).
The first chunk is short, because somebody waits for it; the last ones are, so that all workers end together; those of a
long film are longer than those of a short one, because each costs a start.
Source: the design's page on performance, goals 9–11.
"""

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from .ladder import SEGMENT_S

# What is left behind the last cut gets a chunk of its own from this share of one on.
REST = Fraction(1, 2)
# Segments of the first chunk, and of the shortest at the end.
FIRST, SHORT = 2, 3
# Where a film is long enough, it is cut into some so many chunks; none is longer than so many times the shortest.
WANTED, LONGEST = 20, 3
# So long before a chunk begins a key frame is looked for: files may sort frames by the time of decoding.
LEAD_S = 1.0
# From twice a first look on, a film in one piece has one too: a shorter one is ready as soon.
LOOK_FROM_S = 2 * FIRST * SEGMENT_S
# A film in which one must go back so far for a key frame would be decoded over and over: it is made in one piece.
LONGEST_GOP_S = 30.0


@dataclass(frozen=True)
class Span:
    """Frames `first` up to, not including, `end` (None: to the end of the film), at `fps`; its first segment's number.

    Frame n of the film is shown at n / fps seconds.
    """

    number: int
    first: int
    end: int | None
    fps: Fraction
    segment: int
    length_s: float

    @property
    def starts_s(self) -> float:
        return float(self.first / self.fps)

    @property
    def count(self) -> int | None:
        return None if self.end is None else self.end - self.first


def first_frame(seconds: int, fps: Fraction) -> int:
    """The first frame that is shown at `seconds` or later."""
    return math.ceil(seconds * fps)


def chunk_s(duration_ms: int, least_s: int) -> int:
    """How long the chunks of a film are meant to be."""
    return max(least_s, min(duration_ms // 1000 // WANTED, least_s * LONGEST))


def starts(duration_ms: int, chunk_s: int, keys: Sequence[float] = ()) -> list[int]:
    """The segments with which chunks begin; the last chunk takes what is left.

    `keys`: when the source has key frames, in seconds. A cut moves by a segment to where less is decoded before it.
    """
    whole = Fraction(duration_ms, 1000 * SEGMENT_S)
    usual = max(1, round(chunk_s / SEGMENT_S))
    found, at, length = [0], min(FIRST, usual), usual
    while True:
        left = whole - at
        length = max(min(SHORT, usual), min(usual, math.ceil(left / 3)))
        if left < length * REST:
            return found
        found.append(at)
        at += length
        if keys and usual >= SHORT:
            at = min((at, at - 1, at + 1), key=lambda segment: _lead_s(segment, keys))


def _lead_s(segment: int, keys: Sequence[float]) -> float:
    """How much is decoded before a chunk that begins there, about."""
    enters = segment * SEGMENT_S - LEAD_S
    before = bisect_right(keys, enters)
    return enters - (keys[before - 1] if before else 0.0)


def spans(duration_ms: int, fps: Fraction, begin: list[int]) -> list[Span]:
    """The chunks that begin with these segments (`starts`)."""
    ends = [*begin[1:], None]
    total_s = duration_ms / 1000
    return [
        Span(
            number=number,
            first=first_frame(segment * SEGMENT_S, fps),
            end=None if end is None else first_frame(end * SEGMENT_S, fps),
            fps=fps,
            segment=segment,
            length_s=max(total_s - segment * SEGMENT_S, 0.1) if end is None else (end - segment) * SEGMENT_S,
        )
        for number, (segment, end) in enumerate(zip(begin, ends, strict=True))
    ]


def beginning(fps: Fraction) -> Span:
    """What is looked at first of a film that is made in one piece."""
    return Span(0, 0, first_frame(FIRST * SEGMENT_S, fps), fps, 0, FIRST * SEGMENT_S)
