"""Work that follows a decision: money back for everybody, and an answer to all who reported."""

from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import User
from courses.models import Course
from marketplace.lib import clock
from marketplace.lib.money import Money
from marketplace.lib.work import Work
from payments.models import OrderItem, Refund

from .measure import Measure

# No time, but another person's agreement, makes it due.
UNTIL_SOMEBODY_AGREES = datetime(9999, 1, 1, tzinfo=UTC)
OPEN = Q(finished_at=None, dead_at=None)


class RefundWaveQuerySet(models.QuerySet["RefundWave"]):
    def begin(self, measure: Measure, course: Course, *, needs_second: bool) -> "RefundWave":
        """With `needs_second` nobody takes it before another person has agreed."""
        due = {"due_at": UNTIL_SOMEBODY_AGREES} if needs_second else {}
        row = self.create(measure=measure, course=course, needs_second=needs_second, **due)
        row.ring()
        return row

    def waiting(self) -> "RefundWaveQuerySet":
        """For a second person; the oldest first."""
        rows = self.filter(needs_second=True, verdict=None, stopped_at=None)
        return rows.select_related("measure__rule", "measure__decided_by", "measure__owner", "course").order_by("pk")

    def under_way(self) -> "RefundWaveQuerySet":
        """Nobody has to agree any more, and not everybody's money was asked for; the oldest first."""
        agreed = Q(needs_second=False) | Q(verdict__agrees=True)
        rows = self.filter(agreed, finished_at=None, stopped_at=None).order_by("pk")
        return rows.select_related("measure__rule", "measure__decided_by", "course")


class RefundWave(Work):
    """Everybody who bought `course` gets all back. `through_item_id`: sales up to here are asked for."""

    TASK = "moderation.tasks.refund_learners"
    LEASE = timedelta(minutes=5)
    MAX_ATTEMPTS = 8

    measure = models.OneToOneField(Measure, on_delete=models.PROTECT, related_name="wave")
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="+")
    through_item_id = models.BigIntegerField(default=0)
    asked_count = models.PositiveIntegerField(default=0)
    # In a bank's hands when it was last looked; 0 once everybody's money was asked for.
    left_count = models.PositiveIntegerField(default=0)
    # Each sale was asked for once, and free rights have ended: what is sold from now on is no part of it.
    asked_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)
    # Above KEZHAN_REFUND_ALL_APPROVAL_MINOR: nothing is given back before another person has agreed.
    needs_second = models.BooleanField(default=False)

    objects = RefundWaveQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["due_at"], condition=OPEN, name="refund_wave_due")]

    def __str__(self) -> str:
        return f"refund wave of {self.course_id}"

    @property
    def origin(self) -> str:
        """What its refunds are named by."""
        return f"measure:{self.measure_id}"

    @property
    def money(self) -> list[Money]:
        """What the decision said that goes back, by currency."""
        return [Money(int(one["minor"]), one["currency"]) for one in self.measure.effect["money"]]

    def hold(self) -> "RefundWave":
        """Lock it for the rest of the transaction: two people who answer queue here."""
        return RefundWave.objects.select_for_update(no_key=True, of=("self",)).get(pk=self.pk)

    @property
    def is_waiting(self) -> bool:
        return self.needs_second and self.stopped_at is None and not hasattr(self, "verdict")

    @property
    def is_stuck(self) -> bool:
        """Workers have given it up."""
        return self.dead_at is not None

    def become_due(self) -> None:
        """Another person has agreed: a worker takes it at once."""
        self.due_at = timezone.now()
        self.save(update_fields=["due_at"])
        self.ring()

    def is_stopped(self) -> bool:
        """The measure was reversed meanwhile."""
        self.refresh_from_db(fields=["stopped_at"])
        return self.stopped_at is not None

    def reach(self, item_id: int, *, asked: int) -> None:
        """Sales up to this one are asked for. Raises LeaseLost."""
        self.heartbeat()
        self.through_item_id = item_id
        self.asked_count += asked
        self.save(update_fields=["through_item_id", "asked_count"])

    def note_asked(self) -> None:
        """Raises LeaseLost."""
        self.heartbeat()
        self.asked_at = clock.now()
        self.save(update_fields=["asked_at"])

    def left(self) -> models.QuerySet[OrderItem]:
        """Sales of before that could not be asked for. What the provider has refused since is finance's to look at."""
        sales = OrderItem.objects.left_of(self.course, settings.PAYMENTS_BOOK).filter(order__paid_at__lte=self.asked_at)
        return sales.filter(pk__lte=self.through_item_id).exclude(refund_lines__refund__origin=self.origin)

    def note_left(self, *, asked: int) -> int:
        """How many are left by now. Raises LeaseLost."""
        self.heartbeat()
        self.asked_count += asked
        self.left_count = self.left().count()
        self.save(update_fields=["asked_count", "left_count"])
        return self.left_count

    @property
    def refused(self) -> int:
        """Refunds that the provider did not make, and nobody since: finance was told of each."""
        mine = Refund.objects.filter(origin=self.origin)
        made = mine.filter(state=Refund.State.DONE).values("order")
        return mine.filter(state=Refund.State.FAILED).exclude(order__in=made).count()

    def stop(self) -> None:
        """The measure was reversed: what was not asked for yet stays as it is, and a worker gives free rights back."""
        self.stopped_at = timezone.now()
        self.save(update_fields=["stopped_at"])
        self.reopen()


class RefundVerdictQuerySet(models.QuerySet["RefundVerdict"]):
    def note(self, wave: RefundWave, *, by: User, reason: str, agrees: bool) -> "RefundVerdict":
        return self.create(wave=wave, decided_by=wave.measure.decided_by, by=by, reason=reason, agrees=agrees)


class RefundVerdict(models.Model):
    """A second person agreed to give everybody's money back, or did not. Append-only; one a wave."""

    wave = models.OneToOneField(RefundWave, on_delete=models.PROTECT, related_name="verdict")
    # Whoever decided the measure: written here so that the database itself tells the two apart.
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    agrees = models.BooleanField()
    reason = models.CharField(max_length=500, blank=True)

    objects = RefundVerdictQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(by=F("decided_by")), name="a_second_person_agrees"),
            models.CheckConstraint(condition=Q(agrees=True) | ~Q(reason=""), name="refund_declined_for_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.wave_id}: {'agreed' if self.agrees else 'declined'}"


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
