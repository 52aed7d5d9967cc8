"""How a page of a list is read, so that no choice of filters and no order reads all courses.

Where many courses fit, some of them come soon in the order's own index: it is walked until the page is full. Where few
do, an index of what filters ask for names them (`rare`), and they are put in order. Which it is, the tally beside the
filters says beforehand. It may be old, of a part, or blind to what hangs together (the newest courses, say, are those
that nobody has rated): so a walk ends after so many rows, and the index after so many courses, and what one of them
does not find the other looks for. Where neither does, a page shows what it has, with the way on from where it stopped.
"""

from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.db.models.sql.datastructures import BaseTable

from . import paging, rare, wide_facets
from .filters import LABELS, ORDERS, facets_of
from .models import Category, Course
from .paging import Page, columns_of, mark, page_of, read_mark
from .tallying import VALUES
from .wide_facets import Counted

# Of so many courses a walk may read all of them: some tens of milliseconds.
FEW = 50_000
# A walk reads so many at most, and one part in so many of all: for more the database would rather read and sort all.
MOST_WALKED, _PART = 10_000, 50
# What tells a filter's courses apart in an order's own index, or in one that is made for both.
_STARTS = {
    ("popular", "category"): lambda value: ("category_id = %s", [value]),
    ("popular", "price"): lambda value: ("price_minor = 0", []) if value == "free" else ("TRUE", []),
    # What costs nothing stands at one end of these orders, all of it together.
    ("price-low", "price"): lambda value: ("price_rank < 1" if value == "free" else "price_rank > 0", []),
    ("price-high", "price"): lambda value: ("price_rank < 1" if value == "free" else "price_rank > 0", []),
}


@dataclass(frozen=True)
class Wish:
    """Which page of which list: `chosen` as `filters.chosen_of` reads it, and how many rows."""

    chosen: dict[str, str]
    marks: dict[str, str]
    most: int = field(default_factory=lambda: paging.PAGE_ROWS)

    @property
    def sort(self) -> str:
        return self.chosen.get("sort", "popular")

    @property
    def is_narrowed(self) -> bool:
        return any(name in LABELS or name == "creator" for name in self.chosen)

    @cached_property
    def asked(self) -> dict[str, Any]:
        """What narrows it, by ids where there are some."""
        hers = {"creator": self.chosen["creator"]} if "creator" in self.chosen else {}
        return {**facets_of(self.chosen, Category.objects.shelves()), **hers}


