"""The geometry of charts of money: nothing leaves the drawing, and what is more is drawn larger."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.lib.money import Money
from payments import charts

AMOUNTS = st.integers(0, 10**11)


def usd(minor: int) -> Money:
    return Money(minor, "USD")


def month(up: list[int], down: int = 0) -> charts.Column:
    parts = [charts.Part(f"part{n}", "", usd(minor)) for n, minor in enumerate(up)]
    return charts.Column("Nov", parts, [charts.Part("returned", "", usd(down))])


@given(st.lists(st.tuples(st.lists(AMOUNTS, max_size=4), AMOUNTS), max_size=24))
def test_columns_stay_within_the_drawing(months: list[Any]) -> None:
    drawn = charts.columns([month(up, down) for up, down in months], "USD")
    for column in drawn.columns:
        assert column.x >= charts.LEFT
        assert column.x + column.width <= charts.WIDTH
        for part in [*column.up, *column.down]:
            assert part.y >= charts.TOP - 1
            assert part.y + part.height <= charts.HEIGHT - charts.BOTTOM + len(column.up) + 1
    assert [tick.amount for tick in drawn.ticks] == sorted(tick.amount for tick in drawn.ticks)
    assert 1 <= len(drawn.ticks) <= 12


def test_parts_stand_on_each_other_and_losses_hang_below_zero() -> None:
    drawn = charts.columns([month([300, 100], 200)], "USD")
    first, second = drawn.columns[0].up
    (lost,) = drawn.columns[0].down
    (zero,) = [tick.y for tick in drawn.ticks if tick.is_zero]
    assert first.y + first.height == zero == lost.y
    assert second.y + second.height == first.y
    assert first.height > second.height


@pytest.mark.parametrize(("most", "step"), [(1, 1), (4, 1), (5, 2), (399, 100), (401, 200), (10_000, 5_000)])
def test_steps_of_the_scale_are_round(most: int, step: int) -> None:
    assert charts.round_step(most) == step


@given(st.lists(st.integers(-(10**9), 10**9), min_size=1, max_size=9))
def test_bars_of_changes_share_one_zero(changes: list[int]) -> None:
    drawn = charts.balance_bars([("x", usd(minor)) for minor in changes])
    for bar in drawn.bars:
        assert bar.x + bar.width >= 0
        assert bar.x + bar.width <= drawn.width + 1
        assert (bar.x + bar.width if bar.is_loss else bar.x) == drawn.zero


@given(st.lists(AMOUNTS, max_size=5))
def test_slices_of_a_price_follow_each_other(parts: list[int]) -> None:
    drawn = charts.slices([("own", "", usd(minor)) for minor in parts])
    assert all(part.x + part.width <= charts.WIDTH + 1 for part in drawn)
    assert [part.x for part in drawn] == sorted(part.x for part in drawn)
