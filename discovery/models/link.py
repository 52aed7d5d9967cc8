"""Which courses lead to which, as learned from who learns what; written anew every night, whole."""

from collections.abc import Iterable

from django.contrib.postgres.fields import ArrayField
from django.db import models, transaction
from django.db.models import F, Q

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

    def from_courses(self, courses: Iterable[int]) -> dict[int, Weights]:
        """Of each other course, which of `courses` lead to it, with what weight."""
        found: dict[int, Weights] = {}
        for row in self.filter(course__in=list(courses)).order_by("course"):
            for other, weight in zip(row.others, row.weights, strict=True):
                found.setdefault(other, []).append((row.course_id, weight))
        return found


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
