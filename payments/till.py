"""What a buyer is shown before she pays: the quote of her basket, and whether the code that she gave does anything."""

from collections.abc import Mapping, MutableMapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from courses.models import Course
from marketplace.lib import clock
from marketplace.lib.money import Money

from . import carts, coupons, pricing
from .bundles.offers import Offer
from .models.coupon import CouponRefused
from .models.coupon_use import CouponNotValid
from .pricing import Priced, Quote
from .referrals import NOBODY, Followed

CODE = "coupon"  # where a visitor's session keeps the code that she gave
Keeper = MutableMapping[str, Any]


@dataclass(frozen=True)
class Bill:
    """One payment as it would be now. `code` is the code that lowers it; `refusal` says why the one given does not."""

    quote: Quote
    code: str = ""
    refusal: str = ""

    @property
    def courses(self) -> list[Course]:
        return [priced.course for priced in self.quote.lines]

    @property
    def named(self) -> list[Priced]:
        """Those whose price she names, with what she named or the least."""
        return [priced for priced in self.quote.lines if priced.is_named]

    @property
    def offers(self) -> list[Offer]:
        """The bundles among them."""
        return [offer for offer, _lines in self.quote.bundles]


@dataclass(frozen=True)
class Desk:
    """The cart with the bill of each of its groups."""

    cart: carts.Cart
    bills: list[Bill]


def desk(buyer: Any, session: Keeper, *, referral: Followed = NOBODY, address: str = "", country: str = "") -> Desk:
    cart = carts.of(buyer, session)
    where = {"address": address, "country": country}
    bills = [
        bill(buyer, each.courses, session, referral, offers=each.offers, named=each.named, **where)
        for each in cart.groups
    ]
    if any(one.code for one in bills):
        # It is for another currency's courses, where it stands: nothing is wrong with it here.
        bills = [replace(one, refusal="") for one in bills]
    return Desk(cart, bills)


def bill(
    buyer: Any,
    courses: list[Course],
    session: Keeper,
    referral: Followed = NOBODY,
    *,
    offers: Sequence[Offer] = (),
    named: Mapping[int, Money] | None = None,
    address: str = "",
    country: str = "",
) -> Bill:
    """The courses' quote with the session's code; without it where it takes nothing off. Those of `offers` are among
    the courses; `named` is what she names for some of them, by their keys.
    """
    where = {"country": country, "address": address}
    asked: dict[str, Any] = {
        "offers": offers, "named": named or {}, "referral": referral, "at": clock.now(), **where
    }  # fmt: skip
    code = session.get(CODE, "")
    if not code:
        return Bill(pricing.price_up(buyer, courses, **asked))
    try:
        quote = pricing.price_up(buyer, courses, coupon_code=code, **asked)
        return Bill(quote, code=quote.coupon.code)
    except CouponRefused as refusal:
        if isinstance(refusal, CouponNotValid):
            drop_code(session)  # it was valid when she gave it; asked again, it would count as guessing
        return Bill(pricing.price_up(buyer, courses, **asked), refusal=str(refusal))


def take_code(buyer: Any, session: Keeper, code: str, *, address: str) -> None:
    """Keep a code for the bills to come; an empty one takes the present one off. Raises CouponRefused."""
    if not code.strip():
        drop_code(session)
        return
    session[CODE] = coupons.find(code, buyer=buyer, at=clock.now(), address=address).code


def drop_code(session: Keeper) -> None:
    session.pop(CODE, None)
