"""Settles reports of watching: what a player says is believed only as far as the learner's own wall time allows.

The same evidence feeds progress, certificates, rating weight, the refund meter and the minutes pool; nothing trusts the
client. A report tells everything that its session played, so it may be repeated, late, out of order or lost. One rule
settles all, whether a thousand reports come from the stream (merger.py) or one from a program of ours.
"""

from collections.abc import Callable, Collection, Sequence
from typing import Any, NamedTuple

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.lib.errors import DomainError, NotAllowed

from . import bound, completion, goal, intervals, reports
from .batches import Batch
from .models import Enrollment
from .playing import Playback, Right, Seen
from .report_tokens import ReportTokenRefused, moment
from .reports import Received


class WatchingEnded(NotAllowed):
    code = "watching_ended"
    message = _("Your access to this course has ended.")


class Standing(NamedTuple):
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
    since the last report that was heard; `elapsed`: seconds since the token was given, by the device's clock.
    """
    report = reports.compose(token=token, intervals=intervals, position=position, speed=speed, elapsed=elapsed)
    outcome = merge([Received(report, timezone.now())])[0]
    if isinstance(outcome, DomainError):
        raise outcome
    return outcome


@transaction.atomic
def merge(received: Sequence[Received], held: Callable[[], None] = lambda: None) -> list[Standing | DomainError]:
    """Settle reports in the order in which they were received, in one transaction: what each came to, or its refusal.

    Settled again, a report changes nothing: that is what makes a killed merger harmless. `held` is called when the
    learners' meters are locked.
    """
    batch = Batch.hold([one.report.ticket for one in received])
    held()
    outcomes = [_settle(batch, one) for one in received]
    batch.store()
    batch.let_go()
    goal.reckon_anew([(one.report.ticket.learner_id, one.at) for one in received], timezone.now())
    _complete({outcome.right for outcome in outcomes if isinstance(outcome, _Settled) and outcome.made_done})
    return [outcome.standing() if isinstance(outcome, _Settled) else outcome for outcome in outcomes]


class _Settled(NamedTuple):
    accepted_s: int
    seen: Seen
    right: Right
    made_done: bool

    def standing(self) -> Standing:
        seen = self.seen
        return Standing(self.accepted_s, seen.covered_s, seen.length_s, seen.is_done, self.right.is_complete)


def _settle(batch: Batch, one: Received) -> _Settled | DomainError:
    report, ticket = one.report, one.report.ticket
    right = batch.right(ticket)
    if right is None:
        return WatchingEnded()
    session = batch.session(ticket)
    if session.learner_id != ticket.learner_id:
        return ReportTokenRefused()
    accepted = _believe(batch, session, one)
    if report.again and _has_time_for(session, one):
        batch.replays[ticket.session_id] = intervals.union(batch.replays.get(ticket.session_id, ()), report.again)
    seen, made_done = batch.lesson(ticket), False
    if seen.show(ticket):
        at = report.happened_at(one.at)
        made_done = seen.cover(accepted, position_s=report.position_s, at=at, now=one.at)
        batch.note_lesson(seen)
    return _Settled(intervals.seconds(accepted), seen, right, made_done)


def _believe(batch: Batch, session: Playback, one: Received) -> intervals.Spans:
    """The seconds that are new to the session and fit into the learner's time. Seen before or not: they cost time."""
    report = one.report
    fresh = intervals.without(report.spans, session.played)
    if not fresh:
        return ()
    claimed_s = intervals.seconds(fresh)
    meter, started_at = batch.meters[session.learner_id], moment(session.started_ms)
    spent = bound.spend(claimed_s, speed=report.speed, meter=meter, started_at=started_at, now=one.at)
    if not spent.accepted_s:
        return ()
    accepted = fresh if spent.accepted_s == claimed_s else intervals.first(fresh, spent.accepted_s)
    session.extend(accepted, spent, one.at)
    batch.note(session, report, claimed_s, accepted, spent)
    return accepted


def _has_time_for(session: Playback, one: Received) -> bool:
    """Whether so much can have been played, and again, since the page was loaded: figures believe no more than that."""
    since_s = (one.at + bound.GRACE - moment(session.started_ms)).total_seconds()
    again_s = intervals.seconds(intervals.both(one.report.again, session.played))
    return intervals.seconds(session.played) + again_s <= bound.FASTEST * since_s


def _complete(rights: Collection[Right]) -> None:
    """Of enrollments of which a lesson was just done: complete those of which it was the last one."""
    by_id = {right.enrollment_id: right for right in rights}
    if by_id:
        for enrollment in Enrollment.objects.filter(pk__in=by_id).select_related("learner", "course"):
            completion.lesson_done(enrollment)
            by_id[enrollment.pk].is_complete = enrollment.completed_at is not None
