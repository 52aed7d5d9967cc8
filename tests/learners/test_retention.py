"""The arithmetic of who watched which part of a film."""

from hypothesis import given
from hypothesis import strategies as st

from learners import intervals
from learners.retention import MOST_STEPS, Counts, Peak, biggest_fall, peaks, step_of

spans = st.lists(st.tuples(st.integers(0, 400), st.integers(0, 400)), max_size=6).map(intervals.merged)


@given(st.integers(1, 40_000))
def test_a_film_of_any_length_has_few_steps_that_cover_it(length_s: int) -> None:
    steps = Counts(length_s).steps()
    assert 1 <= len(steps) <= MOST_STEPS
    assert (len(steps) - 1) * step_of(length_s) < length_s <= len(steps) * step_of(length_s)


@given(st.integers(1, 400), st.lists(spans, max_size=8))
def test_a_step_counts_each_person_once_who_saw_a_second_of_it(length_s: int, people: list) -> None:
    counts = Counts(length_s)
    for one in people:
        counts.add(one)
    step = counts.step_s
    for at, told in enumerate(counts.steps()):
        seconds = range(at * step, min(length_s, (at + 1) * step))
        assert told == sum(any(a <= s < b for a, b in one for s in seconds) for one in people)


def test_peaks_are_where_people_come_back_and_not_beside_each_other() -> None:
    seen, plays = [20] * 10, [20, 20, 26, 29, 27, 20, 20, 20, 25, 20]
    assert peaks(seen, plays, 3, 30) == [Peak(9, 12, 9), Peak(24, 27, 5)]


def test_few_people_and_few_returns_are_no_peak() -> None:
    assert peaks([4, 20, 20], [9, 21, 20], 1, 3) == []


def test_the_biggest_fall_is_named_where_both_numbers_may_be_told() -> None:
    assert biggest_fall([20, 18, 9, 8]) == 2
    assert biggest_fall([20, None, 9]) is None
    assert biggest_fall([5, 5, 7]) is None
