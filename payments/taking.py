"""Taking money: one transaction that grants the courses, books the sales and marks the orders paid, or does nothing.

It is the hot path of the house: four statements and one commit for any number of orders of any number of courses, and
no row that two sales share is written. What need not be in it, a course's count too, follows by `after_sale`.

Whoever takes money locks in this order, and each kind in order of its keys: orders, plans of parts, memberships,
rights, the ledger's accounts and entries, coupons, carts. So no two wait for each other in a circle.
"""

from collections.abc import Sequence
from typing import NamedTuple

from django.db import transaction
from django.db.models import Q

from learners.models import Enrollment
from marketplace.lib import failpoints
from marketplace.lib.money import Money

from . import bookings
from .bookings import Paid
from .instalments import followed
from .memberships import paid_months
from .models import AfterSale, CustomerRelease, Order, Refund
from .provider_shapes import Charge, Session
from .reconciliation import alerts
from .tax import reckoned


class Payment(NamedTuple):
    """What the provider says of one order: its page, and what was charged there."""

    order_pk: int
    session: Session
    charge: Charge


def take(order_pk: int, session: Session, charge: Charge) -> Order:
    """Bring in what the provider charged for an order, once; what does not fit is flagged and changes nothing."""
    return take_all([Payment(order_pk, session, charge)])[0]


@transaction.atomic
def take_all(payments: Sequence[Payment]) -> list[Order]:
    """`take` for several in one transaction. The order of each payment, as they were given.

    One that does not fit is flagged and leaves its neighbours alone. What rises (KeyReused, an error of the database)
    undoes them all: the caller then takes them one by one.
    """
    firsts = {payment.order_pk: payment for payment in reversed(payments)}
    held = {order.pk: order for order in Order.objects.hold_all_for_payment(firsts)}
    known: list[Paid] = []
    due: list[Payment] = []
    for order in held.values():
        payment = firsts[order.pk]
        if order.charge_id == payment.charge.id:
            known.append((order, payment.charge))
        elif _fits(order, payment):
            due.append(payment)
    held |= _with_reckoned_tax(held, due)
    _sell([(held[payment.order_pk], payment.charge) for payment in due], known)
    # A second payment of the same order is judged by what the first one made of it.
    return [held[payment.order_pk] if payment is firsts[payment.order_pk] else take(*payment) for payment in payments]


@transaction.atomic
def take_nothing(order_pk: int) -> Order:
    """An order that costs nothing is paid at once, without the provider."""
    order = Order.objects.hold_for_payment(order_pk)
    if order.is_open and not order.total:
        _sell([(order, None)])
    return order


@transaction.atomic
def take_by_hand(order_pk: int, method: str) -> Order:
    """Sell an order for money that finance saw arrive at our own account; what does not fit never comes here. One that
    ended may be sold all the same, one that is paid stays as it is.
    """
    order = Order.objects.hold_for_payment(order_pk)
    if not order.is_paid:
        arrived = Charge(
            order.hand_charge_id, order.reference, order.total, Money.zero(order.currency), True, None, method
        )
        _sell([(order, arrived)])
    return order


@transaction.atomic
def take_fee(order_pk: int, charge: Charge) -> None:
    """The fee of a charge that was booked before may be known only now."""
    order = Order.objects.hold(pk=order_pk, charge_id=charge.id)
    if order is not None:
        bookings.book_fee_of(order, charge)


def _fits(order: Order, payment: Payment) -> bool:
    """Whether an order may be sold for a payment; one that may not is flagged, and people are told."""
    wrong = _what_is_wrong(order, payment.session, payment.charge)
    if wrong:
        alerts.does_not_fit(order, payment.charge.id, wrong, payment.charge.amount)
        if order.plan and payment.charge.customer_id != order.plan.customer_id:
            CustomerRelease.objects.begin(payment.charge.customer_id, order.book)
    return not wrong


def _what_is_wrong(order: Order, session: Session, charge: Charge) -> str:
    if order.is_paid:
        return f"a second charge: {charge.id} after {order.charge_id}"
    owed = reckoned.owed(order, session)
    if session.amount != owed or charge.amount != owed:
        return f"asked for {owed}, charged {charge.amount} (session: {session.amount})"
    if not charge.is_paid:
        return f"the session is paid, its charge {charge.id} is not"
    return ""


def _with_reckoned_tax(held: dict[int, Order], due: Sequence[Payment]) -> dict[int, Order]:
    """The orders whose tax the provider reckoned, read again: their shares are others now."""
    taxed = [payment for payment in due if held[payment.order_pk].tax_source == Order.TaxSource.STRIPE]
    for payment in taxed:
        reckoned.take(held[payment.order_pk], payment.session)
    again = Order.objects.hold_all_for_payment(payment.order_pk for payment in taxed) if taxed else []
    return {order.pk: order for order in again}


def _sell(sold: Sequence[Paid], known: Sequence[Paid] = ()) -> None:
    """Sell the orders for these charges; of those that are `known` only a fee may be new."""
    for order, charge in sold:
        order.accept(charge.id if charge else None, paid_with=charge.method if charge else "")
    orders = [order for order, _charge in sold]
    granted = _grant(sold)
    bookings.book_payments(sold, known)
    if not orders:
        return
    failpoints.reach("checkout.before_paid")
    Order.objects.mark_paid(orders, granted)
    AfterSale.objects.begin()
    failpoints.reach("checkout.before_commit")


def _grant(sold: Sequence[Paid]) -> list[int]:
    """The right to watch each course; what a buyer has already, or sells herself, is given back to her. Later parts of
    a price go on with the right that the first one gave; a month of a membership brings that on.

    Returns the items that gave a right, or a month.
    """
    parts, months = followed.hold(sold), paid_months.hold(sold)
    orders = [order for order, _charge in sold if not (order.is_later_part or order.membership_id)]
    given = Enrollment.objects.grant_bought(
        [
            (order.number, order.buyer_id, item.course_id)
            for order in orders
            for item in order.sold
            if item.course_id is not None and item.seller_id != order.buyer_id and parts.may_begin(order)
        ]
    )
    items = []
    for order in orders:
        courses = {item.item_id: item.course_id for item in order.sold if item.course_id is not None}
        gave = {item: course for item, course in courses.items() if (order.number, course) in given}
        if len(gave) < len(courses):
            _give_back(order, but=set(gave.values()))
        items += gave
    going_on, twice = parts.take(set(items))
    going_on_months, too_late = months.take()
    for order in twice + too_late:
        _give_back(order, but=set())
    return items + going_on + going_on_months


def _give_back(order: Order, but: set[int]) -> None:
    """Give back what was paid for all of an order's courses `but` these: by the buyer, or by the platform for her."""
    paid_for = Q(price_minor__gt=0) | Q(promotion_minor__gt=0)
    twice = order.items.exclude(course_id__in=but).filter(paid_for).select_related("order")
    if back := [(item, item.left.minor) for item in twice]:
        Refund.objects.ask(order, back, by=None, reason="Bought before", cause=Refund.Cause.DUPLICATE)
