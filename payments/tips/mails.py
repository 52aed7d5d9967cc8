"""What is written of a tip: to its giver that it arrived, to each creator who has a part of it. Each once."""

from accounts import notices

from ..mail_buttons import papers, to_earnings, to_order
from ..models import ItemShare, Order, OrderItem
from . import names, taking_back


def arrived(order: Order, item: OrderItem) -> None:
    context = {"order": order, "item": item, "until": taking_back.until(item), **to_order(order), **papers(order)}
    notices.tell(f"receipt:{order.number}", order.buyer, "payments/tip_receipt", context)
    giver = names.of(order)
    shares = ItemShare.objects.owned().filter(item=item).select_related("owner__user", "item__order", "item__course")
    for share in shares.order_by("id"):
        told = {"order": order, "share": share, "giver": giver, "hold_until": item.hold_until, **to_earnings()}
        notices.tell(f"tip:{order.pk}:{share.owner_id}", share.owner.user, "payments/tip_received", told)
