"""Taking in the provider's list of balance transactions, with an overlap, so that nothing is missed at the seam."""

import logging
from datetime import timedelta

from django.conf import settings

from marketplace.lib import failpoints

from ..gateway import gateway
from ..models import ProviderCursor, ProviderTransaction, ReconBreak
from ..provider_shapes import BalanceTransaction

log = logging.getLogger(__name__)
OVERLAP = timedelta(hours=48)
AT_FIRST = timedelta(days=90)


def take_in() -> int:
    """Everything the provider lists since the last time, less 48 hours. Returns how many movements were new.

    Raises GatewayUnknown, GatewayRefused; then the next time asks for the same again.
    """
    book = settings.PAYMENTS_BOOK
    since = ProviderCursor.objects.since("transactions", book, overlap=OVERLAP, first=AT_FIRST)
    listed = gateway().list_balance_transactions(created_since=since)
    failpoints.reach("reconciliation.listed")
    _note_changed(listed, book)
    new = ProviderTransaction.objects.take_in(listed, book)
    failpoints.reach("reconciliation.taken_in")
    if listed:
        ProviderCursor.objects.advance("transactions", book, max(moved.created_at for moved in listed))
    return new


def _note_changed(listed: list[BalanceTransaction], book: str) -> None:
    said = {moved.id: moved for moved in listed}
    for kept in ProviderTransaction.objects.filter(pk__in=said.keys()):
        now = said[kept.pk]
        if kept.differs(now):
            log.error("provider_changed_a_transaction", extra={"transaction": kept.pk})
            note = f"{kept.type} of {kept.net} is now listed as {now.type} of {now.net}"
            ReconBreak.objects.note(ReconBreak.Kind.CHANGED, kept.pk, book=book, amount=now.net, note=note)
