"""Rolls the ledger's old postings up, so that reading a balance costs what happened lately and not all of history.

Postings get their numbers when they are written and can be seen when they are committed, so a lower number may appear
after a higher one. We note the highest number to be seen, wait until everybody who was writing then has ended, and only
then add up to it.
"""

import logging
import time
from datetime import timedelta

from .models import LedgerCheckpoint

log = logging.getLogger(__name__)

PATIENCE = timedelta(seconds=30)
BETWEEN_LOOKS = timedelta(milliseconds=50)


def roll_up(patience: timedelta = PATIENCE) -> int:
    """Move the checkpoints of all accounts with new postings; returns how many. 0 when somebody writes for too long."""
    through, horizon = LedgerCheckpoint.objects.newest_posting()
    until = time.monotonic() + patience.total_seconds()
    while not LedgerCheckpoint.objects.all_ended_before(horizon):
        if time.monotonic() > until:
            log.warning("ledger_not_rolled_up", extra={"through": through})
            return 0
        time.sleep(BETWEEN_LOOKS.total_seconds())
    return LedgerCheckpoint.objects.roll_up(through)
