"""Money is a whole number of a currency's minor units. No float and no Decimal is ever stored or sent."""

import re
from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass
from decimal import Decimal
from functools import total_ordering

from babel import Locale
from babel.numbers import format_currency, get_currency_precision
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from .currencies import CURRENCIES, KNOWN, Currency, currency_choices, known_currency_choices
from .errors import DomainError

__all__ = [
    "CURRENCIES",
    "KNOWN",
    "Currency",
    "CurrencyMismatch",
    "InvalidAmount",
    "Money",
    "UnknownCurrency",
    "Unread",
    "about",
    "as_told",
    "currency_choices",
    "from_provider_amount",
    "known_currency_choices",
    "provider_amount",
]


class CurrencyMismatch(Exception):
    """Two currencies met in one sum: always a bug."""


class InvalidAmount(DomainError):
    code = "invalid_amount"
    status = 400
    message = _("This is not an amount of money. Write for example 19.99.")


class UnknownCurrency(InvalidAmount):
    """Nobody here can say where the point of its amounts stands: nothing is booked in it."""

    code = "unknown_currency"
    message = _("This currency is not known here.")

    def __init__(self, currency: str) -> None:
        super().__init__(_("The currency %(code)s is not known here.") % {"code": str(currency)[:8]})


@total_ordering
@dataclass(frozen=True)
class Money:
    """`minor` units of `currency` (ISO 4217, upper case)."""

    minor: int
    currency: str

    def __post_init__(self) -> None:
        if isinstance(self.minor, bool) or not isinstance(self.minor, int):
            raise TypeError(f"minor units are whole numbers, not {type(self.minor).__name__}")
        self._must_be_known()

    def _must_be_known(self) -> None:
        if self.currency not in KNOWN:
            raise UnknownCurrency(self.currency)

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
        return KNOWN[self.currency].exponent

    def _same(self, other: "Money") -> "Money":
        if self.currency != other.currency:
            raise CurrencyMismatch(f"{self.currency} and {other.currency}")
        return other

    def __add__(self, other: "Money") -> "Money":
        return type(self)(self.minor + self._same(other).minor, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return type(self)(self.minor - self._same(other).minor, self.currency)

    def __neg__(self) -> "Money":
        return type(self)(-self.minor, self.currency)

    def __mul__(self, times: int) -> "Money":
        return type(self)(self.minor * times, self.currency)

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
        return _written(Decimal(self.minor).scaleb(-self.exponent), self.currency, self.exponent, babel_locale)

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


def _written(major: Decimal, currency: str, places: int, locale: str) -> str:
    if places == get_currency_precision(currency):
        return format_currency(major, currency, locale=locale)
    # People leave these places out; what the books count in them would look like nothing.
    pattern = copy(Locale.parse(locale).currency_formats["standard"])
    pattern.frac_prec = (places, places)
    return str(pattern.apply(major, locale, currency=currency, currency_digits=False))


# Of a currency that the provider tells of, known here or not: "USDC".
LONGEST_CODE = 12


class Unread(Money):
    """So many of the provider's units in a currency that is not known here.

    It can be shown, compared and summed with its like, so that what the provider says is not lost. The ledger takes
    none of it.
    """

    def _must_be_known(self) -> None:
        """It is not."""

    @property
    def exponent(self) -> int:
        return 0

    def __str__(self) -> str:
        return f"{self.minor} units of {self.currency}"

    def format(self, locale: str | None = None) -> str:
        return gettext("%(number)s units of %(code)s") % {"number": self.minor, "code": self.currency}


def provider_amount(amount: Money) -> int:
    """The number that Stripe takes for this amount."""
    step = KNOWN[amount.currency].charge_multiple
    if amount.minor % step:
        raise InvalidAmount(_("%(code)s is charged in steps of %(step)d.") % {"code": amount.currency, "step": step})
    return amount.minor


def from_provider_amount(number: int, currency: str) -> Money:
    """The inverse of `provider_amount`; `currency` in any case. Raises UnknownCurrency."""
    return Money(number, currency.upper())


def as_told(number: int, currency: str) -> Money:
    """The same, for what must be read whatever it is: an `Unread` where the currency is not known here."""
    code = currency.upper()
    if code in KNOWN:
        return Money(number, code)
    # A word that can be no code is what ISO 4217 calls no currency at all.
    return Unread(number, code if re.fullmatch(f"[A-Z0-9]{{1,{LONGEST_CODE}}}", code, re.ASCII) else "XXX")
