"""The nightly reading of who learns what: links between courses, with the strength that foretells best."""

import logging
import random
import time
from collections.abc import Sequence
from datetime import timedelta
from itertools import groupby

import numpy as np
from django.utils import timezone

from courses.models import Course
from discovery.models import Links, LinksReading
from learners.models import Enrollment

from . import ease

# The matrix grows with the square of this, the work with its cube: 3,000 courses are 70 MB and some seconds.
MOST_COURSES = 3_000
FEWEST_LEARNERS = 3  # of fewer, their courses would tell who they are
LINKS_OF_ONE = 400
# Each strength that is tried costs an inversion, as the links themselves do: it is chosen anew once in so many days.
RIDGE_KEPT_DAYS = 28
RIDGES = (5.0, 20.0, 50.0, 100.0, 200.0, 400.0)
# Of so many learners the last courses are held back to see which strength would have foretold them.
TRIED = 2_000
FORETOLD = 20
log = logging.getLogger(__name__)


def learn() -> int:
    """Write all links anew; from how many courses they lead."""
    began = time.perf_counter()
    courses = list(
        Course.objects.listed()
        .filter(learners_count__gte=FEWEST_LEARNERS)
        .order_by("-learners_count", "-id")
        .values_list("pk", flat=True)[:MOST_COURSES]
    )
    found = _baskets(courses)
    if len(courses) < 2 or not found:
        return Links.objects.replace([])
    kept = LinksReading.objects.kept_ridge(timezone.now() - timedelta(days=RIDGE_KEPT_DAYS))
    ridge = kept or choose_ridge(found, len(courses))
    made = Links.objects.replace(
        (courses[place], [(courses[other], weight) for other, weight in links])
        for place, links in enumerate(links_of(found, len(courses), ridge))
    )
    LinksReading.objects.note(
        courses=made, learners=len(found), ridge=ridge, is_ridge_chosen=kept is None,
        seconds=time.perf_counter() - began,
    )  # fmt: skip
    log.info("links_learned", extra={"courses": made, "learners": len(found), "ridge": ridge})
    return made


def links_of(baskets: Sequence[Sequence[int]], items: int, ridge: float) -> list[list[tuple[int, float]]]:
    """Of each item what it says for others, as (item, weight). One inversion."""
    return ease.strongest(ease.weights(ease.gram(baskets, items), ridge), LINKS_OF_ONE)


def _baskets(courses: list[int]) -> list[list[int]]:
    """Each learner's courses as places in `courses`, in the order in which she got them; those by themselves: a member
    opens what is there.
    """
    places = {pk: place for place, pk in enumerate(courses)}
    rows = (
        Enrollment.objects.active()
        .owned()
        .filter(course__in=courses)
        .order_by("learner_id", "granted_at", "id")
        .values_list("learner_id", "course_id")
    )
    grouped = groupby(rows.iterator(chunk_size=10_000), key=lambda row: row[0])
    return [[places[course] for _learner, course in theirs] for _learner, theirs in grouped]


def choose_ridge(baskets: Sequence[Sequence[int]], items: int, ridges: Sequence[float] = RIDGES) -> float:
    """The strength that best foretells the last tenth of learners' courses from their others. Same data, same answer.

    Of those between which and the best only chance decides, the least: the links themselves are learned from more.
    """
    several = [number for number, basket in enumerate(baskets) if len(basket) > 1]
    tried = sorted(random.Random(len(baskets)).sample(several, min(TRIED, len(several))))
    if not tried:
        return ridges[len(ridges) // 2]
    held = {number: max(1, len(baskets[number]) // 10) for number in tried}
    known = [list(basket[: len(basket) - held.get(number, 0)]) for number, basket in enumerate(baskets)]
    together = ease.gram(known, items)
    asked = [(known[number], list(baskets[number][-held[number] :])) for number in tried]
    foretold = {ridge: _foretold(ease.weights(together, ridge), asked) for ridge in ridges}
    best = max(foretold.values(), key=np.mean)
    return min(ridge for ridge, shares in foretold.items() if not _is_worse(best - shares))


def _foretold(found: np.ndarray, asked: Sequence[tuple[list[int], list[int]]]) -> np.ndarray:
    """By learner, the share of her held-back courses that stand among the first FORETOLD."""
    shares = []
    for has, wanted in asked:
        scores = found[has].sum(axis=0)
        scores[has] = -np.inf
        shares.append(np.mean([(scores > scores[one]).sum() < FORETOLD for one in wanted]))
    return np.asarray(shares)


def _is_worse(less: np.ndarray) -> bool:
    """Whether so much less by learner is more than one standard error of its mean."""
    return bool(less.mean() > less.std() / np.sqrt(len(less)))
