"""Evenness: known values at the ends, and a curve that never leaves the square."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discovery.matching import gini

counts = st.lists(st.integers(0, 1000), min_size=1, max_size=60)


def test_equal_looks_are_zero_and_one_winner_is_nearly_one() -> None:
    assert gini.coefficient([7] * 50) == 0
    assert abs(gini.coefficient([0] * 99 + [1000]) - 0.99) < 1e-9
    assert abs(gini.coefficient([1, 2, 3, 4]) - 0.25) < 1e-9
    assert gini.coefficient([0, 0]) == 0
    assert gini.coefficient([], 5) == 0


@given(counts)
def test_the_coefficient_and_the_curve_stay_in_their_bounds(rows: list[int]) -> None:
    assert -1e-9 <= gini.coefficient(rows) <= 1
    curve = gini.curve(rows)
    assert curve[0] == (0, 0)
    assert curve[-1] == (1, 1)
    assert all(a[0] <= b[0] and a[1] <= b[1] + 1e-12 for a, b in zip(curve, curve[1:], strict=False))
    assert all(looks <= courses + 1e-9 for courses, looks in curve)


@given(counts, st.integers(0, 50))
def test_what_was_never_shown_need_not_be_listed(rows: list[int], unseen: int) -> None:
    assert gini.coefficient(rows, unseen) == pytest.approx(gini.coefficient([0] * unseen + rows))
    assert gini.curve(rows, unseen) == gini.curve([0] * unseen + rows)
