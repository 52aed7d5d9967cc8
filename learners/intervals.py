"""Arithmetic of played seconds: sorted, disjoint, half-open spans of whole seconds. No ORM, no clock.

`merged` makes Spans of any spans; all else takes and gives Spans as they are: sorted, each with a gap before the next.
"""

import math
from collections.abc import Iterable
from datetime import datetime
from typing import TypeVar

At = TypeVar("At", int, datetime)
Span = tuple[int, int]
Spans = tuple[Span, ...]


def merged(spans: Iterable[Span]) -> Spans:
    """The same seconds, each once, in order. Empty and backward spans hold nothing and are dropped."""
    out: list[Span] = []
    for start, end in sorted(span for span in spans if span[0] < span[1]):
        if out and start <= out[-1][1]:
            out[-1] = (out[-1][0], max(out[-1][1], end))
        else:
            out.append((start, end))
    return tuple(out)


def union(one: Spans, other: Spans) -> Spans:
    if not one or not other:
        return one or other
    # Who goes on watching adds behind what she has: nothing to sort.
    (start, end), (next_start, next_end) = one[-1], other[0]
    if end < next_start:
        return one + other
    return (*one[:-1], (start, next_end), *other[1:]) if end == next_start else merged((*one, *other))


def without(spans: tuple[tuple[At, At], ...], taken: tuple[tuple[At, At], ...]) -> tuple[tuple[At, At], ...]:
    """What of `spans`, seconds or moments, is not in `taken`. One walk over both: each of a thousand reports asks."""
    if not spans or not taken or taken[-1][1] <= spans[0][0]:
        return spans
    out: list[tuple[At, At]] = []
    passed, count = 0, len(taken)
    for start, end in spans:
        while passed < count and taken[passed][1] <= start:
            passed += 1
        at, next_taken = start, passed
        while next_taken < count and taken[next_taken][0] < end:
            taken_start, taken_end = taken[next_taken]
            if taken_start > at:
                out.append((at, taken_start))
            at, next_taken = taken_end, next_taken + 1
        if at < end:
            out.append((at, end))
    return tuple(out)


def both(one: Spans, other: Spans) -> Spans:
    """The seconds that are in both."""
    return without(one, without(one, other))


def seconds(spans: Spans) -> int:
    if len(spans) == 1:  # mostly
        return spans[0][1] - spans[0][0]
    return sum(end - start for start, end in spans)


def first(spans: Spans, limit: int) -> Spans:
    """The earliest `limit` seconds of `spans`."""
    out: list[Span] = []
    for start, end in spans:
        if limit <= 0:
            break
        out.append((start, min(end, start + limit)))
        limit -= end - start
    return tuple(out)


def whole(played: Iterable[tuple[float, float]], length_s: int) -> Spans:
    """What a player measured, as whole seconds of a film of `length_s`.

    Both ends go to the nearest second, so that two neighbors (0–12.4, 12.4–20) leave no gap and count no second
    twice. What lies outside the film is cut off; anything that is not a number is refused with ValueError.
    """
    spans = []
    for start, end in played:
        if not (math.isfinite(start) and math.isfinite(end)):
            raise ValueError("an interval must be two numbers")
        spans.append((max(0, min(length_s, round(start))), max(0, min(length_s, round(end)))))
    return merged(spans)


def length_s(duration_ms: int) -> int:
    """A film's length in the whole seconds that can be covered; even the shortest has one."""
    return max(1, round(duration_ms / 1000))


def to_text(spans: Spans) -> str:
    """PostgreSQL's spelling of an int4multirange."""
    return "{" + ",".join([f"[{start},{end})" for start, end in spans]) + "}"


def from_text(text: str) -> Spans:
    """Reads what PostgreSQL writes, which is always the canonical `{[a,b),[c,d)}`."""
    if text == "{}":
        return ()
    bounds = list(map(int, text[2:-2].replace("),[", ",").split(",")))
    return tuple(zip(bounds[::2], bounds[1::2], strict=True))
