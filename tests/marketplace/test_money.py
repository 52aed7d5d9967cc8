"""Money: parsing, arithmetic, the provider's numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.lib.money import (
    CURRENCIES,
    CurrencyMismatch,
    InvalidAmount,
    Money,
    from_provider_amount,
    provider_amount,
)


@pytest.mark.parametrize(
    ("typed", "currency", "minor"),
    [
        ("19.99", "USD", 1999),
        ("128.00", "CNY", 12800),
        ("2,000", "JPY", 2000),
        ("1.250", "KWD", 1250),
        (" 7 ", "eur", 700),
    ],
)
def test_what_a_person_types_becomes_the_currencys_own_minor_unit(typed: str, currency: str, minor: int) -> None:
    assert Money.parse(typed, currency) == Money(minor, currency.upper())


@pytest.mark.parametrize(
    "typed", ["", "abc", "1e309", "NaN", "19.999", "--3", "1.2.3", "9" * 40, "٣", "19,99", "1,99,000", "12,5", ",5"]
)
def test_what_is_no_amount_is_refused_with_a_sentence(typed: str) -> None:
    with pytest.raises(InvalidAmount):
        Money.parse(typed, "USD")


def test_a_yen_has_no_hundredth() -> None:
    with pytest.raises(InvalidAmount):
        Money.parse("1000.50", "JPY")
    assert provider_amount(Money.parse("1000", "JPY")) == 1000


def test_an_unknown_currency_is_refused() -> None:
    with pytest.raises(InvalidAmount):
        Money(1, "XXX")


def test_a_float_never_becomes_money() -> None:
    with pytest.raises(TypeError):
        Money(19.99, "USD")  # type: ignore[arg-type]


def test_two_currencies_never_meet_in_a_sum() -> None:
    with pytest.raises(CurrencyMismatch):
        Money(1, "USD") + Money(1, "EUR")


@given(st.sampled_from(sorted(CURRENCIES)), st.integers(-(10**9), 10**9))
def test_an_amount_survives_text_and_the_provider(currency: str, minor: int) -> None:
    amount = Money(minor * CURRENCIES[currency].charge_multiple, currency)
    assert Money.parse(amount.decimal_text(), currency) == amount
    assert from_provider_amount(provider_amount(amount), currency.lower()) == amount


def test_an_amount_is_written_as_the_reader_writes_it() -> None:
    assert Money(1999, "USD").format("en") == "$19.99"
    assert Money(12800, "CNY").format("zh-hans") == "¥128.00"
    assert Money(2000, "JPY").format("en") == "¥2,000"
