"""The door for the provider's events: who may come in, by the signature over the raw bytes, and what is kept of it."""

import json
import time
from typing import Any

import stripe
from django.conf import settings

from .models import ProviderEvent

MOST_BYTES = 512 * 1024  # the largest event of Stripe is far below
# Stripe's own tolerance for old signatures; its library lets future ones pass, we do not.
TOLERANCE_S = 300


class BadWebhook(Exception):
    """Not signed by the provider, too old, from the future, of another book, or no event at all."""


def take_in(body: bytes, signature: str) -> ProviderEvent:
    """Verify and keep one event; the same event again is the same row. Raises BadWebhook."""
    return keep(_verified(body, signature))


def keep(event: dict[str, Any]) -> ProviderEvent:
    """One event of the provider, as its webhook or its own list brings it. Raises BadWebhook."""
    if event.get("livemode") != (settings.PAYMENTS_BOOK == "live"):
        raise BadWebhook("an event of the other book")
    # A thin event names its object; a snapshot carries it, and nothing of the snapshot is believed but the name.
    subject = event.get("related_object") or (event.get("data") or {}).get("object") or {}
    return ProviderEvent.objects.take_in(
        book=settings.PAYMENTS_BOOK,
        event_id=_word(event, "id"),
        type=_word(event, "type"),
        object_id=str(subject.get("id") or ""),
        body=event,
    )


def _verified(body: bytes, signature: str) -> dict[str, Any]:
    try:
        stripe.WebhookSignature.verify_header(body, signature, settings.STRIPE_WEBHOOK_SECRET, TOLERANCE_S)
        event = json.loads(body)
    except (stripe.SignatureVerificationError, ValueError) as error:  # ValueError: no UTF-8, or no JSON
        raise BadWebhook(str(error)[:200]) from error
    stamp, _signatures = stripe.WebhookSignature._get_timestamp_and_signatures(signature, "v1")
    if stamp > time.time() + TOLERANCE_S:
        raise BadWebhook("signed in the future: one of the two clocks is wrong")
    if not isinstance(event, dict) or event.get("object") not in ("event", "v2.core.event"):
        raise BadWebhook("not an event")
    return event


def _word(event: dict[str, Any], name: str) -> str:
    word = event.get(name)
    if not isinstance(word, str) or not 0 < len(word) <= 120:
        raise BadWebhook(f"{name} is missing")
    return word
