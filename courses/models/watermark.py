"""Whether a course shows its learners' names over its films: each choice of its creator stays on record."""

from django.db import models, transaction
from django.utils import timezone

from accounts.models import User
from marketplace.lib.errors import NotAllowed

from .course import Course


class WatermarkChoiceQuerySet(models.QuerySet["WatermarkChoice"]):
    @transaction.atomic
    def choose(self, course: Course, is_on: bool, by: User) -> "WatermarkChoice | None":
        """At once, since no content changes; the same choice again does nothing. Raises NotAllowed."""
        if not course.belongs_to(by):
            raise NotAllowed
        if course.hold().has_watermark == is_on:
            return None
        Course.objects.filter(pk=course.pk).update(has_watermark=is_on)
        return self.create(course=course, is_on=is_on, chosen_by=by)


class WatermarkChoice(models.Model):
    """From `chosen_at` on the viewer's name is drawn over the films, or is not. The database refuses changes."""

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="watermark_choices")
    is_on = models.BooleanField()
    chosen_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    chosen_at = models.DateTimeField(default=timezone.now)

    objects = WatermarkChoiceQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.course}: {'on' if self.is_on else 'off'}"
