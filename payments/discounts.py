"""How much a coupon takes off each course. Pure arithmetic in minor units; source: the design's page on money, 3.5."""

from collections.abc import Sequence
from enum import StrEnum

from marketplace.lib.money import CURRENCIES, Money

WHOLE = 10_000  # basis points


class Kind(StrEnum):
    """What a coupon's `value` says."""

    PERCENT = "percent"  # so many basis points off each course
    AMOUNT = "amount"  # so much off all of them together
    FIXED_PRICE = "fixed_price"  # each of them costs so much, or less where it cost less before
    FREE = "free"


def discounts(kind: str, value: int, prices: Sequence[Money], *, most: Money | None = None) -> list[Money]:
    """What is taken off each of `prices`, which are in one currency: from zero up to the price itself, and no more
    than `most` off all of them together; what is left of it then is spread in their proportion.

    Every discount is a whole number of the steps in which the currency is charged, so that what is left can be charged.
    """
    if not prices:
        return []
    currency = prices[0].currency
    step = CURRENCIES[currency].charge_multiple
    listed = [price.minor for price in prices]
    if kind == Kind.AMOUNT:
        taken = spread(min(value, sum(listed)) // step, [minor // step for minor in listed])
        off = [min(units * step, minor) for units, minor in zip(taken, listed, strict=True)]
    else:
        off = [_of_one(kind, value, minor, step) for minor in listed]
    if most is not None and sum(off) > most.minor:
        return spread_in_steps(Money(most.minor // step * step, currency), off)
    return [Money(minor, currency) for minor in off]


def _of_one(kind: str, value: int, minor: int, step: int) -> int:
    if kind == Kind.PERCENT:
        # To the nearest step, halves up: the buyer's favor, as the platform's own share is rounded in its own.
        return min(minor, (minor * value + WHOLE * step // 2) // (WHOLE * step) * step)
    if kind == Kind.FIXED_PRICE:
        return max(0, minor - value)
    return minor


def parts_of(price: Money, listed: Sequence[Money]) -> list[Money]:
    """A bundle's `price` over its courses' list prices, in their proportion: the parts sum to the price exactly.

    Every part is a whole number of the steps in which the currency is charged, and no more than its list price. All are
    in one currency and in such steps; the price is at most the sum.
    """
    return spread_in_steps(price, [one.minor for one in listed])


def spread_in_steps(amount: Money, weights: Sequence[int]) -> list[Money]:
    """`amount` over `weights` (minor units) so that each part can be charged, and given back, by itself.

    What is left of it below a step goes to the first part that has room for it.
    """
    step = CURRENCIES[amount.currency].charge_multiple
    units, rest = divmod(amount.minor, step)
    parts = [part * step for part in spread(units, [weight // step for weight in weights])]
    for at, weight in enumerate(weights):
        taken = min(rest, weight - parts[at])
        parts[at], rest = parts[at] + taken, rest - taken
    return [Money(part, amount.currency) for part in parts]


def spread(units: int, weights: Sequence[int]) -> list[int]:
    """`units` over `weights` by the largest remainder, the earlier first among equals. 0 <= units <= sum(weights).

    No part is greater than its weight.
    """
    whole = sum(weights)
    if not whole:
        return [0 for _weight in weights]
    parts = [units * weight // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda n: (-(units * weights[n] % whole), n))
    for n in by_remainder[: units - sum(parts)]:
        parts[n] += 1
    return parts
