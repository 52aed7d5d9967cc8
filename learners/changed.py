"""What changed for a learner since she did the course, lesson by lesson, until she has seen it.

Who has finished is compared with the version that was live when she did; who has not, lesson by lesson with the
version in which she did it: what lies ahead of her is no news. Whatever changes, finished stays finished.
"""

import uuid
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.http import Http404

from courses import changes, comparing
from courses.changes import Changes, LessonChange, LessonFacts
from courses.models import Restriction, Version

from .models import Enrollment, LessonProgress, SeenChange


@dataclass(frozen=True)
class Delta:
    """`lessons`: what is there to look at once more, in the order of the course. `besides`: what else is different
    since `since` (names, places, lessons that are gone); it asks nothing of her.
    """

    enrollment: Enrollment
    live: Version
    since: Version
    lessons: tuple[LessonChange, ...] = ()
    besides: Changes = field(default_factory=Changes)

    @property
    def count(self) -> int:
        return len(self.lessons)

    def of_lesson(self, key: uuid.UUID) -> LessonChange | None:
        return next((change for change in self.lessons if change.lesson.key == key), None)


def of_course(learner: Any, enrollment: Enrollment) -> Delta | None:
    """None for a course that nobody has changed since she has it."""
    return of(learner, [enrollment]).get(enrollment.course_id)


def of(learner: Any, enrollments: Collection[Enrollment]) -> dict[int, Delta]:
    """By course, those that have changed since: one query when none has, else six, however many there are."""
    histories = _histories(enrollments)
    changed = [one for one in enrollments if len(histories[one.course_id]) > 1]
    if not changed:
        return {}
    asked = [_Asked(one, histories[one.course_id]) for one in changed]
    _read(learner, asked)
    trees = comparing.trees_of({version.pk for one in asked for version in one.needed})
    return {one.course_id: delta for one in asked if (delta := one.delta(trees))}


def see(learner: Any, enrollment: Enrollment, *, number: int, lesson_key: uuid.UUID | None = None) -> None:
    """She has seen this lesson (None: all of them) as it stands in the version of that number: what a later one
    changes, she has not. Raises Http404 for a version or lesson that is none.
    """
    version = Version.objects.published().filter(course_id=enrollment.course_id, number=number).first()
    if version is None or (lesson_key and not version.lessons.filter(key=lesson_key).exists()):
        raise Http404
    SeenChange.objects.note(learner, version, lesson_key)


def _histories(enrollments: Iterable[Enrollment]) -> dict[int, list[Version]]:
    """Published versions by course, the first one first."""
    found: dict[int, list[Version]] = defaultdict(list)
    rows = Version.objects.published().filter(course__in={one.course_id for one in enrollments})
    for version in rows.only("course_id", "number", "live_at", "change_note").order_by("course_id", "number"):
        found[version.course_id].append(version)
    return found


class _Asked:
    """One course of the learner while her answer is being worked out."""

    def __init__(self, enrollment: Enrollment, versions: list[Version]) -> None:
        self.enrollment, self.course_id, self.versions = enrollment, enrollment.course_id, versions
        self.progress: dict[uuid.UUID, LessonProgress] = {}
        self.hidden: set[uuid.UUID] = set()
        self.ticks: list[SeenChange] = []

    @property
    def live(self) -> Version:
        return self.versions[-1]

    def at(self, time: datetime) -> int:
        """The place in `versions` of the one that was live at `time`."""
        return max(0, bisect_right([version.live_at or time for version in self.versions], time) - 1)

    @property
    def base(self) -> int:
        """Where the whole course is compared from: what she finished or began with, or has seen since."""
        enrollment = self.enrollment
        seen = [self._place(tick) for tick in self.ticks if tick.lesson_key is None]
        return max([self.at(enrollment.completed_at or enrollment.granted_at), *seen])

    def _place(self, tick: SeenChange) -> int:
        return next((at for at, version in enumerate(self.versions) if version.pk == tick.version_id), 0)

    @property
    def bases(self) -> dict[uuid.UUID, int]:
        """Lessons that are compared from a later version: she did them, or has seen them, in that one."""
        found: dict[uuid.UUID, int] = defaultdict(int)
        for row in self.progress.values():
            if row.done_at:
                found[row.lesson_key] = self.at(row.done_at)
        for tick in self.ticks:
            if tick.lesson_key:
                found[tick.lesson_key] = max(found[tick.lesson_key], self._place(tick))
        return {key: at for key, at in found.items() if at > self.base}

    @property
    def needed(self) -> list[Version]:
        return [self.versions[at] for at in {self.base, *self.bases.values(), len(self.versions) - 1}]

    def delta(self, trees: dict[int, list[LessonFacts]]) -> Delta | None:
        live, bases = trees[self.live.pk], self.bases
        if self.base == len(self.versions) - 1:
            return None
        found: dict[int, Changes] = {
            at: changes.between({}, {}, trees[self.versions[at].pk], live) for at in {self.base, *bases.values()}
        }
        by_key = {at: {one.lesson.key: one for one in each.lessons} for at, each in found.items()}
        asked = (by_key[bases.get(lesson.key, self.base)].get(lesson.key) for lesson in live)
        news = tuple(one for one in asked if one and one.is_content and self._is_news(one))
        since, besides = self.versions[self.base], _besides(found[self.base])
        return Delta(self.enrollment, self.live, since, news, besides) if news or besides else None

    def _is_news(self, change: LessonChange) -> bool:
        row = self.progress.get(change.lesson.key)
        if change.lesson.key in self.hidden:
            return False
        if "added" in change.kinds:
            return row is None
        if row is not None and not changes.CONTENT.intersection(change.kinds) - {"film"}:
            # A film that she has opened since is the one that she knows.
            return str(row.asset) != change.lesson.film and (self._is_finished or row.is_done)
        return self._is_finished or (row is not None and row.is_done)

    @property
    def _is_finished(self) -> bool:
        return self.enrollment.completed_at is not None


def _besides(found: Changes) -> Changes:
    return Changes(lessons=tuple(one for one in found.lessons if not one.is_content), sections=found.sections)


def _read(learner: Any, asked: list[_Asked]) -> None:
    """Three queries: what she did, what she has seen, and what is hidden."""
    by_course = {one.course_id: one for one in asked}
    for row in LessonProgress.objects.of(learner).filter(course_id__in=by_course):
        by_course[row.course_id].progress[row.lesson_key] = row
    for tick in SeenChange.objects.of(learner).filter(course_id__in=by_course):
        by_course[tick.course_id].ticks.append(tick)
    hiding = Restriction.objects.hiding().filter(course_id__in=by_course)
    for course_id, key in hiding.values_list("course_id", "lesson_key"):
        if key:
            by_course[course_id].hidden.add(key)
