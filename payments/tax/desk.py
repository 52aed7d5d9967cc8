"""What finance sees of tax by country: one period, what is owed now, and what went to offices."""

from dataclasses import dataclass

from django.conf import settings

from marketplace.lib.money import Money

from ..models import TaxPayment
from . import owed, periods
from .owed import Line
from .periods import Period

SHOWN = 50


@dataclass(frozen=True)
class Sum:
    """All countries of one currency: `closing` is what the account of tax stood at when the period ended."""

    currency: str
    opening: Money
    collected: Money
    given_back: Money
    paid: Money
    closing: Money
    due: Money


@dataclass(frozen=True)
class Desk:
    """`lines` and `sums` of the period; `payments`: the newest of all, `more` were noted before them."""

    period: Period
    periods: list[Period]
    lines: list[Line]
    sums: list[Sum]
    payments: list[TaxPayment]
    more: int


def period_of(name: str) -> Period:
    """The named one; the last quarter that ended, where none is named. Raises NoSuchPeriod."""
    return periods.named(name) if name else periods.latest(settings.PAYMENTS_BOOK)


def view(name: str = "") -> Desk:
    """Raises NoSuchPeriod."""
    book = settings.PAYMENTS_BOOK
    period = period_of(name)
    lines = owed.lines(owed.moved(book), period)
    payments = TaxPayment.objects.of(book)
    shown = list(payments[:SHOWN])
    more = payments.count() - SHOWN if len(shown) == SHOWN else 0
    return Desk(period, periods.known(book), lines, _sums(lines), shown, more)


def _sums(lines: list[Line]) -> list[Sum]:
    names = ("opening", "collected", "given_back", "paid", "closing", "due")
    return [
        Sum(
            code,
            *(Money.total((getattr(one, name) for one in lines if one.currency == code), code) for name in names),
        )
        for code in sorted({line.currency for line in lines})
    ]
