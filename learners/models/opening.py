"""Which files of a lesson a learner has taken away."""

from django.db import models
from django.utils import timezone

from accounts.models import User
from courses.models import Attachment, Course


class FileOpeningQuerySet(models.QuerySet["FileOpening"]):
    def note(self, *, learner_id: int, attachment: Attachment) -> None:
        """Once a learner and file; again is as good as once."""
        lesson = attachment.lesson
        row = self.model(
            learner_id=learner_id, course_id=lesson.version.course_id, lesson_key=lesson.key, file_key=attachment.key
        )
        self.bulk_create([row], ignore_conflicts=True)


class FileOpening(models.Model):
    """The first time that a learner opened a file, whatever version of the course it stands in. Append-only."""

    learner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="+")
    lesson_key = models.UUIDField()
    file_key = models.UUIDField()
    opened_at = models.DateTimeField(default=timezone.now)

    objects = FileOpeningQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["learner", "lesson_key", "file_key"], name="one_opening_a_file")]

    def __str__(self) -> str:
        return f"{self.learner_id}: {self.file_key}"
