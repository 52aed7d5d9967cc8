"""A tip goes back to who gave it: by herself within the stated hours, whole; finance and creators may later."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from marketplace.lib import clock
from marketplace.lib.errors import DomainError, NotAllowed

from ..models import Order, OrderItem, Refund
from ..refunds import NothingToRefund


class TooLateToTakeBack(DomainError):
    code = "too_late_to_take_back"
    message = _("The time to take this tip back has passed. Write to us if something is wrong.")


class NoTip(DomainError):
    code = "no_tip"
    status = 404
    message = _("This order is no tip.")


def until(item: OrderItem) -> datetime | None:
    """Until when its giver may take it back; None while it is not paid."""
    paid_at: datetime | None = item.order.paid_at
    return paid_at + timedelta(hours=settings.TIP_BACK_HOURS) if paid_at else None


def may_be_taken_back(item: OrderItem) -> bool:
    """Whether its giver may, now."""
    ends_at = until(item)
    return bool(item.is_tip and ends_at and clock.now() <= ends_at and item.left)


@transaction.atomic
def take_back(order: Order, *, by: Any) -> Refund:
    """All that is left of it is on its way back; asked twice, once. Raises NotAllowed, NoTip, NothingToRefund,
    TooLateToTakeBack, OrderDisputed.
    """
    if order.buyer_id != by.pk:
        raise NotAllowed
    held = Order.objects.hold(pk=order.pk)
    assert held is not None  # orders are never deleted
    item = held.items.select_related("order").filter(is_tip=True).first()
    if item is None:
        raise NoTip
    if not held.is_paid or not item.left:
        raise NothingToRefund(order=held.number)
    if not may_be_taken_back(item):
        raise TooLateToTakeBack
    return Refund.objects.ask(held, [(item, item.left.minor)], by=by, reason="Taken back", cause=Refund.Cause.TIP)
