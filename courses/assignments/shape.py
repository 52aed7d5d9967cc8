"""An assignment as one document on its lesson: task, rules, rubric; see docs/decisions/0049."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

MOST_CRITERIA, MOST_LEVELS, MOST_POINTS = 12, 8, 100
LONGEST_TASK, LONGEST_TEXT, LONGEST_LINE = 20_000, 2_000, 120
MOST_FILES, MOST_MB = 10, 100
# How many peers mark one work: of three marks there is always a middle one.
PEERS = 3


class Answer(StrEnum):
    """What is handed in."""

    TEXT = "text"
    FILES = "files"
    BOTH = "both"


class Reviewing(StrEnum):
    """Who marks."""

    CREATOR = "creator"
    PEERS = "peers"


ANSWER_LABELS = {
    Answer.BOTH: _("A text, files or both"),
    Answer.TEXT: _("A text"),
    Answer.FILES: _("Files"),
}
REVIEWING_LABELS = {
    Reviewing.CREATOR: _("You review each work yourself"),
    Reviewing.PEERS: _("Three other learners review it, without names on either side"),
}


@dataclass(frozen=True)
class RubricLevel:
    """One answer to a criterion, and what it is worth."""

    id: str
    title: str
    points: int
    text: str = ""


@dataclass(frozen=True)
class Criterion:
    """One thing that is looked at. `text` is Markdown; levels stand as they were written."""

    id: str
    title: str = ""
    text: str = ""
    levels: tuple[RubricLevel, ...] = ()

    @property
    def most(self) -> int:
        return max((level.points for level in self.levels), default=0)

    def level(self, key: str) -> RubricLevel | None:
        return next((level for level in self.levels if level.id == key), None)

    def level_of(self, points: int) -> RubricLevel | None:
        """The first one that is worth exactly so much."""
        return next((level for level in self.levels if level.points == points), None)


@dataclass(frozen=True)
class Assignment:
    """`due_days` after enrollment, None: whenever. `attempts` None: as many as somebody likes. `endings` empty: all
    kinds of files. `own_reviews`: how many works of others one marks before one's own result is shown. `fallback_days`:
    after so many days without three peers the creator marks.
    """

    task: str = ""
    answer: Answer = Answer.BOTH
    most_files: int = 3
    most_mb: int = 20
    endings: tuple[str, ...] = ()
    reviewing: Reviewing = Reviewing.CREATOR
    own_reviews: int = 3
    fallback_days: int = 7
    due_days: int | None = None
    attempts: int | None = None
    pass_percent: int = 60
    criteria: tuple[Criterion, ...] = ()

    RULES: ClassVar = (
        "task", "answer", "most_files", "most_mb", "endings", "reviewing", "own_reviews", "fallback_days", "due_days",
        "attempts", "pass_percent",
    )  # fmt: skip

    @property
    def takes_text(self) -> bool:
        return self.answer != Answer.FILES

    @property
    def takes_files(self) -> bool:
        return self.answer != Answer.TEXT

    @property
    def is_by_peers(self) -> bool:
        return self.reviewing == Reviewing.PEERS

    @property
    def owed(self) -> int:
        """Reviews of others before one's own result."""
        return self.own_reviews if self.is_by_peers else 0

    @property
    def most_points(self) -> int:
        return sum(criterion.most for criterion in self.criteria)

    @property
    def answer_label(self) -> Any:
        return ANSWER_LABELS[self.answer]

    def criterion(self, key: str) -> Criterion | None:
        return next((criterion for criterion in self.criteria if criterion.id == key), None)


def read(document: Mapping[str, Any] | None) -> Assignment:
    """The assignment of a document that `written` made; None is a new one."""
    if not document:
        return Assignment()
    known = {each.name for each in fields(Assignment)} - {"criteria", "answer", "reviewing", "endings"}
    return Assignment(
        **{name: value for name, value in document.items() if name in known},
        answer=Answer(document.get("answer", "both")),
        reviewing=Reviewing(document.get("reviewing", "creator")),
        endings=tuple(document.get("endings", ())),
        criteria=tuple(_criterion(each) for each in document.get("criteria", ())),
    )


