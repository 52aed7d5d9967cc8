"""Who may review, by what is on record of her. Pure, and explained: each point says what is asked and what she has."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

LEAST_DAYS, LEAST_UPHELD, LEAST_FINISHED = 60, 3, 1
# So many of her votes must be decided before agreement counts, and this share must agree then.
VOTES_BEFORE_IT_COUNTS, LEAST_AGREED_PERCENT = 10, 60


@dataclass(frozen=True)
class Record:
    """`agreed` and `differed`: her votes on cases that were decided since, beside the final decision."""

    days: int
    finished: int
    upheld: int
    dismissed: int
    measures: int
    agreed: int = 0
    differed: int = 0

    @property
    def agreement(self) -> int | None:
        """In percent; None before a case of hers was decided."""
        decided = self.agreed + self.differed
        return round(100 * self.agreed / decided) if decided else None


@dataclass(frozen=True)
class Point:
    label: str | Promise
    has: int
    asks: int
    is_met: bool


def points(record: Record) -> list[Point]:
    """What is asked of somebody who wants to join."""
    return [
        Point(_("Days with an account"), record.days, LEAST_DAYS, record.days >= LEAST_DAYS),
        Point(_("Courses finished"), record.finished, LEAST_FINISHED, record.finished >= LEAST_FINISHED),
        Point(_("Reports that were right"), record.upheld, LEAST_UPHELD, record.upheld >= LEAST_UPHELD),
        Point(
            _("Reports that were wrong, at most"), record.dismissed, record.upheld, record.dismissed <= record.upheld
        ),
        Point(_("Measures against you, at most"), record.measures, 0, record.measures == 0),
    ]


def may_join(record: Record) -> bool:
    return all(point.is_met for point in points(record))


def may_go_on(record: Record) -> bool:
    """Whether she is given more cases: no measure against her, and, when enough is known, agreement with decisions."""
    if record.measures:
        return False
    if record.agreed + record.differed < VOTES_BEFORE_IT_COUNTS:
        return True
    return (record.agreement or 0) >= LEAST_AGREED_PERCENT
