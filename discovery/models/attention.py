"""How often matching has shown a course: a day's count, without persons."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import connection, models
from django.db.models import Q, Sum
from django.db.models.functions import Coalesce

from courses.models import Course
from courses.models.course import CourseQuerySet

# A course that passed review is looked at so often within so many days, whatever its score is.
LOOKS_GRANTED, DAYS_GRANTED = 200, 30
_ADD = """
INSERT INTO discovery_attention (course_id, day, looks)
SELECT row.course, row.day, row.looks FROM unnest(%s::bigint[], %s::date[], %s::int[]) AS row (course, day, looks)
JOIN courses_course c ON c.id = row.course
ON CONFLICT (course_id, day) DO UPDATE SET looks = discovery_attention.looks + excluded.looks
"""


class AttentionQuerySet(models.QuerySet["Attention"]):
    def add(self, day: date, looks: Mapping[int, int]) -> None:
        """So many more looks at each course on that day; courses that are gone are left out."""
        if looks:
            rows = sorted(looks.items())
            columns: list[Any] = [
                [course for course, _count in rows],
                [day] * len(rows),
                [count for _course, count in rows],
            ]
            with connection.cursor() as cursor:
                cursor.execute(_ADD, columns)

    def since(self, day: date) -> dict[int, int]:
        """Looks by course from `day` on; courses without one are not in it."""
        rows = self.filter(day__gte=day).values("course").annotate(sum=Sum("looks"))
        return {row["course"]: row["sum"] for row in rows}


class Attention(models.Model):
    """A course stood so often among somebody's matches on that day."""

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="attention")
    day = models.DateField()
    looks = models.PositiveIntegerField()

    objects = AttentionQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "attention"
        constraints = [
            models.UniqueConstraint(fields=["course", "day"], name="one_attention_a_course_and_day"),
            models.CheckConstraint(condition=Q(looks__gt=0), name="attention_is_a_look"),
        ]
        indexes = [models.Index(fields=["day"], name="attention_of_a_day")]

    def __str__(self) -> str:
        return f"course {self.course_id} on {self.day}: {self.looks}"


def owed_looks(on_sale: CourseQuerySet, since: datetime) -> CourseQuerySet:
    """Of courses first published since then, those that were shown too little yet; the least shown first."""
    fresh = on_sale.filter(published_at__gte=since).annotate(looks=Coalesce(Sum("attention__looks"), 0))
    return fresh.filter(looks__lt=LOOKS_GRANTED).order_by("looks", "-published_at", "-id")
