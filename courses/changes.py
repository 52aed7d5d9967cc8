"""What one version of a course changes against another. Pure: it compares two plain trees.

Lessons and sections are matched by their stable keys, so a renamed or moved one is the same. Only the fewest lessons
that explain the new order are said to have moved.
"""

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any
from uuid import UUID

# What of a lesson there is to look at once more; where it stands and what it is called are no news to who did it.
CONTENT = frozenset({"added", "film", "article", "files", "quiz", "assignment"})
# Kinds of change by the fact that differs, and every kind that a lesson may have.
_FACTS = {
    "film": "film", "article": "article", "files": "files", "quiz": "quiz", "assignment": "assignment",
    "preview": "is_preview",
}  # fmt: skip
KINDS = ("added", "removed", "renamed", "moved", *_FACTS)


@dataclass(frozen=True)
class LessonFacts:
    """What of a lesson can differ. `position` is (section number, lesson number), from 1; `section` its title.

    `film`, `article`, `files`, `quiz`, `assignment`: the thing itself, or a mark that differs whenever the thing does.
    """

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
    length_s: int = 0
    section_key: UUID | None = None
    assignment: str = ""


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
    """`kinds` holds any of KINDS, in their order."""

    lesson: LessonFacts
    kinds: tuple[str, ...]
    before: LessonFacts | None = None
    runs: tuple[TextRun, ...] = ()

    @property
    def is_content(self) -> bool:
        """Whether there is something to look at once more."""
        return not CONTENT.isdisjoint(self.kinds)


@dataclass(frozen=True)
class SectionChange:
    """`kind` is added, removed, renamed (from `before`) or moved. One that has no lessons is not there."""

    kind: str
    title: str
    before: str = ""


@dataclass(frozen=True)
class Changes:
    fields: tuple[FieldChange, ...] = ()
    lessons: tuple[LessonChange, ...] = field(default=())
    sections: tuple[SectionChange, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.fields or self.lessons or self.sections)

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
    old, new = list(lessons_before), list(lessons_after)
    return Changes(fields, tuple(_lesson_changes(old, new)), tuple(_section_changes(old, new)))


def _section_changes(before: list[LessonFacts], after: list[LessonFacts]) -> Iterable[SectionChange]:
    old, new = (
        {lesson.section_key: lesson.section for lesson in tree if lesson.section_key} for tree in (before, after)
    )
    moved = _out_of_order(list(old), list(new))
    for key, title in new.items():
        if key not in old:
            yield SectionChange("added", title)
            continue
        if old[key] != title:
            yield SectionChange("renamed", title, old[key])
        if key in moved:
            yield SectionChange("moved", title)
    yield from (SectionChange("removed", title) for key, title in old.items() if key not in new)


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
    """What of the lesson's words differs: text, files, questions with their answers, task and rubric."""
    named = [name for name in ("article", "files", "quiz", "assignment") if name in kinds]
    return tuple(run for name in named for run in text_runs(getattr(was, name), getattr(now, name)))


def _kinds(was: LessonFacts | None, now: LessonFacts, moved: set[UUID]) -> tuple[str, ...]:
    if was is None:
        return ("added",)
    tests = {
        "renamed": was.title != now.title,
        "moved": now.key in moved,
        **{kind: getattr(was, fact) != getattr(now, fact) for kind, fact in _FACTS.items()},
    }
    return tuple(kind for kind, is_so in tests.items() if is_so)


def _moved_keys(before: list[LessonFacts], after: list[LessonFacts]) -> set[UUID]:
    """Lessons that stand in another section, or in another order among those of their section that stayed in it. An
    insertion moves nobody; a section that moves takes its lessons along.
    """
    old, new = _by_section(before), _by_section(after)
    was = {key: section for section, keys in old.items() for key in keys}
    moved = {key for section, keys in new.items() for key in keys if was.get(key, section) != section}
    for section, keys in new.items():
        moved |= _out_of_order(old.get(section, []), keys)
    return moved


def _by_section(tree: list[LessonFacts]) -> dict[UUID | str, list[UUID]]:
    found: dict[UUID | str, list[UUID]] = {}
    for lesson in tree:
        found.setdefault(lesson.section_key or lesson.section, []).append(lesson.key)
    return found


def _out_of_order(before: list[Any], after: list[Any]) -> set[Any]:
    """The fewest of what stands in both that must be taken out for the rest to stand in the same order."""
    places = {key: at for at, key in enumerate(before)}
    shared = [key for key in after if key in places]
    # Longest increasing run of places: `ends` holds the smallest end of a run of each length, `links` the one before.
    ends: list[int] = []
    tops: list[Any] = []
    links: dict[Any, Any] = {}
    for key in shared:
        at = bisect_left(ends, places[key])
        links[key] = tops[at - 1] if at else None
        ends[at:], tops[at:] = [places[key], *ends[at + 1 :]], [key, *tops[at + 1 :]]
    kept, key = set(), tops[-1] if tops else None
    while key is not None:
        kept.add(key)
        key = links[key]
    return set(shared) - kept


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
