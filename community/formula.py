"""How ratings become one number: pure arithmetic, and published word for word (`community:formula`).

A course is thought of as having a true spread of stars that nobody knows. Before anybody has rated it, the best guess
is the spread of its category; that guess counts as PRIOR_N ratings. Each rating that counts adds to it. The score is
the mean of what results, the interval says how far the true mean may lie from it, and lists are ordered by the lower
end.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

# A rating counts for so long after it was written or last confirmed.
WINDOW_DAYS = 365
# Who has seen less may not rate.
LEAST_LEARNED = 10
# As many ratings is the category's spread worth.
PRIOR_N = 10.0
# 95 of 100 intervals made in this way hold the true mean.
Z = 1.96
STARS = (1, 2, 3, 4, 5)
# What a market without any ratings is thought to be like, in shares of 1 to 5 stars; it is worth ten ratings.
BASE, BASE_N = (0.04, 0.04, 0.12, 0.30, 0.50), 10.0
# A category counts by its own ratings from about so many on; before, the whole site's speak for it.
CATEGORY_N = 50.0
# No category's mean counts as lower or higher than this: in the best one five votes would weigh more than five hundred.
LOWEST_PRIOR, HIGHEST_PRIOR = 3.5, 4.5

Shares = tuple[float, float, float, float, float]


@dataclass(frozen=True)
class Tally:
    """The ratings of a course that count, by stars from 1 to 5: how many, the sums of their weights and of the squares.

    Weights are in two-hundredths, so that the database adds whole numbers.
    """

    counts: tuple[int, ...]
    weights: tuple[int, ...]
    squares: tuple[int, ...]


@dataclass(frozen=True)
class Score:
    """In thousandths of a star; all 0 while nobody's rating counts. `counts`: how many gave 1 to 5 stars."""

    mean: int
    low: int
    high: int
    counts: tuple[int, ...]

    @property
    def count(self) -> int:
        return sum(self.counts)


NO_SCORE = Score(0, 0, 0, (0, 0, 0, 0, 0))


def weight(learned: int) -> int:
    """Of a rating by who has verifiably learned so many percent of the course, in two-hundredths: from 100 to 200.

    Who has seen all of it counts twice as much as who has just begun; nobody who may rate counts for less than half.
    """
    return 100 + max(0, min(100, learned))


def shares(counts: Sequence[float]) -> Shares:
    whole = sum(counts)
    one, two, three, four, five = (count / whole for count in counts)
    return one, two, three, four, five


def prior(category: Sequence[int], site: Sequence[int]) -> Shares:
    """The spread that a course of this category is expected to have, from how often each star was given in it and on
    the whole site.
    """
    everywhere = shares([n + BASE_N * base for n, base in zip(site, BASE, strict=True)])
    here = shares([n + CATEGORY_N * share for n, share in zip(category, everywhere, strict=True)])
    return _within_bounds(here)


def _within_bounds(spread: Shares) -> Shares:
    """Mixed with another spread until its mean lies between the bounds: with an even one from above, with BASE from
    below.
    """
    mean, other, bound = _mean(spread), BASE, LOWEST_PRIOR
    if mean > HIGHEST_PRIOR:
        other, bound = (0.2, 0.2, 0.2, 0.2, 0.2), HIGHEST_PRIOR
    elif mean >= LOWEST_PRIOR:
        return spread
    part = (bound - mean) / (_mean(other) - mean)
    return shares([share * (1 - part) + o * part for share, o in zip(spread, other, strict=True)])


def _mean(spread: Sequence[float]) -> float:
    return sum(stars * share for stars, share in zip(STARS, spread, strict=True))


def score(tally: Tally, expected: Shares) -> Score:
    """What a course with these ratings is shown with, in a category with this `prior`."""
    weights, squares = sum(tally.weights), sum(tally.squares)
    if not weights:
        return NO_SCORE
    # As many ratings of one weight would say as much.
    worth = weights * weights / squares
    given = [worth * part / weights for part in tally.weights]
    spread = shares([own + PRIOR_N * share for own, share in zip(given, expected, strict=True)])
    mean = _mean(spread)
    variance = sum(share * (stars - mean) ** 2 for stars, share in zip(STARS, spread, strict=True))
    half = Z * math.sqrt(variance / (worth + PRIOR_N + 1))
    low, high = max(1.0, mean - half), min(5.0, mean + half)
    return Score(round(mean * 1000), round(low * 1000), round(high * 1000), tuple(tally.counts))
