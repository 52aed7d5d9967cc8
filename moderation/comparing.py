"""The two trees that `changes` compares, read from a submitted version and from the live one."""

from collections.abc import Iterable
from typing import Any

from courses.models import Lesson, Version
from courses.quizzes import plain

from . import changes

FIELDS = ("title", "subtitle", "description", "outcomes", "requirements", "audience", "level", "language")


def with_live(version: Version) -> changes.Changes | None:
    """What `version` changes for learners; None for a course that was never live, where all is new."""
    live = version.course.live_version
    if live is None or live.pk == version.pk:
        return None
    return changes.between(_fields(live), _fields(version), _lessons(live), _lessons(version))


def _fields(version: Version) -> dict[str, Any]:
    facts = {name: getattr(version, name) for name in FIELDS}
    facts["category"] = str(version.category or "")
    facts["cover"] = version.cover.name
    return facts


def _lessons(version: Version) -> Iterable[changes.LessonFacts]:
    numbers: dict[int, int] = {}
    for lesson in Lesson.objects.filter(version=version).in_order().select_related("section").prefetch_related("files"):
        section = lesson.section
        numbers[section.pk] = numbers.get(section.pk, 0) + 1
        yield changes.LessonFacts(
            key=lesson.key,
            title=lesson.title,
            kind=lesson.kind,
            position=(section.position + 1, numbers[section.pk]),
            section=section.title,
            is_preview=lesson.is_preview,
            film=str(lesson.video_id or ""),
            article=lesson.article,
            files="\n".join(f"{file.name} ({file.size}, {file.sha256[:12]})" for file in lesson.files.all()),
            quiz=plain.as_text(lesson.questions) if lesson.kind == Lesson.Kind.QUIZ else "",
        )
