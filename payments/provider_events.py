"""What an event of the provider leads to. The body only names an object; what is true of it is fetched anew.

Every effect is one that may happen again: events come more than once, in any order, or not at all.
"""

import logging
from collections.abc import Callable

from . import card_tries, checkout, disputes, onboarding, payout_returns, refunds
from .gateway import GatewayRefused, gateway
from .models import ProviderEvent

log = logging.getLogger(__name__)
Effect = Callable[[str], str]


def take(event: ProviderEvent) -> None:
    """The worker's part: give the event its effect, or note that it has none. What is unknown rises."""
    card_tries.note(event)
    effect = _effect_of(event.type)
    if effect is None:
        event.note("not ours to act on")
        return
    try:
        outcome = effect(event.object_id)
    except checkout.UnknownOrder:
        log.warning("event_of_unknown_order", extra={"event": event.event_id, "object": event.object_id})
        outcome = "unknown order"
    except GatewayRefused as refused:
        if not refused.is_unknown_there:
            raise
        outcome = "unknown at the provider"
    event.note(outcome)


def _effect_of(type_: str) -> Effect | None:
    # A thin event of a v1 object says "v1." before its type; it means the same.
    known = _EFFECTS.get(type_.removeprefix("v1."))
    if known is None and type_.startswith("v2.core.account"):
        known = _account
    return known


def _session(session_id: str) -> str:
    return checkout.complete(session_id).standing


def _charge(charge_id: str) -> str:
    return checkout.take_charge(charge_id).state


def _charge_refunded(charge_id: str) -> str:
    order = refunds.take_charge_refunds(charge_id)
    if order is None:
        # The refund may come before the payment's own event has been worked on.
        checkout.take_charge(charge_id)
        order = refunds.take_charge_refunds(charge_id)
    return order.state if order is not None else "unknown order"


def _refund(refund_id: str) -> str:
    return _charge_refunded(gateway().retrieve_refund(refund_id).charge_id)


def _dispute(dispute_id: str) -> str:
    dispute = disputes.take(dispute_id)
    return dispute.state if dispute is not None else "flagged"


def _account(account_id: str) -> str:
    account = onboarding.refresh_provider_account(account_id)
    return account.state if account is not None else "unknown account"


_EFFECTS: dict[str, Effect] = {
    "checkout.session.completed": _session,
    "checkout.session.async_payment_succeeded": _session,
    "checkout.session.async_payment_failed": _session,
    "checkout.session.expired": _session,
    "charge.updated": _charge,
    "charge.succeeded": _charge,
    "charge.refunded": _charge_refunded,
    "transfer.created": payout_returns.take_transfer,
    "transfer.updated": payout_returns.take_transfer,
    "transfer.reversed": payout_returns.take_transfer,
    "refund.created": _refund,
    "refund.updated": _refund,
    "refund.failed": _refund,
    "charge.dispute.created": _dispute,
    "charge.dispute.updated": _dispute,
    "charge.dispute.closed": _dispute,
    "charge.dispute.funds_withdrawn": _dispute,
    "charge.dispute.funds_reinstated": _dispute,
}
