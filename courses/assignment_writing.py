"""Writing an assignment: its rules, its criteria one by one. The lesson is held, so nothing is written over unseen."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from .assignments.shape import (
    MOST_POINTS,
    Answer,
    Assignment,
    Criterion,
    Reviewing,
    RubricLevel,
    new_id,
    new_level_id,
)
from .models import Lesson
from .ordering import stepped


@transaction.atomic
def change_rules(lesson: Lesson, changes: Mapping[str, Any], revision: int | None = None) -> None:
    """Any of Assignment.RULES, and the lesson's title. Raises EditedElsewhere, VersionClosed, ValidationError."""
    assignment = _held(lesson)
    told = {name: changes[name] for name in Assignment.RULES if name in changes}
    if "answer" in told:
        told["answer"] = Answer(told["answer"])
    if "reviewing" in told:
        told["reviewing"] = Reviewing(told["reviewing"])
    if "endings" in told:
        told["endings"] = _endings(told["endings"])
    lesson.edit(title=changes.get("title"), assignment=replace(assignment, **told), revision=revision)


@transaction.atomic
def add_criterion(lesson: Lesson, told: Mapping[str, Any] | None = None) -> Criterion:
    """A new last criterion. Raises VersionClosed, ValidationError."""
    assignment = _held(lesson)
    criterion = _with(Criterion(new_id()), told or {})
    lesson.edit(assignment=replace(assignment, criteria=(*assignment.criteria, criterion)))
    return criterion


@transaction.atomic
def change_criterion(lesson: Lesson, key: str, told: Mapping[str, Any], revision: int | None = None) -> Criterion:
    """`told`: title, text, levels ({id?, title, points, text}).

    Raises EditedElsewhere, VersionClosed, ValidationError; Http404 when the criterion is gone.
    """
    assignment = _held(lesson)
    changed = _with(_wanted(assignment, key), told)
    criteria = tuple(changed if each.id == key else each for each in assignment.criteria)
    lesson.edit(assignment=replace(assignment, criteria=criteria), revision=revision)
    return changed


@transaction.atomic
def move_criterion(lesson: Lesson, key: str, direction: str) -> None:
    """One place up or down; at the end: the same."""
    assignment = _held(lesson)
    criteria = tuple(stepped(assignment.criteria, assignment.criteria.index(_wanted(assignment, key)), direction))
    if criteria != assignment.criteria:
        lesson.edit(assignment=replace(assignment, criteria=criteria))


@transaction.atomic
def remove_criterion(lesson: Lesson, key: str) -> None:
    assignment = _held(lesson)
    gone = _wanted(assignment, key)
    lesson.edit(assignment=replace(assignment, criteria=tuple(each for each in assignment.criteria if each != gone)))


def _held(lesson: Lesson) -> Assignment:
    lesson.hold_open()
    if lesson.kind != Lesson.Kind.ASSIGNMENT:
        raise Http404
    return lesson.assigned


def _wanted(assignment: Assignment, key: str) -> Criterion:
    criterion = assignment.criterion(key)
    if criterion is None:
        raise Http404
    return criterion


def _with(criterion: Criterion, told: Mapping[str, Any]) -> Criterion:
    if "title" in told:
        criterion = replace(criterion, title=told["title"].strip())
    if "text" in told:
        criterion = replace(criterion, text=told["text"])
    return replace(criterion, levels=_levels(criterion, told["levels"])) if "levels" in told else criterion


def _levels(criterion: Criterion, rows: list[Mapping[str, Any]]) -> tuple[RubricLevel, ...]:
    """A level keeps its id: the one that was sent, or that of the level which says the same."""
    by_title = {level.title: level.id for level in criterion.levels}
    known = {level.id for level in criterion.levels}
    levels: list[RubricLevel] = []
    for row in rows:
        title = row.get("title", "").strip()
        if not title:
            continue
        taken = {level.id for level in levels}
        wanted = [row.get("id", ""), by_title.get(title, "")]
        key = next((each for each in wanted if each in known - taken), "") or new_level_id(known | taken)
        levels.append(RubricLevel(key, title, _points(row.get("points", 0)), row.get("text", "").strip()))
    return tuple(levels)


def _points(told: Any) -> int:
    if not isinstance(told, int) or not 0 <= told <= MOST_POINTS:
        raise ValidationError({"levels": _("A level is worth between 0 and 100 points.")})
    return told


def _endings(told: list[str]) -> tuple[str, ...]:
    """ ".PDF" and "pdf" are the same, and each stands once."""
    return tuple(dict.fromkeys(each.strip().lower().removeprefix(".") for each in told if each.strip()))
