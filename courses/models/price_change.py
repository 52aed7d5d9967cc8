"""The prices that a course had: each a row, so that its history can be shown and never made up."""

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import OuterRef
from django.db.models.functions import JSONObject
from django.utils import timezone

from accounts.models import User
from courses.price_history import Asked, History, history, lowest_of_late
from marketplace.lib.money import Money

from .course import Course


class PriceChangeQuerySet(models.QuerySet["PriceChange"]):
    def rows_of(self, course: str) -> ArraySubquery:
        """The changes of the course that the field `course` names, oldest first, as `history_of` reads them: for
        whoever wants them in a query of its own.
        """
        rows = self.filter(course=OuterRef(course)).order_by("changed_at", "pk")
        told = JSONObject(minor="price_minor", currency="currency", at="changed_at", suggested="suggested_minor")
        return ArraySubquery(rows.values(row=told))

    def lowest_of_late(self, courses: Sequence[Course], now: datetime) -> dict[int, Money]:
        """The least that each course (by its key) was asked for within thirty days before `now`. One query."""
        rows = self.filter(course__in=courses).order_by("course_id", "changed_at", "pk")
        sold = {course.pk: course.published_at or now for course in courses}
        return {
            pk: lowest_of_late([Asked(row.price, row.changed_at) for row in changes], sold[pk], now)
            for pk, changes in groupby(rows, key=lambda row: row.course_id)
        }


class PriceChange(models.Model):
    """The price, or what is suggested above it, became this then. The database refuses changes to these rows."""

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="price_changes")
    price_minor = models.PositiveBigIntegerField()
    # Set where buyers name their price: `price` is then the least of it.
    suggested_minor = models.PositiveBigIntegerField(null=True)
    currency = models.CharField(max_length=3)
    changed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(default=timezone.now)

    objects = PriceChangeQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["changed_at"], name="price_changed_at")]

    def __str__(self) -> str:
        return f"{self.course}: {self.price}"

    @property
    def price(self) -> Money:
        return Money(self.price_minor, self.currency)

    @property
    def suggested(self) -> Money | None:
        return None if self.suggested_minor is None else Money(self.suggested_minor, self.currency)

    @property
    def is_price_named(self) -> bool:
        return self.suggested_minor is not None


def history_of(course: Course, rows: list[dict[str, Any]], now: datetime) -> History | None:
    """Of a course on sale, from `PriceChangeQuerySet.rows_of`."""
    changes = [
        Asked(Money(row["minor"], row["currency"]), datetime.fromisoformat(row["at"]), row["suggested"] is not None)
        for row in rows
    ]
    return history(changes, course.published_at or now, now)
