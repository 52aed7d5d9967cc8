"""What a learner can do, from what she has shown. Pure: no row is read here.

Rules. A certificate that holds, and a finished course, show each skill at the level that the course taught then. All
quizzes of a course passed without finishing it show one level less, and nothing where that would be none. A skill is
known at the highest level that anything shows; what shows less stays beside it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Kind(StrEnum):
    CERTIFICATE = "certificate"
    COMPLETED = "completed"
    QUIZZES = "quizzes"


@dataclass(frozen=True)
class Evidence:
    """One thing that she did, and what it shows: a skill (its id) at a level from 1 to 3."""

    skill: int
    level: int
    kind: Kind
    course: int
    at: datetime


@dataclass(frozen=True)
class Known:
    """A skill at the level reached; `reasons` are all that speak for it, the strongest first."""

    skill: int
    level: int
    reasons: tuple[Evidence, ...]

    @property
    def by(self) -> Evidence:
        """What shows the level."""
        return self.reasons[0]


# Of two that show the same, the one that is harder to get is named.
_WEIGHT = {Kind.CERTIFICATE: 2, Kind.COMPLETED: 1, Kind.QUIZZES: 0}


def shown_level(taught: int, kind: Kind) -> int:
    """0: nothing."""
    return taught - 1 if kind is Kind.QUIZZES else taught


def profile(evidence: Iterable[Evidence]) -> dict[int, Known]:
    """By skill, whatever the order in which evidence comes."""
    found: dict[int, set[Evidence]] = {}
    for one in evidence:
        if one.level > 0:
            found.setdefault(one.skill, set()).add(one)
    known = {}
    for skill, rows in found.items():
        reasons = sorted(rows, key=lambda e: (-e.level, -_WEIGHT[e.kind], e.at, e.course))
        known[skill] = Known(skill, reasons[0].level, tuple(reasons))
    return known


def masters(known: Mapping[int, Known], taught: Mapping[int, int]) -> list[Known]:
    """What of `known` covers all that is `taught` (level by skill); empty where something of it is not reached, and
    where nothing is said to be taught.
    """
    covering = [known[skill] for skill, level in taught.items() if skill in known and known[skill].level >= level]
    return covering if len(covering) == len(taught) else []
