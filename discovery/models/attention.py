"""How often matching has shown a course: a day's count, without persons."""

from collections.abc import Mapping
from datetime import date

from django.db import models, transaction
from django.db.models import Q, Sum

from courses.models import Course
from marketplace.lib import arrays

# A course that passed review is looked at so often within so many days, whatever its score is.
LOOKS_GRANTED, DAYS_GRANTED = 200, 30
_ADD = """
INSERT INTO discovery_attention (course_id, day, looks)
SELECT row.course, row.day, row.looks FROM unnest(%s::bigint[], %s::date[], %s::int[]) AS row (course, day, looks)
JOIN courses_course c ON c.id = row.course
ON CONFLICT (course_id, day) DO UPDATE SET looks = discovery_attention.looks + excluded.looks
"""
# The tally of new courses: of their first days alone. It is kept in the same transaction.
_TALLY = f"""
UPDATE discovery_newcomer AS one SET looks = one.looks + more.looks,
       is_owed = one.is_owed AND one.looks + more.looks < {LOOKS_GRANTED},
       had_at = CASE WHEN one.looks + more.looks >= {LOOKS_GRANTED} THEN coalesce(one.had_at, now()) END
  FROM unnest(%s::bigint[], %s::date[], %s::int[]) AS more (course, day, looks)
 WHERE one.course_id = more.course AND one.published_at > more.day - interval '{DAYS_GRANTED} days'
"""


class AttentionQuerySet(models.QuerySet["Attention"]):
    def add(self, day: date, looks: Mapping[int, int]) -> None:
        """So many more looks at each course on that day; courses that are gone are left out."""
        rows = [(course, day, count) for course, count in sorted(looks.items())]
        with transaction.atomic():
            arrays.write(_ADD, rows)
            arrays.write(_TALLY, rows)

    def since(self, day: date) -> dict[int, int]:
        """Looks by course from `day` on; courses without one are not in it."""
        rows = self.filter(day__gte=day).values("course").annotate(sum=Sum("looks"))
        return {row["course"]: row["sum"] for row in rows}

    def by_language(self, first: date, end: date) -> list[tuple[str, int]]:
        """(language of the courses, looks at them) of the days from `first` to before `end`."""
        rows = self.filter(day__gte=first, day__lt=end).values("course__language").annotate(sum=Sum("looks"))
        return [(row["course__language"], row["sum"]) for row in rows.order_by("course__language")]


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
