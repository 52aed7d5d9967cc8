"""What disputes are in the ledger. Source: the design's page on money, 3.3.

The bank takes the money at once: it stands in DISPUTE_HOLD until it comes back or is lost. Then each party gives up its
share, as for a refund; what no party has any more, because it was refunded before, the platform bears.

Where the provider settles the charge in another currency, its movements stand on DISPUTE_HOLD in that one, and the
shares are in the order's. Between the two is FX_CLEARING, as for the sale: no entry has two currencies.
"""

from marketplace.lib.money import Money

from .. import bookings, ledger
from ..models import AccountKind, AccountRef, Dispute, EntryKind, LedgerEntry, Refund
from ..provider_shapes import BalanceTransaction
from ..reconciliation.exchange import BETWEEN

HOLD = AccountRef(AccountKind.DISPUTE_HOLD)
FEES = AccountRef(AccountKind.DISPUTE_FEES)
EXPENSE = AccountRef(AccountKind.REFUND_EXPENSE)
# A loss is in so many entries at most: what goes with a right that stands, and what was left where one had ended.
MOST = 2


def book_moves(dispute: Dispute, moves: tuple[BalanceTransaction, ...]) -> None:
    """Each movement that the provider made, once: money out, its fee, money back. Raises KeyReused."""
    seen = {"out": 0, "back": 0}
    for move in sorted(moves, key=lambda move: (move.created_at, move.id)):
        is_out = move.amount.minor < 0
        name, kind = ("out", EntryKind.DISPUTE_OUT) if is_out else ("back", EntryKind.DISPUTE_BACK)
        seen[name] += 1
        # The provider lists one of each; were there more, each has its own key.
        which = "" if seen[name] == 1 else f":{move.id}"
        _post(dispute, f"{name}{which}", kind, [(bookings.CLEARING, move.amount), (HOLD, -move.amount)], move)
        if move.fee:
            key = "fee" if is_out and not which else f"fee:{move.id}"
            _post(dispute, key, EntryKind.DISPUTE_FEE, [(FEES, move.fee), (bookings.CLEARING, -move.fee)], move)


def book_loss(dispute: Dispute, refund: Refund, nth: int) -> LedgerEntry | None:
    """Every party gives up its part of what the bank keeps; it may take a creator below zero."""
    against = BETWEEN if dispute.is_exchanged else HOLD
    return bookings.book_give_back(refund, key=loss_key(dispute, nth), against=against, kind=EntryKind.DISPUTE_LOST)


def loss_key(dispute: Dispute, nth: int) -> str:
    """What the nth part of its loss is booked under: 0, or 1 as well."""
    return f"dispute:{dispute.provider_dispute_id}:lost{f':{nth + 1}' if nth else ''}"


def book_exchange(dispute: Dispute, rest: Money, after: BalanceTransaction) -> LedgerEntry:
    """What of an exchanged dispute's money is not held any more, and did not come back: it goes to stand against what
    it was in the order's currency. `after`: the movement that brought it to this.
    """
    lines = [(HOLD, -rest), (BETWEEN, rest)]
    return _post(dispute, f"exchange:{after.id}", EntryKind.FX, lines, None)


def book_excess(dispute: Dispute, amount: Money) -> LedgerEntry:
    """The bank keeps more than the order has left: the platform bears it."""
    return _post(dispute, "excess", EntryKind.WRITE_OFF, [(EXPENSE, amount), (HOLD, -amount)], None)


def _post(
    dispute: Dispute, what: str, kind: EntryKind, lines: list[ledger.Line], move: BalanceTransaction | None
) -> LedgerEntry:
    meta = {"order": dispute.order.number, "dispute": dispute.provider_dispute_id}
    if move is not None:
        meta["balance_transaction"] = move.id
    return ledger.post(
        f"dispute:{dispute.provider_dispute_id}:{what}",
        kind,
        lines,
        book=dispute.book,
        meta=meta,
        occurred_at=move.created_at if move is not None else dispute.closed_at,
    )
