"""What a buyer is told by mail: her receipt, a payment that did not come. Each once."""

from itertools import groupby

from accounts import notices

from . import payout_mails
from .mail_buttons import papers, to_order
from .memberships import mails as month_mails
from .models import ItemShare, Order
from .tips import mails as tip_mails


def receipt(order: Order) -> None:
    """To the buyer; and to everybody who has a share of it that it was sold."""
    items = list(order.items.select_related("creator", "course", "order"))
    if items and items[0].is_tip:
        tip_mails.arrived(order, items[0])
        return
    if order.membership:
        month_mails.month_receipt(order)
        return
    twice = [item for item in items if item.granted_at is None]
    context = {"order": order, "items": items, "twice": twice, **to_order(order), **papers(order)}
    if order.plan:
        context["open_then"] = order.plan.open_after(order.part_to)
    notices.tell(f"receipt:{order.number}", order.buyer, "payments/receipt", context)
    shares = ItemShare.objects.owned().filter(item__order=order, item__granted_at__isnull=False)
    sold = shares.select_related("owner__user", "item__course", "item__order").order_by("owner_id", "id")
    for owner, hers in groupby(sold, key=lambda share: share.owner):
        payout_mails.sold(order, owner, list(hers))


def payment_failed(order: Order) -> None:
    notices.tell(
        f"payment-failed:{order.number}", order.buyer, "payments/payment_failed", {"order": order, **to_order(order)}
    )
