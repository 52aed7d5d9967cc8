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
from ..models import CourseEscrow, CourseSplit, PoolDivision, PoolPart, Role, SplitLine
from . import arithmetic, watching

BATCH = 200  # creators an entry


@dataclass(frozen=True)
class Look:
    """A month of the pool as it would be divided at `at`; `reckoned` is None where it goes on to the next month."""

    book: str
    currency: str
    month: date
    at: datetime
    given: watching.Inputs

    @cached_property
    def reckoned(self) -> arithmetic.Reckoned | None:
        return arithmetic.reckon(self.given.months, self.given.late, self.given.seconds)

    @property
    def paid_in(self) -> Money:
        return Money(sum(self.given.months.values()), self.currency)

    @property
    def late(self) -> Money:
        return Money(self.given.late, self.currency)

    @property
    def members(self) -> int:
        return sum(left > 0 for left in self.given.months.values())

    @property
    def seconds(self) -> int:
        return sum(seconds for seconds, _members in self.by_course.values())

    @cached_property
    def by_course(self) -> dict[int, tuple[int, int]]:
        """Of each course the seconds, and how many members watched them."""
        seconds: dict[int, int] = {}
        members: dict[int, set[int]] = {}
        for month, watched in self.given.seconds.items():
            for course, length in watched.items():
                seconds[course] = seconds.get(course, 0) + length
                members.setdefault(course, set()).add(self.given.members[month])
        return {course: (length, len(members[course])) for course, length in seconds.items()}

    @cached_property
    def parts(self) -> list[PoolPart]:
        """Whose it would be, unsaved."""
        return list(_parts(self)) if self.reckoned else []

    def digest(self) -> str:
        """Of all that it is reckoned from."""
        seconds = [[month, sorted(watched.items())] for month, watched in sorted(self.given.seconds.items())]
        splits = sorted([part.course_id, part.owner_id, part.bps, part.is_held] for part in self.parts)
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
    owners = dict(Course.objects.filter(pk__in=amounts).values_list("pk", "creator_id"))
    claimed, shares = _claimed(shown, amounts), _shares(shown, owners)
    everybody = sorted({owner for rows in shares.values() for owner, _bps in rows})
    batches = {owner: n // BATCH for n, owner in enumerate(everybody)}
    unsaved = PoolDivision(currency=shown.currency)
    for course in sorted(amounts):
        others = [bps for _owner, bps in shares[course][1:]]
        theirs = arithmetic.by_split(amounts[course], others)
        minors = [amounts[course] - sum(theirs), *theirs]
        seconds, members = shown.by_course[course]
        for n, ((owner, bps), minor) in enumerate(zip(shares[course], minors, strict=True)):
            yield PoolPart(
                division=unsaved, course_id=course, owner_id=owner, role=Role.COAUTHOR if n else Role.CREATOR, bps=bps,
                others_bps=[each for at, (_who, each) in enumerate(shares[course]) if at != n],
                seconds=seconds, members=members, course_minor=amounts[course], amount_minor=minor,
                batch=batches[owner], is_held=course in claimed,
            )  # fmt: skip


def _claimed(shown: Look, courses: Iterable[int]) -> set[int]:
    """Whose income is held; and those that turned out to be somebody else's since the first of these months began."""
    awarded = CourseEscrow.objects.filter(course__in=set(courses), outcome=CourseEscrow.Outcome.AWARD)
    lost = awarded.filter(closed_at__gte=calendar.start_of(calendar.before(shown.month)))
    return CourseEscrow.objects.courses_of(courses) | set(lost.values_list("course_id", flat=True))


def _shares(shown: Look, owners: dict[int, int]) -> dict[int, list[tuple[int, int]]]:
    """(creator, basis points) of each course as it was shared at the end of the month, its own creator first.

    A co-author who is suspended has no part; it stays with the course's creator.
    """
    holding = CourseSplit.objects.in_force(owners, calendar.end_of(shown.month) - timedelta(microseconds=1))
    lines = SplitLine.objects.filter(split__in=holding.values("pk"), bps__gt=0, creator__suspended_at=None)
    others: dict[int, list[tuple[int, int]]] = {course: [] for course in owners}
    for course, creator, bps in lines.order_by("pk").values_list("split__course_id", "creator_id", "bps"):
        others[course].append((creator, bps))
    return {
        course: [(owners[course], arithmetic.WHOLE - sum(bps for _creator, bps in rows)), *rows]
        for course, rows in others.items()
    }
