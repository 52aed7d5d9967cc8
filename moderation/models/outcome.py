"""What has become of a reported thing, as whoever reported it is told; and the work of telling all of them anew."""

from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from marketplace.lib.work import Work

from .measure import Measure


class Outcome(models.TextChoices):
    DISMISSED = "dismissed", _("found in order")
    UPHELD = "upheld", _("you were right")
    TAKEN_BACK = "taken_back", _("you were right; taken back since")
    OVERTURNED = "overturned", _("overturned on appeal")


class OutcomeChangeQuerySet(models.QuerySet["OutcomeChange"]):
    def begin(self, measure: Measure, outcome: Outcome) -> "OutcomeChange":
        row = self.create(measure=measure, outcome=outcome)
        row.ring()
        return row


class OutcomeChange(Work):
    """All who reported hear that it is no longer what they were told. `through_report_id`: mails up to here are posted.

    A decision has one row an outcome: taken back first and overturned later, it is told twice.
    """

    TASK = "moderation.tasks.tell_of_outcome"
    LEASE = timedelta(minutes=5)
    MAX_ATTEMPTS = 8

    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, related_name="changes")
    outcome = models.CharField(max_length=12, choices=Outcome.choices)
    through_report_id = models.BigIntegerField(default=0)

    objects = OutcomeChangeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["measure", "outcome"], name="one_change_an_outcome"),
            models.CheckConstraint(condition=Q(outcome__in=["taken_back", "overturned"]), name="an_outcome_changes_to"),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(finished_at=None, dead_at=None), name="outcome_change_due")
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.outcome}: {self.measure_id}"

    def reach(self, report_id: int) -> None:
        """Mails up to this report are posted; raises LeaseLost."""
        self.heartbeat()
        self.through_report_id = report_id
        self.save(update_fields=["through_report_id"])
