"""Who gives back how much when a part of a sale is given back. Pure arithmetic in minor units.

Every amount is spread over what is LEFT of each part, by largest remainder. The difference of two such spreadings over
the whole would take less than nothing from somebody now and then (the Alabama paradox). Source: the design's page on
money, 3.5.
"""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Parts:
    """Of one course sold: the tax, what the platform added to the buyer's money (`promotion`), and every share.

    Their price, what the buyer paid or gets back, is tax + shares - promotion.
    """

    tax: int
    promotion: int
    shares: tuple[int, ...]

    @property
    def price(self) -> int:
        return self.tax + sum(self.shares) - self.promotion

    def less(self, taken: "Parts") -> "Parts":
        shares = tuple(share - part for share, part in zip(self.shares, taken.shares, strict=True))
        return Parts(self.tax - taken.tax, self.promotion - taken.promotion, shares)


def allocate(amount: int, left: Parts) -> Parts:
    """What each part gives for `amount` (0 … left.price) given back. The last amount takes all that is left.

    Exact: the result's price is `amount`. No part gives more than it has or less than nothing. Raises ValueError.
    """
    if not 0 <= amount <= left.price or min(left.tax, left.promotion, *left.shares, 0) < 0:
        raise ValueError(f"{amount} of {left} cannot be given back")
    if amount == left.price:
        return left
    promotion = left.promotion * amount // left.price
    tax, *shares = spread(amount + promotion, (left.tax, *left.shares))
    return Parts(tax, promotion, tuple(shares))


def spread(amount: int, weights: Sequence[int]) -> list[int]:
    """`amount` in proportion to `weights`, which sum to it or more; of equal remainders the earlier goes first.

    By largest remainder: exact, and no part is more than its weight.
    """
    total = sum(weights)
    parts = [weight * amount // total for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda n: -(weights[n] * amount % total))
    for n in by_remainder[: amount - sum(parts)]:
        parts[n] += 1
    return parts
