"""What creators see of watching, kept by a job: how a lesson is watched through, how each month's learners get on."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from courses.models import Course


class LessonAudience(models.Model):
    """One lesson of the live version, its present film. A step is `step_s` seconds of it.

    `seen`: learners who saw some second of the step; `plays`: playback sessions that did, twice where they went back to
    it. Articles have no steps.
    """

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="lesson_audiences")
    lesson_key = models.UUIDField()
    length_s = models.PositiveIntegerField(default=0)
    step_s = models.PositiveIntegerField(default=1)
    started = models.PositiveIntegerField()
    finished = models.PositiveIntegerField()
    seen = ArrayField(models.PositiveIntegerField(), default=list)
    plays = ArrayField(models.PositiveIntegerField(), default=list)
    computed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["course", "lesson_key"], name="one_audience_a_lesson")]

    def __str__(self) -> str:
        return f"{self.lesson_key}: {self.started} started, {self.finished} finished"


class Cohort(models.Model):
    """Those who got the right to a course in one month (UTC): how many began it, how many finished it."""

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="cohorts")
    month = models.DateField()
    enrolled = models.PositiveIntegerField()
    begun = models.PositiveIntegerField()
    finished = models.PositiveIntegerField()
    computed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["course", "month"], name="one_cohort_a_month"),
            models.CheckConstraint(
                condition=models.Q(begun__lte=models.F("enrolled"), finished__lte=models.F("enrolled")),
                name="a_cohort_only_falls",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}: {self.finished} of {self.enrolled}"
