"""What a coupon takes off: never more than a price, in the currency's own steps, every unit accounted for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.lib.money import CURRENCIES, Money
from payments.discounts import Kind, discounts, spread, spread_in_steps

codes = st.sampled_from(sorted(CURRENCIES))


def usd(*minors: int) -> list[Money]:
    return [Money(minor, "USD") for minor in minors]


def off(kind: str, value: int, prices: list[Money]) -> list[int]:
    return [amount.minor for amount in discounts(kind, value, prices)]


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        ("percent", 2500, [500, 750]),
        ("percent", 5000, [1000, 1500]),  # 999.5 is rounded up
        ("amount", 1000, [400, 600]),
        ("amount", 9999, [1999, 3000]),  # never more than the prices
        ("fixed_price", 900, [1099, 2100]),
        ("fixed_price", 2500, [0, 500]),  # what is cheaper already stays
        ("free", 0, [1999, 3000]),
    ],
)
def test_each_kind_takes_off_what_it_says(kind: str, value: int, expected: list[int]) -> None:
    assert off(kind, value, usd(1999, 3000)) == expected


def test_currencies_in_steps_are_lowered_in_steps() -> None:
    assert off("percent", 3333, [Money(9_900, "TWD")]) == [3_300]
    assert off("amount", 1_000, [Money(9_900, "TWD"), Money(9_900, "TWD")]) == [500, 500]
    assert off("percent", 1111, [Money(1_990, "KWD")]) == [220]


def test_yen_have_no_parts() -> None:
    assert off("percent", 3333, [Money(1000, "JPY")]) == [333]


@given(st.data())
def test_a_tax_is_spread_so_that_each_course_can_be_given_back_alone(data: st.DataObject) -> None:
    code = data.draw(codes)
    step = CURRENCIES[code].charge_multiple
    prices = data.draw(st.lists(st.integers(1, 10_000).map(lambda units: units * step), min_size=1, max_size=6))
    tax = Money(data.draw(st.integers(0, sum(prices) // step)) * step, code)
    parts = spread_in_steps(tax, prices)
    assert Money.total(parts, code) == tax
    assert all(part.minor % step == 0 for part in parts)


def test_what_cannot_be_spread_in_steps_goes_to_the_first() -> None:
    assert [part.minor for part in spread_in_steps(Money(155, "KWD"), [1_000, 1_000])] == [85, 70]
    # Nor to a course that is free: it would be below nothing.
    assert [part.minor for part in spread_in_steps(Money(476, "TWD"), [0, 10_000])] == [0, 476]


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [("free", 0, [399, 600]), ("percent", 2500, [400, 599]), ("amount", 9_000, [399, 600]), ("percent", 100, [20, 30])],
)
def test_no_order_costs_whoever_bears_it_more_than_the_most(kind: str, value: int, expected: list[int]) -> None:
    taken = discounts(kind, value, usd(1_999, 3_000), most=Money(999, "USD"))
    assert [amount.minor for amount in taken] == expected


def test_the_most_is_spread_in_steps_too() -> None:
    taken = discounts("free", 0, [Money(9_900, "TWD"), Money(9_900, "TWD")], most=Money(5_150, "TWD"))
    assert [amount.minor for amount in taken] == [2_600, 2_500]


def test_nothing_is_lowered_by_nothing() -> None:
    assert discounts("percent", 2500, []) == []


@given(
    code=codes,
    steps=st.lists(st.integers(1, 50_000), min_size=1, max_size=8),
    kind=st.sampled_from(list(Kind)),
    value=st.integers(1, 9_999),
)
def test_every_discount_can_be_charged(code: str, steps: list[int], kind: str, value: int) -> None:
    step = CURRENCIES[code].charge_multiple
    prices = [Money(number * step, code) for number in steps]
    value = value if kind == Kind.PERCENT else value * step
    taken = discounts(kind, value, prices)
    assert all(0 <= amount.minor <= price.minor for amount, price in zip(taken, prices, strict=True))
    assert all(amount.minor % step == 0 for amount in taken)
    if kind == Kind.AMOUNT:
        assert sum(amount.minor for amount in taken) == min(value, sum(price.minor for price in prices))


@given(weights=st.lists(st.integers(0, 10_000), min_size=1, max_size=12), data=st.data())
def test_a_spread_is_exact_and_no_part_is_greater_than_its_weight(weights: list[int], data: st.DataObject) -> None:
    units = data.draw(st.integers(0, sum(weights)))
    parts = spread(units, weights)
    assert sum(parts) == units
    assert all(0 <= part <= weight for part, weight in zip(parts, weights, strict=True))
