"""What was really watched: sessions of playback, the reports they were made of, and the meter that bounds them."""

from datetime import datetime
from typing import Any

from django.db import models
from django.utils import timezone

from accounts.models import User
from courses.models import Course
from learners import intervals
from learners.bound import Spent
from learners.fields import SecondsField
from learners.intervals import Spans


class WatchMeterQuerySet(models.QuerySet["WatchMeter"]):
    def hold(self, learner_id: int) -> "WatchMeter":
        """The learner's meter, locked: her reports, from however many tabs and devices, are settled one by one."""
        self.get_or_create(learner_id=learner_id)
        return self.select_for_update(no_key=True, of=("self",)).get(learner_id=learner_id)


class WatchMeter(models.Model):
    """Up to which moment a learner's wall time has been spent on film, over all her sessions."""

    learner = models.OneToOneField(User, primary_key=True, on_delete=models.CASCADE, related_name="watch_meter")
    spent_until = models.DateTimeField(null=True)

    objects = WatchMeterQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.learner_id}: {self.spent_until}"

    def note(self, spent: Spent) -> None:
        if spent.accepted_s:
            self.spent_until = spent.until
            self.save(update_fields=["spent_until"])


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

    class Meta:
        indexes = [models.Index(fields=["lesson_key", "asset"], name="watch_session_of_lesson")]

    def __str__(self) -> str:
        return str(self.id)

    def extend(self, spans: Spans, told: dict[str, Any], now: datetime) -> None:
        """Add accepted seconds, and keep the report that they came from (its fields in `told`)."""
        accepted_s = intervals.seconds(spans)
        self.played = intervals.union(self.played, spans)
        self.spent_s += told["spent_s"]
        self.reported_at = now
        self.save(update_fields=["played", "spent_s", "reported_at"])
        self.reports.create(received_at=now, accepted=spans, accepted_s=accepted_s, **told)


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

    def __str__(self) -> str:
        return f"{self.session_id}: {self.accepted_s} of {self.claimed_s} s"
