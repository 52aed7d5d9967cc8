"""Money as it should be: a small model of sales, refunds, releases, disputes and payouts, reckoned in fractions.

It shares no code with the product: where the product adds integers, this rounds fractions; where the product posts
entries, this moves amounts between named pockets. What both say must be the same after every step.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from fractions import Fraction
from math import floor

Pocket = tuple[str, int | None, str]  # kind of account, owner, currency
PENDING = {"affiliate": "affiliate_pending", "creator": "creator_pending"}


@dataclass
class Sale:
    """One course sold: what is left of every party's part, and where the owned parts stand."""

    currency: str
    tax: int
    promotion: int
    parts: list[list]  # [kind, owner, minor units left]
    is_released: bool = False

    @property
    def left(self) -> int:
        """What can still be given back to the buyer."""
        return self.tax + sum(part[2] for part in self.parts) - self.promotion

    def pocket(self, kind: str, owner: int | None) -> Pocket:
        if kind == "platform":
            return "platform_revenue", None, self.currency
        return ("creator_available" if self.is_released else PENDING[kind]), owner, self.currency


@dataclass
class Model:
    """What stands in every pocket, in the pocket's own direction: what Ada has is positive, her debt negative."""

    pockets: dict[Pocket, int] = field(default_factory=lambda: defaultdict(int))

    def move(self, kind: str, owner: int | None, currency: str, amount: int) -> None:
        self.pockets[kind, owner, currency] += amount

    def sell(self, sale: Sale, price: int, fee: int) -> None:
        self.move("stripe_clearing", None, sale.currency, price - fee)
        self.move("stripe_fees", None, sale.currency, fee)
        self.move("tax_payable", None, sale.currency, sale.tax)
        self.move("promotions", None, sale.currency, sale.promotion)
        for kind, owner, amount in sale.parts:
            self.move(*sale.pocket(kind, owner), amount)

    def give_back(self, sale: Sale, amount: int, out_of: str = "stripe_clearing") -> None:
        """`amount` of one sale, spread over what is left of each part; the last amount takes all."""
        ratio = Fraction(amount, sale.left) if sale.left else Fraction(0)
        promotion = floor(sale.promotion * ratio)
        weights = [sale.tax, *(part[2] for part in sale.parts)]
        tax, *taken = spread(amount + promotion, weights)
        self.move(out_of, None, sale.currency, -amount)
        self.move("tax_payable", None, sale.currency, -tax)
        self.move("promotions", None, sale.currency, -promotion)
        for part, minor in zip(sale.parts, taken, strict=True):
            self.move(*sale.pocket(part[0], part[1]), -minor)
            part[2] -= minor
        sale.tax, sale.promotion = sale.tax - tax, sale.promotion - promotion

    def come_back(self, owner: int, currency: str, amount: int) -> None:
        """Of a payout that was sent so much is here again, and hers."""
        self.move("stripe_clearing", None, currency, amount)
        self.move("creator_available", owner, currency, amount)

    def release(self, sale: Sale) -> None:
        for kind, owner, amount in sale.parts:
            if kind != "platform":
                self.move(PENDING[kind], owner, sale.currency, -amount)
                self.move("creator_available", owner, sale.currency, amount)
        sale.is_released = True


def price_of(shown: int, tax_bps: int, *, is_inclusive: bool, step: int) -> tuple[int, int]:
    """(net, tax) of an amount as shown."""
    if is_inclusive:
        tax = half_up(Fraction(shown * tax_bps, 10_000 + tax_bps))
        return shown - tax, tax
    return shown, half_up(Fraction(shown * tax_bps, 10_000 * step)) * step


def half_up(number: Fraction) -> int:
    return floor(number + Fraction(1, 2))


def spread(amount: int, weights: list[int]) -> list[int]:
    """By largest remainder; of equal remainders the earlier first."""
    if not sum(weights):
        return [0 for _weight in weights]
    exact = [Fraction(weight * amount, sum(weights)) for weight in weights]
    parts = [floor(one) for one in exact]
    order = sorted(range(len(weights)), key=lambda n: (floor(exact[n]) - exact[n], n))
    for n in order[: amount - sum(parts)]:
        parts[n] += 1
    return parts
