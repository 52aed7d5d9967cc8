"""What an order knows of being paid by hand; a part of `Order`."""

from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models

from .order_queries import OPEN_FOR

if TYPE_CHECKING:
    from .hand_payment import HandPayment

# Before an order's reference: its charge, where the money came to our own account and not through the provider.
CHARGE = "hand_"
BANKS_NEED = timedelta(days=2)


class ByHand(models.Model):
    class Meta:
        abstract = True

    charge_id: "models.CharField[str | None, str | None]"
    checkout_session_id: "models.CharField[str | None, str | None]"
    reference: "property"

    @property
    def hand(self) -> "HandPayment | None":
        """By which way its buyer means to send the money herself; None where she pays on the provider's page."""
        # An order with a page has none: the database holds that, and nobody need ask.
        return None if self.checkout_session_id else getattr(self, "hand_payment", None)

    @property
    def is_paid_by_hand(self) -> bool:
        """The money came to our own account. The provider knows nothing of such an order."""
        return (self.charge_id or "").startswith(CHARGE)

    @property
    def hand_charge_id(self) -> str:
        """What stands in the place of the provider's charge: one an order, whatever repeats."""
        return f"{CHARGE}{self.reference}"

    @property
    def least_left(self) -> timedelta:
        """How long it must still be open for its buyer to go on with it. By hand banks need days; once she has said
        that the money is sent, until its end.
        """
        if self.hand is None:
            return OPEN_FOR // 2
        return (
            timedelta(0) if self.hand.sent_at else min(BANKS_NEED, timedelta(hours=12 * settings.KEZHAN_BY_HAND_DAYS))
        )
