"""What an order that is paid by hand would be now: to be paid another way, or sold though its time is over."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from marketplace.lib.errors import DomainError
from operating import agreements

from .. import checkout
from ..models import Bundle, Order
from ..referrals import Followed
from . import waiting
from .waiting import NotWaiting


class OtherOrderOpen(DomainError):
    code = "other_order_open"
    message = _("The buyer has another open order of these courses, which may still be paid. Wait for its end first.")


class BuyerIsGone(DomainError):
    code = "buyer_is_gone"
    message = _("The buyer's account is closed: nobody would have the courses. Send the money back.")


def pay_otherwise(order: Order, *, way: str, address: str = "") -> Order:
    """The same courses for the same amount by another way, or with "" on the provider's page. The order that waits is
    closed before that. Raises NotWaiting, PriceChanged, MoneyIsThere, and what `checkout.start` does.
    """
    if not order.is_open or order.hand is None:
        raise NotWaiting
    agreed = agreements.word_of(order.buyer, order.number)
    return checkout.start(expected=order.total, way=way, address=address, agreed=agreed, **asked(order))


def must_be_sold(order: Order) -> None:
    """Whether all of an order that ended can still be bought, at its price. Raises BuyerIsGone, OtherOrderOpen,
    PriceChanged, and what `checkout.quoted` does.
    """
    if not order.buyer.is_active:
        raise BuyerIsGone
    if any(other.hand is None for other in beside(order)):
        raise OtherOrderOpen
    wanted = asked(order)
    billing = wanted.pop("billing")
    _courses, quote = checkout.quoted(country=billing.country if billing else "", **wanted)
    if quote.total != order.total:
        raise checkout.PriceChanged


def can_be_sold(order: Order) -> bool:
    try:
        must_be_sold(order)
    except DomainError:
        return False
    return True


def is_sold(order: Order) -> bool:
    """Whether what an open order names may be sold at all: its price is what it was when it was placed."""
    items = order.items.select_related("course__creator")
    return order.buyer.is_active and all(item.course.is_on_sale for item in items)


def beside(order: Order) -> list[Order]:
    """The buyer's other open orders of any of these courses."""
    courses = [item.course for item in order.items.select_related("course") if item.course]
    return list(Order.objects.open_with(order.buyer, courses).exclude(pk=order.pk).order_by("pk"))


def let_go_beside(order: Order) -> None:
    """Nobody should send money for the same courses again. The caller holds them all. Raises OtherOrderOpen."""
    for other in beside(order):
        try:
            waiting.let_go(other)
        except waiting.MoneyIsThere:
            raise OtherOrderOpen from None


def asked(order: Order) -> dict[str, Any]:
    """What its buyer asked for, as `checkout.start` takes it."""
    items = list(order.items.select_related("course__creator", "order").order_by("pk"))
    alone = [item for item in items if item.bundle_price_id is None]
    bundles = {
        item.bundle_price.bundle_id for item in order.items.exclude(bundle_price=None).select_related("bundle_price")
    }
    use, codes = getattr(order, "coupon_use", None), [item.referral_code for item in items if item.referral_code]
    return {
        "buyer": order.buyer, "courses": [item.course for item in alone],
        "bundles": list(Bundle.objects.shown().filter(pk__in=bundles)),
        "named": {item.course_id: item.list_price for item in alone if item.course.is_price_named},
        "coupon_code": use.coupon.code if use else "", "billing": order.billed_to,
        "referral": Followed(codes[0], order.placed_at, True) if codes else Followed(),
    }  # fmt: skip
