"""What a member is told: each month's receipt, one that did not come, what was closed, canceled or has ended. Each
once.
"""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts import notices
from marketplace.lib import links

from ..mail_buttons import papers
from ..models import Membership, MembershipClosing, Order


def month_receipt(order: Order) -> None:
    """To the member. Her creator is told of all that came on a day at once (`daily`)."""
    membership = order.membership
    assert membership is not None  # of an order of a month
    month = getattr(order, "paid_month", None)
    closed = month and MembershipClosing.objects.of(membership).filter(ends_at__lte=month.ends_at).exists()
    told = {"order": order, "month": month, "goes_on": membership.is_taken_from and not closed, **papers(order)}
    notices.tell(f"receipt:{order.number}", order.buyer, "payments/month_receipt", _of(membership) | told)


def failed(membership: Membership, order: Order) -> None:
    """A try failed: when the next one is, or that it has ended."""
    template = "payments/month_failed" if membership.is_live else "payments/membership_not_paid"
    notices.tell(f"month-failed:{order.number}", membership.member, template, _of(membership) | {"order": order})


def paused(membership: Membership) -> None:
    _tell(f"membership-paused:{membership.token}:{membership.last_month}", membership, "membership_paused")


def canceled(membership: Membership) -> None:
    """What she canceled is told to her each time: it may have been somebody else at her computer."""
    at = membership.canceled_at or membership.ended_at
    _tell(f"membership-canceled:{membership.token}:{at}", membership, "membership_canceled")


def ended(membership: Membership) -> None:
    _tell(f"membership-ended:{membership.token}", membership, "membership_ended")


def closing(membership: Membership, ends_at: datetime) -> None:
    """Its creator ends it in time: until when it goes on."""
    key = f"membership-closing:{membership.token}:{ends_at:%Y-%m-%d}"
    notices.tell(key, membership.member, "payments/membership_closing", _of(membership) | {"ends_at": ends_at})


def card_ends(membership: Membership) -> None:
    """The card is not good any more when the next month is due."""
    _tell(f"membership-card:{membership.token}:{membership.card_until}", membership, "membership_card_ends")


def _tell(key: str, membership: Membership, template: str) -> None:
    notices.tell(key, membership.member, f"payments/{template}", _of(membership))


def _of(membership: Membership) -> dict[str, Any]:
    return {
        "membership": membership, "offer": membership.offer,
        "action_url": links.absolute(membership.get_absolute_url()), "action_label": _("Open your membership"),
    }  # fmt: skip
