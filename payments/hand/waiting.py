"""Orders that wait for money which their buyers send themselves: how one is begun, and how it ends without it."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from marketplace.lib import clock, failpoints
from marketplace.lib.errors import DomainError

from ..models import Arrival, ArrivalStep, Order, PaymentWay
from ..models.order_queries import OrderQuerySet
from ..pricing import Quote
from . import mails

MOST_WAITING = 10


class WayNotOffered(DomainError):
    code = "payment_way_not_offered"
    message = _("This purchase cannot be paid that way. Look again how it can be.")


class NotWaiting(DomainError):
    code = "order_not_waiting"
    message = _("This order does not wait for a transfer any more.")


class TooManyWaiting(DomainError):
    code = "too_many_waiting"
    message = _("Several orders of yours wait for your money already. Pay or cancel one of them first.")


class MoneyIsThere(DomainError):
    code = "money_is_there"
    message = _("Your money has arrived and is being looked at. Wait for our mail before you change this order.")


class PaymentUnderWay(DomainError):
    code = "payment_under_way"
    message = _("A payment of yours for this is under way. Wait for our mail: it says whether it went through.")


def offered(quote: Quote) -> list[PaymentWay]:
    """By which ways this basket can be paid by hand. None where nothing is to be paid, or the provider reckons the tax:
    without its page nobody knows what it comes to.
    """
    if not quote.total or quote.tax_source == Order.TaxSource.STRIPE:
        return []
    return list(PaymentWay.objects.offered(quote.currency))


def chosen(code: str, quote: Quote) -> PaymentWay | None:
    """The way of this code; None where no code is given, or nothing is to be paid. Raises WayNotOffered."""
    if not code or not quote.total:
        return None
    found = next((way for way in offered(quote) if way.code == code), None)
    if found is None:
        raise WayNotOffered
    return found


def must_have_room(way: PaymentWay | None, others: OrderQuerySet) -> None:
    """Orders by hand hold their prices and seats for days: a buyer has a few at once. Raises TooManyWaiting."""
    if way is not None and others.by_hand().count() >= MOST_WAITING:
        raise TooManyWaiting


def must_be_closed(order: Order) -> Order:
    """Her money may be on its way though she left the page: nothing is paid beside it. Raises PaymentUnderWay."""
    if order.is_open:
        raise PaymentUnderWay
    return order


def begun(order: Order) -> Order:
    """Tell the buyer how to pay, once."""
    failpoints.reach("by_hand.before_told")
    mails.how_to_pay(order)
    return order


@transaction.atomic
def say_sent(order: Order, *, by: User) -> None:
    """The buyer says that she has sent the money. Raises NotWaiting."""
    _hold_waiting(order, by).say_sent()


@transaction.atomic
def cancel(order: Order, *, by: User) -> None:
    """The buyer does not want it any more. Raises NotWaiting, MoneyIsThere."""
    _hold_waiting(order, by)
    let_go(order)


@transaction.atomic
def let_go(order: Order) -> None:
    """Close an open order that has no page at the provider. Raises MoneyIsThere while finance looks at its money."""
    if order.hand and _has_money(order):
        raise MoneyIsThere
    if order.expire():
        tell_left_over(order)


@transaction.atomic
def expire(order: Order) -> None:
    """Its time is over. While a second person has to look at its money it waits on."""
    if order.hand is None:
        order.expire()
    elif order.expires_at <= clock.now() and not _has_money(order) and order.expire():
        failpoints.reach("by_hand.before_expired_commit")
        mails.expired(order, tell_left_over(order))


def tell_left_over(order: Order) -> list[Arrival]:
    """Parts of the sum that came before an order ended: finance is to send them back. They are returned."""
    parts = list(Arrival.objects.parts_of(order).order_by("pk")) if order.hand else []
    if parts:
        mails.left_over(order, parts)
    return parts


def _has_money(order: Order) -> bool:
    """Asked behind the order's lock: an arrival takes it as well."""
    Order.objects.hold(pk=order.pk)
    return Arrival.objects.of(order).filter(state=ArrivalStep.State.WAITING).exists()


def _hold_waiting(order: Order, by: User) -> Any:
    held = Order.objects.hold(pk=order.pk, buyer=by)
    if held is None or not held.is_open or held.hand is None:
        raise NotWaiting
    return held.hand
