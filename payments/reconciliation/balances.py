"""Clearing beside the provider's balance at one cut: what is on its way explains its part of a difference.

A shop that sells is never quiet, so our sum and the provider's, asked for a moment later, differ by what is in flight.
Three things are known and taken off: movements that the provider lists and we have not booked yet, within the time
that our own way from the event may take; entries of ours that it does not list yet, within the time that it has for
that; and movements made while its balance was asked for, which it counted up to one of them. The rest is a break.
"""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Sum

from marketplace.lib.money import Money

from .. import finance
from ..gateway import GatewayRefused, GatewayUnknown
from ..models import AccountKind, LedgerAccount, LedgerPosting, ProviderTransaction, ReconBreak
from ..provider_shapes import BalanceTransaction
from . import importing, matching

Kind = ReconBreak.Kind
# How long our own way from the event to the entry may take before its lack is a break.
GRACE = timedelta(hours=1)
LISTED_WITHIN = timedelta(hours=48)
CHUNK = 500
Sums = dict[str, int]


def compare(book: str, now: datetime) -> bool:
    """Note each currency in which something is left to explain. A provider that does not answer settles nothing: False
    then.
    """
    try:
        listed = {moved.id for moved in importing.take_in_since(now - GRACE)}
        theirs = finance.provider_balance()
        meanwhile = [moved for moved in importing.take_in_since(now - GRACE) if moved.id not in listed]
    except (GatewayRefused, GatewayUnknown):
        return False
    if theirs is None:
        return False
    with one_moment():
        ours, on_the_way = _clearing(book), _on_the_way(book, now)
    off = set()
    for line in finance.agreed(ours, theirs):
        difference = line.difference or line.ours * 0
        moving = replace(line.ours, minor=on_the_way.get(line.currency, 0))
        rest = difference - moving
        if rest.minor not in _made_after(meanwhile, line.currency):
            note = f"our clearing is {line.ours}, the provider has {line.theirs}"
            note += f"; {moving} of the difference is on its way" if moving else ""
            ReconBreak.objects.note(Kind.BALANCE, line.currency, book=book, amount=rest, note=note)
            off.add(line.currency)
    ReconBreak.objects.settle(Kind.BALANCE, book=book, but=off)
    return True


@contextmanager
def one_moment() -> Iterator[None]:
    """What is read inside is of one moment, whatever others commit meanwhile."""
    is_own = not connection.in_atomic_block
    with transaction.atomic():
        if is_own:  # a transaction that somebody else began keeps what it began with
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield


def _clearing(book: str) -> dict[str, Money]:
    accounts = LedgerAccount.objects.filter(book=book, kind=AccountKind.STRIPE_CLEARING).standing()
    return {account.currency: Money(account.amount_minor, account.currency) for account in accounts}


def _on_the_way(book: str, now: datetime) -> Sums:
    """By how much ours is above theirs in each currency, or beneath it, for what is known to be in flight."""
    sums: dict[str, int] = defaultdict(int)
    half_booked: set[int] = set()
    waiting = list(ProviderTransaction.objects.unmatched(book))
    for at in range(0, len(waiting), CHUNK):
        for each in matching.booked(waiting[at : at + CHUNK], book):
            half_booked |= {entry.pk for entry in each.entries}
            if each.moved.created >= now - GRACE:
                sums[each.moved.currency] -= each.moved.net_minor
                for currency, minor in each.clearing.items():
                    sums[currency] += minor
    for currency, minor in _not_listed(book, now, half_booked):
        sums[currency] += minor
    return dict(sums)


def _not_listed(book: str, now: datetime, but: set[int]) -> list[tuple[str, int]]:
    """The sums on clearing of entries that the provider may still list."""
    lines = LedgerPosting.objects.filter(
        account__kind=AccountKind.STRIPE_CLEARING,
        entry__book=book,
        entry__occurred_at__gte=now - LISTED_WITHIN,
        entry__provider_match=None,
    ).exclude(entry_id__in=but)
    return list(lines.values_list("currency").annotate(total=Sum("amount_minor")).order_by("currency"))


def _made_after(meanwhile: list[BalanceTransaction], currency: str) -> set[int]:
    """What movements made while the balance was asked for may come to that it did not count yet: none of them, the
    newest, the two newest, …, all. They come as the provider lists them, newest first.
    """
    sums, total = {0}, 0
    for moved in meanwhile:
        if moved.net.currency == currency:
            total += moved.net.minor
            sums.add(total)
    return sums
