"""The scores of courses: each anew with every rating, all anew each night, when ratings grow too old to count."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Count
from django.utils import timezone

from courses.models import Course

from . import formula, members
from .formula import STARS, WINDOW_DAYS, Score, Tally
from .models import Rating, RatingPrior
from .models.prior import Expected

_WINDOW = timedelta(days=WINDOW_DAYS)
# A rating's weight as `formula.weight` has it; a test holds both together.
_TALLIES = """
SELECT course_id, stars, count(*), sum(100 + learned), sum((100 + learned) * (100 + learned))
  FROM community_rating WHERE NOT is_hidden AND NOT is_apart AND said_at > %s {which}
 GROUP BY course_id, stars ORDER BY course_id, stars
"""


def reckon(course: Course, expected: Expected | None = None) -> Score:
    """Show the score of a course that is held, as its ratings now give it. `expected`: if it was read already."""
    tally = next((found for _pk, found in _tallies(timezone.now(), course.pk)), None)
    score = _score(tally, (expected or RatingPrior.objects.expected()).of(course.category_id))
    course.be_rated(score=score.mean, low=score.low, high=score.high, counts=list(score.counts))
    return score


def reckon_all(now: datetime) -> int:
    """The spreads of categories, then every score that differs by them, by a rating's age or by what members have taken
    back; how many did.
    """
    members.set_apart()
    with transaction.atomic():
        RatingPrior.objects.replace(_spreads(now), now)
    expected, changed = RatingPrior.objects.expected(), 0
    tallies = dict(_tallies(now))
    rated = Course.objects.filter(ratings__isnull=False).distinct().order_by("pk")
    for pk, category, *shown in rated.values_list(
        "pk", "category_id", "rating_score", "rating_high", "rating_spread"
    ).iterator(chunk_size=2000):
        score = _score(tallies.get(pk), expected.of(category))
        if shown != [score.mean, score.high, list(score.counts)]:
            _anew(pk, expected)
            changed += 1
    return changed


@transaction.atomic
def _anew(pk: int, expected: Expected) -> None:
    """Under its lock: a rating may have come since the list was read."""
    reckon(Course(pk=pk).hold(), expected)


def _score(tally: Tally | None, expected: formula.Shares) -> Score:
    return formula.score(tally, expected) if tally else formula.NO_SCORE


def _tallies(now: datetime, course_pk: int | None = None) -> Iterator[tuple[int, Tally]]:
    """What counts of each course, or of one; one statement."""
    which, values = ("AND course_id = %s", [course_pk]) if course_pk else ("", [])
    with connection.cursor() as cursor:
        cursor.execute(_TALLIES.format(which=which), [now - _WINDOW, *values])
        rows = cursor.fetchall()
    by_course: dict[int, dict[int, tuple[int, int, int]]] = {}
    for pk, stars, count, weights, squares in rows:
        by_course.setdefault(pk, {})[stars] = (count, int(weights), int(squares))
    for pk, found in by_course.items():
        yield pk, Tally(*zip(*(found.get(stars, (0, 0, 0)) for stars in STARS), strict=True))


def _spreads(now: datetime) -> dict[int | None, list[int]]:
    """How often each star was given, by category and (None) on the whole site."""
    spreads: dict[int | None, list[int]] = {None: [0] * len(STARS)}
    rows = Rating.objects.counting(now - _WINDOW).order_by().values_list("course__category_id", "stars")
    for category, stars, n in rows.annotate(n=Count("pk")):
        for key in {category, None}:
            spreads.setdefault(key, [0] * len(STARS))[stars - 1] += n
    return spreads
