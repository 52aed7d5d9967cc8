"""Tries to pay by card, as far as fraud is looked for: whose, with which card, and whether it was declined.

The card's number never comes here. The provider names each card by a print of its own; of that a keyed hash is kept,
which is the same for the same card and says nothing else, for half a year.
"""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.crypto import salted_hmac

from marketplace.lib import clock

from .order import Order

KEPT_FOR = timedelta(days=180)


class CardTraceQuerySet(models.QuerySet["CardTrace"]):
    def note(self, *, event_id: str, order: Order, card_print: str, is_declined: bool, at: Any) -> None:
        """One try; told again, the row that is there."""
        row = self.model(
            event_id=event_id, order=order, buyer_id=order.buyer_id, card=card_name(card_print),
            is_declined=is_declined, tried_at=at,
        )  # fmt: skip
        self.bulk_create([row], ignore_conflicts=True)

    def of(self, person: Any) -> "CardTraceQuerySet":
        return self.filter(buyer_id=person.pk)

    def expire(self) -> int:
        """What is older than half a year goes; how many."""
        count, _by_kind = self.filter(tried_at__lt=clock.now() - KEPT_FOR).delete()
        return count


class CardTrace(models.Model):
    """One try of a buyer's to pay an order by card. `card` is "" where the provider named none."""

    event_id = models.CharField(max_length=120, unique=True)
    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="+")
    buyer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    card = models.CharField(max_length=32, blank=True)
    is_declined = models.BooleanField()
    tried_at = models.DateTimeField()

    objects = CardTraceQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["card"], condition=~models.Q(card=""), name="trace_of_card"),
            models.Index(fields=["tried_at"], name="trace_age"),
        ]

    def __str__(self) -> str:
        return f"{self.order_id}: {'declined' if self.is_declined else 'taken'}"


def card_name(card_print: str) -> str:
    """The hash that is kept of a provider's print; "" for none."""
    return salted_hmac("payments.card_trace", card_print, algorithm="sha256").hexdigest()[:32] if card_print else ""
