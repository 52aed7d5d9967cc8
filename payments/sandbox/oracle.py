"""What really happened to the money, by the provider's own record: the judge of the ledger in every fault test.

Nothing here reads an order or the ledger, and nothing of them reads this: two books that agree by luck are no proof.
"""

from typing import Any, cast

from .models import SandboxDispute, SandboxPayment, SandboxRefund, SandboxTransaction, SandboxTransfer


def charges() -> dict[str, int]:
    """Each charge that succeeded, and its amount in the provider's units."""
    succeeded = SandboxPayment.objects.filter(status=SandboxPayment.Status.SUCCEEDED)
    return dict(cast(Any, succeeded.values_list("charge_id", "amount")))


def refunds() -> dict[str, int]:
    """What was given back of each charge, where anything was, and has not come back since."""
    given: dict[str, int] = {}
    standing = SandboxRefund.objects.exclude(status="failed")
    for charge_id, amount in cast(Any, standing.values_list("payment__charge_id", "amount")):
        given[charge_id] = given.get(charge_id, 0) + amount
    return given


def disputed() -> dict[str, int]:
    """What the banks hold, or have kept, of each charge that was ever disputed, in the charge's currency."""
    held: dict[str, int] = {}
    for dispute in SandboxDispute.objects.select_related("payment"):
        charge_id = str(dispute.payment.charge_id)
        held[charge_id] = held.get(charge_id, 0) + dispute.taken
    return held


def returned() -> dict[str, int]:
    """What left us towards the buyer of each charge, by refund or by dispute: never more than the charge."""
    gone = refunds()
    for charge_id, amount in disputed().items():
        gone[charge_id] = gone.get(charge_id, 0) + amount
    return gone


def transfers() -> dict[str, int]:
    """What each transfer group sent, less what came back."""
    sent: dict[str, int] = {}
    for transfer in SandboxTransfer.objects.prefetch_related("reversals"):
        sent[transfer.group] = sent.get(transfer.group, 0) + transfer.amount - transfer.amount_reversed
    return sent


def balance() -> dict[str, int]:
    """What the platform holds at the provider by currency (upper case), settled or not, in the provider's units."""
    held: dict[str, int] = {}
    for currency, net in SandboxTransaction.objects.values_list("currency", "net"):
        held[currency.upper()] = held.get(currency.upper(), 0) + net
    return held


def fees() -> dict[str, int]:
    """What the provider kept by currency (upper case)."""
    kept: dict[str, int] = {}
    for currency, fee in SandboxTransaction.objects.exclude(fee=0).values_list("currency", "fee"):
        kept[currency.upper()] = kept.get(currency.upper(), 0) + fee
    return kept
