"""The published formula: what it promises, held by properties and by simulation."""

import math
import random
from collections.abc import Sequence

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from community import example, formula
from community.formula import STARS, Score, Tally

NOBODY = (0, 0, 0, 0, 0)
MANY = st.tuples(*[st.integers(0, 5_000)] * 5)
ANY = formula.prior(NOBODY, NOBODY)


def tally(counts: Sequence[int], learned: int = 100) -> Tally:
    """All of them have seen as much."""
    each = formula.weight(learned)
    return Tally(tuple(counts), tuple(n * each for n in counts), tuple(n * each * each for n in counts))


def mixed(pairs: Sequence[tuple[int, int]]) -> Tally:
    """From (stars, percent seen)."""
    sums = [[0, 0, 0] for _stars in STARS]
    for stars, learned in pairs:
        weight = formula.weight(learned)
        for at, more in enumerate((1, weight, weight * weight)):
            sums[stars - 1][at] += more
    return Tally(*(tuple(part) for part in zip(*sums, strict=True)))


def reckon(counts: Sequence[int], category: Sequence[int] = NOBODY, learned: int = 100) -> Score:
    return formula.score(tally(counts, learned), formula.prior(category, NOBODY))


class TestScore:
    def test_of_nobody_is_none(self) -> None:
        assert reckon(NOBODY) == formula.NO_SCORE

    def test_is_what_the_page_says_in_its_formula(self) -> None:
        """By hand: 5 fives and ten ratings of a mean of 4.18."""
        found = reckon((0, 0, 0, 0, 5))
        mean = (5 * 5 + 10 * 4.18) / 15
        squares = (5 * 25 + 10 * (0.04 + 4 * 0.04 + 9 * 0.12 + 16 * 0.3 + 25 * 0.5)) / 15
        half = 1.96 * math.sqrt((squares - mean**2) / 16)
        assert (found.mean, found.low) == (round(mean * 1000), round((mean - half) * 1000))
        assert found.count == 5

    @given(MANY, MANY)
    def test_lies_within_its_interval_and_the_interval_within_the_stars(self, counts, category) -> None:
        assume(sum(counts))
        found = reckon(counts, category)
        assert 1000 <= found.low <= found.mean <= found.high <= 5000

    @given(MANY, MANY, st.integers(10, 100))
    def test_is_the_same_when_all_have_seen_as_much(self, counts, category, learned) -> None:
        assume(sum(counts))
        whole, part = reckon(counts, category), reckon(counts, category, learned)
        assert (whole.mean, whole.low) == (part.mean, part.low)

    @given(MANY, st.sampled_from(STARS))
    def test_one_more_good_rating_never_lowers_it(self, counts, stars) -> None:
        """Another five stars; and one star more never raises it."""
        assume(sum(counts))
        better, worse = list(counts), list(counts)
        better[4] += 1
        worse[0] += 1
        assert reckon(worse).mean <= reckon(counts).mean <= reckon(better).mean

    def test_who_has_seen_more_weighs_more_and_nobody_nothing(self) -> None:
        few = formula.score(mixed([(1, 10), (5, 100)]), ANY)
        much = formula.score(mixed([(1, 100), (5, 10)]), ANY)
        assert much.mean < few.mean
        assert (formula.weight(10), formula.weight(100), formula.weight(900)) == (110, 200, 200)

    def test_a_score_nears_the_plain_mean_with_the_number_of_ratings(self) -> None:
        gaps = [abs(reckon((0, 0, 0, n, 0)).mean - 4000) for n in (1, 10, 100, 1000)]
        assert gaps == sorted(gaps, reverse=True)
        assert gaps[-1] < 3


