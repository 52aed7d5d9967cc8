"""Arithmetic of who watched which part of a film. No ORM."""

from collections.abc import Sequence
from dataclasses import dataclass

from .intervals import Spans

MOST_STEPS = 100
# Fewer people than this are nobody's statistics.
FEWEST = 5
MOST_PEAKS = 3
# A part is a peak when at least one in ten comes back to it.
PEAK_SHARE = 0.1


def step_of(length_s: int) -> int:
    """Seconds a step, so that a film has at most MOST_STEPS of them."""
    return max(1, -(-length_s // MOST_STEPS))


class Counts:
    """Counts in how many of the given spans each step of a film occurs."""

    def __init__(self, length_s: int) -> None:
        self.step_s = step_of(length_s)
        self.length_s = length_s
        self.changes = [0] * (-(-length_s // self.step_s) + 1)

    def add(self, spans: Spans) -> None:
        """One person's seconds, or one session's: a step counts once, however many of its seconds are there."""
        last = -1
        for start, end in spans:
            end = min(end, self.length_s)
            if start >= end:
                continue
            first, until = max(start // self.step_s, last + 1), (end - 1) // self.step_s
            if first <= until:
                self.changes[first] += 1
                self.changes[until + 1] -= 1
                last = until

    def steps(self) -> list[int]:
        standing, told = 0, []
        for change in self.changes[:-1]:
            standing += change
            told.append(standing)
        return told


@dataclass(frozen=True)
class Peak:
    """A part that people come back to."""

    start_s: int
    end_s: int
    again: int


def peaks(seen: Sequence[int], plays: Sequence[int], step_s: int, length_s: int) -> list[Peak]:
    """The parts with the most plays beyond the first, in order of the film; neighbors of a found one are part of it."""
    again = [max(0, played - people) for people, played in zip(seen, plays, strict=True)]
    found: list[int] = []
    for at in sorted(range(len(again)), key=lambda at: (-again[at], at)):
        enough = seen[at] >= FEWEST and again[at] >= PEAK_SHARE * seen[at] and again[at] > 0
        if enough and all(abs(at - other) > 2 for other in found):
            found.append(at)
        if len(found) == MOST_PEAKS:
            break
    return [Peak(at * step_s, min(length_s, (at + 1) * step_s), again[at]) for at in sorted(found)]


def biggest_fall(started: Sequence[int | None]) -> int | None:
    """At which lesson the most of those of the lesson before are gone. None: nowhere, or not to be told."""
    falls = [
        (before - here, -at)
        for at, (before, here) in enumerate(zip(started, started[1:], strict=False), 1)
        if before is not None and here is not None and before > here
    ]
    return -max(falls)[1] if falls else None
