"""The second of a film at which something is said.

Whoever may watch a lesson reads the line and is led to its second. Others learn only that the words fall in that film:
they see its title and are led to the course. Free previews are read by everybody.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Q
from django.urls import reverse

from courses.models import Course, Lesson
from discovery.models import Spoken
from discovery.questions import Question
from learners.models import Enrollment
from marketplace.lib import words
from videos import cues
from videos.cues import Cue

MOST_SHOWN = 4
_LOOKED_AT = 60
LONGEST_EXCERPT = 160
_SHOWN = (
    "is_free", "course__slug", "course__title", "course__language", "course__live_version_id", "lesson__key",
    "lesson__title", "lesson__is_preview", "lesson__version_id", "caption__webvtt", "caption__language",
)  # fmt: skip
_FIND = """
SELECT s.id FROM (SELECT id, course_id, is_free FROM discovery_spoken WHERE words @@ {asked} AND numnode({asked}) > 0
    LIMIT {looked_at}) s JOIN courses_course c ON c.id = s.course_id
ORDER BY s.course_id = ANY(%s) DESC, s.is_free DESC, c.learners_count DESC, s.id LIMIT {most}
"""


@dataclass(frozen=True)
class Moment:
    """`excerpt` and `start_s` are empty for a film that the reader may not watch."""

    course: Course
    lesson: Lesson
    address: str
    excerpt: str = ""
    start_s: int | None = None
    language: str = ""


def said(question: Question, reader: Any) -> list[Moment]:
    """Some moments at which the words are spoken, those that `reader` may watch first. Two queries."""
    if not question.terms:
        return []
    enrolled = _courses_of(reader)
    ids = _found(question, list(enrolled))
    spoken = Spoken.objects.filter(pk__in=ids).select_related("course", "lesson", "caption").only(*_SHOWN)
    shown = spoken.filter(course__in=Course.objects.listed()) if ids else []
    moments, lessons = [], set()
    for row in sorted(shown, key=lambda row: ids.index(row.pk)):
        if len(moments) == MOST_SHOWN:
            break
        if row.lesson_id not in lessons and row.lesson.version_id == row.course.live_version_id:
            lessons.add(row.lesson_id)
            moments.append(_moment(row, question, may_watch=row.course_id in enrolled))
    return moments


def _found(question: Question, enrolled: list[int]) -> list[int]:
    asked, values = question.sql()
    with connection.cursor() as cursor:
        sql = _FIND.format(asked=asked, looked_at=_LOOKED_AT, most=3 * MOST_SHOWN)
        cursor.execute(sql, [*values, *values, enrolled])
        return [pk for (pk,) in cursor.fetchall()]


def _courses_of(reader: Any) -> set[int]:
    """Courses that `reader` may watch whole: bought, or her own."""
    if not reader.is_authenticated:
        return set()
    theirs = Enrollment.objects.active().of(reader).values("course_id")
    return set(Course.objects.filter(Q(pk__in=theirs) | Q(creator__user_id=reader.pk)).values_list("pk", flat=True))


def _moment(row: Spoken, question: Question, *, may_watch: bool) -> Moment:
    lesson, course = row.lesson, row.course
    page = reverse("courses:detail", args=[course.slug])
    if not (may_watch or lesson.is_preview):
        return Moment(course, lesson, f"{page}#curriculum")
    cue = _cue(cues.read(row.caption.webvtt), question)
    start = int(cue.start_s) if cue else 0
    place = reverse("learners:lesson", args=[course.slug, lesson.key])
    text = " ".join(cue.text.split())[:LONGEST_EXCERPT] if cue else ""
    return Moment(course, lesson, f"{place}?t={start}", text, start, row.caption.language)


def _cue(lines: list[Cue], question: Question) -> Cue | None:
    """The first line that has the most of what was asked."""
    wanted = [way for term in question.terms for way in (term.text, *term.others)]
    pieces = {piece for way in wanted for piece in _pieces(way)}
    best = max(lines, key=lambda cue: _weight(words.normal(cue.text), pieces), default=None)
    return best if best and _weight(words.normal(best.text), pieces) else None


def _pieces(way: str) -> Iterable[str]:
    """Stems, roughly: enough of the word to find its line again."""
    for run in words.runs(way):
        yield from words.asked_signs(run)
    for word in words.latin(way):
        yield word[: max(4, len(word) - 3)]


def _weight(line: str, pieces: set[str]) -> int:
    return sum(len(piece) for piece in pieces if piece in line)
