"""A member pays a month by hand: the one that did not come, with another card, which then serves the months to come."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from marketplace.lib import clock
from marketplace.lib.errors import DomainError, NotAllowed

from .. import next_payment
from ..models import Membership, MembershipCharge, Order
from . import agreeing, ending
from .canceling import HasEnded

AHEAD = timedelta(days=7)


class TooEarly(DomainError):
    code = "too_early_to_pay"
    message = _("A month can be paid by hand in the seven days before it begins, if it is still taken.")


def pay(membership: Membership, *, by: Any) -> Order:
    """The order of the next month, with a page to pay it on; paid already, it is returned as it is.

    Raises NotAllowed for anybody else, HasEnded, TooEarly, BeingCharged, GatewayRefused, GatewayUnknown (try again).
    """
    if membership.member_id != by.pk:
        raise NotAllowed
    return next_payment.page_for(membership, lambda: _placed(membership))


def may_pay(membership: Membership, now: datetime) -> bool:
    """Once a try has failed, or in the last days of what is paid; not what its creator does not take any more."""
    if not membership.is_taken_from or membership.paid_until is None:
        return False
    begins = membership.span(membership.next_month(now))[0]
    return (membership.failed_tries > 0 or now >= membership.paid_until - AHEAD) and not (
        begins - now > AHEAD or ending.closes_before(membership, begins) or not membership.offer.courses().exists()
    )


def _placed(membership: Membership) -> next_payment.Placed:
    now = clock.now()
    with transaction.atomic():
        held = Membership.objects.hold_all([membership.pk])[membership.pk]
        is_taken = held.is_taken_from and held.book == settings.PAYMENTS_BOOK
        if is_taken and not ending.end_if_over(held, now):
            number = held.next_month(now)
            if not may_pay(held, now):
                raise TooEarly
            return next_payment.standing(
                Order.objects.filter(membership=held), MembershipCharge, lambda order: order.month == number,
                lambda: agreeing.place(held, number, now),
            )  # fmt: skip
    raise HasEnded  # only now, so that one which has ended stays so
