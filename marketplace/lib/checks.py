"""What `manage.py check --deploy` asks of a production environment beyond Django's own questions."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.http.request import validate_host


@register(Tags.security, deploy=True)
def sandbox_is_meant(**kwargs: Any) -> list[CheckMessage]:
    """In the sandbox anybody buys anything for nothing: a shop must have been told that this is wanted."""
    if settings.PAYMENTS_TRANSPORT != "sandbox" or settings.DEBUG or settings.ALLOW_SANDBOX:
        return []
    hint = "Set STRIPE_SECRET_KEY, or ALLOW_SANDBOX=1 for a demonstration where no money moves."
    return [Error("Payments would be played by the sandbox.", hint=hint, id="kezhan.E001")]


@register(Tags.security, deploy=True)
def own_address_is_answered(**kwargs: Any) -> list[CheckMessage]:
    """Mails and the provider lead people back to KEZHAN_BASE_URL."""
    address = urlsplit(settings.KEZHAN_BASE_URL)
    messages: list[CheckMessage] = []
    if address.scheme != "https":
        messages.append(Error("KEZHAN_BASE_URL is not https.", id="kezhan.E002"))
    if not validate_host(address.hostname or "", settings.ALLOWED_HOSTS):
        messages.append(Error("KEZHAN_ALLOWED_HOSTS lacks the host of KEZHAN_BASE_URL.", id="kezhan.E003"))
    return messages
