"""Which courses lead to which, as learned from who learns what; written anew every night, whole."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone

from courses.models import Course

Weights = list[tuple[int, float]]


class LinksQuerySet(models.QuerySet["Links"]):
    @transaction.atomic
    def replace(self, rows: Iterable[tuple[int, Weights]]) -> int:
        """All of them anew, from (course, [(other, weight)]); readers see the old ones until the new are whole."""
        self.all().delete()
        made = [Links(course_id=course, others=[o for o, _w in to], weights=[w for _o, w in to]) for course, to in rows]
        Links.objects.bulk_create(made, batch_size=200)
        return len(made)

    def of_courses(self, courses: Iterable[int]) -> list[tuple[int, list[int], list[float]]]:
        """(course, others, weights) of those of `courses` that lead somewhere."""
        return list(self.filter(course__in=list(courses)).order_by("course").values_list("course", "others", "weights"))


class Links(models.Model):
    """What having `course` says for each of `others`: a share of one sign, below zero where it speaks against."""

    course = models.OneToOneField(Course, primary_key=True, on_delete=models.CASCADE, related_name="+")
    others = ArrayField(models.BigIntegerField())
    weights = ArrayField(models.FloatField())

    objects = LinksQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "links"
        constraints = [
            models.CheckConstraint(condition=Q(others__len=F("weights__len")), name="each_link_has_its_weight")
        ]

    def __str__(self) -> str:
        return f"from course {self.course_id} to {len(self.others)} others"


class LinksReadingQuerySet(models.QuerySet["LinksReading"]):
    def kept_ridge(self, since: datetime) -> float | None:
        """The strength that was last chosen, where that was not before then."""
        chosen = self.filter(is_ridge_chosen=True, read_at__gte=since).order_by("-read_at")
        return chosen.values_list("ridge", flat=True).first()

    def note(self, **figures: Any) -> None:
        self.create(**figures)


class LinksReading(models.Model):
    """One night's reading of who learns what. `ridge`: how strongly chance was held back; chosen anew now and then."""

    read_at = models.DateTimeField(default=timezone.now)
    courses = models.PositiveIntegerField()
    learners = models.PositiveIntegerField()
    ridge = models.FloatField()
    is_ridge_chosen = models.BooleanField()
    seconds = models.FloatField()

    objects = LinksReadingQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["-read_at"], name="links_reading_latest")]

    def __str__(self) -> str:
        return f"{self.read_at:%Y-%m-%d}: {self.courses} courses of {self.learners} learners"
