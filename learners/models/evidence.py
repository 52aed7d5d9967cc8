"""What was really watched: sessions of playback, the reports they were made of, and the meter that bounds them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.contrib.postgres.indexes import BrinIndex
from django.db import connection, models
from django.utils import timezone

from accounts.models import User
from courses.models import Course
from learners import intervals
from learners.bound import Meter
from learners.fields import SecondsField, TimesField, times_from_text, times_to_text
from learners.intervals import Spans
from learners.playing import Playback
from marketplace.lib import arrays

_MARKS = """
UPDATE learners_watchmeter AS meter SET spent_until = new.spent_until
  FROM unnest(%s::bigint[], %s::timestamptz[]) AS new (learner_id, spent_until)
 WHERE meter.learner_id = new.learner_id
"""
_WITH_GAPS = """
UPDATE learners_watchmeter AS meter SET spent_until = new.spent_until, gaps = new.gaps
  FROM unnest(%s::bigint[], %s::timestamptz[], %s::tstzmultirange[]) AS new (learner_id, spent_until, gaps)
 WHERE meter.learner_id = new.learner_id
"""


class WatchMeterQuerySet(models.QuerySet["WatchMeter"]):
    def hold(self, learner_id: int) -> "WatchMeter":
        """The learner's meter, locked: her reports, from however many tabs and devices, are settled one by one."""
        self.get_or_create(learner_id=learner_id)
        return self.select_for_update(no_key=True, of=("self",)).get(learner_id=learner_id)

    def hold_all(self, learner_ids: set[int]) -> dict[int, Meter]:
        """By learner how many meters stand, held; nobody's for who does not exist.

        Always locked in the same order. Whose first report this is gets a meter.
        """
        held = self._lock(learner_ids)
        if len(held) < len(learner_ids):
            with connection.cursor() as cursor:
                cursor.execute(
                    "INSERT INTO learners_watchmeter (learner_id) SELECT id FROM accounts_user"
                    " WHERE id = ANY(%s::bigint[]) ORDER BY id ON CONFLICT DO NOTHING",
                    [arrays.literal(learner_ids - held.keys())],
                )
            held = self._lock(learner_ids)
        return held

    def store(self, meters: Sequence[tuple[int, Meter]], *, with_gaps: bool) -> None:
        """Write how meters that are held stand now, by learner. Most reports leave the gaps as they are."""
        if with_gaps:
            rows: list[tuple[Any, ...]] = [(who, one.spent_until, times_to_text(one.gaps)) for who, one in meters]
            arrays.write(_WITH_GAPS, rows)
        else:
            arrays.write(_MARKS, [(who, one.spent_until) for who, one in meters])

    def _lock(self, learner_ids: set[int]) -> dict[int, Meter]:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT learner_id, spent_until, gaps FROM learners_watchmeter WHERE learner_id = ANY(%s::bigint[])"
                " ORDER BY learner_id FOR NO KEY UPDATE",
                [arrays.literal(sorted(learner_ids))],
            )
            return {
                learner_id: Meter(spent_until, times_from_text(gaps))
                for learner_id, spent_until, gaps in cursor.fetchall()
            }


class WatchMeter(models.Model):
    """Which of a learner's wall time has been spent on film, over all her sessions: all before a mark but for gaps.

    The database refuses to give spent time back: the mark only moves forward, gaps only fill (0003_watching).
    """

    learner = models.OneToOneField(User, primary_key=True, on_delete=models.CASCADE, related_name="watch_meter")
    spent_until = models.DateTimeField(null=True)
    gaps = TimesField(help_text="unspent wall time before the mark that a report may still come for")

    objects = WatchMeterQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.learner_id}: {self.spent_until}"


class WatchSessionQuerySet(models.QuerySet["WatchSession"]):
    def store(self, sessions: Iterable[Playback], texts: arrays.Texts) -> None:
        """Write new ones and what was added to others, while their learners' meters are held."""
        new, more = [], []
        for one in sessions:
            changed = (texts.of(one.reported_at), intervals.to_text(one.played), one.spent_s)
            if one.is_new:
                new.append((*one.ticket[:-1], one.ticket.started_at, *changed))
            else:
                more.append((one.ticket.session_id, *changed))
        arrays.write(
            "INSERT INTO learners_watchsession (id, learner_id, course_id, lesson_key, asset, length_s, started_at,"
            " reported_at, played, spent_s) SELECT * FROM unnest(%s::uuid[], %s::bigint[], %s::bigint[], %s::uuid[],"
            " %s::uuid[], %s::int[], %s::timestamptz[], %s::timestamptz[], %s::int4multirange[], %s::float8[])",
            new,
        )
        arrays.write(
            "UPDATE learners_watchsession AS session SET reported_at = more.reported_at, played = more.played,"
            " spent_s = more.spent_s FROM unnest(%s::uuid[], %s::timestamptz[], %s::int4multirange[], %s::float8[])"
            " AS more (id, reported_at, played, spent_s) WHERE session.id = more.id",
            more,
        )

    def store_replays(self, replays: Mapping[str, Spans]) -> None:
        """What sessions that are stored played more than once: of their accepted seconds, and each once."""
        arrays.write(
            "UPDATE learners_watchsession AS session SET replayed = session.replayed + again * session.played"
            " FROM unnest(%s::uuid[], %s::int4multirange[]) AS more (id, again)"
            " WHERE session.id = more.id AND NOT again * session.played <@ session.replayed",
            [(session_id, intervals.to_text(again)) for session_id, again in replays.items()],
        )


class WatchSession(models.Model):
    """One playback: a film shown by one page load to one learner. `played` holds its accepted seconds, each once.

    `replayed`: those of them that were played again in it, by the player's word: for figures, not for pay or progress.
    """

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
    replayed = SecondsField()

    objects = WatchSessionQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["lesson_key", "asset"], name="watch_session_of_lesson")]

    def __str__(self) -> str:
        return str(self.id)


class WatchReportQuerySet(models.QuerySet["WatchReport"]):
    def keep(self, rows: Sequence[tuple[Any, ...]]) -> None:
        """Session, when received, claimed and accepted seconds, which ones (as text), their cost, speed, position."""
        names = "session_id, received_at, claimed_s, accepted_s, accepted, spent_s, speed, position_s"
        arrays.copy("learners_watchreport", names, rows)


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
