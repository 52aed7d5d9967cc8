"""Taking in the provider's list of balance transactions, with an overlap, so that nothing is missed at the seam.

A movement in a currency that is not known here is a break by itself and holds up none of the others. While its break is
open it is asked for again, so many a run: a version that knows the currency takes it in.
"""

import logging
from datetime import datetime, timedelta

from django.conf import settings

from marketplace.lib import failpoints

from ..gateway import GatewayRefused, GatewayUnknown, gateway
from ..models import ProviderCursor, ProviderTransaction, ReconBreak
from ..provider_shapes import BalanceTransaction

log = logging.getLogger(__name__)
OVERLAP = timedelta(hours=48)
AT_FIRST = timedelta(days=90)
ASKED_AGAIN = 50
Kind = ReconBreak.Kind


def take_in() -> int:
    """Everything the provider lists since the last time, less 48 hours. Returns how many movements were new.

    Raises GatewayUnknown, GatewayRefused; then the next time asks for the same again.
    """
    book = settings.PAYMENTS_BOOK
    since = ProviderCursor.objects.since("transactions", book, overlap=OVERLAP, first=AT_FIRST)
    listed = gateway().list_balance_transactions(created_since=since)
    failpoints.reach("reconciliation.listed")
    _note_changed(listed, book)
    new = ProviderTransaction.objects.take_in(_readable(listed, book), book)
    failpoints.reach("reconciliation.taken_in")
    if listed:
        ProviderCursor.objects.advance("transactions", book, max(moved.created_at for moved in listed))
    return new


def take_in_since(since: datetime) -> list[BalanceTransaction]:
    """What the provider lists since then, newest first, taken in too. Raises GatewayUnknown, GatewayRefused."""
    listed = gateway().list_balance_transactions(created_since=since)
    ProviderTransaction.objects.take_in([moved for moved in listed if not moved.is_unread], settings.PAYMENTS_BOOK)
    return listed


def _readable(listed: list[BalanceTransaction], book: str) -> list[BalanceTransaction]:
    """Those whose currency is known, and of earlier ones those by now; each other one is a break, until somebody of
    finance has settled it.
    """
    again = _earlier(book, {moved.id for moved in listed})
    judged = ReconBreak.objects.judged(Kind.UNKNOWN_CURRENCY, book=book)
    for moved in (*listed, *again):
        if moved.is_unread and moved.id not in judged:
            log.error("currency_is_not_known", extra={"transaction": moved.id, "currency": moved.net.currency})
            note = f"{moved.type} of {moved.source or 'nothing'}: {moved.net}, a currency that is not known here"
            ReconBreak.objects.note(Kind.UNKNOWN_CURRENCY, moved.id, book=book, amount=moved.net, note=note)
    read = [moved for moved in (*listed, *again) if not moved.is_unread]
    standing = ReconBreak.objects.open().filter(book=book, kind=Kind.UNKNOWN_CURRENCY).values_list("key", flat=True)
    left = set(standing) - {moved.id for moved in read}
    ReconBreak.objects.settle(Kind.UNKNOWN_CURRENCY, book=book, but=left)
    return read


def _earlier(book: str, listed: set[str]) -> list[BalanceTransaction]:
    """What the provider says now of earlier ones that could not be read: those first that were asked about longest ago,
    so that none waits behind others that nobody will ever read.
    """
    others = ReconBreak.objects.exclude(key__in=listed)
    due = list(others.asked_least(Kind.UNKNOWN_CURRENCY, book=book, most=ASKED_AGAIN))
    ReconBreak.objects.note_asked(due)  # before: one that the provider never answers about comes last the next time
    said = []
    for row in due:
        try:
            said.append(gateway().retrieve_balance_transaction(row.key))
        except GatewayRefused:
            continue  # its break stands
        except GatewayUnknown:
            break  # they all stand until another run: one that nobody gets an answer about stops no comparison
    return said


def _note_changed(listed: list[BalanceTransaction], book: str) -> None:
    said = {moved.id: moved for moved in listed}
    for kept in ProviderTransaction.objects.filter(pk__in=said.keys()):
        now = said[kept.pk]
        if kept.differs(now):
            log.error("provider_changed_a_transaction", extra={"transaction": kept.pk})
            note = f"{kept.type} of {kept.net} is now listed as {now.type} of {now.net}"
            ReconBreak.objects.note(Kind.CHANGED, kept.pk, book=book, amount=now.net, note=note)
