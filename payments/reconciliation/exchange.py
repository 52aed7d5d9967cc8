"""Money that the provider exchanged: taken in one currency, settled in another. Source: the design's money page, 3.5.

No entry has two currencies. An exchange is two entries with one account between them (`fx_clearing`, in both
currencies): the one takes the money out of clearing as it was charged, the other brings in what it was settled as. So
clearing in each currency is what the provider holds in it; what stands on the account between is the open exchange.
"""

from datetime import datetime

from marketplace.lib.money import Money

from .. import ledger
from ..models import AccountKind, AccountRef, EntryKind

CLEARING = AccountRef(AccountKind.STRIPE_CLEARING)
BETWEEN = AccountRef(AccountKind.FX_CLEARING)


def keys(transaction_id: str) -> tuple[str, str]:
    """The two entries of an exchange, by the provider's movement."""
    return f"fx:{transaction_id}:from", f"fx:{transaction_id}:to"


def posts(
    transaction_id: str, charged: Money, settled: Money, *, book: str, rate: str, occurred_at: datetime | None
) -> list[ledger.Post]:
    """What is to be booked when `charged` became `settled` in a movement of the provider; money in is positive.

    Nothing when both are in one currency. `rate` is kept for people to read; nothing is calculated with it.
    """
    if charged.currency == settled.currency:
        return []
    taken, brought = keys(transaction_id)
    meta = {
        "balance_transaction": transaction_id, "exchange_rate": rate, "charged": charged.as_json(),
        "settled": settled.as_json(),
    }  # fmt: skip
    lines = {
        taken: (charged, [(BETWEEN, charged), (CLEARING, -charged)]),
        brought: (settled, [(CLEARING, settled), (BETWEEN, -settled)]),
    }
    return [
        ledger.Post(key, EntryKind.FX, pair, book=book, meta=meta, occurred_at=occurred_at)
        for key, (amount, pair) in lines.items()
        if amount
    ]
