"""The provider says something of money that is not what was asked for: nothing is changed, and people are told.

A row that finance sees with its age until somebody has settled it, a mail, a line in the log, and a figure that pages.
"""

import logging

from marketplace.lib.money import Money

from ..models import Order, ReconBreak
from . import mails

log = logging.getLogger(__name__)


def does_not_fit(order: Order, key: str, why: str, amount: Money) -> ReconBreak:
    """Note it, in the transaction that looked, and flag the order. `key` is the provider's id; said again it is the
    same row."""
    order.flag(why)
    log.error("money_does_not_fit", extra={"order": order.number, "provider_id": key, "why": why})
    note = f"order {order.number}: {why}"
    row = ReconBreak.objects.note(ReconBreak.Kind.EVENT, key, book=order.book, amount=amount, note=note)
    mails.found(row)
    return row
