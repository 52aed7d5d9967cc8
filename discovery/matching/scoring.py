"""What speaks for a course for one person, added up. Each part has a name, so that every card can say why it is there.

No model is hidden behind it: the score is the sum of its reasons, and a signal that is switched off adds nothing.
"""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

# What one full sign of each kind is worth. What is liked by all, or in her language, decides between equals.
GOAL, FOLLOW, LANGUAGE, POPULAR = 1.0, 0.9, 0.25, 0.25
# A skill of courses that she learns, and no more of them than this: one course of many skills is not many signs.
SKILL, MOST_SKILLS = 0.3, 3
HISTORY = 2.0  # a link is a share of a sign; two strong links are one sign
FINISHED = 1.5  # a finished course says more than a begun one
MOST_LEARNERS = 100_000  # as good as more


class Signal(StrEnum):
    GOALS = "goals"
    HISTORY = "history"
    SKILLS = "skills"
    FOLLOWS = "follows"
    LANGUAGE = "language"
    POPULAR = "popular"


@dataclass(frozen=True)
class Reason:
    """One part of a score. `about`: the id of the course, category, skill or creator that it comes from, or 0."""

    signal: Signal
    amount: float
    about: int = 0


@dataclass(frozen=True)
class Candidate:
    """What a score needs to know of a course."""

    course_id: int
    category_id: int | None
    creator_id: int
    language: str
    learners: int
    skills: Collection[int] = ()


@dataclass(frozen=True)
class Person:
    """What a person lets us use. A signal that is off stands empty here: nothing below asks about switches."""

    goals: Collection[int] = ()  # categories
    follows: Collection[int] = ()  # creators
    language: str = ""
    # Courses she has, and whether she finished them.
    history: Mapping[int, bool] = field(default_factory=dict)
    skills: Collection[int] = ()  # what those courses teach, the most of them first
    counts_popularity: bool = True


@dataclass(frozen=True)
class Match:
    course_id: int
    reasons: tuple[Reason, ...]

    @property
    def score(self) -> float:
        return math.fsum(reason.amount for reason in self.reasons)


def match(person: Person, candidate: Candidate, links: Sequence[tuple[int, float]]) -> Match:
    """`links`: courses of hers that lead to this one, with the weight of each."""
    reasons = [
        Reason(Signal.HISTORY, HISTORY * weight * (FINISHED if person.history[course] else 1), course)
        for course, weight in links
        if course in person.history
    ]
    shared = [skill for skill in person.skills if skill in candidate.skills][:MOST_SKILLS]
    reasons += [Reason(Signal.SKILLS, SKILL, skill) for skill in shared]
    if candidate.category_id in person.goals:
        reasons.append(Reason(Signal.GOALS, GOAL, candidate.category_id or 0))
    if candidate.creator_id in person.follows:
        reasons.append(Reason(Signal.FOLLOWS, FOLLOW, candidate.creator_id))
    if person.language and candidate.language == person.language:
        reasons.append(Reason(Signal.LANGUAGE, LANGUAGE))
    if person.counts_popularity and candidate.learners:
        share = math.log1p(min(candidate.learners, MOST_LEARNERS)) / math.log1p(MOST_LEARNERS)
        reasons.append(Reason(Signal.POPULAR, POPULAR * share))
    return Match(candidate.course_id, tuple(sorted(reasons, key=lambda one: (-one.amount, one.signal, one.about))))


def best(matches: Sequence[Match], count: int) -> list[Match]:
    """The best first; equals by the newer course, so that the order is the same each time."""
    return sorted(matches, key=lambda one: (-one.score, -one.course_id))[:count]


def with_looks(matches: Sequence[Match], looks: Sequence[Match], every: int) -> list[tuple[Match, bool]]:
    """The list with each `every`-th place given to a new course that was not looked at enough yet; True marks those.

    A new course that has earned its place by its score keeps that one and takes no other.
    """
    placed = {one.course_id for one in matches}
    waiting = [one for one in looks if one.course_id not in placed]
    shown: list[tuple[Match, bool]] = []
    for one in matches:
        if waiting and len(shown) % every == every - 1:
            shown.append((waiting.pop(0), True))
        shown.append((one, False))
    return shown
