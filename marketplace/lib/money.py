"""Money is a whole number of a currency's minor units. No float and no Decimal is ever stored or sent."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import total_ordering

from babel.numbers import format_currency
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from .errors import DomainError


class CurrencyMismatch(Exception):
    """Two currencies met in one sum: always a bug."""


class InvalidAmount(DomainError):
    code = "invalid_amount"
    status = 400
    message = _("This is not an amount of money. Write for example 19.99.")


@dataclass(frozen=True)
class Currency:
    """What a currency allows; the provider's exponent differs from ISO 4217 for some currencies.

    Amounts are in minor units. `charge_multiple` and `payout_multiple` are the steps that the provider takes.
    """

    code: str
    exponent: int
    stripe_exponent: int
    min_charge: int
    max_charge: int
    payout_minimum: int
    charge_multiple: int = 1
    payout_multiple: int = 1


# Source of the exponents and multiples: ISO 4217 and the provider's currency page.
CURRENCIES: dict[str, Currency] = {
    c.code: c
    for c in (
        Currency("USD", 2, 2, 50, 999_999, 1_000),
        Currency("EUR", 2, 2, 50, 999_999, 1_000),
        Currency("GBP", 2, 2, 30, 999_999, 1_000),
        Currency("CNY", 2, 2, 400, 6_999_999, 7_000),
        Currency("HKD", 2, 2, 400, 7_999_999, 8_000),
        Currency("SGD", 2, 2, 50, 1_299_999, 1_300),
        Currency("JPY", 0, 0, 50, 1_499_999, 1_500),
        Currency("KRW", 0, 0, 500, 13_999_999, 14_000),
        Currency("TWD", 2, 2, 1_500, 29_999_900, 30_000, charge_multiple=100, payout_multiple=100),
        Currency("KWD", 3, 3, 150, 3_099_990, 3_000, charge_multiple=10, payout_multiple=10),
    )
}


def currency_choices() -> list[tuple[str, str]]:
    return [(code, code) for code in CURRENCIES]


@total_ordering
@dataclass(frozen=True)
class Money:
    """`minor` units of `currency` (ISO 4217, upper case)."""

    minor: int
    currency: str

    def __post_init__(self) -> None:
        if isinstance(self.minor, bool) or not isinstance(self.minor, int):
            raise TypeError(f"minor units are whole numbers, not {type(self.minor).__name__}")
        if self.currency not in CURRENCIES:
            raise InvalidAmount(_("The currency %(code)s is not offered here.") % {"code": str(self.currency)[:8]})

    @classmethod
    def zero(cls, currency: str) -> "Money":
        return cls(0, currency)

    @classmethod
    def total(cls, amounts: Iterable["Money"], currency: str) -> "Money":
        return sum(amounts, cls.zero(currency))

    @classmethod
    def parse(cls, text: str, currency: str) -> "Money":
        """What a person typed ("19.99", "1,299") in major units; more decimals than the currency has are refused."""
        exponent = cls.zero(currency.upper()).exponent
        plain = text.strip().replace(" ", "")
        # A comma parts thousands and nothing else: "19,99", read as 1,999, would be a hundred times as much.
        if not re.fullmatch(r"-?(\d{1,12}|\d{1,3}(,\d{3}){1,3})(\.\d+)?", plain, re.ASCII):
            raise InvalidAmount
        scaled = Decimal(plain.replace(",", "")).scaleb(exponent)
        if scaled != scaled.to_integral_value():
            raise InvalidAmount(
                _("%(code)s has %(places)d decimal places.") % {"code": currency.upper(), "places": exponent}
            )
        return cls(int(scaled), currency.upper())

    @property
    def exponent(self) -> int:
        return CURRENCIES[self.currency].exponent

    def _same(self, other: "Money") -> "Money":
        if self.currency != other.currency:
            raise CurrencyMismatch(f"{self.currency} and {other.currency}")
        return other

    def __add__(self, other: "Money") -> "Money":
        return Money(self.minor + self._same(other).minor, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.minor - self._same(other).minor, self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.minor, self.currency)

    def __mul__(self, times: int) -> "Money":
        return Money(self.minor * times, self.currency)

    def __lt__(self, other: "Money") -> bool:
        return self.minor < self._same(other).minor

    def __bool__(self) -> bool:
        return self.minor != 0

    def __str__(self) -> str:
        return f"{self.decimal_text()} {self.currency}"

    def decimal_text(self) -> str:
        """Major units with the currency's own places: "19.99", "2000"."""
        return f"{Decimal(self.minor).scaleb(-self.exponent):f}"

    def format(self, locale: str | None = None) -> str:
        """As people of this locale write it: "$19.99", "¥128.00"."""
        locale = locale or get_language() or "en"
        babel_locale = "zh_Hans_CN" if locale.lower().startswith("zh") else locale.replace("-", "_")
        return format_currency(Decimal(self.minor).scaleb(-self.exponent), self.currency, locale=babel_locale)

    def as_json(self) -> dict[str, str]:
        return {"minor": str(self.minor), "currency": self.currency}


def about(amount: Money, currency: str) -> Money:
    """About as much in another currency, in its charge steps, rounded down: for limits, by the currencies' least
    payouts. No rate, and nobody is paid by it; in its own currency an amount is itself.
    """
    if amount.currency == currency:
        return amount
    step = CURRENCIES[currency].charge_multiple
    scale = CURRENCIES[amount.currency].payout_minimum * step
    return Money(amount.minor * CURRENCIES[currency].payout_minimum // scale * step, currency)


def provider_amount(amount: Money) -> int:
    """The number that Stripe takes for this amount."""
    currency = CURRENCIES[amount.currency]
    if amount.minor % currency.charge_multiple:
        raise InvalidAmount(_("%(code)s is charged in steps of %(step)d.") % {
            "code": amount.currency, "step": currency.charge_multiple})  # fmt: skip
    return amount.minor * 10 ** (currency.stripe_exponent - currency.exponent)


def from_provider_amount(number: int, currency: str) -> Money:
    """The inverse of `provider_amount`; `currency` in any case."""
    known = CURRENCIES[currency.upper()]
    return Money(number // 10 ** (known.stripe_exponent - known.exponent), known.code)
