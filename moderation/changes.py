"""What a submitted version changes against the version that learners see now. Pure: it compares two plain trees.

Lessons are matched by their stable key, so a renamed or moved lesson is the same lesson.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any
from uuid import UUID


@dataclass(frozen=True)
class LessonFacts:
    """What of a lesson can differ. `position` is (section number, lesson number), from 1."""

    key: UUID
    title: str
    kind: str
    position: tuple[int, int]
    section: str
    is_preview: bool
    film: str
    article: str
    files: str = ""
    quiz: str = ""


@dataclass(frozen=True)
class TextRun:
    """A stretch of a text: `kind` is "same", "added" or "removed"."""

    kind: str
    text: str


@dataclass(frozen=True)
class FieldChange:
    name: str
    before: Any
    after: Any
    runs: tuple[TextRun, ...] = ()

    @property
    def is_list(self) -> bool:
        return isinstance(self.after, list)


@dataclass(frozen=True)
class LessonChange:
    """`kinds` holds any of: added, removed, renamed, moved, film, article, files, quiz, preview."""

    lesson: LessonFacts
    kinds: tuple[str, ...]
    before: LessonFacts | None = None
    runs: tuple[TextRun, ...] = ()


@dataclass(frozen=True)
class Changes:
    fields: tuple[FieldChange, ...] = ()
    lessons: tuple[LessonChange, ...] = field(default=())

    def __bool__(self) -> bool:
        return bool(self.fields or self.lessons)

    @property
    def kinds_by_key(self) -> dict[UUID, tuple[str, ...]]:
        return {change.lesson.key: change.kinds for change in self.lessons}


def between(
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    lessons_before: Iterable[LessonFacts],
    lessons_after: Iterable[LessonFacts],
) -> Changes:
    fields = tuple(
        FieldChange(name, before.get(name), value, _runs_of(before.get(name), value))
        for name, value in after.items()
        if before.get(name) != value
    )
    return Changes(fields, tuple(_lesson_changes(list(lessons_before), list(lessons_after))))


def _lesson_changes(before: list[LessonFacts], after: list[LessonFacts]) -> Iterable[LessonChange]:
    old = {lesson.key: lesson for lesson in before}
    moved = _moved_keys(before, after)
    for lesson in after:
        was = old.pop(lesson.key, None)
        kinds = _kinds(was, lesson, moved)
        if kinds:
            yield LessonChange(lesson, kinds, was, _words(was, lesson, kinds) if was else ())
    for gone in old.values():
        yield LessonChange(gone, ("removed",), gone)


def _words(was: LessonFacts, now: LessonFacts, kinds: tuple[str, ...]) -> tuple[TextRun, ...]:
    """What of the lesson's words differs: its text, its files, its questions with their answers."""
    named = [name for name in ("article", "files", "quiz") if name in kinds]
    return tuple(run for name in named for run in text_runs(getattr(was, name), getattr(now, name)))


def _kinds(was: LessonFacts | None, now: LessonFacts, moved: set[UUID]) -> tuple[str, ...]:
    if was is None:
        return ("added",)
    tests = {
        "renamed": was.title != now.title,
        "moved": now.key in moved,
        "film": was.film != now.film,
        "article": was.article != now.article,
        "files": was.files != now.files,
        "quiz": was.quiz != now.quiz,
        "preview": was.is_preview != now.is_preview,
    }
    return tuple(kind for kind, is_so in tests.items() if is_so)


def _moved_keys(before: list[LessonFacts], after: list[LessonFacts]) -> set[UUID]:
    """Lessons whose order among the surviving ones changed, or whose section did; an insertion moves nobody."""
    surviving = {lesson.key for lesson in before} & {lesson.key for lesson in after}
    old = [lesson.key for lesson in before if lesson.key in surviving]
    new = [lesson.key for lesson in after if lesson.key in surviving]
    kept = {
        old[at]
        for block in SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
        for at in range(block.a, block.a + block.size)
    }
    sections = {lesson.key: lesson.section for lesson in before}
    elsewhere = {lesson.key for lesson in after if lesson.key in surviving and sections[lesson.key] != lesson.section}
    return (surviving - kept) | elsewhere


def _runs_of(before: Any, after: Any) -> tuple[TextRun, ...]:
    if isinstance(before, str) and isinstance(after, str):
        return text_runs(before, after)
    if isinstance(before, list) and isinstance(after, list):
        return _merged(before, after, "\n")
    return ()


def text_runs(before: str, after: str) -> tuple[TextRun, ...]:
    """Word by word; Chinese has no spaces, so there it goes character by character."""
    return _merged(_pieces(before), _pieces(after), "")


def _pieces(text: str) -> list[str]:
    pieces: list[str] = []
    for char in text:
        is_word = char.isascii() and not char.isspace()
        if is_word and pieces and pieces[-1].isascii() and not pieces[-1][-1].isspace():
            pieces[-1] += char
        else:
            pieces.append(char)
    return pieces


def _merged(before: list[str], after: list[str], glue: str) -> tuple[TextRun, ...]:
    runs: list[TextRun] = []
    for tag, a1, a2, b1, b2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            runs.append(TextRun("same", glue.join(after[b1:b2])))
            continue
        if a2 > a1:
            runs.append(TextRun("removed", glue.join(before[a1:a2])))
        if b2 > b1:
            runs.append(TextRun("added", glue.join(after[b1:b2])))
    return tuple(runs)
