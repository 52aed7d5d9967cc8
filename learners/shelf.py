"""A learner's courses with how far she is in each, what to continue first. Three queries, however many courses."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from courses.models import Course, Lesson

from . import changed
from .models import Enrollment, LessonProgress


@dataclass(frozen=True)
class Shelved:
    """One course of a learner."""

    enrollment: Enrollment
    # The lesson touched last and its title; None for a course that was not begun.
    last: LessonProgress | None
    last_title: str
    # Lessons that are different since she did them.
    changed: int = 0

    @property
    def course(self) -> Course:
        return self.enrollment.course

    @property
    def done(self) -> int:
        return min(self.enrollment.lessons_done, self.total)

    @property
    def total(self) -> int:
        return self.enrollment.lessons_count

    @property
    def percent(self) -> int:
        return self.done * 100 // self.total if self.total else 0

    @property
    def is_complete(self) -> bool:
        return self.enrollment.completed_at is not None

    @property
    def may_certify(self) -> bool:
        """Nothing is left to do: finished, or a later version or a moderator took out what was."""
        return self.is_complete or 0 < self.total == self.done


def enrollments_of(learner: Any) -> QuerySet[Enrollment]:
    """Active enrollments with their courses: unfinished first, and of these the one touched last first."""
    return Enrollment.objects.active().of(learner).on_shelf()


def fill(learner: Any, enrollments: Sequence[Enrollment], *, with_changes: bool = False) -> list[Shelved]:
    """The given ones of `enrollments_of(learner)`, with the lesson touched last."""
    deltas = changed.of(learner, enrollments) if with_changes else {}
    courses = {enrollment.course_id: enrollment.course for enrollment in enrollments}
    last = {
        row.course_id: row
        for row in LessonProgress.objects.of(learner)
        .filter(course_id__in=courses)
        .order_by("course_id", "-touched_at")
        .distinct("course_id")
    }
    live = [course.live_version_id for course in courses.values()]
    keys = [row.lesson_key for row in last.values()]
    titles = dict(Lesson.objects.filter(version_id__in=live, key__in=keys).values_list("key", "title"))
    shelved = []
    for enrollment in enrollments:
        row = last.get(enrollment.course_id)
        title = titles.get(row.lesson_key, "") if row else ""
        delta = deltas.get(enrollment.course_id)
        shelved.append(Shelved(enrollment, row, title, delta.count if delta else 0))
    return shelved


def continuing(learner: Any, limit: int = 4) -> list[Shelved]:
    """What to go on with: courses that are begun or new, not finished."""
    return fill(learner, list(enrollments_of(learner).filter(completed_at=None)[:limit]))
