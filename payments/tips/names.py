"""Who gave a tip, for its creators: only where she chose to say so, and while her account stands."""

from ..models import Order, Tip


def of(order: Order) -> str:
    """Her name, or ""."""
    tip = Tip.objects.filter(order=order, shows_name=True).select_related("order__buyer").first()
    return tip.order.buyer.name if tip is not None and tip.order.buyer.is_active else ""
