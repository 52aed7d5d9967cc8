"""Intervals: the arithmetic of played seconds, against plain sets of seconds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learners import intervals

spans = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=12)
canonical = spans.map(intervals.merged)


def as_set(some: intervals.Spans) -> set[int]:
    return {second for start, end in some for second in range(start, end)}


@given(spans)
def test_merging_keeps_every_second_once_and_in_order(some: list[tuple[int, int]]) -> None:
    result = intervals.merged(some)
    assert as_set(result) == as_set(tuple(some))
    assert intervals.seconds(result) == len(as_set(result))
    assert all(one[1] < other[0] for one, other in zip(result, result[1:], strict=False))


@given(canonical, canonical)
def test_union_and_difference_are_those_of_sets(one: intervals.Spans, other: intervals.Spans) -> None:
    assert as_set(intervals.union(one, other)) == as_set(one) | as_set(other)
    assert as_set(intervals.without(one, other)) == as_set(one) - as_set(other)
    assert as_set(intervals.both(one, other)) == as_set(one) & as_set(other)


@given(canonical, st.integers(-3, 80))
def test_first_takes_the_earliest_seconds_and_no_more(some: intervals.Spans, limit: int) -> None:
    assert sorted(as_set(intervals.first(some, limit))) == sorted(as_set(some))[: max(0, limit)]


@given(canonical)
def test_a_multirange_reads_back_as_it_was_written(some: intervals.Spans) -> None:
    assert intervals.from_text(intervals.to_text(some)) == some


def test_neighbors_measured_with_fractions_leave_no_gap_and_count_nothing_twice() -> None:
    assert intervals.whole([(0, 12.4), (12.4, 20.1)], 60) == ((0, 20),)


def test_what_lies_outside_the_film_is_cut_off() -> None:
    assert intervals.whole([(-5, 3), (58.2, 900)], 60) == ((0, 3), (58, 60))


@pytest.mark.parametrize("bad", [float("nan"), float("inf")])
def test_what_is_not_a_number_is_refused(bad: float) -> None:
    with pytest.raises(ValueError, match="two numbers"):
        intervals.whole([(0, bad)], 60)
