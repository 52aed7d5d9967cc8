"""The rows that a batch of reports speaks of: locked by their learners' meters, read at once, written at once."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Self

from django.db import connection

from marketplace.lib import arrays

from . import intervals
from .bound import Meter, Spent
from .models import LessonProgress, WatchMeter, WatchReport, WatchSession
from .playing import Playback, Right, Seen
from .report_tokens import Ticket
from .reports import Report

# Each row by its index, whatever the planner thinks of the tables' sizes: it would read tables of up to some 100,000
# rows whole for a thousand of them, and a report would cost more the more has been watched before.
_BY_INDEX = "SET LOCAL enable_seqscan = off; SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off"
_AS_EVER = (
    "SET LOCAL enable_seqscan TO DEFAULT; SET LOCAL enable_hashjoin TO DEFAULT; SET LOCAL enable_mergejoin TO DEFAULT"
)
# Moments that are not compared with others come as milliseconds, which they are by the token: reading a thousand as
# moments costs as much as what is done with them.
_KNOWN = """
SELECT held.*, session.*, seen.*
  FROM unnest(%s::uuid[], %s::bigint[], %s::bigint[], %s::uuid[])
       WITH ORDINALITY AS asked (session_id, learner_id, course_id, lesson_key, place)
  LEFT JOIN LATERAL (
       SELECT id, completed_at IS NOT NULL FROM learners_enrollment
        WHERE learner_id = asked.learner_id AND course_id = asked.course_id AND ended_at IS NULL LIMIT 1
       ) AS held ON true
  LEFT JOIN LATERAL (
       SELECT learner_id, (date_part('epoch', started_at) * 1000)::bigint, played, spent_s
         FROM learners_watchsession
        WHERE id = asked.session_id LIMIT 1
       ) AS session ON true
  LEFT JOIN LATERAL (
       SELECT replace(coalesce(asset::text, ''), '-', ''), (date_part('epoch', shown_since) * 1000)::bigint, length_s,
              covered, covered_s, position_s, position_at, done_at IS NOT NULL
         FROM learners_lessonprogress
        WHERE learner_id = asked.learner_id AND lesson_key = asked.lesson_key LIMIT 1
       ) AS seen ON true
 ORDER BY asked.place
"""


@dataclass(slots=True)
class Batch:
    """Inside one transaction, from `hold` to `store`. The number of statements does not grow with the reports."""

    meters: dict[int, Meter]
    rights: dict[tuple[int, int], Right] = field(default_factory=dict)
    sessions: dict[str, Playback] = field(default_factory=dict)
    lessons: dict[tuple[int, str], Seen] = field(default_factory=dict)
    reports: list[tuple[Any, ...]] = field(default_factory=list)
    replays: dict[str, intervals.Spans] = field(default_factory=dict)
    texts: arrays.Texts = field(default_factory=arrays.Texts)
    # What is to be written of them.
    spenders: set[int] = field(default_factory=set)
    gap_changers: set[int] = field(default_factory=set)
    changed_sessions: dict[str, Playback] = field(default_factory=dict)
    changed_lessons: dict[tuple[int, str], Seen] = field(default_factory=dict)

    @classmethod
    def hold(cls, tickets: Sequence[Ticket]) -> Self:
        """The meters first: what is read afterwards no other report of these learners changes any more."""
        with connection.cursor() as cursor:
            cursor.execute(_BY_INDEX)
            batch = cls(WatchMeter.objects.hold_all({ticket.learner_id for ticket in tickets}))
            columns = [arrays.literal(column) for column in list(zip(*tickets, strict=True))[:4]]
            cursor.execute(_KNOWN, columns)
            for ticket, row in zip(tickets, cursor.fetchall(), strict=True):
                batch._keep(ticket, row)
        return batch

    def _keep(self, ticket: Ticket, row: tuple[Any, ...]) -> None:
        """What is known of one report's rows; of several reports about the same, the first one's will do."""
        enrollment_id, is_complete, owner_id, started_ms, played, spent_s, asset, since_ms, length_s, covered, *rest = (
            row
        )
        if enrollment_id is not None:
            self.rights.setdefault((ticket.learner_id, ticket.course_id), Right(enrollment_id, is_complete))
        spans = intervals.from_text(played) if played else ()
        if owner_id is not None and ticket.session_id not in self.sessions:
            self.sessions[ticket.session_id] = Playback(ticket, owner_id, started_ms, spans, spent_s, False)
        place = (ticket.learner_id, ticket.lesson_key)
        if asset is not None and place not in self.lessons:
            spans = spans if covered == played else intervals.from_text(covered)
            self.lessons[place] = Seen(
                ticket.learner_id, ticket.course_id, ticket.lesson_key, asset, since_ms, length_s, spans, *rest
            )

    def right(self, ticket: Ticket) -> Right | None:
        return self.rights.get((ticket.learner_id, ticket.course_id))

    def session(self, ticket: Ticket) -> Playback:
        session = self.sessions.get(ticket.session_id)
        if session is None:
            session = Playback(ticket, ticket.learner_id, ticket.started_ms, (), 0.0, True)
            self.sessions[ticket.session_id] = self.changed_sessions[ticket.session_id] = session
        return session

    def note(self, session: Playback, report: Report, claimed_s: int, accepted: intervals.Spans, spent: Spent) -> None:
        """Accepted seconds, which `session` has already; what they were claimed by."""
        ticket = session.ticket
        learner_id = session.learner_id
        if spent.meter.gaps is not self.meters[learner_id].gaps:
            self.gap_changers.add(learner_id)
        self.meters[learner_id] = spent.meter
        self.spenders.add(learner_id)
        self.changed_sessions[ticket.session_id] = session
        self.reports.append(
            (
                ticket.session_id, self.texts.of(session.reported_at), claimed_s, spent.accepted_s,
                intervals.to_text(accepted), spent.cost_s, report.speed, report.position_s,
            )
        )  # fmt: skip

    def lesson(self, ticket: Ticket) -> Seen:
        place = (ticket.learner_id, ticket.lesson_key)
        seen = self.lessons.get(place)
        if seen is None:
            seen = self.lessons[place] = Seen(ticket.learner_id, ticket.course_id, ticket.lesson_key)
        return seen

    def note_lesson(self, seen: Seen) -> None:
        self.changed_lessons[seen.learner_id, seen.lesson_key] = seen

    def store(self) -> None:
        """Write it all: new rows whole, of others what has changed."""
        for who, has_new_gaps in ((self.spenders - self.gap_changers, False), (self.gap_changers, True)):
            WatchMeter.objects.store([(one, self.meters[one]) for one in sorted(who)], with_gaps=has_new_gaps)
        WatchSession.objects.store(self.changed_sessions.values(), self.texts)
        WatchSession.objects.store_replays(self.replays)
        WatchReport.objects.keep(self.reports)
        LessonProgress.objects.store(self.changed_lessons.values(), self.texts)

    def let_go(self) -> None:
        """What follows in this transaction is planned as ever; the rows stay locked."""
        with connection.cursor() as cursor:
            cursor.execute(_AS_EVER)
