"""How long a submission and a reported thing may wait, and how a wait is judged. Pure; times are aware datetimes."""

from dataclasses import dataclass
from datetime import datetime, timedelta

# Creators are promised an answer within two days; from three quarters of a promise on the queue warns.
REVIEW_WITHIN = timedelta(hours=48)
WARN_SHARE = 3 / 4
# A report is looked at the sooner, the graver the rule: slight, notable, serious, grave.
CASE_WITHIN = {1: timedelta(days=14), 2: timedelta(days=7), 3: timedelta(hours=72), 4: timedelta(hours=24)}


@dataclass(frozen=True)
class Wait:
    """How long something has waited at one moment, and how long it may."""

    waited: timedelta
    due_at: datetime
    within: timedelta = REVIEW_WITHIN

    @property
    def tone(self) -> str:
        """One of: ok, wait (soon due), bad (late)."""
        if self.is_late:
            return "bad"
        return "wait" if self.waited >= self.within * WARN_SHARE else "ok"

    @property
    def is_late(self) -> bool:
        return self.waited >= self.within


def wait_of(submitted_at: datetime, now: datetime) -> Wait:
    return Wait(max(now - submitted_at, timedelta(0)), submitted_at + REVIEW_WITHIN)


def case_due_at(opened_at: datetime, severity: int) -> datetime:
    """When a reported thing should be decided on."""
    return opened_at + CASE_WITHIN[severity]


def wait_of_case(opened_at: datetime, due_at: datetime, now: datetime) -> Wait:
    return Wait(max(now - opened_at, timedelta(0)), due_at, due_at - opened_at)
