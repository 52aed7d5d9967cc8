"""What happens when a buyer's bank asks for the money back: disputes are read, answered, or accepted."""

from typing import Any

from marketplace.lib import clock

from ..errors import missing
from ..models import SandboxDispute
from .registry import Answer, Params, created_within, operation, page


def _dispute(id_: str) -> SandboxDispute:
    dispute = SandboxDispute.objects.locked(id_)
    if dispute is None:
        raise missing("dispute", id_)
    return dispute


@operation("disputes.retrieve", "get", "/v1/disputes/{id}")
def retrieve_dispute(params: Params, id: str) -> Answer:
    return _dispute(id).as_stripe()


@operation("disputes.list", "get", "/v1/disputes")
def list_disputes(params: Params) -> Answer:
    for late in SandboxDispute.objects.unclosed().filter(due_by__lte=clock.now()).values_list("pk", flat=True):
        _dispute(late)
    rows: Any = SandboxDispute.objects.select_related("payment")
    if "charge" in params:
        rows = rows.filter(payment__charge_id=params["charge"])
    if "payment_intent" in params:
        rows = rows.filter(payment_id=params["payment_intent"])
    return page(created_within(rows, params), params, "/v1/disputes")


@operation("disputes.update", "post", "/v1/disputes/{id}")
def update_dispute(params: Params, id: str) -> Answer:
    dispute = _dispute(id)
    dispute.metadata = {**dispute.metadata, **params.get("metadata", {})}
    dispute.submit(params.get("evidence", {}), is_final=params.get("submit", "true") != "false")
    return dispute.as_stripe()


@operation("disputes.close", "post", "/v1/disputes/{id}/close")
def close_dispute(params: Params, id: str) -> Answer:
    dispute = _dispute(id)
    dispute.lose()
    return dispute.as_stripe()
