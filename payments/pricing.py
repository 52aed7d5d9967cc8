"""What a basket costs a buyer now: list prices, the rule that shares each sale, discount and tax.

The cart, the checkout page, the API and the order itself ask here, so that what is shown is what is charged.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from courses.models import Course
from creators import countries
from marketplace.lib.money import Money

from . import coupons, referrals, splits
from .bundles.offers import Offer
from .models import InstalmentPlan, Membership, RefundRule, RevenueRule
from .models.revenue_rule import percent_text
from .quotes import Line, Quoted, quote
from .referrals import NOBODY, Attribution, Followed, standing
from .tax import rates

OF_NO_COURSE: Any = None


class Priced(NamedTuple):
    """One course of a basket: what was asked, and what it comes to. Of a bundle it names the offer. A month of a
    membership has no course (`OF_NO_COURSE`).
    """

    course: Course
    line: Line
    quoted: Quoted
    offer: Offer | None = None

    @property
    def is_named(self) -> bool:
        """Whether the buyer names its price; a bundle asks for its part."""
        return self.course.is_price_named and self.offer is None

    @property
    def was(self) -> Money | None:
        """The list price, where less is asked."""
        return self.course.price if self.offer else self.quoted.list if self.quoted.discount else None

    @property
    def shown(self) -> Money:
        """As list prices are shown: the tax is in it, or comes on top of all lines together."""
        return self.quoted.list - self.quoted.discount


class PartOf(NamedTuple):
    """Some parts of a price that is paid in parts: of which plan, from the first to the last of them.

    `open_for`: how long their order waits for the money, where that is not as for others.
    """

    plan: InstalmentPlan
    first: int
    last: int
    open_for: timedelta | None = None

    @property
    def refund_rule(self) -> RefundRule:
        return self.plan.refund_rule

    @property
    def name(self) -> str:
        """What tells its order from those of other parts."""
        return f"{self.plan.pk}:{self.first}-{self.last}"

    @property
    def of_order(self) -> dict[str, Any]:
        """As the fields of an order."""
        return {"plan": self.plan, "part": self.first, "part_to": self.last}


class MonthOf(NamedTuple):
    """One month of a membership: its number, counted from the first day that was agreed."""

    membership: Membership
    number: int
    open_for: timedelta | None = None

    @property
    def refund_rule(self) -> RefundRule:
        return self.membership.refund_rule

    @property
    def name(self) -> str:
        return f"month {self.membership.pk}:{self.number}"

    @property
    def of_order(self) -> dict[str, Any]:
        return {"membership": self.membership, "month": self.number}


@dataclass(frozen=True)
class Quote:
    """A basket in one currency. `subtotal` is the list prices' sum, `total` what the buyer pays.

    `at` is the moment whose rules it goes by, and that of an order made of it: who reads the order later finds the same
    rules in force. total = subtotal - discount, and the tax on top of it when prices are shown without. `coupon` and
    `referral` are what lowered the price and what brought the buyer here, or None; `is_by_lowest` says that the coupon
    would take off more by the prices of today. `part`: it is not the whole price.
    """

    currency: str
    lines: list[Priced]
    at: datetime
    is_tax_inclusive: bool = True
    tax_source: str = "none"
    tax_name: str = ""
    tax_country: str = ""
    tax_bps: int = 0
    coupon: Any = None
    is_by_lowest: bool = False
    referral: Any = None
    part: PartOf | MonthOf | None = None

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

    @property
    def alone(self) -> list[Priced]:
        """The courses that are bought by themselves."""
        return [priced for priced in self.lines if priced.offer is None]

    @property
    def bundles(self) -> list[tuple[Offer, list[Priced]]]:
        """Each bundle with its courses."""
        found = {priced.offer.bundle.pk: priced.offer for priced in self.lines if priced.offer}
        return [(offer, [one for one in self.lines if one.offer is offer]) for offer in found.values()]

    @property
    def tax_percent(self) -> str:
        return percent_text(self.tax_bps)

    @property
    def tax_place(self) -> str:
        """The name of the country by which it is taxed, in the reader's language."""
        return countries.name_of(self.tax_country)

    def _sum(self, name: str) -> Money:
        return Money.total((getattr(priced.quoted, name) for priced in self.lines), self.currency)


