"""Money: parsing, arithmetic, the provider's numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.lib.money import (
    CURRENCIES,
    KNOWN,
    CurrencyMismatch,
    InvalidAmount,
    Money,
    UnknownCurrency,
    as_told,
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


class TestWhatTheProviderTells:
    @given(st.sampled_from(sorted(KNOWN)), st.integers(-(10**9), 10**9))
    def test_in_any_of_its_currencies_is_read_without_rounding(self, currency: str, number: int) -> None:
        amount = from_provider_amount(number, currency.lower())
        assert (amount.minor, amount) == (number, as_told(number, currency))
        assert Money.parse(amount.decimal_text(), currency) == amount

    def test_knows_what_is_sold_in_and_much_more(self) -> None:
        assert CURRENCIES.items() <= KNOWN.items()
        assert len(KNOWN) > 135
        assert all(len(code) == 3 and code == code.upper() == known.code for code, known in KNOWN.items())

    @pytest.mark.parametrize(
        ("code", "exponent", "charge", "payout"),
        [("AUD", 2, 1, 1), ("CHF", 2, 1, 1), ("CLP", 0, 1, 1), ("MGA", 0, 1, 1), ("BHD", 3, 10, 10),
         ("ISK", 2, 100, 100), ("UGX", 2, 100, 100), ("HUF", 2, 1, 100), ("TWD", 2, 100, 100)],
    )  # fmt: skip
    def test_counts_each_as_the_provider_does(self, code: str, exponent: int, charge: int, payout: int) -> None:
        known = KNOWN[code]
        assert (known.exponent, known.charge_multiple, known.payout_multiple) == (exponent, charge, payout)

    def test_is_written_to_its_last_place_also_where_people_leave_it_out(self) -> None:
        assert Money(1234, "ISK").format("en") == "ISK12.34"
        assert Money(-5, "AFN").format("zh-hans").endswith("0.05")
        assert Money(1234, "CHF").format("en") == "CHF12.34"

    def test_in_a_currency_that_is_not_known_is_refused_or_kept_apart(self) -> None:
        with pytest.raises(UnknownCurrency):
            from_provider_amount(5, "xyz")
        told = as_told(5, "xyz")
        assert (told.minor, told.currency, str(told + told)) == (5, "XYZ", "10 units of XYZ")
        assert told != Money(5, "USD")
        with pytest.raises(CurrencyMismatch):
            told + Money(5, "USD")
        assert as_told(5, "usdc").currency == "USDC", "no three letters of it are taken for dollars"
        assert as_told(5, "usdb") != as_told(5, "usdc")
        for no_code in ("", "usd ", "u$d", "us\x00", "x" * 13):
            assert as_told(5, no_code).currency == "XXX"
