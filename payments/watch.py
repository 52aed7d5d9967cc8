"""The books watched by the machine: checks every hour and every night, kept for metrics and finance."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.conf import settings
from django.db import connection
from django.db.models import Max, Min
from django.utils import timezone

from marketplace.lib import work
from marketplace.lib.alone import alone

from . import invariants, paper_checks
from .closing import verifying
from .models import Asked, BookCheck, LedgerEntry, LedgerSeal, ProviderCursor, ReconBreak
from .proof import seals

log = logging.getLogger(__name__)
# So many of the newest days are recomputed every night, and the whole chain of hashes; of the older days each night
# every thirtieth, another one each time: in so many nights all that was ever booked has been looked at.
DAYS_LOOKED_AT = 7
NIGHTS_FOR_ALL = 30
# The locks under which they run; any numbers that nobody else uses.
HOURLY, BY_NIGHT = 0x626F6F6B73, 0x626F6F6B74
HOURLY_WITHIN, NIGHTLY_WITHIN = timedelta(hours=3), timedelta(hours=30)


def check_hourly() -> dict[str, list[str]]:
    """What must always be true inside the database. Returns what was found by check; nothing while another process is
    at it: they read all of history, and two at once would only be slower.
    """
    return _keep(invariants.INSIDE, HOURLY)


def check_nightly() -> dict[str, list[str]]:
    """Every kept balance against its postings, and the sealed days against what was sealed. Alone, too."""
    return _keep(NIGHTLY, BY_NIGHT)


def _keep(checks: dict[str, Callable[[], Iterator[str]]], lock: int) -> dict[str, list[str]]:
    with alone(lock) as is_alone:
        if not is_alone:
            log.warning("checks_under_way", extra={"first": next(iter(checks))})
            return {}
        return _kept(checks)


def _kept(checks: dict[str, Callable[[], Iterator[str]]]) -> dict[str, list[str]]:
    found = {name: list(check()) for name, check in checks.items()}
    for name, sentences in found.items():
        BookCheck.objects.keep(name, sentences)
        for sentence in sentences:
            log.error("ledger_broken", extra={"invariant": name, "found": sentence})
    return found


def balances_rebuilt() -> Iterator[str]:
    """Each account's balance as it is read (kept, or a checkpoint and its tail) is the sum of all its postings."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT 'account ' || a.id || ' (' || a.kind || ') reads ' || read.amount || ', rebuilt it is ' || rebuilt
                 FROM payments_ledgeraccount a
                 LEFT JOIN payments_ledgerbalance b ON b.account_id = a.id
                 LEFT JOIN payments_ledgercheckpoint c ON c.account_id = a.id
                 CROSS JOIN LATERAL (
                      SELECT coalesce(sum(p.amount_minor), 0) AS rebuilt,
                             coalesce(sum(p.amount_minor) FILTER (WHERE p.id > coalesce(c.through_posting_id, 0)), 0)
                                 AS tail
                        FROM payments_ledgerposting p WHERE p.account_id = a.id) s
                 CROSS JOIN LATERAL (
                      SELECT CASE WHEN a.cached THEN coalesce(b.amount_minor, 0)
                                  ELSE coalesce(c.amount_minor, 0) + s.tail END AS amount) read
                WHERE read.amount <> s.rebuilt"""
        )
        yield from (row[0] for row in cursor.fetchall())


def seals_hold() -> Iterator[str]:
    """The chain of days is whole, tonight's days are what was sealed, and no day that is over waits for its seal."""
    book, today = settings.PAYMENTS_BOOK, timezone.now().astimezone(UTC).date()
    result = seals.verify(
        book, since=today - timedelta(days=DAYS_LOOKED_AT), also=lambda day: is_turn_of(day, tonight=today)
    )
    if result.wrong:
        yield str(result.wrong)
    newest = LedgerSeal.objects.newest(book)
    if newest is not None and newest.day < today - timedelta(days=2):
        yield f"{book}: no day after {newest.day} is sealed"


def is_turn_of(day: date, *, tonight: date) -> bool:
    """Whether an old day is looked at again tonight. Of any day that is so in one of NIGHTS_FOR_ALL nights."""
    return (tonight - day).days % NIGHTS_FOR_ALL == 0


NIGHTLY: dict[str, Callable[[], Iterator[str]]] = {
    "rebuilt": balances_rebuilt, "seals": seals_hold, "closed months": verifying.breaks,
    "all papers": paper_checks.all_of_them,
}  # fmt: skip


@dataclass(frozen=True)
class Standing:
    """A check as metrics tell of it: what its last run found, and whether it has not run when it should have."""

    name: str
    breaks: int
    is_late: bool


def standings(now: datetime | None = None) -> list[Standing]:
    """Every check. One that never ran is late from the time on when it would have run over the first entry."""
    now = now or timezone.now()
    ran = {check.name: check for check in BookCheck.objects.all()}
    first = _first_entry()
    found = []
    for name in [*invariants.INSIDE, *NIGHTLY]:
        check = ran.get(name)
        since = check.ran_at if check else first
        is_late = since is not None and now - since > (NIGHTLY_WITHIN if name in NIGHTLY else HOURLY_WITHIN)
        found.append(Standing(name, check.breaks if check else 0, is_late))
    return found


def is_comparison_late(now: datetime | None = None) -> bool:
    """Whether our books were not compared with the provider's as a whole when they should have been."""
    book = settings.PAYMENTS_BOOK
    compared = ProviderCursor.objects.filter(name=ProviderCursor.COMPARED, book=book)
    since: datetime | None = compared.values_list("through", flat=True).first() or _first_entry()
    return since is not None and (now or timezone.now()) - since > NIGHTLY_WITHIN


def _first_entry() -> datetime | None:
    first: datetime | None = LedgerEntry.objects.aggregate(first=Min("created_at"))["first"]
    return first


def silences() -> dict[str, int]:
    """By kind of work: how often in a row the provider did not answer about the thing that waits longest for it."""
    asked = [kind for kind in work.kinds() if issubclass(kind, Asked)]
    return {kind._meta.label_lower: kind.open_work().aggregate(most=Max("silences"))["most"] or 0 for kind in asked}


def open_breaks() -> tuple[dict[str, int], int]:
    """Open breaks with the provider by kind, and how many of them are older than a day."""
    standing = dict.fromkeys(ReconBreak.Kind.values, 0)
    for kind in ReconBreak.objects.open().values_list("kind", flat=True):
        standing[kind] = standing.get(kind, 0) + 1  # a later version may know more kinds
    return standing, ReconBreak.objects.old().count()
