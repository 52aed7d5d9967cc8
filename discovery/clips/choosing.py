"""Which clips stand in a feed and in which order: how fresh each is, times how much speaks for its course.

A bounded number of the newest is weighed, and the feed ends after some of them. See docs/decisions/0066.
"""

import math
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language

from courses.models import Clip
from discovery.matching.people import not_wanted, person_of
from discovery.matching.scoring import Candidate, Match, Person, leading, match
from discovery.models import Links, Taste

# So many of the newest are looked at; so many stand in a feed, and so many of one course.
LOOKED_AT, SHOWN, OF_A_COURSE = 200, 24, 2
# After so many days a clip counts half as fresh.
HALF_LIFE_DAYS = 21.0
DAY_S = 86_400.0


@dataclass(frozen=True)
class Candidacy:
    """What is weighed of one clip."""

    clip_id: int
    published_at: datetime
    course: Candidate


@dataclass(frozen=True)
class Chosen:
    """One clip of the feed. Its score is `freshness` × (1 + the sum of the match's reasons)."""

    clip_id: int
    match: Match
    freshness: float

    @property
    def score(self) -> float:
        return self.freshness * (1 + self.match.score)


def feed_of(viewer: Any) -> list[Chosen]:
    """For this viewer, as things are now, the best first. A constant number of queries."""
    found = list(_candidates())
    person, hidden = _person(viewer)
    links = leading(Links.objects.of_courses(person.history), {one.course.course_id for one in found})
    now = timezone.now()
    weighed = [
        Chosen(one.clip_id, match(person, one.course, links[one.course.course_id]), freshness(one, now))
        for one in found
        if one.course.course_id not in hidden
    ]
    return few_of_each(sorted(weighed, key=lambda one: (-one.score, -one.clip_id)))


def _candidates() -> Iterator[Candidacy]:
    """The newest clips of all, each with what is weighed of its course."""
    rows = Clip.objects.listed().order_by("-published_at", "-pk").select_related("course")
    names = ["category_id", "creator_id", "language", "learners_count", "skill_ids"]
    for clip in rows.only("published_at", *(f"course__{name}" for name in names))[:LOOKED_AT]:
        if clip.published_at:
            facts = Candidate(clip.course_id, *(getattr(clip.course, name) for name in names))
            yield Candidacy(clip.pk, clip.published_at, facts)


def freshness(one: Candidacy, now: datetime) -> float:
    """1 when it is published, half of it after each half-life."""
    days = max(0.0, (now - one.published_at).total_seconds() / DAY_S)
    return math.pow(0.5, days / HALF_LIFE_DAYS)


def few_of_each(ranked: Iterable[Chosen]) -> list[Chosen]:
    """The best, but no course more than twice: a feed is no advertisement of one of them."""
    taken: Counter[int] = Counter()
    shown = []
    for one in ranked:
        taken[one.match.course_id] += 1
        if taken[one.match.course_id] <= OF_A_COURSE:
            shown.append(one)
        if len(shown) == SHOWN:
            break
    return shown


def _person(viewer: Any) -> tuple[Person, set[int]]:
    """What may be used of the viewer, and the courses that she does not want to see. Those that she has stay, whatever
    may be used of her: a clip leads back to its course, and without her history nothing may depend on it.
    """
    if not viewer.is_authenticated:
        return Person(language=get_language() or "en"), set()
    return person_of(viewer, Taste.objects.of(viewer)), not_wanted(viewer)
