"""What a learner watched or noted of a film that was replaced since: where it still fits, it stands in the new one.

The rule is decided once, when the creator lets the new film take the old one's place (`videos.moving`), and stands in
the replacement's row. What is done stays done, whatever the films.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from videos import moving
from videos.models import Replacement

from . import intervals
from .intervals import Spans


@dataclass(frozen=True)
class Carried:
    """`is_kept`: the seconds count for the new film; otherwise they are none. `replaced`: by whom, when, what with."""

    covered: Spans
    position_s: float
    is_kept: bool
    replaced: Replacement


def carried(covered: Spans, position_s: float, *, before: uuid.UUID, now: uuid.UUID) -> Carried | None:
    """Seconds of the film `before` (its asset) as seconds of the film `now`; None when it did not take its place."""
    return along(covered, position_s, Replacement.objects.way(before, now))


def along(covered: Spans, position_s: float, way: Sequence[Replacement]) -> Carried | None:
    """The same where the way from one film to the other is known; None without one."""
    if not way:
        return None
    if not all(step.keeps_watched for step in way):
        return Carried((), 0.0, False, way[-1])
    for step in way:
        length_s = intervals.length_s(step.new_length_ms)
        covered = moving.seconds(covered, step.shift_ms, length_s)
        position_s = min(max(0.0, position_s + step.shift_ms / 1000), float(length_s))
    return Carried(covered, position_s, True, way[-1])


def place(second: int, way: Sequence[Replacement], length_s: int) -> tuple[int, bool]:
    """(second, fits) in the film of `length_s` to which `way` leads: the same place, or the nearest that there is.

    Without a way, and where the lengths differ too much, nobody knows whether the place is the same: it does not fit.
    """
    moved, fits = second, bool(way)
    for step in way:
        moved += round(step.shift_ms / 1000)
        end = intervals.length_s(step.new_length_ms)
        fits = fits and step.keeps_watched and 0 <= moved <= end
        moved = min(max(0, moved), end)
    return min(moved, length_s), fits and moved <= length_s
