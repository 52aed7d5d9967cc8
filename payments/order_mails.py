"""What a buyer is told by mail: her receipt, a payment that did not come. Each once."""

from itertools import groupby

from django.utils import translation
from django.utils.translation import gettext

from marketplace.lib import emails, links

from . import payout_mails
from .models import Order


def receipt(order: Order) -> None:
    """To the buyer; and to each creator that she sold."""
    items = list(order.items.select_related("creator__user", "course", "order"))
    twice = [item for item in items if item.granted_at is None]
    context = {"order": order, "items": items, "twice": twice, **_button(order)}
    emails.post(f"receipt:{order.number}", order.buyer, "payments/receipt", context)
    for creator, sold in groupby(sorted(items, key=lambda item: item.creator_id), key=lambda item: item.creator):
        kept = [item for item in sold if item.granted_at]
        if kept:
            payout_mails.sold(order, creator, kept)


def payment_failed(order: Order) -> None:
    emails.post(
        f"payment-failed:{order.number}", order.buyer, "payments/payment_failed", {"order": order, **_button(order)}
    )


def _button(order: Order) -> dict[str, str]:
    with translation.override(order.buyer.language):
        return {"action_url": links.absolute(order.get_absolute_url()), "action_label": gettext("Open the order")}
