"""What a basket costs a buyer now: list prices, the rule that shares each sale, discount and tax.

The cart, the checkout page, the API and the order itself ask here, so that what is shown is what is charged.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from courses.models import Course
from marketplace.lib.money import Money

from . import coupons
from .models import RevenueRule
from .quotes import Line, Quoted, quote
from .tax import rates


class Priced(NamedTuple):
    """One course of a basket: what was asked, and what it comes to."""

    course: Course
    line: Line
    quoted: Quoted

    @property
    def was(self) -> Money | None:
        """The list price, where a discount was taken off."""
        return self.quoted.list if self.quoted.discount else None


@dataclass(frozen=True)
class Quote:
    """A basket in one currency. `subtotal` is the list prices' sum, `total` what the buyer pays.

    total = subtotal - discount, and the tax on top of it when prices are shown without. `coupon` and `referral` are
    what lowered the price and what brought the buyer here, or None.
    """

    currency: str
    lines: list[Priced]
    is_tax_inclusive: bool = True
    tax_source: str = "none"
    tax_name: str = ""
    tax_country: str = ""
    coupon: Any = None
    referral: Any = None

    @property
    def subtotal(self) -> Money:
        return self._sum("list")

    @property
    def discount(self) -> Money:
        return self._sum("discount")

    @property
    def tax(self) -> Money:
        return self._sum("tax")

    @property
    def total(self) -> Money:
        return self._sum("price")

    def _sum(self, name: str) -> Money:
        return Money.total((getattr(priced.quoted, name) for priced in self.lines), self.currency)


def price_up(
    buyer: Any, courses: list[Course], *, coupon_code: str = "", referral: str = "", country: str = "",
    address: str = "", at: datetime,
) -> Quote:  # fmt: skip
    """The courses' quote for this buyer at `at`. All are in one currency, each has a price.

    Raises NoRevenueRule, and CouponRefused when `coupon_code` takes nothing off; wrong codes count against the buyer
    and the `address` that she is at.
    """
    coupon = coupons.find(coupon_code, buyer=buyer, at=at, address=address) if coupon_code else None
    taken = coupons.discounts_for(coupon, courses) if coupon else {}
    rule = RevenueRule.objects.in_force(at=at)
    taxed = rates.taxing(country, at)
    lines = []
    for course in courses:
        discount = taken.get(course.pk, Money.zero(course.currency))
        lines.append(_priced(course, rule, discount, coupon.bearer if coupon and discount else "", taxed))
    return Quote(
        courses[0].currency, lines, is_tax_inclusive=taxed.is_inclusive, tax_source=taxed.source,
        tax_name=taxed.rate.name, tax_country=taxed.country, coupon=coupon,
    )  # fmt: skip


def _priced(course: Course, rule: RevenueRule, discount: Money, bearer: str, taxed: rates.Taxing) -> Priced:
    assert course.price is not None  # a course without a price is not on sale
    line = Line(
        course_id=course.pk, creator_id=course.creator_id, list=course.price, discount=discount, bearer=bearer,
        platform_bps=rule.platform_bps, fixed_minor=rule.fixed_minor, affiliate_bps=rule.affiliate_bps,
        rule_id=rule.pk, tax_bps=taxed.rate.bps, is_tax_inclusive=taxed.is_inclusive,
    )  # fmt: skip
    return Priced(course, line, quote(line))
