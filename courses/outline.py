"""A live course's curriculum as pages and the API show it: sections with their lessons, in two queries at most."""

from dataclasses import dataclass, field

from .models import Course, Lesson, Section


@dataclass
class Chapter:
    section: Section
    lessons: list[Lesson] = field(default_factory=list)

    @property
    def duration_s(self) -> int:
        return sum(lesson.duration_s for lesson in self.lessons)


def chapters(course: Course) -> list[Chapter]:
    """Sections of the live version in order; empty ones cannot be published."""
    found: dict[int, Chapter] = {}
    for lesson in course.live_lessons():
        found.setdefault(lesson.section_id, Chapter(lesson.section)).lessons.append(lesson)
    return list(found.values())


def previews(outline: list[Chapter]) -> list[Lesson]:
    """Lessons that everybody may watch."""
    return [lesson for chapter in outline for lesson in chapter.lessons if lesson.is_preview]
