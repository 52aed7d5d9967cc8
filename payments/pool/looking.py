"""A month of the pool as it would be divided: how much, by what, and whose it would become. It writes nothing."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property

from django.conf import settings

from courses.models import Course
from marketplace.lib import clock
from marketplace.lib.money import Money

from ..closing import months as calendar
from ..models import CourseSplit, PoolDivision, PoolPart, Role, SplitLine
from . import arithmetic, turns, watching
from .watching import Key

BATCH = 200  # creators an entry


@dataclass(frozen=True)
class Look:
    """A month of the pool as it would be divided at `at`; `reckoned` is None where it goes on to the next month."""

    book: str
    currency: str
    month: date
    at: datetime
    given: watching.Inputs

    @property
    def due_at(self) -> datetime:
        """From when on it is divided."""
        return turns.due_at(self.month)

    @cached_property
    def reckoned(self) -> arithmetic.Reckoned[Key] | None:
        return arithmetic.reckon(self.given.months, self.given.late, self.given.seconds)

    @property
    def paid_in(self) -> Money:
        return Money(sum(self.given.months.values()), self.currency)

    @property
    def late(self) -> Money:
        return Money(self.given.late, self.currency)

    @property
    def members(self) -> int:
        """Who gave something, each once, however many months of hers are in it."""
        return len({self.given.members[month] for month, left in self.given.months.items() if left > 0})

    @property
    def seconds(self) -> int:
        return sum(seconds for seconds, _members in self.by_course.values())

    @cached_property
    def by_course(self) -> dict[Key, tuple[int, int]]:
        """Of each course the seconds, and how many members watched them."""
        seconds: dict[Key, int] = {}
        members: dict[Key, set[int]] = {}
        for month, watched in self.given.seconds.items():
            for course, length in watched.items():
                seconds[course] = seconds.get(course, 0) + length
                members.setdefault(course, set()).add(self.given.members[month])
        return {course: (length, len(members[course])) for course, length in seconds.items()}

    @cached_property
    def parts(self) -> list[PoolPart]:
        """Whose it would be, unsaved. Of claimed courses only its booking says."""
        return list(_parts(self)) if self.reckoned else []

    def digest(self) -> str:
        """Of all that it is reckoned from."""
        seconds = [[month, sorted(watched.items())] for month, watched in sorted(self.given.seconds.items())]
        splits = sorted([part.course_id, f"{part.watched_in:%Y-%m}", part.owner_id, part.bps] for part in self.parts)
        facts = [
            self.book, self.currency, f"{self.month:%Y-%m}", self.given.late, sorted(self.given.months.items()),
            seconds, splits,
        ]  # fmt: skip
        return hashlib.sha256(json.dumps(facts, separators=(",", ":")).encode()).hexdigest()


def look(currency: str, month: date, now: datetime | None = None) -> Look:
    """At what a division of the month would be now; nothing is written."""
    at, book = now or clock.now(), settings.PAYMENTS_BOOK
    return Look(book, currency, month, at, watching.inputs(book, currency, calendar.end_of(month), at))


def _parts(shown: Look) -> Iterator[PoolPart]:
    assert shown.reckoned is not None
    amounts = shown.reckoned.courses
    shares = _shares(amounts)
    everybody = sorted({owner for rows in shares.values() for owner, _bps in rows})
    batches = {owner: n // BATCH for n, owner in enumerate(everybody)}
    unsaved = PoolDivision(book=shown.book, currency=shown.currency)
    for key in sorted(amounts):
        others = [bps for _owner, bps in shares[key][1:]]
        theirs = arithmetic.by_split(amounts[key], others)
        minors = [amounts[key] - sum(theirs), *theirs]
        seconds, members = shown.by_course[key]
        for n, ((owner, bps), minor) in enumerate(zip(shares[key], minors, strict=True)):
            yield PoolPart(
                division=unsaved, course_id=key[0], watched_in=_month(key), owner_id=owner,
                role=Role.COAUTHOR if n else Role.CREATOR, bps=bps,
                others_bps=[each for at, (_who, each) in enumerate(shares[key]) if at != n],
                seconds=seconds, members=members, course_minor=amounts[key], amount_minor=minor, batch=batches[owner],
            )  # fmt: skip


def _month(key: Key) -> date:
    return date.fromisoformat(f"{key[1]}-01")


def _shares(keys: Iterable[Key]) -> dict[Key, list[tuple[int, int]]]:
    """(creator, basis points) of each course as it was shared at the end of that month, its own creator first.

    A co-author who is suspended has no part; it stays with the course's creator.
    """
    keys = list(keys)
    owners = dict(Course.objects.filter(pk__in={course for course, _m in keys}).values_list("pk", "creator_id"))
    others: dict[Key, list[tuple[int, int]]] = {key: [] for key in keys}
    for name in sorted({name for _course, name in keys}):
        courses = [course for course, month in keys if month == name]
        at = calendar.end_of(_month((0, name))) - timedelta(microseconds=1)
        holding = CourseSplit.objects.in_force(courses, at)
        lines = SplitLine.objects.filter(split__in=holding.values("pk"), bps__gt=0, creator__suspended_at=None)
        for course, creator, bps in lines.order_by("pk").values_list("split__course_id", "creator_id", "bps"):
            others[course, name].append((creator, bps))
    return {
        key: [(owners[key[0]], arithmetic.WHOLE - sum(bps for _creator, bps in rows)), *rows]
        for key, rows in others.items()
    }
