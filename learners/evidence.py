"""Settles reports of watching: what a player says is believed only as far as the learner's own wall time allows.

The same evidence feeds progress, certificates, rating weight, the refund meter and the minutes pool; nothing trusts the
client. A report tells everything that its session played, so it may be repeated, late, out of order or lost. One rule
settles all, whether a thousand reports come from the stream (merger.py) or one from a program of ours.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.lib.errors import DomainError, NotAllowed

from . import bound, completion, intervals, reports
from .batches import Batch
from .models import Enrollment, LessonProgress, WatchSession
from .report_tokens import ReportTokenRefused
from .reports import Received


class WatchingEnded(NotAllowed):
    code = "watching_ended"
    message = _("Your access to this course has ended.")


@dataclass(frozen=True)
class Standing:
    """What the learner has after a report."""

    accepted_s: int
    covered_s: int
    length_s: int
    is_done: bool
    is_course_complete: bool


def accept(
    *, token: str, intervals: Any, position: float, speed: float = 1.0, elapsed: float | None = None
) -> Standing:
    """Settle one report at once, received now, without the stream. Raises what reading it raises, and WatchingEnded.

    `intervals`: [[start, end], …] in seconds, all that this session played; `position` in seconds; `speed`: the highest
    since the page was loaded; `elapsed`: seconds since the token was given, by the device's clock.
    """
    report = reports.compose(token=token, intervals=intervals, position=position, speed=speed, elapsed=elapsed)
    outcome = merge([Received(report, timezone.now())])[0]
    if isinstance(outcome, DomainError):
        raise outcome
    return outcome


@transaction.atomic
def merge(received: Sequence[Received]) -> list[Standing | DomainError]:
    """Settle reports in the order in which they were received, in one transaction: what each came to, or its refusal.

    Settled again, a report changes nothing: that is what makes a killed merger harmless.
    """
    batch = Batch.hold(one.report.ticket for one in received)
    outcomes = [_settle(batch, one) for one in received]
    batch.store()
    settled = [outcome for outcome in outcomes if isinstance(outcome, _Settled)]
    for enrollment in {outcome.enrollment.pk: outcome.enrollment for outcome in settled if outcome.made_done}.values():
        completion.lesson_done(enrollment)
    return [outcome.standing() if isinstance(outcome, _Settled) else outcome for outcome in outcomes]


@dataclass(frozen=True, slots=True)
class _Settled:
    accepted_s: int
    progress: LessonProgress
    enrollment: Enrollment
    made_done: bool

    def standing(self) -> Standing:
        return Standing(
            accepted_s=self.accepted_s,
            covered_s=self.progress.covered_s,
            length_s=self.progress.length_s,
            is_done=self.progress.is_done,
            is_course_complete=self.enrollment.completed_at is not None,
        )


def _settle(batch: Batch, one: Received) -> _Settled | DomainError:
    report, ticket = one.report, one.report.ticket
    enrollment = batch.right(ticket)
    if enrollment is None:
        return WatchingEnded()
    session = batch.session(ticket)
    if session.learner_id != ticket.learner_id:
        return ReportTokenRefused()
    accepted = _believe(batch, session, one)
    at = report.happened_at(one.at)
    progress, made_done = batch.lesson(ticket, at), False
    if progress.show(asset=ticket.asset, length_s=ticket.length_s, since=ticket.started_at):
        made_done = progress.cover(accepted, position_s=report.position_s, at=at, now=one.at)
        batch.note_progress(progress)
    return _Settled(intervals.seconds(accepted), progress, enrollment, made_done)


def _believe(batch: Batch, session: WatchSession, one: Received) -> intervals.Spans:
    """The seconds that are new to the session and fit into the learner's time. Seen before or not: they cost time."""
    report, meter = one.report, batch.meters[session.learner_id]
    fresh = intervals.without(report.spans, session.played)
    if not fresh:
        return ()
    claimed_s = intervals.seconds(fresh)
    spent = bound.spend(
        claimed_s, speed=report.speed, spent_until=meter.spent_until, started_at=session.started_at, now=one.at
    )
    accepted = intervals.first(fresh, spent.accepted_s)
    if accepted:
        meter.note(spent)
        said = {"claimed_s": claimed_s, "speed": report.speed, "position_s": report.position_s, "spent_s": spent.cost_s}
        batch.note(session, session.extend(accepted, said, one.at))
    return accepted
