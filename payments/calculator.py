"""The public calculator: what each party gets of a price, and the least price that leaves the creator what she wishes.

Pure: it asks `payments.quotes`, by which every sale is reckoned, and knows no other arithmetic.
"""

from dataclasses import dataclass
from typing import Protocol

from marketplace.lib.money import CURRENCIES, Money

from . import quotes
from .fees import SharingRule
from .quotes import Line, Quoted

NOBODY = 0


@dataclass(frozen=True)
class AtTier:
    """A rule as it is for a promoter of one of its tiers."""

    platform_bps: int
    fixed_minor: int
    affiliate_bps: int


class PromoterRule(SharingRule, Protocol):
    """A rule of sharing with a promoter's part."""

    @property
    def affiliate_bps(self) -> int: ...


def shared(price: Money, rule: PromoterRule, tax_bps: int = 0) -> Quoted:
    """One sale at `price`, tax included, without a discount. `price` >= 0."""
    return quotes.quote(
        Line(
            course_id=NOBODY, creator_id=NOBODY, list=price, discount=Money.zero(price.currency),
            platform_bps=rule.platform_bps, fixed_minor=rule.fixed_minor, affiliate_bps=rule.affiliate_bps,
            affiliate_id=NOBODY if rule.affiliate_bps else None, tax_bps=tax_bps,
        )
    )  # fmt: skip


def creators_part(price: Money, rule: PromoterRule, tax_bps: int = 0) -> Money:
    return shared(price, rule, tax_bps).part(quotes.CREATOR)


def price_for(wish: Money, rule: PromoterRule, tax_bps: int = 0) -> Money | None:
    """The least price, in the currency's steps, of which the creator gets `wish` or more; None when none can be asked.

    Roundings make her part fall by a unit here and there while the price rises, so the search starts where no price
    below can do and goes up step by step.
    """
    currency = CURRENCIES[wish.currency]
    left_bps = quotes.WHOLE - rule.platform_bps - rule.affiliate_bps
    if wish.minor <= 0:
        return Money.zero(wish.currency)
    if left_bps <= 0:
        return None
    # Each rounding (platform, promoter, tax) gives her less than one unit too much.
    least_net = (wish.minor + rule.fixed_minor - 2) * quotes.WHOLE // left_bps
    start = max(0, (least_net - 1) * (quotes.WHOLE + tax_bps) // quotes.WHOLE)
    step = currency.charge_multiple
    for minor in range(start - start % step, currency.max_charge + 1, step):
        if creators_part(Money(minor, wish.currency), rule, tax_bps) >= wish:
            return Money(minor, wish.currency)
    return None
