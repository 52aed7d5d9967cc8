"""Settles reports of watching: what a player says is believed only as far as the learner's own wall time allows.

The same evidence feeds progress, certificates, rating weight, the refund meter and the minutes pool; nothing trusts the
client. A report tells everything that its session played, so it may be repeated, late, out of order or lost.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.lib.errors import DomainError, NotAllowed

from . import bound, completion, intervals, report_tokens
from .models import Enrollment, LessonProgress, WatchMeter, WatchSession
from .report_tokens import Ticket


class WatchingEnded(NotAllowed):
    code = "watching_ended"
    message = _("Your access to this course has ended.")


class ReportUnreadable(DomainError):
    code = "report_unreadable"
    status = 400
    message = _("The report holds something that is not a number.")


@dataclass(frozen=True)
class Told:
    """One report, read: whole seconds of the film, where the film stands, and when that was."""

    spans: intervals.Spans
    position_s: float
    speed: float
    at: datetime


@dataclass(frozen=True)
class Standing:
    """What the learner has after a report."""

    accepted_s: int
    covered_s: int
    length_s: int
    is_done: bool
    is_course_complete: bool


def accept(
    *,
    token: str,
    intervals: Sequence[Sequence[float]],
    position: float,
    speed: float = 1.0,
    elapsed: float | None = None,
) -> Standing:
    """Take a report. Raises ReportTokenRefused, ReportUnreadable, WatchingEnded.

    `intervals`: [[start, end], …] in seconds, all that this session played; `position` in seconds; `speed`: the highest
    since the page was loaded; `elapsed`: seconds since the token was given, by the device's clock.
    """
    ticket = report_tokens.read(token)
    now = timezone.now()
    told = _read(ticket, intervals, position, speed, elapsed, now)
    with transaction.atomic():
        meter = WatchMeter.objects.hold(ticket.learner_id)
        return settle(meter, ticket, told, now)


def settle(meter: WatchMeter, ticket: Ticket, told: Told, now: datetime) -> Standing:
    """Inside a transaction that holds `meter`."""
    enrollment = Enrollment.objects.active().filter(learner_id=ticket.learner_id, course_id=ticket.course_id).first()
    if enrollment is None:
        raise WatchingEnded
    accepted = _settle_session(meter, ticket, told, now)
    progress = LessonProgress.objects.open(
        learner_id=ticket.learner_id, course_id=ticket.course_id, lesson_key=ticket.lesson_key
    )
    is_shown = progress.show(asset=ticket.asset, length_s=ticket.length_s, since=ticket.started_at)
    if is_shown and progress.cover(accepted, position_s=told.position_s, at=told.at):
        completion.lesson_done(enrollment)
    return Standing(
        accepted_s=intervals.seconds(accepted),
        covered_s=progress.covered_s,
        length_s=progress.length_s,
        is_done=progress.is_done,
        is_course_complete=enrollment.completed_at is not None,
    )


def _settle_session(meter: WatchMeter, ticket: Ticket, told: Told, now: datetime) -> intervals.Spans:
    """The seconds that are new to the session and fit into the learner's time. Seen before or not: they cost time."""
    session, _is_new = WatchSession.objects.get_or_create(
        pk=ticket.session_id,
        defaults={
            "learner_id": ticket.learner_id,
            "course_id": ticket.course_id,
            "lesson_key": ticket.lesson_key,
            "asset": ticket.asset,
            "length_s": ticket.length_s,
            "started_at": ticket.started_at,
        },
    )
    fresh = intervals.without(told.spans, session.played)
    claimed_s = intervals.seconds(fresh)
    spent = bound.spend(
        claimed_s, speed=told.speed, spent_until=meter.spent_until, started_at=session.started_at, now=now
    )
    accepted = intervals.first(fresh, spent.accepted_s)
    if accepted:
        meter.note(spent)
        said = {"claimed_s": claimed_s, "speed": told.speed, "position_s": told.position_s, "spent_s": spent.cost_s}
        session.extend(accepted, said, now)
    return accepted


def _read(
    ticket: Ticket,
    played: Sequence[Sequence[float]],
    position: float,
    speed: float,
    elapsed: float | None,
    now: datetime,
) -> Told:
    try:
        spans = intervals.whole([(start, end) for start, end in played], ticket.length_s)
    except ValueError:
        raise ReportUnreadable from None
    if position != position or speed != speed:
        raise ReportUnreadable
    # A device's own account of when this was, so that a report that waited offline does not move a newer position.
    at = now if elapsed is None else ticket.started_at + timedelta(seconds=max(0.0, elapsed))
    return Told(spans, min(max(0.0, position), float(ticket.length_s)), speed, min(at, now))
