"""The provider's door. It is open to the world, so it believes nothing but the signature."""

import logging

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from .. import webhooks

log = logging.getLogger(__name__)


@csrf_exempt
@require_POST
def stripe_webhook(request: HttpRequest) -> HttpResponse:
    """200: kept (the effect follows). 400: not from the provider. 413: too long to be an event."""
    body = request.read(webhooks.MOST_BYTES + 1)
    if len(body) > webhooks.MOST_BYTES:
        return HttpResponse(status=413)
    try:
        webhooks.take_in(body, request.headers.get("Stripe-Signature", ""))
    except webhooks.BadWebhook as bad:
        log.warning("webhook_refused", extra={"why": str(bad)})
        return HttpResponse(status=400)
    return HttpResponse(status=200)
