"""Sealing the ledger day by day, and finding the first entry that is not what was sealed.

Which entries a day's seal holds is fixed for good: those whose id follows the seal before, up to the first that was
written on a later day. Ids are given before the commit, so an entry under way could come to stand behind a seal that
did not see it; therefore the end is read while nobody writes (a lock of milliseconds).
"""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.db import OperationalError, connection, transaction
from django.db.models import Max, Min
from django.utils import timezone

from ..models import LedgerEntry, LedgerSeal, LedgerSealLeaves
from . import canonical, leaves, stands

log = logging.getLogger(__name__)
LOCK_WAIT_MS = 5000


class EntriesUnderWay(Exception):
    """Somebody has been writing for too long: seal later."""


def seal_closed_days(book: str, *, through: date | None = None) -> list[LedgerSeal]:
    """Seal every day that is over and not sealed, oldest first. Returns the new seals.

    `through`: the last day to seal; yesterday (UTC) by default. Of a day that is not over, what is there is sealed and
    the rest goes to the next. Raises EntriesUnderWay.
    """
    through = through or timezone.now().astimezone(UTC).date() - timedelta(days=1)
    made: list[LedgerSeal] = []
    day = _next_day(book)
    while day is not None and day <= through:
        made.append(_seal(book, day))
        day += timedelta(days=1)
    return made


def _next_day(book: str) -> date | None:
    """The day after the last seal, or of the first entry; None without an entry."""
    newest = LedgerSeal.objects.newest(book)
    if newest is not None:
        return newest.day + timedelta(days=1)
    first: datetime | None = LedgerEntry.objects.filter(book=book).aggregate(first=Min("created_at"))["first"]
    return first.astimezone(UTC).date() if first else None


def _seal(book: str, day: date) -> LedgerSeal:
    newest = LedgerSeal.objects.newest(book)
    after = newest.last_id if newest else 0
    last_id = _last_id(book, after, datetime.combine(day + timedelta(days=1), time(), UTC))
    facts = {"book": book, "day": day, "first_id": after + 1, "last_id": last_id}
    secret = LedgerSeal._meta.get_field("secret").get_default()
    hashes = {entry.pk: bytes.fromhex(leaves.hash_of(entry, secret)) for entry in _entries(book, after, last_id)}
    previous = newest.hash if newest else canonical.START
    root = canonical.root([hash_.hex() for hash_ in hashes.values()])
    moved = stands.reckoned(book, after, last_id)
    accounts = stands.root(moved, secret)
    seal = LedgerSeal.objects.add(
        **facts, entries=len(hashes), root=root, accounts=accounts, previous=previous, secret=secret,
        hash=canonical.seal_hash(book, day.isoformat(), len(hashes), after + 1, last_id, root, previous, accounts),
        leaves=LedgerSealLeaves.packed(hashes), stands=stands.rows(moved),
    )  # fmt: skip
    # Whoever keeps logs elsewhere has a copy of the chain there.
    log.info("ledger_sealed", extra={"book": book, "day": day.isoformat(), "hash": seal.hash, "entries": len(hashes)})
    return seal


@transaction.atomic
def _last_id(book: str, after: int, end: datetime) -> int:
    """The last entry id of a day: before the first that was written later, or the last of all.

    A transaction of its own: writers wait no longer than these two questions take.
    """
    _wait_for_writers()
    later = LedgerEntry.objects.filter(pk__gt=after)
    first_later = later.filter(book=book, created_at__gte=end).aggregate(first=Min("pk"))["first"]
    if first_later is not None:
        return first_later - 1
    return later.aggregate(last=Max("pk"))["last"] or after


