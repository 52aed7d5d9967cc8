"""What a creator is shown of her course's audience, for page, API and file: never a group of fewer than five people."""

import csv
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from courses.models import Course, Lesson

from . import retention
from .models import Cohort, LessonAudience
from .retention import FEWEST, Peak

WIDTH, HEIGHT = 720, 220
LEFT, RIGHT, TOP, BOTTOM = 64, 8, 12, 26


@dataclass(frozen=True)
class Step:
    """A part of the film: what share of those who began it saw it, and how often it was played again."""

    start_s: int
    end_s: int
    seen: int
    percent: int
    again: int


@dataclass(frozen=True)
class LessonShown:
    """`started` and `finished` are None where they would be too few people to be told of."""

    lesson: Lesson
    started: int | None
    finished: int | None
    steps: list[Step]
    peaks: list[Peak]
    is_biggest_fall: bool = False

    @property
    def percent(self) -> int | None:
        """Of those who began the lesson, who finished it."""
        return None if not self.started else (self.finished or 0) * 100 // self.started


@dataclass(frozen=True)
class CohortShown:
    month: date
    enrolled: int | None
    begun: int | None
    finished: int | None

    @property
    def percent(self) -> int | None:
        return None if not self.enrolled else (self.finished or 0) * 100 // self.enrolled


@dataclass(frozen=True)
class Audience:
    lessons: list[LessonShown]
    cohorts: list[CohortShown]
    computed_at: datetime | None

    @property
    def has_figures(self) -> bool:
        return any(one.started is not None for one in self.lessons)

    def chosen(self, key: str) -> LessonShown | None:
        """The lesson asked for, or the first that has a curve."""
        curves = [one for one in self.lessons if one.steps]
        return next((one for one in curves if str(one.lesson.key) == key), curves[0] if curves else None)


def of(course: Course) -> Audience:
    """In three queries, whatever the number of learners."""
    lessons = list(course.live_lessons()) if course.live_version_id else []
    kept = {row.lesson_key: row for row in LessonAudience.objects.filter(course=course)}
    started = [_told(kept, lesson.key) for lesson in lessons]
    fall = retention.biggest_fall(started)
    shown = [_lesson(lesson, kept.get(lesson.key), at == fall) for at, lesson in enumerate(lessons)]
    cohorts = [_cohort(row) for row in Cohort.objects.filter(course=course).order_by("-month")]
    computed_at = max((row.computed_at for row in kept.values()), default=None)
    return Audience(shown, cohorts, computed_at)


def _told(kept: dict[uuid.UUID, LessonAudience], key: uuid.UUID) -> int | None:
    row = kept.get(key)
    return row.started if row and row.started >= FEWEST else None


def _lesson(lesson: Lesson, row: LessonAudience | None, is_biggest_fall: bool) -> LessonShown:
    if row is None or row.started < FEWEST:
        return LessonShown(lesson, None, None, [], [])
    most = max(row.seen, default=0)
    if most < FEWEST:
        return LessonShown(lesson, row.started, row.finished, [], [], is_biggest_fall)
    steps = [
        Step(
            at * row.step_s, min(row.length_s, (at + 1) * row.step_s), seen, seen * 100 // row.started,
            max(0, plays - seen),
        )
        for at, (seen, plays) in enumerate(zip(row.seen, row.plays, strict=True))
    ]  # fmt: skip
    found = retention.peaks(row.seen, row.plays, row.step_s, row.length_s)
    return LessonShown(lesson, row.started, row.finished, steps, found, is_biggest_fall)


def _cohort(row: Cohort) -> CohortShown:
    if row.enrolled < FEWEST:
        return CohortShown(row.month, None, None, None)
    return CohortShown(row.month, row.enrolled, row.begun, row.finished)


@dataclass(frozen=True)
class Bar:
    """One step as drawn: who saw it, and on top of that how often it was played again."""

    x: int
    width: int
    y: int
    height: int
    again_y: int
    again_height: int
    step: Step


@dataclass(frozen=True)
class Curve:
    bars: list[Bar]
    ticks: list[tuple[int, int]]  # percent, y
    times: list[tuple[int, int]]  # second, x
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    label_y: int = HEIGHT - 6


def curve(shown: LessonShown) -> Curve:
    """The drawing of a lesson with steps; coordinates within WIDTH × HEIGHT."""
    people = shown.started or 1
    most = max([people, *(step.seen + step.again for step in shown.steps)])
    room, wide = HEIGHT - TOP - BOTTOM, WIDTH - LEFT - RIGHT
    bars = []
    for at, step in enumerate(shown.steps):
        x, end = LEFT + at * wide // len(shown.steps), LEFT + (at + 1) * wide // len(shown.steps)
        height, whole = step.seen * room // most, (step.seen + step.again) * room // most
        floor = TOP + room
        bars.append(
            Bar(x, max(1, end - x - 1), floor - height, height, floor - whole, whole - height, step)
        )  # fmt: skip
    ticks = [(percent, TOP + room - percent * people * room // (100 * most)) for percent in (0, 25, 50, 75, 100)]
    length_s = shown.steps[-1].end_s
    times = [(length_s * n // 4, LEFT + wide * n // 4) for n in range(5)]
    return Curve(bars, ticks, times)


class _Echo:
    def write(self, text: str) -> str:
        return text


def csv_lines(audience: Audience) -> Iterator[str]:
    """Lessons, then each lesson's steps, then cohorts; what is not told is empty."""
    writer = csv.writer(_Echo())
    yield writer.writerow(["what", "lesson", "title", "from_s", "to_s", "people", "finished", "percent", "again"])
    for one in audience.lessons:
        name = [one.lesson.key, one.lesson.title]
        yield writer.writerow(["lesson", *name, "", "", one.started, one.finished, one.percent, ""])
        for step in one.steps:
            yield writer.writerow(["step", *name, step.start_s, step.end_s, step.seen, "", step.percent, step.again])
    for row in audience.cohorts:
        month = f"{row.month:%Y-%m}"
        yield writer.writerow(["cohort", "", month, "", "", row.enrolled, row.finished, row.percent, ""])
