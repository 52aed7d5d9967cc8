"""Coupons at the till: whether a code may be used for these courses, and what it takes off each of them.

Which seat a buyer gets is decided when her order is placed (`CouponUse.objects.reserve`); what is said here is said
before that and promises nothing.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _

from courses.models import Course, PriceChange
from marketplace.lib.money import CURRENCIES, Money

from ..discounts import discounts, spread_in_steps
from ..models import Coupon, CouponUse
from ..models.coupon import CouponRefused
from ..models.coupon_use import CouponNotValid, CouponUsedBefore
from . import tries


class CouponNotForThese(CouponRefused):
    code = "coupon_not_for_these"
    message = _("This code is for other courses, for a larger order, or for another currency.")


_NOTHING_OFF_THE_LOWEST = _(
    "This code goes by the lowest price of the last 30 days, and takes nothing off that. Try it later."
)
_NOTHING_OFF_A_SMALL_ORDER = _(
    "This code takes nothing off so small an order: less than the least payment would be left to pay."
)
_NOT_FOR_NAMED = _("You name the price of this course yourself, so no code lowers it.")


class Taken(NamedTuple):
    """What a coupon takes off, by the course's id; courses that it is not for are not named.

    `is_by_lowest`: by the prices of today it would be more.
    """

    off: dict[int, Money]
    is_by_lowest: bool = False


def find(code: str, *, buyer: Any, at: datetime, address: str = "") -> Coupon:
    """The coupon of a code that somebody gave, when it holds and has a seat for `buyer` (who may be anonymous).

    A wrong code counts against the person and her address. Raises CouponNotValid, CouponUsedBefore, TooManyCodes,
    CodesNotReadable.
    """
    tries.must_be_left(buyer.pk, address)
    coupon = Coupon.objects.named(code)
    # A seat that she has reserved herself, in an order that is not paid yet, is a seat for her.
    mine = list(CouponUse.objects.by(buyer).standing().filter(coupon=coupon)) if coupon and buyer.pk else []
    if coupon is None or not coupon.holds_at(at) or (coupon.seats_left == 0 and not _reserved(mine)):
        tries.count_wrong(buyer.pk, address)
        raise CouponNotValid
    if coupon.cap_person is not None and len(mine) - _reserved(mine) >= coupon.cap_person:
        raise CouponUsedBefore
    return coupon


def _reserved(uses: list[CouponUse]) -> int:
    return sum(use.state == CouponUse.State.RESERVED for use in uses)


def discounts_for(
    coupon: Coupon, courses: Sequence[Course], asked: Mapping[int, Money] | None = None, *,
    but: Collection[int] = (), at: datetime,
) -> Taken:  # fmt: skip
    """What `coupon` takes off these courses of one currency, which are paid together. `asked` is what they are asked
    for (by id), where that is not the list price; `but` are those that no code lowers (by id). Raises
    CouponNotForThese when it takes nothing off, or its minimum is not reached.

    A discount that the platform bears is income of the creators, who set the prices: it is reckoned from the least that
    a course was asked for within thirty days before `at`, and is no more than the coupon's `most` an order. What these
    two leave can be paid: less is taken off where it would be less than a payment.
    """
    scope = {course.pk for course in coupon.courses.all()}
    found = [course for course in courses if _is_meant(coupon, scope, course)]
    meant = [course for course in found if course.pk not in but]
    listed = {course.pk: course.price for course in courses if course.price is not None} | dict(asked or {})
    prices = [listed[course.pk] for course in meant]
    if found and not meant:
        raise CouponNotForThese(_NOT_FOR_NAMED)
    if not meant or len(meant) < coupon.min_courses or sum(price.minor for price in prices) < coupon.min_amount_minor:
        raise CouponNotForThese
    most = None if coupon.creator_id else coupon.most_in(prices[0].currency)
    counted = prices if coupon.creator_id else _not_raised(meant, prices, at)
    taken, of_today = (discounts(coupon.kind, coupon.value, each, most=most) for each in (counted, prices))
    if not any(taken):
        raise CouponNotForThese(_NOTHING_OFF_THE_LOWEST if any(of_today) else None)
    is_by_lowest = _sum(taken) < _sum(of_today)
    if is_by_lowest or _sum(taken) < _sum(discounts(coupon.kind, coupon.value, prices)):
        taken = _leaving_a_payment(taken, _sum(listed[course.pk] for course in courses))
    if not any(taken):
        raise CouponNotForThese(_NOTHING_OFF_A_SMALL_ORDER)
    return Taken({course.pk: amount for course, amount in zip(meant, taken, strict=True)}, is_by_lowest)


def _sum(amounts: Iterable[Money]) -> int:
    return sum(amount.minor for amount in amounts)


def _leaving_a_payment(taken: list[Money], whole: int) -> list[Money]:
    """`taken`, or less where of `whole` something would be left that is less than a payment."""
    currency = taken[0].currency
    least, step = CURRENCIES[currency].min_charge, CURRENCIES[currency].charge_multiple
    if not 0 < whole - _sum(taken) < least:
        return taken
    off = max(0, whole - least) // step * step
    return spread_in_steps(Money(off, currency), [amount.minor for amount in taken])


def _not_raised(courses: Sequence[Course], prices: Sequence[Money], at: datetime) -> list[Money]:
    lowest = PriceChange.objects.lowest_of_late(courses, at)
    return [min(price, lowest.get(course.pk, price)) for course, price in zip(courses, prices, strict=True)]


def _is_meant(coupon: Coupon, scope: set[int], course: Course) -> bool:
    return (
        bool(course.price)
        and coupon.currency in ("", course.currency)
        and coupon.creator_id in (None, course.creator_id)
        and (not scope or course.pk in scope)
    )
