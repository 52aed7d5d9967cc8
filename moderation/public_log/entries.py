"""The log's entries in their order, read from the rows of every kind of decision."""

import heapq
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from django.db.models import Q

from . import checked, ruled
from .entry import Entry

CHUNK = 500
MOST_DIGITS = 18
OLDEST_FIRST = ("decided_at", "id")


def entries() -> Iterator[Entry]:
    """All of it, the oldest first, without ever holding it whole."""
    rows = (map(make, asked().order_by(*OLDEST_FIRST).iterator(chunk_size=CHUNK)) for asked, make in SOURCES.values())
    return heapq.merge(*rows, key=_order)


def newest(most: int, before: str = "") -> list[Entry]:
    """The latest `most` entries, the newest first; with the id of an entry, those before it. Nonsense is no id."""
    found: list[Entry] = []
    mark = _mark(before)
    for name, (rows, make) in SOURCES.items():
        asked = rows().filter(_earlier(name, mark)) if mark else rows()
        found += map(make, asked.order_by("-decided_at", "-id")[:most])
    return sorted(found, key=_order, reverse=True)[:most]


# In the order in which they stand when they came in one moment: nothing before what it speaks of.
SOURCES: dict[str, tuple[Callable[[], Any], Callable[[Any], Entry]]] = {
    "review": (checked.reviews, checked.of_review),
    "second": (checked.seconds, checked.of_second),
    "path": (checked.paths, checked.of_path),
    "institution": (checked.institutions, checked.of_institution),
    "certificate": (checked.certificates, checked.of_certificate),
    # The end of a refund that nobody agreed to is of a later moment than the answer, and stands after the measure.
    "measure": (ruled.measures, ruled.of_measure),
    "refund": (ruled.refund_verdicts, ruled.of_refund_verdict),
    "appeal": (ruled.answers, ruled.of_answer),
    "claim": (ruled.given_up, ruled.of_step),
}
RANKS = tuple(SOURCES)


def _place(entry_id: str) -> tuple[int, int]:
    name, _dash, pk = entry_id.rpartition("-")
    return RANKS.index(name), int(pk)


def _order(entry: Entry) -> tuple[datetime, int, int]:
    return entry.moment, *_place(entry.id)


def _mark(entry_id: str) -> tuple[datetime, int, int] | None:
    """Where an entry of that id stands; None for what is none."""
    name, _dash, pk = entry_id.rpartition("-")
    if name not in RANKS or not (pk.isascii() and pk.isdecimal() and len(pk) < MOST_DIGITS):
        return None
    rank = RANKS.index(name)
    moment = SOURCES[name][0]().filter(pk=int(pk)).values_list("decided_at", flat=True).first()
    return (moment, rank, int(pk)) if moment else None


def _earlier(name: str, mark: tuple[datetime, int, int]) -> Q:
    moment, rank, pk = mark
    mine = RANKS.index(name)
    if mine == rank:
        return Q(decided_at__lt=moment) | Q(decided_at=moment, pk__lt=pk)
    return Q(decided_at__lte=moment) if mine < rank else Q(decided_at__lt=moment)
