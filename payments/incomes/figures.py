"""What somebody has earned, by month and by course: the months that are summed up and, behind their mark, the entries.

Three queries, however long the history; the tail is what the ledger has taken in since the last round of rollups.
"""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date

from courses.models import Course
from creators.models import Creator
from marketplace.lib.money import Money

from ..models import Role
from . import events
from .asking import ask

MONTHS_SHOWN = 12


@dataclass(frozen=True)
class Sums:
    """One line of figures in one currency. `net` is what is hers: her share less what was taken back of it."""

    sales: int
    gross: Money
    discount: Money
    promotion: Money
    tax: Money
    platform: Money
    affiliate: Money
    coauthors: Money
    share: Money
    returned: Money

    def __add__(self, other: "Sums") -> "Sums":
        return Sums(*(getattr(self, each.name) + getattr(other, each.name) for each in fields(self)))

    @property
    def net(self) -> Money:
        return self.share - self.returned

    @property
    def others(self) -> Money:
        """Her share in other people's courses, where the rest is not hers to see."""
        return self.share - (
            self.gross - self.discount + self.promotion - self.tax - self.platform - self.affiliate - self.coauthors
        )

    @property
    def discount_borne(self) -> Money:
        """What discounts took from the parties: all of them, less what the platform added again."""
        return self.discount - self.promotion


@dataclass(frozen=True)
class MonthLine:
    month: date
    sums: Sums


@dataclass(frozen=True)
class CourseLine:
    """One course in the period; the same course stands twice for somebody who also promotes it. Without a course: the
    months of her membership, and what few members watched by the pass.
    """

    course: Course | None
    role: Role
    sums: Sums


@dataclass(frozen=True)
class Figures:
    """One currency's incomes of a period: every month of it, every course with something in it, and the sum."""

    currency: str
    first: date
    last: date
    months: list[MonthLine]
    courses: list[CourseLine]
    total: Sums

    @property
    def has_discounts(self) -> bool:
        return bool(self.total.discount)

    @property
    def has_promotion(self) -> bool:
        return bool(self.total.promotion)

    @property
    def has_tax(self) -> bool:
        return bool(self.total.tax)

    @property
    def has_affiliates(self) -> bool:
        return bool(self.total.affiliate)

    @property
    def has_coauthors(self) -> bool:
        return bool(self.total.coauthors)

    @property
    def has_others(self) -> bool:
        return any(line.role != Role.CREATOR for line in self.courses)


@dataclass(frozen=True)
class Span:
    """What there is to choose from: a currency with the first and the last month that has something in it."""

    currency: str
    first: date
    last: date

    @property
    def years(self) -> list[int]:
        return list(range(self.last.year, self.first.year - 1, -1))


_KEPT = f"""
SELECT owner_id, role, course_id, currency, month, sales, {", ".join(events.AMOUNTS)}
  FROM payments_incomemonth WHERE owner_id = %(owner)s AND book = %(book)s"""
_TAIL = f"""
SELECT owner_id, role, course_id, currency, month, sales, {", ".join(events.AMOUNTS)}
  FROM ({events.incomes("e.id > %(mark)s AND e.book = %(book)s", "AND s.owner_id = %(owner)s")}) AS tail"""
_INCOMES = f"SELECT * FROM ({_KEPT} UNION ALL {_TAIL}) AS income"
_SPANS = f"SELECT currency, min(month), max(month) FROM ({_INCOMES}) AS every GROUP BY currency ORDER BY currency"
_FIGURES = f"""
SELECT month, course_id, role, {events.SUMS} FROM ({_INCOMES}) AS every
 WHERE currency = %(currency)s AND month BETWEEN %(first)s AND %(last)s
 GROUP BY GROUPING SETS ((month), (course_id, role)) ORDER BY month, share_minor DESC, course_id"""


def spans(owner: Creator) -> list[Span]:
    """In which currencies somebody has earned, and over which months."""
    return [Span(*row) for row in ask(_SPANS, {"owner": owner.pk})]


def figures(owner: Creator, currency: str, first: date, last: date) -> Figures:
    """The months from `first` to `last` (first days of months, both included) and their courses."""
    asked = {"owner": owner.pk, "currency": currency, "first": first, "last": last}
    by_month: dict[date, Sums] = {}
    by_course: list[tuple[int | None, str, Sums]] = []
    for month, course_id, role, *numbers in ask(_FIGURES, asked):
        sums = _sums(numbers, currency)
        if month is not None:
            by_month[month] = sums
        else:
            by_course.append((course_id, role, sums))
    courses = Course.objects.in_bulk({course_id for course_id, _role, _sums_ in by_course if course_id})
    nothing = _sums([0] * (len(events.AMOUNTS) + 1), currency)
    return Figures(
        currency, first, last,
        [MonthLine(month, by_month.get(month, nothing)) for month in months_of(first, last)],
        [CourseLine(courses.get(course_id or 0), Role(role), sums) for course_id, role, sums in by_course],
        sum(by_month.values(), nothing),
    )  # fmt: skip


def months_of(first: date, last: date) -> list[date]:
    """Every month from the first to the last."""
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    return [months_after(first, n) for n in range(count)]


def months_after(month: date, count: int) -> date:
    """The first day of the month that many months later (or earlier)."""
    years, index = divmod(month.year * 12 + month.month - 1 + count, 12)
    return date(years, index + 1, 1)


def _sums(numbers: Iterable[int], currency: str) -> Sums:
    sales, *amounts = numbers
    return Sums(sales, *(Money(int(minor), currency) for minor in amounts))
