"""Buying: from the wish to pay to the right to watch. The provider says whether money moved; we look, compare and book.

`start` and `complete` may run any number of times and at once. The database decides which of them makes the order;
the provider's idempotency which makes the page; the order's lock which books the money (`taking`).
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import translation
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from courses.models import Course
from learners.models import Enrollment
from learners.models.enrollment import AlreadyEnrolled, OwnCourse
from marketplace.lib import clock, failpoints, links
from marketplace.lib.errors import DomainError
from marketplace.lib.money import CURRENCIES, Money
from operating import agreements
from operating.models.agreement import Act

from . import naming, order_mails, pricing, taking
from .bundles.offers import Offer, wanted
from .gateway import GatewayRefused, GatewayUnknown, gateway
from .hand import waiting
from .instalments import plans
from .models import Billing, BillingDetails, Bundle, Order, OrderItem, PaymentWay
from .pricing import Quote
from .provider_shapes import Session
from .referrals import NOBODY, Followed

log = logging.getLogger(__name__)


class NothingToBuy(DomainError):
    code = "nothing_to_buy"
    message = _("There is nothing to pay for. Put a course into your cart first.")


class CourseNotOnSale(DomainError):
    code = "course_not_on_sale"
    message = _("One of these courses is not on sale any more.")


class CourseIsFree(DomainError):
    code = "course_is_free"
    message = _("This course is free. Open it and start.")


class MixedCurrencies(DomainError):
    code = "mixed_currencies"
    message = _("One payment is in one currency. Pay for the courses of each currency by themselves.")


class PriceChanged(DomainError):
    code = "price_changed"
    message = _("A price changed since you looked. Look again before you pay.")


class TotalTooSmall(DomainError):
    code = "total_too_small"
    message = _("That is too little for a payment.")


class PurchaseNotClosed(DomainError):
    code = "purchase_not_closed"
    message = _("An earlier purchase of this course is still being given back. Try again when you have our mail.")


class UnknownOrder(DomainError):
    code = "unknown_order"
    status = 404
    message = _("There is no order for this payment.")


def start(
    *, buyer: Any, courses: list[Course], bundles: Sequence[Bundle] = (), named: Mapping[int, Money] | None = None,
    expected: Money | None = None, coupon_code: str = "", referral: Followed = NOBODY, agreed: str = "",
    billing: Billing | None = None, address: str = "", way: str = "", in_parts: plans.Agreed | None = None,
) -> Order:  # fmt: skip
    """The buyer's one open order of these courses and of what she lacks of these bundles (of `shown()`), with a page at
    the provider to pay on; or, with the code of a `way`, to be paid by hand.

    `named` is what she names for those of the courses whose price is hers to name, by their keys. `expected` is the
    total that the buyer saw, `billing` whom the invoice is made out to. An order that turns out to be paid already is
    returned as it is. `address` is where the request came from: too many wrong codes of one address are refused.
    `in_parts`: she agrees to a plan, and it is of the first part. `agreed`: what her form says of the terms. Raises the
    refusals above, AmountRefused, those of `bundles.offers.wanted`, AlreadyEnrolled, OwnCourse, NotInParts,
    CouponRefused, WayNotOffered, TooManyWaiting, MoneyIsThere, PaymentUnderWay, GatewayRefused, GatewayUnknown (retry).
    """
    courses, quote = quoted(
        buyer=buyer, courses=courses, bundles=bundles, named=named, coupon_code=coupon_code, referral=referral,
        country=(billing or Billing()).country, address=address,
    )  # fmt: skip
    if expected not in (None, quote.total) or (in_parts and not plans.is_as_seen(quote, in_parts)):
        raise PriceChanged
    asked = plans.first_of(buyer, quote) if in_parts else quote
    order = begin(buyer, courses, asked, billing, waiting.chosen(way, quote))
    agreements.note(buyer, Act.BUY, said=agreed, subject=order.number)
    return order


def quoted(
    *, buyer: Any, courses: list[Course], bundles: Sequence[Bundle] = (), named: Mapping[int, Money] | None = None,
    coupon_code: str = "", referral: Followed = NOBODY, country: str = "", address: str = "",
) -> tuple[list[Course], Quote]:  # fmt: skip
    """All that would be bought, each course once, and what it comes to now. Asked and refused as `start` is."""
    offered = wanted(buyer, bundles) if bundles else []
    courses = together(courses, offered)
    _must_be_buyable(buyer, courses)
    for course in courses:
        if named and course.pk in named:
            naming.must_fit(course, named[course.pk])
    return courses, pricing.price_up(
        buyer, courses, offers=offered, named=named, coupon_code=coupon_code, referral=referral, country=country,
        address=address, at=clock.now(),
    )  # fmt: skip


def together(courses: list[Course], offered: Sequence[Offer]) -> list[Course]:
    """Each course once: those bought by themselves, then those of bundles."""
    of_bundles = [course for offer in offered for course in offer.courses]
    keys = {course.pk for course in of_bundles}
    return [*(course for course in courses if course.pk not in keys), *of_bundles]


def begin(
    buyer: Any, courses: list[Course], quote: Quote, billing: Billing | None = None, way: PaymentWay | None = None
) -> Order:
    """The open order of a quote, with a page to pay on or to be paid by hand; paid at once when it costs nothing.
    Raises as `start` does.
    """
    _must_be_payable(quote.total)
    if quote.coupon is not None:
        for other in Order.objects.open_by_coupon(buyer, quote, way):
            waiting.must_be_closed(withdraw(other))  # one seat a person: she has changed her basket
    # Money that is sent by hand comes at any moment: such an order is closed before the page opens, or the other way.
    before = Order.objects.open_with(buyer, courses)
    _close(before.exclude(hand_payment__way=way) if way else before.by_hand(), buyer, courses)
    waiting.must_have_room(way, Order.objects.open_beside(buyer, courses))
    language = get_language() or buyer.language
    order = standing(lambda: Order.objects.place(buyer=buyer, quote=quote, language=language, way=way))
    if not order.is_open:
        return order
    BillingDetails.objects.note(order, billing or Billing())
    _close(Order.objects.open_with(buyer, courses).exclude(pk=order.pk), buyer, courses)
    if order.hand:
        return waiting.begun(order)
    return with_page(order) if order.total else taking.take_nothing(order.pk)


def _close(others: QuerySet[Order], buyer: Any, courses: list[Course]) -> None:
    if [waiting.must_be_closed(withdraw(other)) for other in others]:
        _must_be_buyable(buyer, courses)  # one of them may have been paid meanwhile


def _must_be_buyable(buyer: Any, courses: list[Course]) -> None:
    if not courses:
        raise NothingToBuy
    if len({course.currency for course in courses}) > 1:
        raise MixedCurrencies
    for course in courses:
        if not course.is_on_sale:
            raise CourseNotOnSale(course=course.slug)
        if course.belongs_to(buyer):
            raise OwnCourse(course=course.slug)
        if course.is_free:
            raise CourseIsFree(course=course.slug)
    owned = Enrollment.objects.of(buyer).active().owned().filter(course__in=courses).select_related("course").first()
    if owned is not None:
        raise AlreadyEnrolled(course=owned.course.slug)
    if OrderItem.objects.standing(buyer, courses).exists():
        raise PurchaseNotClosed


def _must_be_payable(total: Money) -> None:
    """Nothing at all, or what the provider takes: after a discount the rest may be too little for a payment."""
    if 0 < total.minor < CURRENCIES[total.currency].min_charge:
        least = Money(CURRENCIES[total.currency].min_charge, total.currency)
        raise TotalTooSmall(_("A payment is at least %(least)s.") % {"least": least.format()})


def standing(place: Callable[[], Order]) -> Order:
    """What `place` gives: an order that is open and can be paid, or one that is paid by now."""
    order = place()
    if order.checkout_session_id:
        # It was asked for before: perhaps it is paid already, or its page is closed.
        order = settle(order)
    if order.is_open and order.is_late:
        withdraw(order)
    return order if order.is_open or order.is_paid else place()


def with_page(order: Order, back: str = "") -> Order:
    """With a page at the provider to pay on; `back` is where who does not pay comes to, else the cart. Raises
    GatewayRefused, GatewayUnknown (then try again).
    """
    if order.checkout_session_id:
        return order
    with translation.override(order.language):  # the same for every try, whoever asks
        lines = [(item.title, item.price) for item in order.items.select_related("order")]
    failpoints.reach("checkout.before_session")
    try:
        session = gateway().create_checkout_session(
            lines=lines,
            reference=order.reference,
            email=order.buyer.email,
            language=order.language,
            success_url=links.absolute(reverse("payments:checkout_return")) + "?session_id={CHECKOUT_SESSION_ID}",
            cancel_url=links.absolute(back or reverse("payments:cart")),
            expires_at=order.expires_at,
            transfer_group=order.transfer_group,
            idempotency_key=f"checkout:{order.reference}",
            tax_behavior=order.tax_behavior,
            keeps=order.agreement is not None,
            customer=order.agreement.customer_id if order.agreement else "",
        )
    except GatewayRefused:
        order.fail()
        raise
    except GatewayUnknown as unknown:
        # Nobody was given the address of a page that may have come to be: the next click begins another order.
        if unknown.is_kept_under_key:
            order.fail()
        raise
    failpoints.reach("checkout.after_session")
    order.attach_session(session.id, session.url)
    # Closed meanwhile, since she chose another way in another tab: then its page closes, too.
    return order if order.is_open else withdraw(order)


def withdraw(order: Order) -> Order:
    """Close an open order unpaid; if money came in the meantime, it is taken instead. Raises MoneyIsThere."""
    if order.checkout_session_id is None:
        waiting.let_go(order)
        return order
    try:
        gateway().expire_session(order.checkout_session_id)
    except GatewayRefused:
        log.info("session_not_open", extra={"order": order.number})  # paid or expired: what it is, settle finds out
    return settle(order)


def complete(session_id: str) -> Order:
    """Bring the order of a provider's session to where the provider says that it is. Raises UnknownOrder.

    Called by the return page, by every event of the session and by the sweeper: the same function, any number of
    times. What an event's own body says of the money is never used.
    """
    session = gateway().retrieve_session(session_id)
    order = Order.objects.named_by(session.id, session.reference)
    if order is None:
        raise UnknownOrder
    if order.checkout_session_id is None:
        order.attach_session(session.id, session.url)
    return _follow(order, session)


def settle(order: Order) -> Order:
    """`complete` for an order whose session we know; without one there is nothing to ask."""
    return complete(order.checkout_session_id) if order.checkout_session_id else order


def _follow(order: Order, session: Session) -> Order:
    if session.is_paid and session.charge is not None:
        return taking.take(order.pk, session, session.charge)
    if session.id != order.checkout_session_id:
        return order
    if session.status == "expired":
        order.expire()
    elif session.has_failed and order.fail():
        order_mails.payment_failed(order)
    elif session.status == "complete":
        order.start_waiting()
    return order


def look_again(order: Order) -> None:
    """Ask about an order that is open for long: a lost event costs time, not money. What is unknown rises."""
    if order.checkout_session_id:
        settle(order)
    elif order.is_late:
        waiting.expire(order)


def take_charge(charge_id: str) -> Order:
    """A charge changed: book its fee if that is known now. Raises UnknownOrder."""
    charge = gateway().retrieve_charge(charge_id)
    order = Order.objects.filter(charge_id=charge.id).first() or Order.objects.named_by("", charge.reference)
    if order is None:
        raise UnknownOrder
    if order.agreement and charge.is_paid and order.charge_id != charge.id:  # without a page; a second one is flagged
        return taking.take(order.pk, Session.unseen(charge), charge)
    if order.is_paid:
        taking.take_fee(order.pk, charge)
    return order if order.is_paid else settle(order)
