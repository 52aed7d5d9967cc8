"""Who shares in a course: what holds at a time, and the acts of agreeing, each with its mails."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from courses.models import Course
from creators.models import Creator

from ..models import CourseSplit, SplitLine
from . import mails

Parts = tuple[tuple[int, int], ...]  # co-authors: creator's id, basis points of the creators' side


def of(course: Course, at: datetime) -> Parts:
    """The co-authors of one course at `at`; its own creator has the rest."""
    return of_many([course], at).get(course.pk, ())


def of_many(courses: Sequence[Course], at: datetime) -> dict[int, Parts]:
    """The same for many courses, by their ids, in one query; courses of one author are not named."""
    found: dict[int, list[tuple[int, int]]] = {}
    lines = SplitLine.objects.present(*courses, at=at)
    for course_id, creator_id, bps in lines.values_list("split__course_id", "creator_id", "bps"):
        found.setdefault(course_id, []).append((creator_id, bps))
    return {course_id: tuple(parts) for course_id, parts in found.items()}


@transaction.atomic
def propose(
    course: Course, parts: Sequence[tuple[Creator, int]], *, by: Any, starts_at: datetime | None = None
) -> CourseSplit:
    """Ask the co-authors, each by mail. Raises what `CourseSplit.objects.propose` does."""
    split = CourseSplit.objects.propose(course, parts, by=by, starts_at=starts_at)
    mails.proposed(split)
    return split


@transaction.atomic
def accept(split: CourseSplit, *, by: Any) -> bool:
    """True when it is agreed now; then everybody is told. Raises NotAllowed, SplitClosed."""
    is_agreed = split.accept(by=by)
    if is_agreed:
        split.refresh_from_db()
        mails.agreed(split)
    return is_agreed


@transaction.atomic
def decline(split: CourseSplit, *, by: Any) -> None:
    """Raises NotAllowed, SplitClosed."""
    split.decline(by=by)
    mails.declined(split, by)


@transaction.atomic
def withdraw(split: CourseSplit, *, by: Any) -> None:
    """Raises NotAllowed, SplitClosed."""
    split.withdraw(by=by)
    mails.withdrawn(split)


def answer(split: CourseSplit, said: str, *, by: Any) -> None:
    """`said`: accept, decline or withdraw. Raises NotAllowed, SplitClosed."""
    {"accept": accept, "decline": decline, "withdraw": withdraw}[said](split, by=by)
