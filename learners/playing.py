"""What is known of a playback and of a lesson while reports are settled, and how a report changes it. No SQL here.

A batch holds a thousand of each, four times a second, so these are plain values beside the models of the same rows.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime

from . import intervals, replaced
from .bound import Spent
from .intervals import Spans
from .report_tokens import Ticket

DONE_SHARE = 0.9


@dataclass(slots=True, eq=False)
class Right:
    """That the learner may watch the course: the enrollment that says so."""

    enrollment_id: int
    is_complete: bool


@dataclass(slots=True)
class Playback:
    """One session. `played`: its accepted seconds, each once; `spent_s`: the wall time that they cost.

    `learner_id`: whose it is; `started_ms`: since 1970.
    """

    ticket: Ticket
    learner_id: int
    started_ms: int
    played: Spans
    spent_s: float
    is_new: bool
    reported_at: datetime | None = None

    def extend(self, accepted: Spans, spent: Spent, now: datetime) -> None:
        self.played = intervals.union(self.played, accepted)
        self.spent_s += spent.cost_s
        self.reported_at = now


@dataclass(slots=True)
class Seen:
    """How far a learner is in a lesson. `asset`: the film that the seconds belong to, 32 hex digits; "": none yet.

    `is_renewed`: its film is another one than before, or the first one; otherwise only a few columns change.
    """

    learner_id: int
    course_id: int
    lesson_key: str
    asset: str = ""
    shown_since_ms: int | None = None
    length_s: int = 0
    covered: Spans = ()
    covered_s: int = 0
    position_s: float = 0.0
    position_at: datetime | None = None
    is_done: bool = False
    is_renewed: bool = False
    done_at: datetime | None = None

    def show(self, ticket: Ticket) -> bool:
        """Take notice of the film that is on. False when a newer film has taken its place."""
        if self.asset != ticket.asset:
            since = ticket.started_ms
            if self.shown_since_ms is not None and since < self.shown_since_ms:
                return False
            kept = self._carried(ticket.asset)
            self.covered, self.position_s = (kept.covered, kept.position_s) if kept else ((), 0.0)
            self.covered_s = intervals.seconds(self.covered)
            self.asset, self.shown_since_ms, self.length_s = ticket.asset, since, ticket.length_s
            self.is_renewed = True
        return True

    def cover(self, accepted: Spans, *, position_s: float, at: datetime, now: datetime) -> bool:
        """Add accepted seconds; the later event (`at`) says where to go on. True when this made the lesson done.

        `now`: when it was received.
        """
        if accepted:
            self.covered_s += intervals.seconds(intervals.without(accepted, self.covered))
            self.covered = intervals.union(self.covered, accepted)
        if self.position_at is None or at >= self.position_at:
            self.position_s, self.position_at = position_s, at
        if self.is_done or self.covered_s < DONE_SHARE * self.length_s:
            return False
        self.is_done, self.done_at = True, now
        return True

    def _carried(self, asset: str) -> replaced.Carried | None:
        if not self.asset:
            return None
        return replaced.carried(self.covered, self.position_s, before=uuid.UUID(self.asset), now=uuid.UUID(asset))
