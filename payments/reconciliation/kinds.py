"""Which entries of ours a movement at the provider must be. Pure: from its type and source to the entries' keys.

Source of the types: the provider's own list of balance transaction types. A type that is not named here is a break.
"""

from typing import Protocol

from .exchange import keys as exchange_keys

CHARGES = {"charge", "payment"}
REFUNDS = {"refund", "payment_refund"}
TRANSFERS = {"transfer"}
# A payout that came back, whole or in part. The entry names the transfer, the movement its reversal: by the amount.
RETURNS = {"transfer_refund", "transfer_cancel", "transfer_failure"}
DISPUTES = {"adjustment"}
# What the provider takes for itself: booked from its own list, since nothing else tells of it.
OWN_FEES = {"stripe_fee", "stripe_fx_fee", "tax_fee", "network_cost", "payment_network_reserve_fee"}
# The provider pays the platform's balance out to its bank, or such a payout comes back.
TO_THE_BANK = {"payout", "payout_cancel", "payout_failure"}
# They belong to nothing that the books do by themselves: finance looks at each.
BY_HAND = {
    "refund_failure", "payment_failure_refund",
    "application_fee", "application_fee_refund", "topup", "topup_reversal", "reserve_transaction", "reserved_funds",
    "contribution", "payment_reversal", "payment_unreconciled",
}  # fmt: skip
KNOWN = CHARGES | REFUNDS | TRANSFERS | RETURNS | DISPUTES | OWN_FEES | TO_THE_BANK | BY_HAND


class Movement(Protocol):
    """A row of the provider's list."""

    id: str
    type: str
    source: str
    amount_minor: int


def main_keys(moved: Movement, payout_keys: dict[str, str]) -> list[str]:
    """The entries that book the movement itself. `payout_keys`: transfer id → the key of its payout's entry."""
    if moved.type in CHARGES:
        return [f"sale:{moved.source}"]
    if moved.type in REFUNDS:
        return [f"refund:{moved.source}"]
    if moved.type in TRANSFERS:
        return [payout_keys[moved.source]] if moved.source in payout_keys else []
    if moved.type in DISPUTES:
        step = "out" if moved.amount_minor < 0 else "back"
        return [f"dispute:{moved.source}:{step}", f"dispute:{moved.source}:{step}:{moved.id}"]
    if moved.type in TO_THE_BANK:
        return [f"bank:{moved.id}"]
    return []


def side_keys(moved: Movement) -> list[str]:
    """What may stand beside it: the provider's fee, the fee of a dispute, an exchange, what finance booked by hand."""
    keys = [f"fee:{moved.id}", *exchange_keys(moved.id), f"by_hand:{moved.id}"]
    if moved.type in DISPUTES:
        keys.append(f"dispute:{moved.source}:fee:{moved.id}")
        if moved.amount_minor < 0:
            keys.append(f"dispute:{moved.source}:fee")
    return keys