def _criterion(told: Mapping[str, Any]) -> Criterion:
    levels = tuple(RubricLevel(**each) for each in told.get("levels", ()))
    return Criterion(told["id"], told.get("title", ""), told.get("text", ""), levels)


def written(assignment: Assignment) -> dict[str, Any]:
    """As JSON; `read` gives the same assignment back."""
    return {
        **{name: getattr(assignment, name) for name in Assignment.RULES},
        "answer": assignment.answer.value,
        "reviewing": assignment.reviewing.value,
        "endings": list(assignment.endings),
        "criteria": [_as_json(criterion) for criterion in assignment.criteria],
    }


def _as_json(criterion: Criterion) -> dict[str, Any]:
    levels = [{each.name: getattr(level, each.name) for each in fields(RubricLevel)} for level in criterion.levels]
    return {"id": criterion.id, "title": criterion.title, "text": criterion.text, "levels": levels}


def new_id() -> str:
    return str(uuid.uuid4())


def new_level_id(taken: Iterable[str]) -> str:
    """Eight signs that no other level of the criterion has."""
    used = set(taken)
    while (drawn := uuid.uuid4().hex[:8]) in used:
        pass
    return drawn


# Field: least, most, what to say, and whether it may be empty.
_BOUNDS: dict[str, tuple[int, int, Any, bool]] = {
    "most_files": (1, MOST_FILES, _("Allow from 1 to 10 files."), False),
    "most_mb": (1, MOST_MB, _("A file may have from 1 to 100 MB."), False),
    "own_reviews": (0, 10, _("Ask for at most 10 reviews of others."), False),
    "fallback_days": (1, 60, _("Wait from 1 to 60 days for peers."), False),
    "due_days": (1, 730, _("Due after 1 to 730 days, or empty."), True),
    "attempts": (1, 20, _("Allow from 1 to 20 hand-ins, or leave it empty."), True),
    "pass_percent": (1, 100, _("The pass mark is between 1 and 100 percent."), False),
}


def must_hold(assignment: Assignment, endings_known: Iterable[str]) -> None:
    """Bounds that even a draft keeps. Raises ValidationError by field."""
    for name, (least, most, sentence, may_be_empty) in _BOUNDS.items():
        value = getattr(assignment, name)
        if value is None and may_be_empty:
            continue
        if value is None or not least <= value <= most:
            raise ValidationError({name: sentence})
    if len(assignment.task) > LONGEST_TASK:
        raise ValidationError({"task": _("This text is too long.")})
    if unknown := sorted(set(assignment.endings) - set(endings_known)):
        raise ValidationError(
            {"endings": _("Files of this kind are not taken: %(kinds)s") % {"kinds": ", ".join(unknown)[:200]}}
        )
    if len(assignment.criteria) > MOST_CRITERIA:
        raise ValidationError({"criteria": _("A rubric has at most 12 criteria.")})
    for criterion in assignment.criteria:
        _must_be_short(criterion)


def _must_be_short(criterion: Criterion) -> None:
    if len(criterion.title) > LONGEST_LINE or any(len(level.title) > LONGEST_LINE for level in criterion.levels):
        raise ValidationError({"title": _("This text is too long.")})
    if len(criterion.text) > LONGEST_TEXT or any(len(level.text) > LONGEST_TEXT for level in criterion.levels):
        raise ValidationError({"text": _("This text is too long.")})
    if len(criterion.levels) > MOST_LEVELS:
        raise ValidationError({"levels": _("A criterion has at most 8 levels.")})
    if any(not 0 <= level.points <= MOST_POINTS for level in criterion.levels):
        raise ValidationError({"levels": _("A level is worth between 0 and 100 points.")})
