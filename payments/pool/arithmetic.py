"""How a pool is divided, in minor units: exact, and the same whenever it is reckoned. Pure arithmetic.

Each member's own month goes to what she watched; what remains of members who watched nothing goes to all courses.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar
from zlib import crc32

from ..give_back import spread

WHOLE = 10_000
# Whatever names a course; those of one reckoning can be put in order.
Course = TypeVar("Course", bound=tuple[int, str] | int)


@dataclass(frozen=True)
class Reckoned(Generic[Course]):
    """By member's month what was divided of it (`divided`) and to which courses (`views`); `rest` went to all by their
    seconds. `courses`: what each has, which sums to `amount`.
    """

    amount: int
    rest: int
    divided: dict[int, int]
    views: dict[tuple[int, Course], int] = field(default_factory=dict)
    courses: dict[Course, int] = field(default_factory=dict)


def reckon(
    months: Mapping[int, int], late: int, seconds: Mapping[int, Mapping[Course, int]]
) -> Reckoned[Course] | None:
    """Of `months` (amount by month), less what was given back `late`, by the seconds of each course in each month.

    None where nothing is left to divide, or nobody watched anything: then it stays in the pool for the next month.
    """
    amount = sum(months.values()) - late
    everything: dict[Course, int] = {}
    for watched in seconds.values():
        for course, length in watched.items():
            everything[course] = everything.get(course, 0) + length
    if amount <= 0 or not any(months.values()) or not any(everything.values()):
        return None
    keys = sorted(months)
    divided = dict(zip(keys, spread(amount, [months[key] for key in keys]), strict=True))
    found: Reckoned[Course] = Reckoned(
        amount, sum(minor for key, minor in divided.items() if not seconds.get(key)), divided
    )
    for key in keys:
        for course, minor in by_seconds(divided[key], seconds.get(key) or {}, salt=key).items():
            found.views[key, course] = minor
            found.courses[course] = found.courses.get(course, 0) + minor
    for course, minor in by_seconds(found.rest, everything, salt=0).items():
        found.courses[course] = found.courses.get(course, 0) + minor
    return found


def by_seconds(amount: int, seconds: Mapping[Course, int], *, salt: int) -> dict[Course, int]:
    """Among courses. Of equal remainders another course goes first in each member's month, so that none always does."""
    if not seconds:
        return {}
    courses = sorted(seconds, key=lambda course: (crc32(f"{salt}:{course}".encode()), course))
    return dict(zip(courses, spread(amount, [seconds[course] for course in courses]), strict=True))


def by_split(amount: int, others_bps: list[int]) -> list[int]:
    """What co-authors have of a course's amount, in their order, as of a sale; its creator has the rest."""
    return [amount * bps // WHOLE for bps in others_bps]
