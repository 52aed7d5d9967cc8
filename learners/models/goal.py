"""A weekly goal that a learner set herself. Without a row there is none, and nothing speaks of it."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User

LEAST, MOST = 10, 3_000


class WeeklyGoalQuerySet(models.QuerySet["WeeklyGoal"]):
    def put(self, learner: Any, minutes: int) -> "WeeklyGoal":
        """So many minutes a week from now on. Raises ValidationError."""
        if not LEAST <= minutes <= MOST:
            raise ValidationError({"minutes": _("Choose from 10 minutes to 50 hours a week.")})
        goal, _is_new = self.update_or_create(learner=learner, defaults={"minutes": minutes, "set_at": timezone.now()})
        return goal


class WeeklyGoal(models.Model):
    """So many minutes of films a week, weeks being those of the learner's own time zone."""

    learner = models.OneToOneField(User, primary_key=True, on_delete=models.CASCADE, related_name="weekly_goal")
    minutes = models.PositiveSmallIntegerField()
    set_at = models.DateTimeField(default=timezone.now)

    objects = WeeklyGoalQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(minutes__gte=LEAST, minutes__lte=MOST), name="goal_within_a_week")
        ]

    def __str__(self) -> str:
        return f"{self.learner_id}: {self.minutes}"

    def remove(self) -> None:
        self.delete()
