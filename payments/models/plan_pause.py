"""The pauses of plans: a right that is not watched until a part of its price is paid."""

from django.db import models
from django.db.models import F, Q


class PlanPause(models.Model):
    """A part did not come however often it was tried: the course is not watched until it is paid."""

    plan = models.ForeignKey("payments.InstalmentPlan", on_delete=models.PROTECT, related_name="pauses")
    part = models.PositiveSmallIntegerField()
    paused_at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan"], condition=Q(lifted_at=None), name="one_open_pause_a_plan"),
            models.CheckConstraint(
                condition=Q(lifted_at=None) | Q(lifted_at__gte=F("paused_at")), name="a_pause_ends_after_it_began"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan_id}: part {self.part}"
