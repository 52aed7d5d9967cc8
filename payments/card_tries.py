"""Reading tries to pay by card from the provider's signed events. A signal for people who look for fraud, and never a
reason to take, to give back or to refuse money: that is asked of the provider anew (`provider_events`).
"""

import uuid
from datetime import UTC, datetime
from typing import Any

from .models import CardTrace, Order, ProviderEvent

# Whether the try failed, by the event's type. A thin event says "v1." before it and carries nothing to read.
TOLD = {"charge.succeeded": False, "payment_intent.payment_failed": True}
_GROUP = "order_"


def note(event: ProviderEvent) -> None:
    """Keep what the event says of the card, once. Nothing is kept of an event that names no order of ours."""
    is_declined = TOLD.get(event.type)
    told = (event.body.get("data") or {}).get("object") or {}
    order = _order_of(str(told.get("transfer_group") or "")) if is_declined is not None else None
    if order is not None:
        CardTrace.objects.note(
            event_id=event.event_id, order=order, card_print=_print_of(told), is_declined=bool(is_declined),
            at=_time_of(event),
        )  # fmt: skip


def _order_of(group: str) -> Order | None:
    try:
        token = uuid.UUID(group.removeprefix(_GROUP))
    except ValueError:
        return None
    return Order.objects.filter(token=token).only("pk", "buyer_id").first()


def _print_of(told: dict[str, Any]) -> str:
    """Of a charge its method's; of an intent that failed the last error's."""
    error = told.get("last_payment_error") or {}
    method = told.get("payment_method_details") or error.get("payment_method") or {}
    found = (method.get("card") or {}).get("fingerprint")
    return found if isinstance(found, str) else ""


def _time_of(event: ProviderEvent) -> datetime:
    created = event.body.get("created")
    return datetime.fromtimestamp(created, UTC) if isinstance(created, int) else event.received_at
