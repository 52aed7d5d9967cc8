"""The provider says something of money that is not what was asked for: nothing is changed, and people are told.

A row that finance sees with its age until somebody has settled it, a mail, a line in the log, and a figure that pages.
"""

import logging

from marketplace.lib.money import Money

from ..models import ReconBreak
from . import mails

log = logging.getLogger(__name__)


def does_not_fit(key: str, why: str, amount: Money, *, book: str, order: str) -> ReconBreak:
    """Note it, in the transaction that looked. `key` is the provider's id; said again it is the same row."""
    log.error("money_does_not_fit", extra={"order": order, "provider_id": key, "why": why})
    note = f"order {order}: {why}"
    row = ReconBreak.objects.note(ReconBreak.Kind.EVENT, key, book=book, amount=amount, note=note)
    mails.found(row)
    return row
