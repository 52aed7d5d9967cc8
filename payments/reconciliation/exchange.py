"""Money that the provider exchanged: taken in one currency, settled in another. Source: the design's money page, 3.5.

No entry has two currencies. An exchange is two entries with one account between them (`fx_clearing`, in both
currencies): the one takes the money out of clearing as it was charged, the other brings in what it was settled as. So
clearing in each currency is what the provider holds in it; what stands on the account between is the open exchange.
"""

from datetime import datetime
from typing import Any

from marketplace.lib.money import Money

from .. import ledger
from ..models import AccountKind, AccountRef, EntryKind

CLEARING = AccountRef(AccountKind.STRIPE_CLEARING)
BETWEEN = AccountRef(AccountKind.FX_CLEARING)


def keys(transaction_id: str) -> tuple[str, str]:
    """The two entries of an exchange, by the provider's movement."""
    return f"fx:{transaction_id}:from", f"fx:{transaction_id}:to"


def book(
    transaction_id: str,
    charged: Money,
    settled: Money,
    *,
    book: str,
    rate: str = "",
    occurred_at: datetime | None = None,
) -> bool:
    """`charged` became `settled` in a movement of the provider; money in is positive. Raises KeyReused.

    Nothing is booked when both are in one currency. Returns whether anything is.
    """
    if charged.currency == settled.currency:
        return False
    taken, brought = keys(transaction_id)
    facts: dict[str, Any] = {"book": book, "occurred_at": occurred_at}
    meta = {
        "balance_transaction": transaction_id, "exchange_rate": rate, "charged": charged.as_json(),
        "settled": settled.as_json(),
    }  # fmt: skip
    if charged:
        ledger.post(taken, EntryKind.FX, [(BETWEEN, charged), (CLEARING, -charged)], meta=meta, **facts)
    if settled:
        ledger.post(brought, EntryKind.FX, [(CLEARING, settled), (BETWEEN, -settled)], meta=meta, **facts)
    return True
