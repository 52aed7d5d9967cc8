"""A weekly goal that a learner set herself. Without a row there is none, and nothing speaks of it."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Self

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User

LEAST, MOST = 10, 3_000
# What stood for less was a try: no week is judged by it.
LEAST_STOOD = timedelta(days=1)


class WeeklyGoalQuerySet(models.QuerySet["WeeklyGoal"]):
    @transaction.atomic
    def put(self, learner: Any, minutes: int) -> "WeeklyGoal":
        """So many minutes a week from now on; weeks that are over are judged by what stood then.

        Raises ValidationError.
        """
        if not LEAST <= minutes <= MOST:
            raise ValidationError({"minutes": _("Choose from 10 minutes to 50 hours a week.")})
        goal, is_new = self.select_for_update().get_or_create(learner=learner, defaults={"minutes": minutes})
        if not is_new and goal.minutes != minutes:
            goal.change(minutes, timezone.now())
        return goal

    def to_be_kept(self, before: date) -> models.QuerySet["WeeklyGoal"]:
        """Of whom weeks may be over that are not kept, those who wait longest first. `before`: a Monday."""
        behind = Q(kept_until=None) | Q(kept_until__lt=before) | ~Q(kept_zone=F("learner__time_zone"))
        return self.filter(behind).order_by(F("kept_until").asc(nulls_first=True), "pk").select_related("learner")

    def hold(self, learner_id: int) -> "WeeklyGoal | None":
        """Locked, with the learner; None: it was taken away meanwhile."""
        return self.select_for_update(of=("self",)).select_related("learner").filter(pk=learner_id).first()

    def hold_all(self, learner_ids: Iterable[int]) -> Self:
        """Of these learners, locked: nobody keeps a week of theirs meanwhile. Always in the same order."""
        theirs = self.filter(pk__in=list(learner_ids))
        return theirs.select_for_update(no_key=True, of=("self",)).order_by("pk")


class WeeklyGoal(models.Model):
    """So many minutes of films a week, weeks being those of the learner's own time zone.

    `kept_s`: the seconds of the weeks before the one that begins on `kept_until`, the last one first, as they were in
    `kept_zone`. They follow from the log of reports, and spare a page reading it.
    """

    learner = models.OneToOneField(User, primary_key=True, on_delete=models.CASCADE, related_name="weekly_goal")
    minutes = models.PositiveSmallIntegerField()
    set_at = models.DateTimeField(default=timezone.now)
    kept_zone = models.CharField(max_length=64, default="", db_default="", blank=True, editable=False)
    kept_until = models.DateField(null=True, editable=False)
    kept_s = ArrayField(models.PositiveIntegerField(), null=True, editable=False)

    objects = WeeklyGoalQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(minutes__gte=LEAST, minutes__lte=MOST), name="goal_within_a_week")
        ]

    def __str__(self) -> str:
        return f"{self.learner_id}: {self.minutes}"

    def change(self, minutes: int, now: datetime) -> None:
        if now - self.set_at >= LEAST_STOOD:
            PastGoal.objects.create(goal=self, minutes=self.minutes, ended_at=now)
        self.minutes, self.set_at = minutes, now
        self.save(update_fields=["minutes", "set_at"])

    def keep(self, zone: str, until: date, seconds: Sequence[int]) -> None:
        """The weeks before `until`, the last one first."""
        WeeklyGoal.objects.filter(pk=self.pk).update(kept_zone=zone, kept_until=until, kept_s=list(seconds))

    def keep_until(self, monday: date) -> None:
        """Keep no week from that `monday` on; what was kept of weeks before stays."""
        gone = (self.kept_until - monday).days // 7 if self.kept_until else 0
        if gone > 0:
            self.keep(self.kept_zone, monday, (self.kept_s or [])[gone:])

    def remove(self) -> None:
        """With all that stood before it."""
        self.delete()


class PastGoal(models.Model):
    """What somebody's weekly goal was until `ended_at`. Weeks that ended before are judged by it."""

    goal = models.ForeignKey(WeeklyGoal, on_delete=models.CASCADE, related_name="past")
    minutes = models.PositiveSmallIntegerField()
    ended_at = models.DateTimeField()

    class Meta:
        ordering = ["ended_at", "id"]

    def __str__(self) -> str:
        return f"{self.goal_id}: {self.minutes} until {self.ended_at:%Y-%m-%d}"
