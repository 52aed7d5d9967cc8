"""A version's curriculum as pages and the API show it: sections with their lessons, in one query."""

from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet

from marketplace.lib import links
from marketplace.lib.rows import written_once

from .models import Lesson, Section, Version


@dataclass
class Chapter:
    section: Section
    lessons: list[Lesson] = field(default_factory=list)

    @property
    def duration_s(self) -> int:
        """Of what can be opened: without lessons that moderators have hidden."""
        return sum(lesson.duration_s for lesson in self.lessons if not lesson.is_hidden)

    @property
    def hidden_count(self) -> int:
        return sum(lesson.is_hidden for lesson in self.lessons)

    @property
    def has_what_opens(self) -> bool:
        """Not all of it was hidden by moderators."""
        return not all(lesson.is_hidden for lesson in self.lessons)


def chapters(version: Version) -> list[Chapter]:
    """Sections in order, each lesson with its film. Empty sections are left out; none can be published."""
    found: dict[int, Chapter] = {}
    for lesson in _lessons(version.pk):
        lesson.version = version
        found.setdefault(lesson.section_id, Chapter(lesson.section)).lessons.append(lesson)
    return list(found.values())


@written_once
def _lessons(version: Any) -> QuerySet[Lesson]:
    return Lesson.objects.filter(version=version).in_order().with_hidden().select_related("section", "video")


def previews(outline: list[Chapter]) -> list[Lesson]:
    """Lessons that everybody may watch, and read: whoever draws one of them asks for no right."""
    return [lesson for chapter in outline for lesson in chapter.lessons if lesson.is_shown_free]


def row_of(slug: str, key: Any) -> str:
    """Where a lesson stands on its course's page, for whoever may not open it (courses/_curriculum.html)."""
    return f"{links.of_slug('courses:detail', slug)}#lesson-{key}"


def shown_preview(previews: list[Lesson], key: str) -> Lesson | None:
    """The preview that was asked for by its key; else the first film, else the first of them."""
    asked = [lesson for lesson in previews if str(lesson.key) == key]
    films = [lesson for lesson in previews if lesson.is_video]
    return next(iter([*asked, *films, *previews]), None)
