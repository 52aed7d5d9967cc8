"""The buttons of mails and notices about money: where they lead, and labels said in the language of the reader."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from marketplace.lib import links

from .models import Order

Button = dict[str, Any]


def to_order(order: Order) -> Button:
    return {"action_url": links.absolute(order.get_absolute_url()), "action_label": _("Open the order")}


def papers(order: Order) -> dict[str, str]:
    """The files of an order, for mails alone: beside a notice stands the way to the order's page."""
    named = {"receipt_url": "payments:receipt", "invoice_url": "payments:invoice"}
    return {key: links.absolute(reverse(name, args=[order.number])) for key, name in named.items()}


def to_earnings() -> Button:
    return {"action_url": links.absolute(reverse("payments:earnings")), "action_label": _("Open your earnings")}
