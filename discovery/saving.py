"""The list of what a person has saved for later: each course with what it costs now and cost then."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef

from courses.models import Course
from learners.models import Enrollment
from marketplace.lib.money import Money

from .models import SavedCourse

ON_SHELF = 4


@dataclass(frozen=True)
class Saved:
    course: Course
    then: Money
    saved_at: Any

    @property
    def is_lower(self) -> bool:
        """It costs less than when it was saved; prices of two currencies are not compared."""
        now = self.course.price
        return now is not None and now.currency == self.then.currency and now.minor < self.then.minor


def of(learner: Any, most: int | None = None) -> list[Saved]:
    """The latest first; what she has by now, and what is not on sale, stays out. One query."""
    hers = Enrollment.objects.active().owned().filter(learner=OuterRef("learner"), course=OuterRef("course"))
    on_sale = Course.objects.on_sale().values("pk")
    rows = SavedCourse.objects.of(learner).filter(~Exists(hers), course__in=on_sale).order_by("-saved_at", "-pk")
    rows = rows.select_related("course__creator", "course__category").defer("course__search", "course__search_text")
    return [Saved(row.course, row.price, row.saved_at) for row in rows[:most]]
