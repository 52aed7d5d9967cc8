"""What a creator is shown of her course's audience, for page, API and file: never fewer than five people.

That holds for each number by itself: of a lesson that many began, neither that three finished it nor that two saw its
end is told. None stands for "fewer than five", nobody included.
"""

import csv
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from courses.models import Course, Lesson
from courses.quizzes.shape import Question

from . import item_figures, retention
from .item_figures import ItemFigures
from .models import Cohort, LessonAudience
from .retention import FEWEST, Peak

WIDTH, HEIGHT = 720, 220
LEFT, RIGHT, TOP, BOTTOM = 64, 8, 12, 26


@dataclass(frozen=True)
class Step:
    """A part of the film: what share of those who began it saw it, and how often it was played again."""

    start_s: int
    end_s: int
    seen: int | None
    percent: int | None
    again: int | None


@dataclass(frozen=True)
class LessonShown:
    lesson: Lesson
    started: int | None
    finished: int | None
    steps: list[Step]
    peaks: list[Peak]
    is_biggest_fall: bool = False

    @property
    def percent(self) -> int | None:
        """Of those who began the lesson, who finished it."""
        return _percent(self.finished, self.started)

    @property
    def is_cut(self) -> bool:
        """Whether the curve leaves out parts that too few people saw."""
        return any(step.seen is None for step in self.steps)


@dataclass(frozen=True)
class CohortShown:
    month: date
    enrolled: int | None
    begun: int | None
    finished: int | None

    @property
    def percent(self) -> int | None:
        return _percent(self.finished, self.enrolled)


@dataclass(frozen=True)
class ItemShown:
    """A question of a quiz, answered in their first attempt by five people at least."""

    lesson: Lesson
    question: Question
    figures: ItemFigures


@dataclass(frozen=True)
class Audience:
    lessons: list[LessonShown]
    cohorts: list[CohortShown]
    items: list[ItemShown]
    computed_at: datetime | None

    @property
    def has_figures(self) -> bool:
        return bool(self.items) or any(one.started is not None for one in self.lessons)

    def chosen(self, key: str) -> LessonShown | None:
        """The lesson asked for, or the first that has a curve."""
        curves = [one for one in self.lessons if one.steps]
        return next((one for one in curves if str(one.lesson.key) == key), curves[0] if curves else None)


def of(course: Course) -> Audience:
    """In four queries, whatever the number of learners. Questions alone are counted now, not by the job."""
    lessons = list(course.live_lessons()) if course.live_version_id else []
    kept = {row.lesson_key: row for row in LessonAudience.objects.filter(course=course)}
    started = [_told(kept, lesson.key) for lesson in lessons]
    fall = retention.biggest_fall(started)
    shown = [_lesson(lesson, kept.get(lesson.key), at == fall) for at, lesson in enumerate(lessons)]
    cohorts = [_cohort(row) for row in Cohort.objects.filter(course=course).order_by("-month")]
    computed_at = max((row.computed_at for row in kept.values()), default=None)
    return Audience(shown, cohorts, _items(lessons), computed_at)


def _items(lessons: list[Lesson]) -> list[ItemShown]:
    """In the order of the course and of each quiz; those that too few have answered are left out."""
    quizzes = [lesson for lesson in lessons if lesson.kind == Lesson.Kind.QUIZ]
    figures = item_figures.of_quizzes([quiz.key for quiz in quizzes])
    return [
        ItemShown(quiz, question, found)
        for quiz in quizzes
        for question in quiz.questions.questions
        if (found := figures[quiz.key].get((question.id, question.fingerprint)))
    ]


def _told(kept: dict[uuid.UUID, LessonAudience], key: uuid.UUID) -> int | None:
    row = kept.get(key)
    return _enough(row.started) if row else None


def _enough(count: int) -> int | None:
    return count if count >= FEWEST else None


def _percent(part: int | None, whole: int | None) -> int | None:
    return None if part is None or not whole else part * 100 // whole


def _lesson(lesson: Lesson, row: LessonAudience | None, is_biggest_fall: bool) -> LessonShown:
    if row is None or row.started < FEWEST:
        return LessonShown(lesson, None, None, [], [])
    finished = _enough(row.finished)
    if max(row.seen, default=0) < FEWEST:
        return LessonShown(lesson, row.started, finished, [], [], is_biggest_fall)
    steps = [_step(row, at) for at in range(len(row.seen))]
    found = retention.peaks(row.seen, row.plays, row.step_s, row.length_s)
    told = [peak for peak in found if peak.again >= FEWEST]
    return LessonShown(lesson, row.started, finished, steps, told, is_biggest_fall)


def _step(row: LessonAudience, at: int) -> Step:
    start_s, end_s = at * row.step_s, min(row.length_s, (at + 1) * row.step_s)
    seen = _enough(row.seen[at])
    again = None if seen is None else _enough(row.plays[at] - seen)
    return Step(start_s, end_s, seen, _percent(seen, row.started), again)


def _cohort(row: Cohort) -> CohortShown:
    if row.enrolled < FEWEST:
        return CohortShown(row.month, None, None, None)
    return CohortShown(row.month, row.enrolled, _enough(row.begun), _enough(row.finished))


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
    """The drawing of a lesson with steps; coordinates within WIDTH × HEIGHT. What is not told has no bar."""
    people = shown.started or 1
    told = [(at, step, step.seen, step.again or 0) for at, step in enumerate(shown.steps) if step.seen is not None]
    most = max([people, *(seen + again for _at, _step, seen, again in told)])
    room, wide = HEIGHT - TOP - BOTTOM, WIDTH - LEFT - RIGHT
    bars = []
    for at, step, seen, again in told:
        x, end = LEFT + at * wide // len(shown.steps), LEFT + (at + 1) * wide // len(shown.steps)
        height, whole = seen * room // most, (seen + again) * room // most
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


def _cell(count: int | None) -> int | str:
    return f"<{FEWEST}" if count is None else count


def csv_lines(audience: Audience) -> Iterator[str]:
    """Lessons, each with its steps, then questions, then cohorts. Numbers of fewer than five people are "<5"."""
    writer = csv.writer(_Echo())
    yield writer.writerow(
        ["what", "lesson", "title", "from_s", "to_s", "people", "finished", "percent", "again", "fit", "begun"]
    )
    for one in audience.lessons:
        name = [one.lesson.key, one.lesson.title]
        people, finished = _cell(one.started), _cell(one.finished)
        yield writer.writerow(["lesson", *name, "", "", people, finished, one.percent, "", "", ""])
        for step in one.steps:
            place, people, again = [step.start_s, step.end_s], _cell(step.seen), _cell(step.again)
            yield writer.writerow(["step", *name, *place, people, "", step.percent, again, "", ""])
    for item in audience.items:
        told, name = item.figures, [item.lesson.key, item.question.text]
        yield writer.writerow(["question", *name, "", "", told.people, "", told.percent, "", told.discrimination, ""])
    for row in audience.cohorts:
        month = f"{row.month:%Y-%m}"
        people, begun, finished = _cell(row.enrolled), _cell(row.begun), _cell(row.finished)
        yield writer.writerow(["cohort", "", month, "", "", people, finished, row.percent, "", "", begun])
