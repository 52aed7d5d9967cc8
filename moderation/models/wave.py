"""Work that follows a decision: money back for everybody, and an answer to all who reported."""

from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.utils import timezone

from courses.models import Course
from marketplace.lib.work import Work

from .measure import Measure

OPEN = Q(finished_at=None, dead_at=None)


class RefundWaveQuerySet(models.QuerySet["RefundWave"]):
    def begin(self, measure: Measure, course: Course) -> "RefundWave":
        row = self.create(measure=measure, course=course)
        row.ring()
        return row


class RefundWave(Work):
    """Everybody who bought `course` gets all back. `through_item_id`: sales up to here are asked for."""

    TASK = "moderation.tasks.refund_learners"
    LEASE = timedelta(minutes=5)
    MAX_ATTEMPTS = 8

    measure = models.OneToOneField(Measure, on_delete=models.PROTECT, related_name="wave")
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="+")
    through_item_id = models.BigIntegerField(default=0)
    asked_count = models.PositiveIntegerField(default=0)
    # Refused: in a bank's hands, or given back already.
    left_count = models.PositiveIntegerField(default=0)
    stopped_at = models.DateTimeField(null=True)

    objects = RefundWaveQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["due_at"], condition=OPEN, name="refund_wave_due")]

    def __str__(self) -> str:
        return f"refund wave of {self.course_id}"

    def is_stopped(self) -> bool:
        """The measure was reversed meanwhile."""
        self.refresh_from_db(fields=["stopped_at"])
        return self.stopped_at is not None

    def reach(self, item_id: int, *, asked: int, left: int) -> None:
        """Sales up to this one are asked for. Raises LeaseLost."""
        self.heartbeat()
        self.through_item_id = item_id
        self.asked_count += asked
        self.left_count += left
        self.save(update_fields=["through_item_id", "asked_count", "left_count"])

    def stop(self) -> None:
        """The measure was reversed: what was not asked for yet stays as it is."""
        self.stopped_at = timezone.now()
        self.save(update_fields=["stopped_at"])


class CaseAnswerQuerySet(models.QuerySet["CaseAnswer"]):
    def begin(self, measure: Measure) -> "CaseAnswer":
        row = self.create(measure=measure)
        row.ring()
        return row


class CaseAnswer(Work):
    """All who reported hear what was decided. `through_report_id`: their mails up to here are posted."""

    TASK = "moderation.tasks.answer_reporters"
    LEASE = timedelta(minutes=5)
    MAX_ATTEMPTS = 8

    measure = models.OneToOneField(Measure, on_delete=models.PROTECT, related_name="answer")
    through_report_id = models.BigIntegerField(default=0)

    objects = CaseAnswerQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["due_at"], condition=OPEN, name="case_answer_due")]

    def __str__(self) -> str:
        return f"answer of {self.measure_id}"

    def reach(self, report_id: int) -> None:
        """Mails up to this report are posted; raises LeaseLost."""
        self.heartbeat()
        self.through_report_id = report_id
        self.save(update_fields=["through_report_id"])
