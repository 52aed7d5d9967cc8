"""Reads what a player says, and writes it as the one line that waits until it is settled.

The shape alone is judged here: signature, numbers, whole seconds of the film. What of it is believed, evidence.py says.
"""

import json
import math
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple, Self

from django.utils.translation import gettext_lazy as _

from marketplace.lib.errors import DomainError

from . import intervals, report_tokens
from .report_tokens import Ticket

MOST_INTERVALS, MOST_AGAIN = 400, 100
MOST_BYTES = 64 * 1024


class ReportUnreadable(DomainError):
    code = "report_unreadable"
    status = 400
    message = _("The report holds something that is not a number.")


class Report(NamedTuple):
    """What one playback session played so far, in whole seconds of the film, and where the film stands.

    `speed`: the highest since the last report that was heard; `elapsed_s`: seconds since the token was given, by the
    device's own clock, for a report that waited on the device; None: it was sent when it was made. `again`: what of it
    was played more than once; no evidence, for figures alone.
    """

    ticket: Ticket
    spans: intervals.Spans
    position_s: float
    speed: float
    elapsed_s: float | None = None
    again: intervals.Spans = ()

    def happened_at(self, received_at: datetime) -> datetime:
        """When this was: a device's word moves it back from when it was received, never beyond."""
        if self.elapsed_s is None:
            return received_at
        return min(self.ticket.started_at + timedelta(seconds=max(0.0, self.elapsed_s)), received_at)

    def as_line(self) -> str:
        told = self[1:] if self.again else self[1:-1]
        return json.dumps([*self.ticket, *told], separators=(",", ":"))

    @classmethod
    def of_line(cls, line: Sequence[Any]) -> Self:
        """Of a line that was read as JSON. Raises TypeError, ValueError when it is not one of ours."""
        session, learner, course, lesson, asset, length_s, started_ms, spans, position_s, speed, elapsed_s, *more = line
        ticket = Ticket(session, learner, course, lesson, asset, length_s, int(started_ms))
        again = tuple([(start, end) for start, end in more[0]]) if more else ()
        return cls(ticket, tuple([(start, end) for start, end in spans]), position_s, speed, elapsed_s, again)


class Received(NamedTuple):
    """A report and when it came in, by our own clock; `number`: its place in the stream."""

    report: Report
    at: datetime
    number: str = ""


def read(body: bytes) -> Report:
    """A report as players send it: JSON, whatever it calls itself. Raises ReportUnreadable, ReportTokenRefused."""
    told = mapping(body)
    return compose(
        token=told.get("token"),
        intervals=told.get("intervals"),
        position=told.get("position"),
        speed=told.get("speed", 1.0),
        elapsed=told.get("elapsed"),
        again=told.get("again", ()),
    )


def mapping(body: bytes) -> Mapping[str, Any]:
    """Raises ReportUnreadable."""
    try:
        told = json.loads(body) if len(body) <= MOST_BYTES else None
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, dict):
        raise ReportUnreadable
    return told


def compose(
    *, token: Any, intervals: Any, position: Any, speed: Any = 1.0, elapsed: Any = None, again: Any = ()
) -> Report:
    """Of values that nobody has looked at yet. Raises ReportUnreadable, ReportTokenRefused."""
    if not isinstance(token, str):
        raise report_tokens.ReportTokenRefused
    ticket = report_tokens.read(token)
    place = min(max(0.0, _number(position)), float(ticket.length_s))
    waited = None if elapsed is None else min(max(0.0, _number(elapsed)), report_tokens.LIVES_FOR.total_seconds())
    played = _spans(intervals, ticket.length_s, MOST_INTERVALS)
    replayed = _spans(again, ticket.length_s, MOST_AGAIN)
    return Report(ticket, played, place, _number(speed), waited, replayed)


def _spans(told: Any, length_s: int, most: int) -> intervals.Spans:
    if not isinstance(told, list | tuple) or len(told) > most:
        raise ReportUnreadable
    try:
        return intervals.whole([(_number(start), _number(end)) for start, end in told], length_s)
    except (TypeError, ValueError):
        raise ReportUnreadable from None


def _number(told: Any) -> float:
    """A finite number, as JSON writes one: no text, no truth value, nothing endless."""
    if isinstance(told, bool) or not isinstance(told, int | float):
        raise ReportUnreadable
    try:
        number = float(told)
    except OverflowError:
        raise ReportUnreadable from None
    if not math.isfinite(number):
        raise ReportUnreadable
    return number