def page(rows: QuerySet[Course, Any], wish: Wish, counted: Counted | None = None) -> Page:
    """The page of `rows` that is wished for. `rows`: all that are listed and fit; `counted`: how many these are, where
    the page is to say it.
    """
    counted = counted or _counted(wish)
    if may_walk_all(wish, counted):
        return by_order(rows, wish, counted)
    is_told = counted.of and not counted.is_sample
    limit = min(MOST_WALKED, counted.of // _PART) if is_told else MOST_WALKED
    return bounded(rows, wish, counted, (limit, rare.MOST), are_many=are_many(wish, counted, limit))


def may_walk_all(wish: Wish, counted: Counted) -> bool:
    """Whether the order's own index is all that a list needs: nothing narrows it, or all courses are few."""
    return not wish.is_narrowed or (0 < counted.of <= FEW and not counted.is_sample)


def _counted(wish: Wish) -> Counted:
    if not wish.is_narrowed:
        return Counted(0, Counter())
    facets = {name: value for name, value in wish.asked.items() if name != "creator"}
    return wide_facets.left(facets, wish.chosen.get("creator", ""))


def bounded(
    rows: QuerySet[Course, Any], wish: Wish, counted: Counted, limits: tuple[int, int], *, are_many: bool
) -> Page:
    """As `page`, with no more courses walked, and sorted, than `limits`; the walk first where there `are_many`."""
    walk = _Walk(wish, limits[0])
    return walk.led_back(_bounded(rows, counted, walk, limits[1], is_walk_first=are_many))


def _bounded(rows: QuerySet[Course, Any], counted: Counted, walk: "_Walk", most: int, *, is_walk_first: bool) -> Page:
    found = walk.page(rows, counted) if is_walk_first else None
    if found and (found.has_further or not walk.stopped_at):
        return found
    if (ids := rare.ids(walk.wish.asked, most)) is not None:
        return by_index(rows, walk.wish, counted, ids)
    found = found or walk.page(rows, counted)
    return found if found.has_further else walk.broken_off(found)


def by_order(rows: QuerySet[Course, Any], wish: Wish, counted: Counted) -> Page:
    return page_of(rows, ORDERS[wish.sort], wish.most, counted=counted.total, **wish.marks)


def by_index(rows: QuerySet[Course, Any], wish: Wish, counted: Counted, ids: list[int]) -> Page:
    # A fence, and too few for the planner to weigh: it looks them up, whatever else is asked of them.
    inner = "WHERE courses_course.id = ANY(ARRAY(SELECT unnest(%s::bigint[]))) OFFSET 0"
    return by_order(_among(rows, inner, [ids]), wish, counted)


def _among(rows: QuerySet[Course, Any], rest: str, values: list[Any]) -> QuerySet[Course, Any]:
    """Those of `rows` that are among what the `rest` of a statement gives of the courses, in its order."""
    rows, name = rows.all(), "courses_course"
    rows.query.alias_map[name] = _Instead(name, f"(SELECT {name}.*, {name}.xmin FROM {name} {rest}) {name}", values)
    return rows


def are_many(wish: Wish, counted: Counted, limit: int) -> bool:
    """Whether a walk will meet a page of them, and as many again, before it ends. In a sample so many must have been
    seen that it is no chance.
    """
    seen, page = counted.total, wish.most + 1
    is_share = counted.of and (counted.is_sample or not counted.is_part)
    if not is_share or (counted.is_sample and (seen < page or all(name in wish.chosen for name in VALUES))):
        return False
    return 2 * page * counted.of <= limit * seen


class _Walk:
    """The next `limit` live courses in the order that is asked for, from where the page begins."""

    def __init__(self, wish: Wish, limit: int) -> None:
        self.wish, self.limit, self.order = wish, limit, ORDERS[wish.sort]
        self.begin, self.is_back = read_mark(self.order, **wish.marks)
        self.is_falling = self.order[0].startswith("-") != self.is_back
        columns = columns_of(Course, self.order)
        where, self.values = ["live_version_id IS NOT NULL"], list[Any]()
        if self.begin:
            where.append(f"({', '.join(columns)}) {'<' if self.is_falling else '>'} (%s, %s)")
            self.values += self.begin
        # One of them: of two the database would look for the second among all rows that the first leaves.
        start = next((name for sort, name in _STARTS if sort == wish.sort and name in wish.asked), None)
        if start:
            condition, values = _STARTS[wish.sort, start](wish.asked[start])
            where.append(condition)
            self.values += values
        way = " DESC" if self.is_falling else ""
        ordered = ", ".join(f"{column}{way}" for column in columns)
        self.rest = f"WHERE {' AND '.join(where)} ORDER BY {ordered}"

    def page(self, rows: QuerySet[Course, Any], counted: Counted) -> Page:
        """Of these the first that are among `rows`."""
        return by_order(_among(rows, f"{self.rest} LIMIT {self.limit}", self.values), self.wish, counted)

    @cached_property
    def stopped_at(self) -> str:
        """The mark of the last one; empty where all were walked."""
        value = self.order[0].lstrip("-")
        sql = f"SELECT {value}, id FROM courses_course {self.rest} OFFSET {self.limit - 1} LIMIT 1"
        with connection.cursor() as cursor:
            cursor.execute(sql, self.values)
            last = cursor.fetchone()
        return mark(*last) if last else ""

    def broken_off(self, found: Page) -> Page:
        """The page of a walk that was not full, with the way on."""
        found.before, found.after = (self.stopped_at, found.after) if self.is_back else (found.before, self.stopped_at)
        return found

    def led_back(self, found: Page) -> Page:
        """A page on which nothing stands, with the way to where it began; what stands there is seen once more."""
        if self.begin and not found.rows:
            value, pk = self.begin
            there = mark(value, pk - 1 if self.is_falling else pk + 1)
            found.before, found.after = (found.before, there) if self.is_back else (there, found.after)
        return found


class _Instead(BaseTable):
    """Some of a table's rows in its place."""

    def __init__(self, name: str, sql: str, values: list[Any]) -> None:
        super().__init__(name, name)
        self.sql, self.values = sql, values

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[str | int, ...]]:
        return self.sql, tuple(self.values)
