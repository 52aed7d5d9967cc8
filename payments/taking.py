"""Taking money: one transaction that grants the courses, books the sale and marks the order paid, or does nothing.

It is the hot path of the house: four statements and one commit for an order of any number of courses, and no row that
two sales share is written. What need not be in it, a course's count too, follows by `after_sale`.
"""

from django.db import transaction

from learners.models import Enrollment
from marketplace.lib import failpoints

from . import bookings
from .models import AfterSale, Order, Refund
from .provider_shapes import Charge, Session
from .reconciliation import alerts
from .tax import reckoned


@transaction.atomic
def take(order_pk: int, session: Session, charge: Charge) -> Order:
    """Bring in what the provider charged for an order, once; what does not fit is flagged and changes nothing."""
    order = Order.objects.hold_for_payment(order_pk)
    if order.charge_id == charge.id:
        bookings.book_fee_of(order, charge)
        return order
    wrong = _what_is_wrong(order, session, charge)
    if wrong:
        order.flag(wrong)
        alerts.does_not_fit(charge.id, wrong, charge.amount, book=order.book, order=order.number)
        return order
    if order.tax_source == Order.TaxSource.STRIPE:
        reckoned.take(order, session)
        order = Order.objects.hold_for_payment(order_pk)  # the shares are others now
    return _sell(order, charge)


@transaction.atomic
def take_nothing(order_pk: int) -> Order:
    """An order that costs nothing is paid at once, without the provider."""
    order = Order.objects.hold_for_payment(order_pk)
    if order.is_open and not order.total:
        _sell(order, None)
    return order


@transaction.atomic
def take_fee(order_pk: int, charge: Charge) -> None:
    """The fee of a charge that was booked before may be known only now."""
    order = Order.objects.hold(pk=order_pk, charge_id=charge.id)
    if order is not None:
        bookings.book_fee_of(order, charge)


def _what_is_wrong(order: Order, session: Session, charge: Charge) -> str:
    if order.is_paid:
        return f"a second charge: {charge.id} after {order.charge_id}"
    owed = reckoned.owed(order, session)
    if session.amount != owed or charge.amount != owed:
        return f"asked for {owed}, charged {charge.amount} (session: {session.amount})"
    if not charge.is_paid:
        return f"the session is paid, its charge {charge.id} is not"
    return ""


def _sell(order: Order, charge: Charge | None) -> Order:
    order.accept(charge.id if charge else None)
    granted = _grant(order)
    bookings.book_payment(order, charge)
    failpoints.reach("checkout.before_paid")
    order.mark_paid(order.charge_id, granted=granted)
    AfterSale.objects.begin(order)
    failpoints.reach("checkout.before_commit")
    return order


def _grant(order: Order) -> list[int]:
    """The right to watch each course; what the buyer has already, or sells herself, is given back to her.

    Returns the items that gave a right.
    """
    wanted = [sold.course_id for sold in order.sold if sold.seller_id != order.buyer_id]
    given = Enrollment.objects.grant_bought(learner_id=order.buyer_id, course_ids=wanted, reference=order.number)
    if len(given) < len(order.sold):
        twice = order.items.exclude(course_id__in=given).filter(price_minor__gt=0).select_related("order")
        if back := [(item, item.left.minor) for item in twice]:
            Refund.objects.ask(order, back, by=None, reason="Bought before", cause=Refund.Cause.DUPLICATE)
    return [sold.item_id for sold in order.sold if sold.course_id in given]
