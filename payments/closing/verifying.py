"""Closed months against the ledger: recomputed from its lines, and the first line that is not so is named."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings

from ..models import LedgerSeal, MonthClose
from ..models.month_close import START, hash_of, written
from ..proof import canonical
from . import months, reckoning

Facts = dict[str, Any]


@dataclass(frozen=True)
class Wrong:
    """The first thing of a closed month that is not what was closed."""

    book: str
    month: date
    why: str

    def __str__(self) -> str:
        return f"{self.book} {self.month:%Y-%m}: {self.why}"


@dataclass(frozen=True)
class Verified:
    book: str
    months: int
    wrong: Wrong | None


def verify(book: str) -> Verified:
    """Every closed month of the book, the first one first, up to the first that is wrong."""
    rows = list(MonthClose.objects.of(book))
    moved = reckoning.of_all(book) if rows else {}
    previous, opening, count = START, {}, 0
    month = rows[0].month if rows else None
    stray = min((each for each in moved if rows and each < rows[0].month), default=None)
    if stray is not None:
        return Verified(book, 0, Wrong(book, stray, f"it has entries, and the first closed month is {month:%Y-%m}"))
    for row in rows:
        why = _why(row, month, previous, opening, moved.get(row.month, reckoning.Moved()))
        if why is not None:
            return Verified(book, count, Wrong(book, row.month, why))
        previous, count = row.hash, count + 1
        opening = reckoning.closing_of(row.facts["currencies"])
        month = months.after(row.month)
    return Verified(book, count, None)


def breaks() -> Iterator[str]:
    """As a check of every night."""
    wrong = verify(settings.PAYMENTS_BOOK).wrong
    if wrong:
        yield str(wrong)


def _why(
    row: MonthClose, month: date | None, previous: str, opening: reckoning.Balances, moved: reckoning.Moved
) -> str | None:  # fmt: skip
    """What is wrong with one month, or None. `month`: the one that must come now."""
    if hash_of(row.content) != row.hash:
        return f"its hash is {row.hash}, its content makes {hash_of(row.content)}"
    facts = row.facts
    if written(facts) != row.content:
        return "its content is not written as it was"
    if row.month != month:
        return f"a month is missing before it: {month:%Y-%m} comes first"
    if facts["previous"] != previous:
        return "it does not follow the month before it"
    return _row_differs(row, facts) or _seal_differs(row, facts) or _lines_differ(facts, opening, moved)


def _row_differs(row: MonthClose, facts: Facts) -> str | None:
    """What stands beside the content says the same."""
    kept = {
        "book": row.book, "month": f"{row.month:%Y-%m}", "by": row.closed_by_id, "note": row.note,
        "reason": row.reason, "closed_at": canonical.moment(row.closed_at),
    }  # fmt: skip
    return next((f"its row says another {name}" for name, value in kept.items() if facts[name] != value), None)


def _seal_differs(row: MonthClose, facts: Facts) -> str | None:
    seal = LedgerSeal.objects.of(row.book).filter(day=months.last_day(row.month)).first()
    sealed = facts["sealed"]
    same = seal and {"day": seal.day.isoformat(), "hash": seal.hash, "last_id": seal.last_id} == sealed
    return None if same else f"the seal of {sealed['day']} is not the one that it was closed by"


def _lines_differ(facts: Facts, opening: reckoning.Balances, moved: reckoning.Moved) -> str | None:
    if facts["entries"] != moved.entries:
        return f"entries: {facts['entries']} were closed, the ledger has {moved.entries}"
    made = {one["currency"]: one for one in reckoning.currencies(opening, moved)}
    closed = {one["currency"]: one for one in facts["currencies"]}
    for currency in sorted(made.keys() | closed.keys()):
        frozen, now = _by_line(closed.get(currency)), _by_line(made.get(currency))
        for line in dict.fromkeys([*frozen, *now]):
            was, made_now = frozen.get(line, "nothing"), now.get(line, "nothing")
            if was != made_now:
                return f"{currency} {line}: {was} was closed, the ledger makes {made_now}"
    return None


def _by_line(one: Facts | None) -> dict[str, str]:
    """The lines of one currency by name: "creator_pending closing", "gross_sales"."""
    if one is None:
        return {}
    accounts = {
        f"{row['account']} {name}": row[name]
        for row in one["accounts"]
        for name in ("opening", "debits", "credits", "closing")
    }
    return {**accounts, **one["figures"]}
