"""What a learner watched of a film that was replaced since: where it still fits, it counts for the new one.

The rule is decided once, when the creator lets the new film take the old one's place (`videos.moving`), and stands in
the replacement's row. What is done stays done, whatever the films.
"""

import uuid
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
    way = Replacement.objects.way(before, now)
    if not way:
        return None
    if not all(step.keeps_watched for step in way):
        return Carried((), 0.0, False, way[-1])
    for step in way:
        length_s = intervals.length_s(step.new_length_ms)
        covered = moving.seconds(covered, step.shift_ms, length_s)
        position_s = min(max(0.0, position_s + step.shift_ms / 1000), float(length_s))
    return Carried(covered, position_s, True, way[-1])