class TestOrder:
    """Lists are ordered by the lower end."""

    @given(MANY, MANY, st.lists(st.integers(10, 100), min_size=5, max_size=5))
    def test_five_votes_of_five_stars_never_outrank_five_hundred_at_4_6(self, theirs, others, seen) -> None:
        """Whatever the categories of both are like, and whoever the five are."""
        five = formula.score(mixed([(5, each) for each in seen]), formula.prior(theirs, theirs))
        for counts in ((50, 0, 0, 0, 450), (0, 0, 0, 200, 300), (10, 10, 20, 90, 370)):
            assert sum(stars * n for stars, n in zip(STARS, counts, strict=True)) / 500 >= 4.6
            for learned in (10, 100):
                hundreds = formula.score(tally(counts, learned), formula.prior(others, others))
                assert five.low < hundreds.low

    @given(MANY, MANY, st.integers(1, 10**6))
    def test_they_do_not_with_weights_of_every_kind(self, theirs, others, seed) -> None:
        chance = random.Random(seed)
        stars = [5] * 350 + [4] * 120 + [3] * 15 + [2] * 10 + [1] * 5
        # Halves of each star weigh little and much, so that the weighted mean stays what it is.
        rated = [(each, 10 if at % 2 else chance.choice([99, 100])) for at, each in enumerate(stars)]
        five = formula.score(mixed([(5, 100)] * 5), formula.prior(theirs, theirs))
        assert five.low < formula.score(mixed(rated), formula.prior(others, others)).low

    def test_without_the_bounds_they_would(self) -> None:
        """The control: in a category of nothing but five stars, against one of nothing but one star."""
        five = formula.score(tally((0, 0, 0, 0, 5)), (0.0, 0.0, 0.0, 0.0, 1.0))
        assert five.low > formula.score(tally((10, 10, 20, 90, 370)), (1.0, 0.0, 0.0, 0.0, 0.0)).low


class TestPrior:
    @given(MANY, MANY)
    def test_is_a_spread_whose_mean_lies_within_the_bounds(self, category, site) -> None:
        found = formula.prior(category, site)
        mean = sum(stars * share for stars, share in zip(STARS, found, strict=True))
        assert sum(found) == pytest.approx(1)
        assert min(found) >= 0
        assert formula.LOWEST_PRIOR - 1e-9 <= mean <= formula.HIGHEST_PRIOR + 1e-9

    def test_of_a_category_without_ratings_is_the_sites(self) -> None:
        site = (100, 100, 300, 600, 900)
        assert formula.prior(NOBODY, site) == pytest.approx(formula.shares([
            n + 10 * base for n, base in zip(site, formula.BASE, strict=True)]))  # fmt: skip


def drawn(chance: random.Random, spread: Sequence[float], times: int) -> list[int]:
    return chance.choices(STARS, spread, k=times)


def a_course(chance: random.Random, spread: Sequence[float]) -> list[float]:
    """The true spread of a course of this category (Dirichlet): alike, and not the same."""
    parts = [chance.gammavariate(formula.PRIOR_N * share, 1) for share in spread]
    return [part / sum(parts) for part in parts]


@pytest.mark.parametrize(("fewest", "most"), [(3, 20), (20, 200), (200, 1000)])
@pytest.mark.parametrize("weighed", [False, True])
def test_the_interval_holds_the_true_mean_in_95_of_100_simulated_courses(fewest, most, weighed) -> None:
    chance = random.Random(f"{fewest}{weighed}")
    held, rounds = 0, 4_000 if fewest < 200 else 1_500
    for _round in range(rounds):
        expected = formula.prior([chance.randint(0, 100) * (at + 1) for at in range(5)], NOBODY)
        true = a_course(chance, expected)
        stars = drawn(chance, true, chance.randint(fewest, most))
        seen = [chance.randint(10, 100) if weighed else 100 for _one in stars]
        found = formula.score(mixed(list(zip(stars, seen, strict=True))), expected)
        mean = sum(each * share for each, share in zip(STARS, true, strict=True)) * 1000
        held += found.low <= mean <= found.high
    assert 0.93 <= held / rounds <= 0.97


def test_a_plain_interval_would_not_hold_it_with_few_ratings() -> None:
    """The control: the mean of the ratings alone with its own spread."""
    chance, held, rounds = random.Random(7), 0, 2_000
    for _round in range(rounds):
        true = a_course(chance, ANY)
        stars = drawn(chance, true, chance.randint(3, 20))
        mean = sum(stars) / len(stars)
        half = 1.96 * math.sqrt(sum((each - mean) ** 2 for each in stars) / len(stars) / len(stars))
        held += abs(sum(each * share for each, share in zip(STARS, true, strict=True)) - mean) <= half
    assert held / rounds < 0.93


def test_the_examples_of_the_page_are_reckoned_by_it() -> None:
    five, two, _fifty, hundreds = example.cases()
    assert five.score.low < hundreds.score.low
    assert two.score.mean > 3000
    assert all(case.low_x <= case.x <= case.high_x for case in example.cases())
