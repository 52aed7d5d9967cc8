"""How long a submission may wait, and how a wait is judged. Pure arithmetic; times are aware datetimes."""

from dataclasses import dataclass
from datetime import datetime, timedelta

# Creators are promised an answer within two days; from three quarters of it on the queue warns.
REVIEW_WITHIN = timedelta(hours=48)
WARN_FROM = REVIEW_WITHIN * 3 / 4


@dataclass(frozen=True)
class Wait:
    """How long something has waited at one moment."""

    waited: timedelta
    due_at: datetime

    @property
    def tone(self) -> str:
        """One of: ok, wait (soon due), bad (late)."""
        if self.waited >= REVIEW_WITHIN:
            return "bad"
        return "wait" if self.waited >= WARN_FROM else "ok"

    @property
    def is_late(self) -> bool:
        return self.waited >= REVIEW_WITHIN


def wait_of(submitted_at: datetime, now: datetime) -> Wait:
    return Wait(max(now - submitted_at, timedelta(0)), submitted_at + REVIEW_WITHIN)
