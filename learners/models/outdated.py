"""What learners say is out of date in a course: for its creator, and for the rule of freshness."""

import uuid
from datetime import datetime
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from courses.models import Course, Version

LONGEST_TEXT = 300


class OutdatedReportQuerySet(models.QuerySet["OutdatedReport"]):
    def of(self, learner: Any) -> Self:
        return self.filter(learner_id=learner.pk) if learner.pk else self.none()

    def since(self, course: Course, time: datetime) -> Self:
        return self.filter(course=course, said_at__gt=time)

    def say(self, *, learner: User, course: Course, text: str, lesson_key: uuid.UUID | None = None) -> "OutdatedReport":
        """Once a learner and version; said again, the first words stay. Called by `freshness.report` alone.

        Raises ValidationError when it says nothing or too much.
        """
        text = " ".join(text.replace("\x00", "").split())
        if not text or len(text) > LONGEST_TEXT:
            raise ValidationError({"text": _("Say what is out of date, in at most 300 characters.")})
        row, _is_new = self.get_or_create(
            learner=learner,
            version=course.live_version,
            defaults={"course": course, "text": text, "lesson_key": lesson_key},
        )
        return row


class OutdatedReport(models.Model):
    """A learner found something in this version out of date. Its creator reads the words, never the name."""

    learner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="+")
    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="+")
    lesson_key = models.UUIDField(null=True)
    text = models.CharField(max_length=LONGEST_TEXT)
    said_at = models.DateTimeField(default=timezone.now)

    # Only on rows of `freshness.said_of`: the lesson's name, empty for the whole course.
    lesson_title: str

    objects = OutdatedReportQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["learner", "version"], name="one_outdated_report_a_version"),
            models.CheckConstraint(condition=~Q(text=""), name="an_outdated_report_says_what"),
        ]
        indexes = [models.Index(fields=["course", "said_at"], name="outdated_of_course")]

    def __str__(self) -> str:
        return f"{self.course_id}: {self.text}"
