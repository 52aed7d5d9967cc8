"""A learner's way through one course: its lessons in order, what is done, and where to go on. Two queries a course."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby
from typing import Any

from courses.models import Course, Lesson, Section
from videos.models import Replacement

from . import intervals, replaced
from .models import LessonProgress
from .models.progress import resume_at


@dataclass(frozen=True)
class Step:
    """One lesson on the way, and how far the learner is in it."""

    lesson: Lesson
    progress: LessonProgress | None
    # The second at which the film goes on: on the steps of `with_places`, 0 on others.
    resume_at: float = 0.0

    @property
    def is_hidden(self) -> bool:
        """A moderator has hidden it: it cannot be opened, and nothing waits for it."""
        return getattr(self.lesson, "is_hidden", False)

    @property
    def is_done(self) -> bool:
        return self.progress is not None and self.progress.is_done

    @property
    def percent(self) -> int:
        return self.progress.percent if self.progress else 0

    @property
    def films(self) -> tuple[uuid.UUID, uuid.UUID] | None:
        """The one that was watched and the one that is shown, where these are two."""
        row, film = self.progress, self.lesson.video
        return (row.asset, film.asset) if row and row.asset and film and film.asset != row.asset else None

    def place(self, ways: Mapping[tuple[uuid.UUID, uuid.UUID], Sequence[Replacement]]) -> float:
        row, film = self.progress, self.lesson.video
        if row is None or film is None or self.films is None:
            return row.resume_at if row else 0.0
        carried = replaced.along(row.covered, row.position_s, ways[self.films])
        return resume_at(carried.position_s, intervals.length_s(film.duration_ms or 0)) if carried else 0.0


@dataclass(frozen=True)
class Part:
    """One section of the course, with all its steps; hidden ones count for nothing."""

    section: Section
    steps: list[Step]

    @property
    def total(self) -> int:
        return sum(not step.is_hidden for step in self.steps)

    @property
    def done(self) -> int:
        return sum(step.is_done and not step.is_hidden for step in self.steps)


@dataclass(frozen=True)
class Way:
    course: Course
    steps: list[Step]

    @cached_property
    def open_steps(self) -> list[Step]:
        """Those that count: all but the hidden ones."""
        return [step for step in self.steps if not step.is_hidden]

    @property
    def total(self) -> int:
        return len(self.open_steps)

    @cached_property
    def done(self) -> int:
        return sum(step.is_done for step in self.open_steps)

    @property
    def percent(self) -> int:
        return self.done * 100 // self.total if self.total else 0

    @property
    def is_complete(self) -> bool:
        return self.total > 0 and self.done == self.total

    @property
    def parts(self) -> list[Part]:
        grouped = groupby(self.steps, key=lambda step: step.lesson.section)
        return [Part(section, list(steps)) for section, steps in grouped]

    @property
    def current(self) -> Step | None:
        """Where to go on: the lesson touched last, when it is not done; else the next open one after it."""
        steps = self.open_steps
        if self.is_complete or not steps:
            return steps[0] if steps else None
        touched = [(step.progress.touched_at, at) for at, step in enumerate(steps) if step.progress]
        start = max(touched)[1] if touched else 0
        return next(step for step in (*steps[start:], *steps) if not step.is_done)

    def with_places(self) -> "Way":
        """Each film with the second at which it goes on, also where it took the place of the one that was watched: a
        query or two more where there is such a film.
        """
        pairs = {step.films for step in self.steps if step.films}
        ways = Replacement.objects.ways(pairs) if pairs else {}
        return replace(self, steps=[replace(step, resume_at=step.place(ways)) for step in self.steps])

    def step(self, key: uuid.UUID) -> Step | None:
        return next((step for step in self.steps if step.lesson.key == key), None)

    def neighbors(self, key: uuid.UUID) -> tuple[Lesson | None, Lesson | None]:
        """The lessons before and after this one that can be opened."""
        shown = [step.lesson for step in self.steps if not step.is_hidden or step.lesson.key == key]
        lessons = [None, *shown, None]
        at = next(at for at, lesson in enumerate(lessons) if lesson and lesson.key == key)
        return lessons[at - 1], lessons[at + 1]


def through(course: Course, learner: Any, lessons: Iterable[Lesson] | None = None) -> Way:
    """`lessons`: those of the live version, unless another version is looked at.

    Texts and quizzes stay where they are: a page shows one of them, and a long course has hundreds.
    """
    shown = list(course.live_lessons().with_hidden().defer("article", "quiz") if lessons is None else lessons)
    rows = LessonProgress.objects.of(learner).filter(course=course)
    by_key = {row.lesson_key: row for row in rows}
    return Way(course, [Step(lesson, by_key.get(lesson.key)) for lesson in shown])
