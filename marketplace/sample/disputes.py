"""The sample's disputes: one that finance must answer, one about which a bank only asks, one that was won."""

from collections.abc import Callable

from accounts.models import User
from payments import disputes
from payments.models import Dispute, Order
from payments.sandbox import desk

BANKS = (("dispute", "product_unacceptable", ""), ("inquiry", "unrecognized", ""), ("dispute", "fraudulent", "win"))


def fill(buyers: list[User], say: Callable[[str], None]) -> None:
    """Three buyers have gone to their banks. Done once."""
    if Dispute.objects.exists():
        return
    paid = Order.objects.filter(buyer__in=buyers, state=Order.State.PAID, charge_id__isnull=False).order_by("pk")
    for order, (act, reason, end) in zip(paid, BANKS, strict=False):
        asked = desk.on_charge(order.charge_id or "", act, reason=reason)
        assert asked is not None  # the charge is the order's
        if end:
            desk.on_dispute(asked.pk, end)
        disputes.take(asked.pk)
    say(f"  {len(BANKS)} disputes")
