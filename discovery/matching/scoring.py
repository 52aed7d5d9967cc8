"""What speaks for a course for one person, added up. Each part has a name, so that every card can say why it is there.

No model is hidden behind it: the score is the sum of its reasons, and a signal that is switched off adds nothing.
`bench/matching.py` asks these very functions.
"""

import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

# What one full sign of each kind is worth. What is in her language, or liked by all, decides between equals: of 0.25
# for what is liked, lists of people with few courses foretold less than links alone.
GOAL, FOLLOW, LANGUAGE, POPULAR = 1.0, 0.9, 0.25, 0.1
# A skill of courses that she learns, and no more of them than this: one course of many skills is not many signs.
SKILL, MOST_SKILLS = 0.3, 3
HISTORY = 2.0  # a link is a share of a sign; two strong links are one sign
# What a course of hers counts: so much when she only has it, and so much more by the share of it that she watched.
HAS, WATCHED = 0.5, 1.0
MOST_LEARNERS = 100_000  # as good as more
Weights = Sequence[tuple[int, float]]
Row = tuple[int, Sequence[int], Sequence[float]]  # a course, those that it leads to, with what weights


class Signal(StrEnum):
    GOALS = "goals"
    HISTORY = "history"
    SKILLS = "skills"
    FOLLOWS = "follows"
    LANGUAGE = "language"
    POPULAR = "popular"


class Reason(NamedTuple):
    """One part of a score. `about`: the id of the course, category, skill or creator that it comes from, or 0.

    `share`: of a course of hers, how much of it she has watched, 1 when she finished it.
    """

    signal: Signal
    amount: float
    about: int = 0
    share: float = 0.0


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
    # Courses she has, and the share of each that she watched: 1 when she finished it.
    history: Mapping[int, float] = field(default_factory=dict)
    skills: Collection[int] = ()  # what those courses teach, the most of them first
    counts_popularity: bool = True

    @cached_property
    def counts(self) -> dict[int, float]:
        """What each course of hers counts."""
        return {course: strength(share) for course, share in self.history.items()}


@dataclass(frozen=True)
class Match:
    course_id: int
    reasons: tuple[Reason, ...]

    @cached_property
    def score(self) -> float:
        return math.fsum([reason.amount for reason in self.reasons])


def strength(share: float) -> float:
    """What a course of hers counts, of which she watched this share."""
    return HAS + WATCHED * share


def sums(person: Person, rows: Iterable[Row]) -> dict[int, float]:
    """What her courses together say for each other course. Of hundreds of courses these are hundred thousands of links:
    which of them lead where is looked up for what is shown (`leading`).
    """
    found = defaultdict[int, float](float)
    for course, others, weights in rows:
        count = person.counts.get(course, 0.0)
        for other, weight in zip(others, weights, strict=True):
            found[other] += count * weight
    return dict(found)


def leading(rows: Iterable[Row], among: Collection[int]) -> dict[int, list[tuple[int, float]]]:
    """Of each course of `among`, which lead to it, with what weight."""
    found: dict[int, list[tuple[int, float]]] = {course: [] for course in among}
    for course, others, weights in rows:
        for other, weight in zip(others, weights, strict=True):
            if other in found:
                found[other].append((course, weight))
    return found


def linked(person: Person, sums: Mapping[int, float], count: int) -> list[int]:
    """The courses that most speaks for, of what leads from hers and is not hers."""
    return best({course: sum for course, sum in sums.items() if course not in person.history}, count)


def match(person: Person, candidate: Candidate, links: Weights) -> Match:
    """`links`: courses of hers that lead to this one, with the weight of each."""
    return Match(candidate.course_id, (*_history(person, links), *_others(person, candidate)))


def _history(person: Person, links: Weights) -> list[Reason]:
    counts, shares = person.counts, person.history
    return [
        Reason(Signal.HISTORY, HISTORY * counts[course] * weight, course, shares[course])
        for course, weight in links
        if course in counts
    ]


def _others(person: Person, candidate: Candidate) -> Iterator[Reason]:
    shared = [skill for skill in person.skills if skill in candidate.skills][:MOST_SKILLS]
    yield from (Reason(Signal.SKILLS, SKILL, skill) for skill in shared)
    if candidate.category_id in person.goals:
        yield Reason(Signal.GOALS, GOAL, candidate.category_id or 0)
    if candidate.creator_id in person.follows:
        yield Reason(Signal.FOLLOWS, FOLLOW, candidate.creator_id)
    if person.language and candidate.language == person.language:
        yield Reason(Signal.LANGUAGE, LANGUAGE)
    if person.counts_popularity and candidate.learners:
        share = math.log1p(min(candidate.learners, MOST_LEARNERS)) / math.log1p(MOST_LEARNERS)
        yield Reason(Signal.POPULAR, POPULAR * share)


def scored(person: Person, candidates: Iterable[Candidate], sums: Mapping[int, float]) -> dict[int, float]:
    """What `match` of each adds up to: of hundreds of candidates, each with hundreds of reasons, a few are shown."""
    return {
        one.course_id: HISTORY * sums.get(one.course_id, 0.0)
        + math.fsum([reason.amount for reason in _others(person, one)])
        for one in candidates
    }


def placed(
    scores: Mapping[int, float], looks: Iterable[int], count: int, granted: Collection[int]
) -> list[tuple[int, bool]]:
    """The list: the best by their scores, and in the `granted` places (pacing) `looks`, new courses, in their order."""
    return with_looks(best(scores, count), [course for course in looks if course in scores], granted)[:count]


def best(scores: Mapping[int, float], count: int) -> list[int]:
    """The best first; equals by the newer course, so that the order is the same each time."""
    return sorted(scores, key=lambda course: (-scores[course], -course))[:count]


def with_looks(courses: Sequence[int], looks: Sequence[int], granted: Collection[int]) -> list[tuple[int, bool]]:
    """The list with the `granted` places, counted from 1, given to new courses that were not looked at enough yet; True
    marks those. A new course that has earned its place by its score keeps that one and takes no other.
    """
    earned = set(courses)
    waiting = [one for one in looks if one not in earned]
    shown: list[tuple[int, bool]] = []
    for one in courses:
        if waiting and len(shown) + 1 in granted:
            shown.append((waiting.pop(0), True))
        shown.append((one, False))
    return shown
