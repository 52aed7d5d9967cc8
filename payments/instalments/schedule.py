"""Into which parts a price falls, when each is due, and what of each party's share is in it. Pure arithmetic.

The parts sum to the price exactly, in the steps in which the currency is charged; what does not divide goes to the
earlier ones, a step each. Shares and tax are those of the whole sale, reckoned once: each part takes in proportion of
what the parts before it have left (`give_back.allocate`), and the last one takes the rest, so not one unit is lost.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from marketplace.lib.money import CURRENCIES, Money

from ..give_back import Parts, allocate
from ..monthly import nth_day
from ..quotes import Quoted

FEWEST, MOST = 2, 6
LEAST_TIMES = 100  # a price in parts is at least so many times the least charge of its currency
# No two parts are taken within this, however late the one before came.
APART = timedelta(days=7)
# A mail comes so long before each later part.
SOON = timedelta(days=3)
# A pause ends after this: the plan with it, and the access. So long before she is told.
PAUSE_LASTS, LAPSE_TOLD = timedelta(days=180), timedelta(days=14)
DEAD_FOR = timedelta(days=1)


def least_price(currency: str) -> Money:
    """From which price on a course may be paid in parts: each of them is then far above what a charge costs."""
    return Money(CURRENCIES[currency].min_charge * LEAST_TIMES, currency)


def amounts(total: Money, count: int) -> list[Money]:
    """`total` in `count` parts. Raises ValueError where it is not in the currency's steps."""
    step = CURRENCIES[total.currency].charge_multiple
    units, rest = divmod(total.minor, step)
    if rest or not FEWEST <= count <= MOST or units < count:
        raise ValueError(f"{total} in {count} parts")
    each, odd = divmod(units, count)
    return [Money((each + (n < odd)) * step, total.currency) for n in range(count)]


def days(first: date, count: int) -> list[date]:
    """The same day of each month from `first` on."""
    return [nth_day(first, n + 1) for n in range(count)]


def each(whole: Quoted, parts: Sequence[Money]) -> list[Parts]:
    """Tax and shares of each part of a whole sale without a discount."""
    left = Parts(whole.tax.minor, whole.promotion.minor, tuple(share.amount.minor for share in whole.shares))
    taken = []
    for part in parts:
        taken.append(allocate(part.minor, left))
        left = left.less(taken[-1])
    return taken


def of(whole: Quoted, parts: Sequence[Money], first: int, last: int, *, is_tax_inclusive: bool) -> Quoted:
    """What the parts from number `first` to `last` of a whole sale come to together."""
    currency, some = whole.price.currency, each(whole, parts)[first - 1 : last]
    tax = Money(sum(part.tax for part in some), currency)
    price = Money.total(parts[first - 1 : last], currency)
    sums = [sum(amounts) for amounts in zip(*(part.shares for part in some), strict=True)]
    shares = tuple(replace(one, amount=Money(sum_, currency)) for one, sum_ in zip(whole.shares, sums, strict=True))
    shown = price if is_tax_inclusive else price - tax
    return Quoted(shown, Money.zero(currency), price - tax, tax, price, Money.zero(currency), shares)
