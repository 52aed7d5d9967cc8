"""What is written to buyers who pay by hand, and to finance. Each once."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts import notices
from accounts.models import User
from marketplace.lib import links

from ..mail_buttons import to_order
from ..models import Arrival, ArrivalStep, Order


def how_to_pay(order: Order) -> None:
    _tell_buyer(f"by-hand:{order.number}", order, "by_hand_how", {"hand": order.hand})


def expired(order: Order) -> None:
    _tell_buyer(f"by-hand-expired:{order.number}", order, "by_hand_expired", {"hand": order.hand})


def does_not_fit(arrival: Arrival, order: Order, step: ArrivalStep) -> None:
    """To the buyer: what came, what was asked, and what happens next."""
    _tell_buyer(f"arrival:{step.pk}", order, "arrival_does_not_fit", {"row": arrival, "why": step.why})


def goes_back(arrival: Arrival, order: Order) -> None:
    _tell_buyer(f"arrival-goes-back:{arrival.pk}", order, "arrival_goes_back", {"row": arrival})


def withdrawn(arrival: Arrival, order: Order) -> None:
    """To the buyer who was told of money that was noted by mistake."""
    _tell_buyer(f"arrival-withdrawn:{arrival.pk}", order, "arrival_withdrawn", {"row": arrival})


def to_confirm(arrival: Arrival, order: Order, step: ArrivalStep) -> None:
    """To the buyer that her money is there; to finance, but not to whose word it is so far."""
    _tell_buyer(f"arrival-waits:{step.pk}", order, "arrival_waits", {"row": arrival})
    context = {"order": order, "row": arrival}
    button = {"action_url": links.absolute(reverse("payments:arrivals")), "action_label": _("Open the arrivals")}
    for person in User.objects.with_role("finance"):
        if person.pk not in (step.by_id, order.buyer_id):
            key = f"arrival-to-confirm:{step.pk}:{person.pk}"
            notices.tell(key, person, "payments/arrival_to_confirm", context | button)


def _tell_buyer(key: str, order: Order, template: str, context: dict[str, Any]) -> None:
    """Unless her account is closed: then nobody reads it."""
    if order.buyer.is_active:
        notices.tell(key, order.buyer, f"payments/{template}", {"order": order, **context, **to_order(order)})
