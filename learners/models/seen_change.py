"""That a learner has seen what a version changed: she said so, of one lesson or of the whole list."""

import uuid
from typing import Any, Self

from django.db import models
from django.utils import timezone

from accounts.models import User
from courses.models import Course, Version


class SeenChangeQuerySet(models.QuerySet["SeenChange"]):
    def of(self, learner: Any) -> Self:
        return self.filter(learner_id=learner.pk) if learner.pk else self.none()

    def note(self, learner: User, version: Version, lesson_key: uuid.UUID | None) -> None:
        """Once; again is as good as once. Called by `changed.see` alone."""
        row = self.model(
            learner_id=learner.pk, course_id=version.course_id, version_id=version.pk, lesson_key=lesson_key
        )
        self.bulk_create([row], ignore_conflicts=True)


class SeenChange(models.Model):
    """The learner has seen what stands in this lesson (without a key: in all of them) in that version."""

    learner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="+")
    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="+")
    lesson_key = models.UUIDField(null=True)
    seen_at = models.DateTimeField(default=timezone.now)

    objects = SeenChangeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["learner", "version", "lesson_key"], name="one_look_at_a_change", nulls_distinct=False
            )
        ]
        indexes = [models.Index(fields=["learner", "course"], name="seen_change_of_learner")]

    def __str__(self) -> str:
        return f"{self.learner_id}: {self.version_id}, {self.lesson_key or 'all'}"
