"""Counts courses into cells (`facets`), by everything and by each value of the facets that have many. Of all of many
courses nobody asks while somebody waits (`tallied`).
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import Case, F, QuerySet, When

from marketplace.lib import prepared

from . import facets
from .facets import DIMENSIONS, FACETS, Cell
from .models import Course

# Facets of which a course has several values or none.
VALUES = ("skill", "institution")
# The tally of everything stands beside the wide ones, under this name and this value.
ALL, WHOLE = "", 0
# Cells by value, by facet.
Tally = dict[str, dict[int, list[Cell]]]
Sums = tuple[int, Counter[tuple[str, Any]]]
_VERIFIED = Case(When(institution__is_verified=True, then=F("institution_id")))
_CELL = ", ".join(DIMENSIONS)
_OF = {
    ALL: f"SELECT '{ALL}', {WHOLE}::bigint, {_CELL}, count(*) FROM held GROUP BY {_CELL}",
    "skill": f"""SELECT 'skill', skill, {_CELL}, count(*)
        FROM (SELECT unnest(skill_ids) AS skill, {_CELL} FROM held) taught GROUP BY skill, {_CELL}""",
    "institution": f"""SELECT 'institution', of_institution, {_CELL}, count(*)
        FROM held WHERE of_institution IS NOT NULL GROUP BY of_institution, {_CELL}""",
}
# Each dimension, each skill, and everything. A set costs each course a look-up, so dimensions of two to four values are
# told together, some dozen rows. GROUPING has a bit for what a row does not tell, the last for the institution.
_BY = (*DIMENSIONS, "of_institution")
_TOGETHER = (("of_price", "of_length", "of_rating"), ("of_level", "of_updated"))
_ALONE = tuple((name,) for name in _BY if not any(name in told for told in _TOGETHER))
_NOTHING_TOLD = (1 << len(_BY)) - 1
_SUMS = f"""
WITH held AS MATERIALIZED ({{held}})
SELECT count(*), GROUPING({", ".join(_BY)}), NULL::bigint, {", ".join(_BY)}
  FROM held GROUP BY GROUPING SETS ((), {", ".join(f"({', '.join(told)})" for told in (*_TOGETHER, *_ALONE))})
UNION ALL
SELECT count(*), 0, skill, {", ".join("NULL" for _ in _BY)}
  FROM (SELECT unnest(skill_ids) AS skill FROM held) taught GROUP BY skill
"""
# So many courses are counted while somebody waits: some milliseconds.
FEW = 2_000
# So many courses of each level stand on a skill's shelf.
SHELF_ROWS = 12
_SHELVES = f"""
SELECT skill_id, id FROM (
    SELECT t.skill_id, held.id, row_number() OVER (
        PARTITION BY t.skill_id, t.level ORDER BY held.learners_count DESC, held.id DESC) AS place
    FROM ({{rows}}) held (id, learners_count, live_version)
        JOIN courses_taughtskill t ON t.version_id = held.live_version) placed
WHERE place <= {SHELF_ROWS}
"""


def are_few(most: int) -> str:
    """True where there are no more live courses than that; asked once a statement, before anything is counted."""
    return f"""(SELECT count(*) FROM (SELECT 1 FROM courses_course few
        WHERE few.live_version_id IS NOT NULL LIMIT {most + 1}) f) <= {most}"""


ARE_FEW = are_few(FEW)


def tally_of(rows: QuerySet[Course, Any], names: Iterable[str] = (ALL, *VALUES), *, are_many: bool = False) -> Tally:
    """All cells of `rows`, and those of each value of each wide facet, in one query. Few rows are read once for all
    parts; many are counted in half the time if each part reads them, side by side with others.
    """
    held, values = _held(rows)
    once = "NOT MATERIALIZED" if are_many else "MATERIALIZED"
    tally: Tally = {name: defaultdict(list) for name in names}
    parts = " UNION ALL ".join(_OF[name] for name in tally)
    for name, value, *cell in prepared.rows(connection, f"WITH held AS {once} ({held}) {parts}", values):
        tally[name][value].append(tuple(tuple(held) if isinstance(held, list) else held for held in cell))
    return {name: dict(by_value) for name, by_value in tally.items()}


def of_few() -> Tally:
    """Of all courses where they are few; else empty, and nothing was counted."""
    return tally_of(Course.objects.listed().extra(where=[ARE_FEW]))


def sums_of_few() -> Sums:
    """How many courses there are, and how many each choice would leave where nothing is chosen yet, in one statement
    whose rows are as few as the choices. Where courses are many nothing, and nothing was counted.
    """
    summed = prepared.rows(connection, *_sums_where(ARE_FEW))
    held, found, total = [Counter[Any]() for _ in FACETS], Counter[tuple[str, Any]](), 0
    for n, left_out, skill, *cell, institution in summed:
        if skill:
            found["skill", skill] = n
        elif left_out == _NOTHING_TOLD:
            total = n
        elif not left_out & 1:
            found["institution", institution] = n
        else:
            for at, value in enumerate(cell):
                if not left_out >> len(cell) - at & 1:
                    held[at][tuple(value) if isinstance(value, list) else value] += n
    del found["institution", None]
    return total, found + facets.by_choice(held)


@cache
def _sums_where(are_few: str) -> tuple[str, tuple[Any, ...]]:
    """Written once: that takes a process as long as the answer takes the database."""
    held, values = _held(Course.objects.listed().extra(where=[are_few]))
    return _SUMS.format(held=held), values


def _held(rows: QuerySet[Course, Any]) -> tuple[str, tuple[Any, ...]]:
    """What is counted of `rows`."""
    told = rows.order_by().annotate(**DIMENSIONS, of_institution=_VERIFIED).values_list(*_BY, "skill_ids")
    return told.query.sql_with_params()


def shelves_of(rows: QuerySet[Course, Any]) -> dict[int, list[int]]:
    """By skill those of `rows` that stand on its shelf: of each level the first by learners."""
    asked = rows.order_by().values_list("pk", "learners_count", "live_version_id")
    sql, values = asked.query.sql_with_params()
    found = defaultdict[int, list[int]](list)
    with connection.cursor() as cursor:
        cursor.execute(_SHELVES.format(rows=sql), values)
        for skill, course in cursor:
            found[skill].append(course)
    return dict(found)


def of_first() -> Tally:
    """Of the most popular."""
    return tally_of(first(Course.objects.listed().order_by("-learners_count", "-id"), FEW))


def first(rows: QuerySet[Course, Any], most: int) -> QuerySet[Course, Any]:
    """`most` of the rows and one more, to be counted."""
    return Course.objects.filter(pk__in=rows.values("pk")[: most + 1])
