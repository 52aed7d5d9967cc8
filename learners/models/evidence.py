"""What was really watched: sessions of playback, the reports they were made of, and the meter that bounds them."""

import uuid
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from django.contrib.postgres.indexes import BrinIndex
from django.db import connection, models
from django.utils import timezone

from accounts.models import User
from courses.models import Course
from learners import intervals
from learners.bound import Spent
from learners.fields import SecondsField
from learners.intervals import Spans
from marketplace.lib import arrays


class WatchMeterQuerySet(models.QuerySet["WatchMeter"]):
    def hold(self, learner_id: int) -> "WatchMeter":
        """The learner's meter, locked: her reports, from however many tabs and devices, are settled one by one."""
        self.get_or_create(learner_id=learner_id)
        return self.select_for_update(no_key=True, of=("self",)).get(learner_id=learner_id)

    def hold_all(self, learner_ids: Collection[int]) -> dict[int, "WatchMeter"]:
        """Those of many learners, by learner; nobody's for who does not exist. Always locked in the same order."""
        asked = arrays.literal(sorted(learner_ids))
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO learners_watchmeter (learner_id) SELECT id FROM accounts_user WHERE id = ANY(%s::bigint[])"
                " AND NOT EXISTS (SELECT FROM learners_watchmeter WHERE learner_id = id)"
                " ORDER BY id ON CONFLICT DO NOTHING",
                [asked],
            )
        locked = self.raw(
            "SELECT learner_id, spent_until FROM learners_watchmeter WHERE learner_id = ANY(%s::bigint[])"
            " ORDER BY learner_id FOR NO KEY UPDATE",
            [asked],
        )
        return {meter.learner_id: meter for meter in locked}

    def store(self, meters: Iterable["WatchMeter"]) -> None:
        """Write what was noted on meters that are held."""
        rows = [(meter.learner_id, meter.spent_until) for meter in meters]
        _write(
            "UPDATE learners_watchmeter AS meter SET spent_until = new.spent_until"
            " FROM unnest(%s::bigint[], %s::timestamptz[]) AS new (learner_id, spent_until)"
            " WHERE meter.learner_id = new.learner_id",
            rows,
        )


class WatchMeter(models.Model):
    """Up to which moment a learner's wall time has been spent on film, over all her sessions."""

    learner = models.OneToOneField(User, primary_key=True, on_delete=models.CASCADE, related_name="watch_meter")
    spent_until = models.DateTimeField(null=True)

    objects = WatchMeterQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.learner_id}: {self.spent_until}"

    def note(self, spent: Spent) -> None:
        """Of a meter that is held; `store` writes it."""
        if spent.accepted_s:
            self.spent_until = spent.until


class WatchSessionQuerySet(models.QuerySet["WatchSession"]):
    def known(self, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, "WatchSession"]:
        """Those of these sessions that have reported before."""
        rows = self.raw("SELECT * FROM learners_watchsession WHERE id = ANY(%s::uuid[])", [arrays.literal(ids)])
        return {session.pk: session for session in rows}

    def store(self, sessions: Iterable["WatchSession"]) -> None:
        """Write new ones and what was added to others, while their learners' meters are held."""
        rows = [
            (
                one.pk, one.learner_id, one.course_id, one.lesson_key, one.asset, one.length_s, one.started_at,
                one.reported_at, intervals.to_text(one.played), one.spent_s,
            )
            for one in sessions
        ]  # fmt: skip
        _write(
            "INSERT INTO learners_watchsession (id, learner_id, course_id, lesson_key, asset, length_s, started_at,"
            " reported_at, played, spent_s) SELECT * FROM unnest(%s::uuid[], %s::bigint[], %s::bigint[], %s::uuid[],"
            " %s::uuid[], %s::int[], %s::timestamptz[], %s::timestamptz[], %s::int4multirange[], %s::float8[])"
            " ON CONFLICT (id) DO UPDATE SET reported_at = excluded.reported_at, played = excluded.played,"
            " spent_s = excluded.spent_s",
            rows,
        )


class WatchSession(models.Model):
    """One playback: a film shown by one page load to one learner. `played` holds its accepted seconds, each once."""

    id = models.UUIDField(primary_key=True)
    learner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="watch_sessions")
    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="+")
    lesson_key = models.UUIDField()
    asset = models.UUIDField(help_text="the film that was shown")
    length_s = models.PositiveIntegerField()
    started_at = models.DateTimeField(help_text="when the page was loaded")
    reported_at = models.DateTimeField(null=True)
    played = SecondsField()
    # Wall time spent on the accepted seconds: half of them at double speed. Pay goes by it, progress by `played`.
    spent_s = models.FloatField(default=0)

    objects = WatchSessionQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["lesson_key", "asset"], name="watch_session_of_lesson")]

    def __str__(self) -> str:
        return str(self.id)

    def extend(self, spans: Spans, told: dict[str, Any], now: datetime) -> "WatchReport":
        """Add accepted seconds; the report that they came from (its fields in `told`). Both wait to be stored."""
        self.played = intervals.union(self.played, spans)
        self.spent_s += told["spent_s"]
        self.reported_at = now
        return WatchReport(
            session_id=self.pk, received_at=now, accepted=spans, accepted_s=intervals.seconds(spans), **told
        )


class WatchReportQuerySet(models.QuerySet["WatchReport"]):
    def keep(self, reports: Sequence["WatchReport"]) -> None:
        rows = [
            (
                one.session_id, one.received_at, one.claimed_s, one.accepted_s, intervals.to_text(one.accepted),
                one.spent_s, one.speed, one.position_s,
            )
            for one in reports
        ]  # fmt: skip
        _write(
            "INSERT INTO learners_watchreport (session_id, received_at, claimed_s, accepted_s, accepted, spent_s,"
            " speed, position_s) SELECT * FROM unnest(%s::uuid[], %s::timestamptz[], %s::int[], %s::int[],"
            " %s::int4multirange[], %s::float8[], %s::float8[], %s::float8[])",
            rows,
        )


class WatchReport(models.Model):
    """A report that added seconds to its session. The database refuses changes to these rows.

    A report tells all that its session played, so a repeated or late one adds nothing and leaves no row.
    """

    session = models.ForeignKey(WatchSession, on_delete=models.PROTECT, related_name="reports")
    received_at = models.DateTimeField(default=timezone.now)
    claimed_s = models.PositiveIntegerField(help_text="seconds that were new to the session")
    accepted_s = models.PositiveIntegerField(help_text="those of them that fit into wall time")
    accepted = SecondsField()
    spent_s = models.FloatField(help_text="wall time that they cost")
    speed = models.FloatField()
    position_s = models.FloatField()

    objects = WatchReportQuerySet.as_manager()

    class Meta:
        # For who asks what came in since: rows lie in the order in which they came.
        indexes = [BrinIndex(fields=["received_at"], name="watch_report_received")]

    def __str__(self) -> str:
        return f"{self.session_id}: {self.accepted_s} of {self.claimed_s} s"


def _write(statement: str, rows: Sequence[tuple[Any, ...]]) -> None:
    """One statement for all rows, whose columns are its parameters."""
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(statement, arrays.columns(rows))
