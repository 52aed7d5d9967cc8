"""Assignments for tests."""

from typing import Any

from courses import assignment_writing
from courses.models import Course, Lesson
from tests.courses.factories import make_course, publish

CRITERIA = (
    ("Shape", (("Round", 4), ("Nearly", 2), ("Flat", 0))),
    ("Glaze", (("Even", 6), ("Runs", 3), ("None", 0))),
)


def add_assignment(section: Any, title: str = "Throw a bowl", **rules: Any) -> Lesson:
    """Two criteria, 10 points, pass mark 60 %."""
    lesson = section.add_lesson(title, "assignment")
    assignment_writing.change_rules(lesson, {"task": "Throw a bowl and **show** it.", **rules})
    for name, levels in CRITERIA:
        rows = [{"title": each, "points": points, "text": f"What is {each}"} for each, points in levels]
        assignment_writing.add_criterion(lesson, {"title": name, "levels": rows})
    return lesson


def make_assignment_course(title: str = "Pottery by hand", **rules: Any) -> Course:
    """Ada's live course: one film, then an assignment."""
    course = make_course(title=title, live=False, lessons=1)
    add_assignment(course.draft.sections.first(), **rules)
    publish(course.draft)
    return Course.objects.select_related("creator__user", "live_version").get(pk=course.pk)


def assignment_of(course: Course) -> Lesson:
    return course.live_lessons().select_related("version__course__creator").get(kind="assignment")


def marks(lesson: Lesson, *titles: str) -> dict[str, str]:
    """By criterion: the level of this title."""
    chosen = zip(lesson.assigned.criteria, titles, strict=True)
    return {each.id: next(level.id for level in each.levels if level.title == title) for each, title in chosen}
