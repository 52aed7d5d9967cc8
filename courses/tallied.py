"""The tally of all courses in lists, from which pages take the numbers beside their filters.

Where courses are few it is counted while a page is drawn, and is as fresh as the page. Where they are many a worker
counts them, one at a time, and pages take what it counted last. Until it has, and when Valkey has lost it, they count
the most popular and say "at least".
"""

import time
from collections import Counter
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.core.cache import cache
from django.db import connection, transaction
from redis.exceptions import RedisError

from marketplace.lib import window

from . import tallying
from .models import Course
from .tallying import ALL, FEW, WHOLE, Sums, Tally

# The number goes up whenever cells change their shape: a release meets what the one before has kept.
_NAME = "tally-3"
_DUE = f"{_NAME}.counted"
# A worker counts this often at most, and no more than one part in so many of its time: a million take some seconds.
EVERY_S, _COST = 60, 30
# Where no worker has counted for so long, its numbers are no longer shown.
LONGEST_S = 3_600
_LOCK = 7_412_003
# A process remembers so many numbers that it has added up of one tally, some megabytes.
MOST_NUMBERS = 50_000


class Held(Tally):
    """A tally in this process, with what was added up of it: at a million that takes ten times as long as the page.
    `is_sample`: it is of the most popular alone.
    """

    def __init__(self, tally: Tally, version: str = "", *, is_sample: bool = False) -> None:
        super().__init__(tally)
        self.version, self.is_sample = version, is_sample
        self._sums: dict[Hashable, Counter[Any]] = {}
        self.number = sum([cell[-1] for cell in tally.get(ALL, {}).get(WHOLE, [])])

    def added_up(self, asked: Hashable, add: Callable[[], Counter[Any]]) -> Counter[Any]:
        """What `add` made of this tally for who asked the same before, or makes now. Not to be changed."""
        if (found := self._sums.get(asked)) is None:
            found = add()
            if len(found) + sum(map(len, list(self._sums.values()))) > MOST_NUMBERS:
                self._sums.clear()
            self._sums[asked] = found
        return found


@dataclass(frozen=True)
class Shelf:
    """Courses of a skill's shelf, in no order. `is_of_now`: they were looked for just now; else a worker found them."""

    courses: list[int]
    is_of_now: bool


# The one that was shown last, by its version: it is too large to be fetched for each page.
_held: dict[str, Held] = {}


def whole() -> Held:
    """The tally of all courses, to be asked for once a page: of few it is fetched, or counted, each time."""
    if (counted := _by_worker()) is not None:
        return counted
    tally, is_sample = window.drawn(_NAME, _here)
    return Held(tally, is_sample=is_sample)


def sums() -> Sums | None:
    """How many courses there are, and how many each first choice would leave, where they are few. A page without a
    filter needs no cells, of which there is one for nearly each course of a small shop.
    """
    if _by_worker() is not None:
        return None
    total, found = window.drawn(f"{_NAME}.sums", tallying.sums_of_few)
    return (total, found) if total else None


def shelf_of(skill: int) -> Shelf:
    """The courses that stand on a skill's shelf: those that a worker has found, where courses are many. Else they are
    looked for now, among the first FEW that teach it.
    """
    kept: list[int] | None = None
    if (counted := _by_worker()) is not None:
        try:
            kept = cache.get(_shelf(counted.version, skill))
        except RedisError:
            pass
    if kept is not None:
        return Shelf(kept, is_of_now=False)
    teaching = Course.objects.listed().filter(skill_ids__contains=[skill])
    return Shelf(tallying.shelves_of(tallying.first(teaching.order_by(), FEW)).get(skill, []), is_of_now=True)


def refresh() -> bool:
    """A worker's part: count, where courses are many and the last time is long ago. Whether it did."""
    if Course.objects.filter(live_version__isnull=False)[: FEW + 1].count() <= FEW:
        cache.delete(_NAME)
        return False
    return not cache.get(_DUE) and _count()


@transaction.atomic
def _count() -> bool:
    """One worker at a time: the others leave it to her."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        if not cursor.fetchone()[0] or cache.get(_DUE):
            return False
    began, version = time.monotonic(), uuid4().hex
    tally = tallying.tally_of(Course.objects.listed(), are_many=True)
    shelves = tallying.shelves_of(Course.objects.listed())
    took = time.monotonic() - began
    cache.set(f"{_NAME}.{version}", tally, LONGEST_S)
    cache.set_many({_shelf(version, skill): courses for skill, courses in shelves.items()}, LONGEST_S)
    cache.set(_NAME, version, LONGEST_S)
    cache.set(_DUE, 1, max(EVERY_S, round(_COST * took)))
    return True


def _shelf(version: str, skill: int) -> str:
    return f"{_NAME}.{version}.shelf.{skill}"


def _by_worker() -> Held | None:
    """What a worker has counted; looked for again after NEAR_SECONDS."""
    version: str | None = window.at_hand(f"{_NAME}.version")
    if version is None:
        try:
            version = str(cache.get(_NAME) or "")
            if version and version not in _held:
                tally = cache.get(f"{_NAME}.{version}")
                _held.clear()
                _held.update({version: Held(tally, version)} if tally else {})
        except RedisError:
            version = ""
        window.keep_at_hand(f"{_NAME}.version", version, window.NEAR_SECONDS)
    return _held.get(version)


def _here() -> tuple[Tally, bool]:
    """Counted while somebody waits."""
    counted = tallying.of_few()
    if counted[ALL]:
        return counted, False
    first = tallying.of_first()  # empty where there are no courses
    return first, bool(first[ALL])
