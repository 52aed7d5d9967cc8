"""What is written to buyers who pay by hand, and to finance. Each once."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts import notices
from marketplace.lib import links

from .. import finance_mails
from ..mail_buttons import to_order
from ..models import Arrival, ArrivalStep, Order, PaymentWay, PaymentWayVerdict
from . import second_look


def how_to_pay(order: Order) -> None:
    _tell_buyer(f"by-hand:{order.number}", order, "by_hand_how", {"hand": order.hand})


def expired(order: Order, parts: list[Arrival]) -> None:
    """`parts` came and were too little."""
    context = {"hand": order.hand, "parts": parts}
    _tell_buyer(f"by-hand-expired:{order.number}", order, "by_hand_expired", context)


def left_over(order: Order, parts: list[Arrival]) -> None:
    """To finance: the order is over, and a part of its sum is here."""
    finance_mails.tell(
        f"by-hand-left-over:{order.number}", "left_over", {"order": order, "parts": parts} | _to_arrivals()
    )


def way_is_set(way: PaymentWay) -> None:
    """To all of finance, so that nobody can lead buyers' money elsewhere unseen."""
    finance_mails.tell(f"payment-way:{way.pk}", "payment_way_set", {"row": way} | _to_way(way))


def way_is_decided(verdict: PaymentWayVerdict) -> None:
    """To all of finance: where buyers' money goes from now on, or that it stays as it was."""
    way = verdict.way
    context = {"row": way, "verdict": verdict} | _to_way(way)
    finance_mails.tell(f"payment-way-decided:{way.pk}", "payment_way_decided", context)


def _to_way(way: PaymentWay) -> dict[str, Any]:
    where = links.absolute(reverse("payments:payment_way", args=[way.code]))
    return {"action_url": where, "action_label": _("Look at the way")}


def does_not_fit(arrival: Arrival, order: Order, step: ArrivalStep) -> None:
    """To the buyer: what came, what was asked, and what happens next."""
    _tell_buyer(f"arrival:{step.pk}", order, "arrival_does_not_fit", {"row": arrival, "why": step.why})


def goes_back(arrival: Arrival, order: Order) -> None:
    _tell_buyer(f"arrival-goes-back:{arrival.pk}", order, "arrival_goes_back", {"row": arrival})


def withdrawn(arrival: Arrival, order: Order) -> None:
    """To the buyer who was told of money that was noted by mistake."""
    _tell_buyer(f"arrival-withdrawn:{arrival.pk}", order, "arrival_withdrawn", {"row": arrival})


def moved(arrival: Arrival, order: Order) -> None:
    """To the buyer of the order that it was laid against before."""
    _tell_buyer(f"arrival-moved:{arrival.pk}:{order.number}", order, "arrival_withdrawn", {"row": arrival})


def to_confirm(arrival: Arrival, order: Order, step: ArrivalStep) -> None:
    """To the buyer that her money is there; to finance, but not to those who cannot be the second person."""
    _tell_buyer(f"arrival-waits:{step.pk}", order, "arrival_waits", {"row": arrival})
    context = {"order": order, "row": arrival, "parts": second_look.parts_beside(arrival, order)} | _to_arrivals()
    but = second_look.witnesses(arrival, order)
    finance_mails.tell(f"arrival-to-confirm:{step.pk}", "arrival_to_confirm", context, but=but)


def _to_arrivals() -> dict[str, Any]:
    return {"action_url": links.absolute(reverse("payments:arrivals")), "action_label": _("Open the arrivals")}


def _tell_buyer(key: str, order: Order, template: str, context: dict[str, Any]) -> None:
    """Unless her account is closed: then nobody reads it."""
    if order.buyer.is_active:
        notices.tell(key, order.buyer, f"payments/{template}", {"order": order, **context, **to_order(order)})
