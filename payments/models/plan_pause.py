"""The pauses of plans: a right that is not watched until a part of its price is paid, and not for ever."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q

from ..instalments import schedule


class PauseQuerySet(models.QuerySet["PlanPause"]):
    def open(self) -> Self:
        return self.filter(lifted_at=None)

    def untold(self, now: datetime) -> Self:
        """They end soon, and nobody has said so yet."""
        return self.open().filter(told_at=None, paused_at__lte=now - schedule.PAUSE_LASTS + schedule.LAPSE_TOLD)

    def over(self, now: datetime) -> Self:
        """They have lasted as long as they may, and she was told long enough before."""
        told = {"told_at__lte": now - schedule.LAPSE_TOLD}
        return self.open().filter(paused_at__lte=now - schedule.PAUSE_LASTS, **told)


class PlanPause(models.Model):
    """A part did not come however often it was tried: the course is not watched until it is paid."""

    plan = models.ForeignKey("payments.InstalmentPlan", on_delete=models.PROTECT, related_name="pauses")
    part = models.PositiveSmallIntegerField()
    paused_at = models.DateTimeField()
    # When she was told that the plan ends if the part is not paid.
    told_at = models.DateTimeField(null=True)
    lifted_at = models.DateTimeField(null=True)

    objects = PauseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan"], condition=Q(lifted_at=None), name="one_open_pause_a_plan"),
            models.CheckConstraint(
                condition=Q(lifted_at=None) | Q(lifted_at__gte=F("paused_at")), name="a_pause_ends_after_it_began"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan_id}: part {self.part}"

    @property
    def lapses_at(self) -> datetime:
        """When the plan ends if the part is not paid: never before she was told of it some days ahead."""
        ends = self.paused_at + schedule.PAUSE_LASTS
        return ends if self.told_at is None else max(ends, self.told_at + schedule.LAPSE_TOLD)

    def tell(self, at: datetime) -> None:
        self.told_at = at
        self.save(update_fields=["told_at"])
