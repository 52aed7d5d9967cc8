"""What the provider says of itself: its balance, every movement on it, every event."""

from typing import Any

from ..errors import missing
from ..models import SandboxEvent, SandboxTransaction
from .registry import Answer, Params, created_within, operation, page


@operation("balance.retrieve", "get", "/v1/balance")
def retrieve_balance(params: Params) -> Answer:
    def amounts(*, available: bool) -> list[dict[str, Any]]:
        held = SandboxTransaction.objects.balances(available=available) or {"usd": 0}
        return [
            {"amount": amount, "currency": currency, "source_types": {"card": amount}}
            for currency, amount in held.items()
        ]

    return {
        "object": "balance",
        "available": amounts(available=True),
        "livemode": False,
        "pending": amounts(available=False),
    }


@operation("balance_transactions.list", "get", "/v1/balance_transactions")
def list_balance_transactions(params: Params) -> Answer:
    rows = SandboxTransaction.objects.all()
    for name in ("type", "source", "currency"):
        if name in params:
            rows = rows.filter(**{name: params[name]})
    return page(created_within(rows, params), params, "/v1/balance_transactions")


@operation("balance_transactions.retrieve", "get", "/v1/balance_transactions/{id}")
def retrieve_balance_transaction(params: Params, id: str) -> Answer:
    row = SandboxTransaction.objects.filter(pk=id).first()
    if row is None:
        raise missing("balance transaction", id)
    return row.as_stripe()


@operation("events.list", "get", "/v1/events")
def list_events(params: Params) -> Answer:
    rows = SandboxEvent.objects.exclude(type__startswith="v2.")
    if params.get("delivery_success") == "false":
        rows = rows.exclude(finished_at__isnull=False, dropped_at=None)
    return page(created_within(rows, params), params, "/v1/events")


@operation("events.retrieve", "get", "/v1/events/{id}")
def retrieve_event(params: Params, id: str) -> Answer:
    event = SandboxEvent.objects.filter(pk=id).first()
    if event is None:
        raise missing("event", id)
    return event.as_stripe()