def _wait_for_writers() -> None:
    """Whoever is writing an entry is done, and nobody begins to before this transaction ends."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = {LOCK_WAIT_MS}")
            cursor.execute("LOCK TABLE payments_ledgerentry IN SHARE MODE")
    except OperationalError as error:
        raise EntriesUnderWay from error


def _entries(book: str, after: int, last_id: int) -> Iterator[LedgerEntry]:
    rows = LedgerEntry.objects.filter(book=book, pk__gt=after, pk__lte=last_id).order_by("pk")
    return rows.prefetch_related("postings__account", "reverses").iterator(chunk_size=2000)


@dataclass(frozen=True)
class Wrong:
    """The first thing in a chain that is not what was sealed."""

    seal: LedgerSeal
    entry_id: int | None
    why: str

    def __str__(self) -> str:
        where = f"entry {self.entry_id}" if self.entry_id else "the seal"
        return f"{self.seal.book} {self.seal.day}: {where}: {self.why}"


@dataclass(frozen=True)
class Verified:
    """How far a book's chain was looked at, and what was wrong first (None: nothing)."""

    book: str
    seals: int
    entries: int
    wrong: Wrong | None


def verify(book: str, *, since: date | None = None, also: Callable[[date], bool] = lambda _day: False) -> Verified:
    """Recompute a book's chain from the stored entries.

    `since`: entries of earlier days are not looked at again, but for the days that `also` says.
    """
    seals = entries = 0
    previous, last_id, day = canonical.START, 0, None
    for seal in LedgerSeal.objects.of(book).select_related("leaves").iterator(chunk_size=50):
        wrong = _wrong_in_chain(seal, previous, last_id, day)
        if wrong is None and (since is None or seal.day >= since or also(seal.day)):
            wrong = _wrong_entry(seal) or _wrong_account(seal)
            entries += seal.entries
        seals += 1
        if wrong is not None:
            return Verified(book, seals, entries, wrong)
        previous, last_id, day = seal.hash, seal.last_id, seal.day
    return Verified(book, seals, entries, None)


def _wrong_in_chain(seal: LedgerSeal, previous: str, last_id: int, day: date | None) -> Wrong | None:
    made = canonical.seal_hash(
        seal.book, seal.day.isoformat(), seal.entries, seal.first_id, seal.last_id, seal.root, seal.previous,
        seal.accounts,
    )  # fmt: skip
    if seal.hash != made:
        return Wrong(seal, None, f"its hash is {seal.hash}, its facts make {made}")
    if seal.previous != previous or seal.first_id != last_id + 1:
        return Wrong(seal, None, "it does not follow the seal before it")
    if day is not None and seal.day != day + timedelta(days=1):
        return Wrong(seal, None, f"a day is missing after {day}")
    return None


def _wrong_entry(seal: LedgerSeal) -> Wrong | None:
    kept = seal.leaves.hashes
    if canonical.root([hash_.hex() for hash_ in kept.values()]) != seal.root or len(kept) != seal.entries:
        return Wrong(seal, None, "its list of entries was changed")
    secret, seen = bytes(seal.secret), set()
    for entry in _entries(seal.book, seal.first_id - 1, seal.last_id):
        seen.add(entry.pk)
        if entry.pk not in kept:
            return Wrong(seal, entry.pk, f"{entry.idem_key} was written into a sealed day")
        if bytes.fromhex(leaves.hash_of(entry, secret)) != kept[entry.pk]:
            return Wrong(seal, entry.pk, f"{entry.idem_key} is not what was sealed")
    gone = sorted(kept.keys() - seen)
    return Wrong(seal, gone[0], "it is gone") if gone else None


def _wrong_account(seal: LedgerSeal) -> Wrong | None:
    """Where accounts stood behind it. Asked when its entries are what was sealed."""
    kept = stands.kept(seal)
    if not seal.accounts:
        return Wrong(seal, None, "it says nothing of accounts, and has some") if kept else None
    if stands.root(kept, bytes(seal.secret)) != seal.accounts:
        return Wrong(seal, None, "its list of accounts was changed")
    made = stands.reckoned(seal.book, seal.first_id - 1, seal.last_id)
    other = next((one for one in (*kept, *made) if (one in kept) != (one in made)), None)
    return Wrong(seal, None, f"account {other.account_id} stood otherwise than was sealed") if other else None
