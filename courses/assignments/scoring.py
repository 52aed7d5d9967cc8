"""From marks to points, from several people's points to medians, and how far a person stands from them.

Everything is whole numbers: a share is compared by multiplying, never by dividing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median_low
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from .shape import Assignment

# By criterion: a level's id; points.
Marks = dict[str, str]
Points = dict[str, int]
# Whoever's marks differ from the medians by more than this share of all points stands apart.
FAR_PERCENT = 25


@dataclass(frozen=True)
class Score:
    """`percent` is rounded down, so a work that has not passed never shows the pass mark."""

    points: Points
    total: int
    most: int
    percent: int
    passed: bool


def readable(assignment: Assignment, told: Mapping[str, Any]) -> Marks:
    """One level for each criterion. Raises ValidationError by criterion for what is missing or unknown."""
    marks: Marks = {}
    errors: dict[str, Any] = {}
    for criterion in assignment.criteria:
        chosen = told.get(criterion.id)
        if isinstance(chosen, str) and criterion.level(chosen):
            marks[criterion.id] = chosen
        else:
            errors[criterion.id] = _("Choose a level for “%(title)s”.") % {"title": criterion.title}
    if errors:
        raise ValidationError({"marks": list(errors.values())})
    return marks


def points_of(assignment: Assignment, marks: Marks) -> Points:
    levels = ((each, each.level(marks.get(each.id, ""))) for each in assignment.criteria)
    return {criterion.id: level.points if level else 0 for criterion, level in levels}


def medians(assignment: Assignment, several: Sequence[Points]) -> Points:
    """The middle of everybody's points, criterion by criterion; of an even number the lower of the two."""
    return {each.id: median_low([points.get(each.id, 0) for points in several]) for each in assignment.criteria}


def score(assignment: Assignment, points: Points) -> Score:
    total, most = sum(points.values()), assignment.most_points
    percent = total * 100 // most if most else 0
    return Score(points, total, most, percent, passed=most > 0 and total * 100 >= assignment.pass_percent * most)


def distance(assignment: Assignment, points: Points, middle: Points) -> int:
    """How far these points are from the medians, in percent of all points, rounded down."""
    most = assignment.most_points
    apart = sum(abs(points.get(each.id, 0) - middle.get(each.id, 0)) for each in assignment.criteria)
    return apart * 100 // most if most else 0
