"""Notes of a learner: who may write where, her notes of a course in the order of its lessons, and as Markdown."""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Count, Max
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from courses.models import Course, Lesson
from marketplace.lib import links
from marketplace.lib.templatetags.ui import clock
from videos.models import Replacement, Video
from videos.playback import MayNotWatch

from . import intervals, replaced, rights
from .models import Note
from .models.note import written
from .models.placed import Placed


@dataclass(frozen=True)
class Page:
    """The notes of one lesson; `lesson` is None when it is no longer in the course."""

    key: uuid.UUID
    title: str
    section: str
    lesson: Lesson | None
    notes: list[Note]


def put_in_place(rows: Sequence[Note], films: Mapping[uuid.UUID, Video | None]) -> list[Note]:
    """The notes in the order of the films that are shown now, by the lesson's key."""
    stand(rows, films)
    return sorted(rows, key=lambda note: (note.place_s is not None, note.place_s or 0, note.pk))


def stand(rows: Sequence[Placed], films: Mapping[uuid.UUID, Video | None]) -> None:
    """Tell each where it stands in the film that its lesson shows now: what was written at a second of a film before
    that one stands where the same place is, or at the nearest one, with a mark. No query without such rows.
    """
    moved = [(row, film) for row in rows if row.at_s is not None and (film := films.get(row.lesson_key))]
    moved = [(row, film) for row, film in moved if row.asset != film.asset]
    pairs = {(row.asset, film.asset) for row, film in moved if row.asset}
    ways = Replacement.objects.ways(pairs) if pairs else {}
    for row, film in moved:
        way = ways[row.asset, film.asset] if row.asset else []
        second, fits = replaced.place(row.at_s or 0, way, intervals.length_s(film.duration_ms or 0))
        row.stand_at(second, fits=fits)


def placed(rows: Sequence[Note]) -> list[Note]:
    """The same notes in their order, each told where it stands in the film that its lesson shows now."""
    lessons = Lesson.objects.live().filter(key__in={note.lesson_key for note in rows}).select_related("video")
    put_in_place(rows, {lesson.key: lesson.video for lesson in lessons})
    return list(rows)


def add(learner: Any, key: uuid.UUID, *, text: str, at_s: int | None = None) -> Note:
    """A note in the live lesson of this key that the learner may watch; `at_s`: a second of its film.

    Raises Http404, MayNotWatch, ValidationError, TooManyNotes.
    """
    live = Lesson.objects.live().filter(key=key).select_related("version__course__creator", "video")
    lesson = live.first()
    if lesson is None:
        raise Http404
    if not rights.may_watch(learner, lesson):
        raise MayNotWatch
    return Note.objects.add(
        learner=learner, course=lesson.version.course, lesson_key=key, text=text, at_s=at_s,
        asset=film_at(lesson, at_s),
    )  # fmt: skip


def film_at(lesson: Lesson, at_s: int | None) -> uuid.UUID | None:
    """The film of which that is a second; None where no second is meant. Raises ValidationError."""
    if at_s is None:
        return None
    video = lesson.video
    if video is None or not 0 <= at_s <= intervals.length_s(video.duration_ms or 0):
        raise ValidationError({"at_s": _("The lesson has no such second.")})
    return video.asset


def of_lesson(learner: Any, lesson: Lesson) -> Page:
    """One query, and a few more for notes of a film before this one."""
    rows = list(Note.objects.of(learner).filter(lesson_key=lesson.key, course_id=lesson.version.course_id).in_order())
    return Page(lesson.key, lesson.title, "", lesson, put_in_place(rows, {lesson.key: lesson.video}))


def of_course(learner: Any, course: Course, words: str = "") -> list[Page]:
    """Her notes by lesson, in the course's order; what is no longer in it comes last.

    Three queries, and a few more for notes of films that were replaced.
    """
    rows = list(Note.objects.of(learner).filter(course=course).holding(words).in_order())
    if not rows:
        return []
    keys = {note.lesson_key for note in rows}
    live = [lesson for lesson in course.live_lessons() if lesson.key in keys]
    by_key = written(put_in_place(rows, {lesson.key: lesson.video for lesson in live}))
    pages = [Page(one.key, one.title, one.section.title, one, by_key.pop(one.key)) for one in live]
    gone = dict(_last_titles(course, list(by_key))) if by_key else {}
    return [*pages, *(Page(key, gone.get(key, ""), "", None, notes) for key, notes in by_key.items())]


def _last_titles(course: Course, keys: Sequence[uuid.UUID]) -> Iterator[tuple[uuid.UUID, str]]:
    rows = Lesson.objects.filter(version__course=course, key__in=keys)
    yield from rows.order_by("key", "-version__number").distinct("key").values_list("key", "title")


@dataclass(frozen=True)
class Noted:
    """A course in which the learner has notes."""

    course: Course
    count: int
    edited_at: Any


def courses_of(learner: Any, words: str = "") -> list[Noted]:
    """Courses with notes that hold `words`, the one written in last first. Two queries."""
    rows = Note.objects.of(learner).holding(words).order_by().values("course_id")
    told = {row["course_id"]: row for row in rows.annotate(count=Count("pk"), last=Max("edited_at"))}
    courses = Course.objects.filter(pk__in=list(told)).select_related("creator")
    found = [Noted(course, told[course.pk]["count"], told[course.pk]["last"]) for course in courses]
    return sorted(found, key=lambda one: one.edited_at, reverse=True)


def as_markdown(learner: Any, course: Course) -> str:
    """All her notes of a course, each with the address of its second."""
    lines, section = [f"# {_line(course.title)}", ""], ""
    for page in of_course(learner, course):
        if page.lesson and page.section != section:
            section = page.section
            lines += [f"## {_line(section)}", ""]
        title = page.title or _("A lesson that is no longer in the course")
        lines += [f"### {_line(title)}", ""]
        for note in page.notes:
            lines += [*_marked(course, page, note), ""]
    return "\n".join(lines).rstrip() + "\n"


def _marked(course: Course, page: Page, note: Note) -> list[str]:
    if note.place_s is None:
        return note.text.splitlines()
    place = f"**{clock(note.place_s)}**"
    if page.lesson:
        place = f"[{clock(note.place_s)}]({links.absolute(address(course, note))})"
    first, *more = (note.text or _("Bookmark")).splitlines()
    return [f"{place} {first}", *more]


def _line(text: str) -> str:
    return " ".join(text.split())


def address(course: Course, note: Note) -> str:
    """Of the lesson, at the note's second."""
    page = reverse("learners:lesson", args=[course.slug, note.lesson_key])
    return page if note.place_s is None else f"{page}?t={note.place_s}"
