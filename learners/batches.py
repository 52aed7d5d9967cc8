"""The rows that a batch of reports speaks of: locked by their learners' meters, read at once, written at once."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Self

from .models import Enrollment, LessonProgress, WatchMeter, WatchReport, WatchSession
from .report_tokens import Ticket


@dataclass
class Batch:
    """Inside one transaction, from `hold` to `store`. The number of statements does not grow with the reports."""

    meters: dict[int, WatchMeter]
    rights: dict[tuple[int, int], Enrollment]
    sessions: dict[uuid.UUID, WatchSession]
    progress: dict[tuple[int, uuid.UUID], LessonProgress]
    reports: list[WatchReport] = field(default_factory=list)
    # What is to be written of them.
    changed_sessions: dict[uuid.UUID, WatchSession] = field(default_factory=dict)
    changed_progress: dict[tuple[int, uuid.UUID], LessonProgress] = field(default_factory=dict)

    @classmethod
    def hold(cls, tickets: Iterable[Ticket]) -> Self:
        """The meters first: what is read afterwards no other report of these learners changes any more."""
        asked = list(tickets)
        return cls(
            meters=WatchMeter.objects.hold_all({ticket.learner_id for ticket in asked}),
            rights=Enrollment.objects.held_by({(ticket.learner_id, ticket.course_id) for ticket in asked}),
            sessions=WatchSession.objects.known({ticket.session_id for ticket in asked}),
            progress=LessonProgress.objects.known({(ticket.learner_id, ticket.lesson_key) for ticket in asked}),
        )

    def right(self, ticket: Ticket) -> Enrollment | None:
        return self.rights.get((ticket.learner_id, ticket.course_id))

    def session(self, ticket: Ticket) -> WatchSession:
        session = self.sessions.get(ticket.session_id)
        if session is None:
            session = WatchSession(
                pk=ticket.session_id,
                learner_id=ticket.learner_id,
                course_id=ticket.course_id,
                lesson_key=ticket.lesson_key,
                asset=ticket.asset,
                length_s=ticket.length_s,
                started_at=ticket.started_at,
            )
            self.sessions[ticket.session_id] = self.changed_sessions[ticket.session_id] = session
        return session

    def lesson(self, ticket: Ticket, at: datetime) -> LessonProgress:
        place = (ticket.learner_id, ticket.lesson_key)
        row = self.progress.get(place)
        if row is None:
            row = LessonProgress(
                learner_id=ticket.learner_id, course_id=ticket.course_id, lesson_key=ticket.lesson_key, touched_at=at
            )
            self.progress[place] = row
        return row

    def note(self, session: WatchSession, report: WatchReport) -> None:
        self.changed_sessions[session.pk] = session
        self.reports.append(report)

    def note_progress(self, progress: LessonProgress) -> None:
        self.changed_progress[progress.learner_id, progress.lesson_key] = progress

    def store(self) -> None:
        if self.reports:
            WatchMeter.objects.store(self.meters.values())
        WatchSession.objects.store(self.changed_sessions.values())
        WatchReport.objects.keep(self.reports)
        LessonProgress.objects.store(self.changed_progress.values())