def price_up(
    buyer: Any, courses: list[Course], *, offers: Sequence[Offer] = (), named: Mapping[int, Money] | None = None,
    coupon_code: str = "", referral: Followed = NOBODY, country: str = "", address: str = "", at: datetime,
) -> Quote:  # fmt: skip
    """The courses' quote for this buyer at `at`. All are in one currency, each has a price. Those of `offers` are asked
    for their parts of a bundle's price, in place of their list prices; a coupon counts from there. `named` is what she
    names for some of those whose price is hers to name, by their keys: it is their list price, and no coupon lowers it.

    Raises NoRevenueRule, and CouponRefused when `coupon_code` takes nothing off; wrong codes, that of `referral` too,
    count against the buyer and the `address` that she is at.
    """
    coupon = coupons.find(coupon_code, buyer=buyer, at=at, address=address) if coupon_code else None
    asked = {course.pk: course.price for course in courses if course.price is not None} | dict(named or {})
    asked |= _asked_by(offers)
    of_bundle = {course.pk: offer for offer in offers for course in offer.courses}
    hers = {course.pk for course in courses if course.is_price_named} - set(of_bundle)
    taken = coupons.discounts_for(coupon, courses, asked, but=hers, at=at) if coupon else coupons.Taken({})
    authors = splits.of_many(courses, at)
    followed = referrals.bringer_of(referral, at, person=getattr(buyer, "pk", None), address=address)
    # Her own code at the till is a creator's own link; it comes before the link that was followed.
    bringers = [referrals.bringer_by(coupon) if coupon else None, followed]
    credited = referrals.attributions(buyer, courses, bringers, authors)
    rules = {code: RevenueRule.objects.in_force(code, at=at) for code in {one.rule for one in credited.values()}}
    counted = standing.counted(credited.values(), rules, at)
    taxed = rates.taxing(country, at)
    lines = []
    for course in courses:
        credit, discount = credited[course.pk], taken.off.get(course.pk, Money.zero(course.currency))
        offer = of_bundle.get(course.pk)
        terms = _sharing(rules[credit.rule], credit, counted) | {
            "list": asked[course.pk], "coauthors": authors.get(course.pk, ()), "discount": discount,
            "bearer": coupon.bearer if coupon and discount else "",
            "tax_bps": taxed.rate.bps, "is_tax_inclusive": taxed.is_inclusive,
            "bundle_price_id": offer.bundle.price_row if offer else None,
        }  # fmt: skip
        lines.append(_priced(course, terms, offer))
    return Quote(
        courses[0].currency, lines, at, is_tax_inclusive=taxed.is_inclusive, tax_source=taxed.source,
        tax_name=taxed.rate.name, tax_country=taxed.country, tax_bps=taxed.rate.bps, coupon=coupon,
        is_by_lowest=taken.is_by_lowest, referral=followed.referral if followed else None,
    )  # fmt: skip


def _sharing(rule: RevenueRule, credit: Attribution, counted: Mapping[int, int]) -> dict[str, Any]:
    promoter = credit.affiliate
    sales = counted.get(promoter.pk) if promoter else None
    return {
        "platform_bps": rule.platform_bps, "fixed_minor": rule.fixed_minor, "rule_id": rule.pk,
        "affiliate_bps": rule.promoter_bps(sales) if promoter else 0, "affiliate_id": promoter.pk if promoter else None,
        "referral_code": credit.code, "promoter_sales": sales,
    }  # fmt: skip


def _asked_by(offers: Sequence[Offer]) -> dict[int, Money]:
    return {part.course.pk: part.price for offer in offers for part in offer.lacking}


def _priced(course: Course, terms: dict[str, Any], offer: Offer | None) -> Priced:
    line = Line(course_id=course.pk, creator_id=course.creator_id, **terms)
    return Priced(course, line, quote(line), offer)
