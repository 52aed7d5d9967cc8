"""Webhooks as the provider sends them: signed, POSTed to the real address, tried again until the answer is 200."""

import urllib.error
import urllib.request
from urllib.parse import urlsplit

from django.conf import settings
from stripe import WebhookSignature

from .addresses import webhook_url
from .models import SandboxEvent

TIMEOUT_S = 10


class NotDelivered(Exception):
    """The webhook did not say 200; the event is tried again."""


def signed(event: SandboxEvent, at: int | None = None) -> tuple[bytes, dict[str, str]]:
    """The body and headers of one delivery. `at`: epoch seconds, now by default (real time, never the moved clock)."""
    signature = WebhookSignature.generate_signature_header(event.body, settings.STRIPE_WEBHOOK_SECRET, at)
    return event.body.encode(), {"Content-Type": "application/json", "Stripe-Signature": signature}


def deliver(event: SandboxEvent) -> None:
    """POST one event to the webhook. Raises NotDelivered, and the event's row is given back to be tried later."""
    url = webhook_url()
    if urlsplit(url).scheme not in ("http", "https"):
        raise NotDelivered(f"{url} is no web address")
    for _copy in range(event.copies):
        _post(url, event)


def _post(url: str, event: SandboxEvent) -> None:
    body, headers = signed(event)
    request = urllib.request.Request(url, data=body, headers=headers, method="POST")
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_S) as response:
            response.read()
    except (urllib.error.URLError, OSError) as error:
        raise NotDelivered(f"{event.type}: {error}") from error
