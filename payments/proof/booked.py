"""Which entry booked what a refund took of a share: what stands before the share's release, that one left out.

By the order of the ledger and not of clocks. A release is dated with the moment at which its run began, and its turn
may come much later: a refund that was done meanwhile is not in it. Both hold the item, so the first has the smaller
number.
"""

from collections.abc import Iterable, Iterator

from ..disputes import bookings as losses
from ..models import ItemShare, LedgerEntry, Refund

# What `by_refund` reads of shares without asking for it again.
AT_HAND = "taken__line__refund__order__disputes"


def by_refund(shares: Iterable[ItemShare]) -> dict[int, int]:
    """Refund → the number of its entry, of all refunds that took something of these shares and are booked. One query.

    Nothing is released while a refund of the same item is under way, so what is not booked yet comes after it.
    """
    refunds = {row.line.refund_id: row.line.refund for share in shares for row in share.taken.all()}
    keys = {key for refund in refunds.values() for key in _keys(refund)}
    found = LedgerEntry.objects.filter(idem_key__in=keys).values_list("meta__refund", "pk")
    return {refund: pk for refund, pk in found if refund in refunds}


def _keys(refund: Refund) -> Iterator[str]:
    """Under one of these it is booked: its own, or one of the disputes that its order lost."""
    yield refund.ledger_key
    if refund.cause == Refund.Cause.DISPUTE:
        for dispute in refund.order.disputes.all():
            yield from (losses.loss_key(dispute, nth) for nth in range(losses.MOST))
