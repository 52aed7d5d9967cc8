"""Comparing our books with the provider's own, and what comes of it: entries that only its list can tell of, breaks.

The rules (money page, 3.6): each movement is booked exactly; each line on clearing older than 48 hours is listed by the
provider; clearing in each currency is its balance, but for what is on its way. What fails a rule is a row with an age,
until a run finds it whole.
"""

import logging
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Sum
from django.utils import timezone

from marketplace.lib import clock, failpoints
from marketplace.lib.money import Money

from .. import ledger
from ..models import (
    AccountKind,
    AccountRef,
    EntryKind,
    LedgerEntry,
    LedgerPosting,
    ProviderCursor,
    ProviderMatch,
    ProviderTransaction,
    ReconBreak,
)
from . import balances, exchange, importing, kinds, mails, matching
from .balances import CHUNK, GRACE, LISTED_WITHIN

log = logging.getLogger(__name__)
Kind = ReconBreak.Kind
CLEARING = AccountRef(AccountKind.STRIPE_CLEARING)


@dataclass
class Result:
    """What one run found: how many movements it matched, and the open breaks by kind afterwards."""

    taken_in: int = 0
    matched: int = 0
    breaks: dict[str, int] = field(default_factory=dict)


def run(now: datetime | None = None, *, beat: Callable[[], None] = lambda: None) -> Result:
    """Take in the provider's list, book what only it tells of, compare, and note what does not fit.

    Doing it twice changes nothing. `beat` is called between its parts. Raises GatewayUnknown, GatewayRefused before
    anything is compared; one that is silent only of the balance leaves the comparison a part.
    """
    now, book = now or clock.now(), settings.PAYMENTS_BOOK
    result = Result(taken_in=importing.take_in())
    beat()
    result.matched = _compare_movements(book, now, beat)
    beat()
    _look_for_unseen(book, now)
    beat()
    if balances.compare(book, now):
        ProviderCursor.objects.advance(ProviderCursor.COMPARED, book, timezone.now())
    standing = ReconBreak.objects.open().filter(book=book)
    for kind in standing.values_list("kind", flat=True):
        result.breaks[kind] = result.breaks.get(kind, 0) + 1
    for old in standing.old():
        log.error("recon_break_is_old", extra={"kind": old.kind, "key": old.key, "found_at": str(old.found_at)})
        mails.is_old(old)
    return result


def _compare_movements(book: str, now: datetime, beat: Callable[[], None]) -> int:
    """Match what is whole; the rest is a break of one kind or another. Returns how many were matched."""
    found: dict[str, set[str]] = defaultdict(set)
    matched = 0
    waiting = list(ProviderTransaction.objects.unmatched(book))
    for at in range(0, len(waiting), CHUNK):
        beat()
        chunk = waiting[at : at + CHUNK]
        for each in matching.booked(chunk, book):
            _book_what_it_tells(each)
        failpoints.reach("reconciliation.booked")
        looked_at = matching.booked(chunk, book)
        whole = [each for each in looked_at if each.is_whole]
        ProviderMatch.objects.note((entry, each.moved) for each in whole for entry in each.entries)
        matched += len(whole)
        for each in looked_at:
            if not each.is_whole and each.moved.created < now - GRACE:
                found[_note(each, book)].add(each.moved.pk)
    for kind in (Kind.UNBOOKED, Kind.AMOUNT, Kind.UNKNOWN_TYPE):
        ReconBreak.objects.settle(kind, book=book, but=found[kind])
    return matched


def _note(each: matching.Booked, book: str) -> str:
    moved = each.moved
    if moved.type not in kinds.KNOWN and not each.entries:
        kind, note = Kind.UNKNOWN_TYPE, f"{moved.type} of {moved.source or 'nothing'}"
    elif each.entries:
        keys = ", ".join(entry.idem_key for entry in each.entries)
        kind, note = Kind.AMOUNT, f"{moved.type} of {moved.source}: listed {moved.net}, booked as {keys}"
    else:
        kind, note = Kind.UNBOOKED, f"{moved.type} of {moved.source or 'nothing'}"
    ReconBreak.objects.note(kind, moved.pk, book=book, amount=each.off, note=note)
    return kind


def _book_what_it_tells(each: matching.Booked) -> None:
    """Entries that follow from the provider's list alone: an exchange, its own fees, what it sent to the bank."""
    moved = each.moved
    if each.charged is not None and not each.has(EntryKind.FX):
        ledger.post_all(
            exchange.posts(
                moved.pk, each.charged, moved.amount, book=moved.book, rate=moved.exchange_rate,
                occurred_at=moved.created,
            )
        )  # fmt: skip
    elif moved.type in kinds.OWN_FEES and not each.entries:
        _book_net(moved, f"fee:{moved.pk}", EntryKind.FEE, AccountKind.STRIPE_FEES)
    elif moved.type in kinds.TO_THE_BANK and not each.entries:
        _book_net(moved, f"bank:{moved.pk}", EntryKind.BANK, AccountKind.BANK)


def _book_net(moved: ProviderTransaction, key: str, kind: EntryKind, account: AccountKind) -> None:
    if moved.net_minor:
        ledger.post(
            key, kind, [(AccountRef(account), -moved.net), (CLEARING, moved.net)], book=moved.book,
            meta={"balance_transaction": moved.pk}, occurred_at=moved.created,
        )  # fmt: skip


def _look_for_unseen(book: str, now: datetime) -> None:
    """Lines on clearing that the provider should have listed by now."""
    lines = LedgerPosting.objects.filter(
        account__kind=AccountKind.STRIPE_CLEARING,
        entry__book=book,
        entry__occurred_at__lt=now - LISTED_WITHIN,
        entry__provider_match=None,
    )
    listed_wrongly = set(ReconBreak.objects.open().filter(book=book, kind=Kind.AMOUNT).values_list("key", flat=True))
    known = _keys_of(listed_wrongly, book)
    unseen: set[str] = set()
    for row in lines.values("entry__idem_key", "currency").annotate(total=Sum("amount_minor")):
        key = row["entry__idem_key"]
        if key not in known and row["total"]:
            unseen.add(key)
            amount = Money(int(row["total"]), row["currency"])
            ReconBreak.objects.note(
                Kind.UNSEEN, key, book=book, amount=amount, note=f"The provider lists nothing of {key}"
            )
    ReconBreak.objects.settle(Kind.UNSEEN, book=book, but=unseen)


def _keys_of(transaction_ids: set[str], book: str) -> set[str]:
    """The entries of movements that are listed, if with another amount: those are breaks already."""
    moves = list(ProviderTransaction.objects.filter(pk__in=transaction_ids))
    return {entry.idem_key for each in matching.booked(moves, book) for entry in each.entries}


def without_fee(older_than: timedelta) -> list[str]:
    """Charges that the provider listed with a fee, long enough ago, and whose fee is not booked: their ids."""
    waiting = ProviderTransaction.objects.unmatched(settings.PAYMENTS_BOOK)
    listed = waiting.filter(type__in=kinds.CHARGES, created__lt=clock.now() - older_than).exclude(fee_minor=0)
    charges = list(listed)
    booked = LedgerEntry.objects.filter(idem_key__in=[f"fee:{moved.pk}" for moved in charges])
    has_fee = set(booked.values_list("idem_key", flat=True))
    return [moved.source for moved in charges if f"fee:{moved.pk}" not in has_fee]
