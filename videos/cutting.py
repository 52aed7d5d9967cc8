"""Where a long film is cut into chunks: at whole segments, counted in frames. Pure.

Every chunk begins with a key frame of its own, where the whole film would have one too: frame ceil(4 s × rate × n).
Source: the design's page on performance, goals 9–11.
"""

import math
from dataclasses import dataclass
from fractions import Fraction

from .ladder import SEGMENT_S

# The last chunk takes what is left; a rest of less than this share of a chunk gets none of its own.
REST = Fraction(1, 2)
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


def spans(duration_ms: int, fps: Fraction, chunk_s: int) -> list[Span]:
    """Chunks of `chunk_s` seconds, made a whole number of segments; one alone for a film that is not worth cutting."""
    step = max(1, round(chunk_s / SEGMENT_S)) * SEGMENT_S
    whole, rest = divmod(Fraction(duration_ms, 1000), step)
    count = max(1, int(whole) + (rest >= step * REST))
    total_s = duration_ms / 1000
    return [
        Span(
            number=at,
            first=first_frame(at * step, fps),
            end=first_frame((at + 1) * step, fps) if at + 1 < count else None,
            fps=fps,
            segment=at * step // SEGMENT_S,
            length_s=step if at + 1 < count else max(total_s - at * step, 0.1),
        )
        for at in range(count)
    ]
