"""Into which parts a price falls, when each is due, and what of each party's share is in it. Pure arithmetic.

The parts sum to the price exactly, in the steps in which the currency is charged; what does not divide goes to the
earlier ones, a step each. Shares and tax are those of the whole sale, reckoned once: each part takes in proportion of
what the parts before it have left (`give_back.allocate`), and the last one takes the rest, so not one unit is lost.
"""

import calendar
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from marketplace.lib.money import CURRENCIES, Money

from ..give_back import Parts, allocate
from ..quotes import Quoted

FEWEST, MOST = 2, 6
LEAST_TIMES = 100  # a price in parts is at least so many times the least charge of its currency
# A part that could not be taken is tried again so long after the try before; after the last one the right pauses.
TRY_AGAIN_AFTER = (timedelta(days=3), timedelta(days=4))
TRIES = len(TRY_AGAIN_AFTER) + 1
# No two parts are taken within this, however late the one before came.
APART = timedelta(days=7)
# A mail comes so long before each later part.
SOON = timedelta(days=3)
# A pause ends after this: the plan with it, and the access. So long before she is told.
PAUSE_LASTS, LAPSE_TOLD = timedelta(days=180), timedelta(days=14)
DEAD_FOR = timedelta(days=1)
HOUR = time(9, tzinfo=UTC)


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
    """The same day of each month from `first` on; the month's last one where it has no such day."""
    found = []
    for n in range(count):
        year, month = divmod(first.year * 12 + first.month - 1 + n, 12)
        found.append(date(year, month + 1, min(first.day, calendar.monthrange(year, month + 1)[1])))
    return found


def moment(day: date) -> datetime:
    """When a part that is due on `day` is taken."""
    return datetime.combine(day, HOUR)


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
