"""Counts courses into cells (`facets`), by everything and by each value of the facets that have many. Of all of many
courses nobody asks while somebody waits (`tallied`).
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import BigIntegerField, Case, CharField, Count, F, Func, QuerySet, Value, When

from marketplace.lib import prepared

from . import facets
from .facets import DIMENSIONS, FACETS, Cell
from .models import Course

# By facet the value, or each of the values, that a course has.
VALUES: dict[str, Any] = {
    "skill": Func(F("skill_ids"), function="unnest", output_field=BigIntegerField()),
    "institution": F("institution_id"),
}
# The tally of everything stands beside the wide ones, under this name and this value.
ALL, WHOLE = "", 0
# Cells by value, by facet.
Tally = dict[str, dict[int, list[Cell]]]
Sums = tuple[int, Counter[tuple[str, Any]]]
_VERIFIED = Case(When(institution__is_verified=True, then=F("institution_id")))
# Each dimension by itself, each skill, and everything. GROUPING has a bit for what a row does not tell, the last for
# the institution.
_BY = (*DIMENSIONS, "of_institution")
_NOTHING_HELD = (1 << len(_BY)) - 1
_SUMS = f"""
WITH held AS MATERIALIZED ({{rows}})
SELECT count(*), GROUPING({", ".join(_BY)}), NULL::bigint, {", ".join(_BY)}
  FROM held GROUP BY GROUPING SETS ((), {", ".join(f"({name})" for name in _BY)})
UNION ALL
SELECT count(*), 0, skill, {", ".join("NULL" for _ in _BY)} FROM held, unnest(held.skill_ids) AS skill GROUP BY skill
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


def tally_of(rows: QuerySet[Course, Any], names: Iterable[str] = (ALL, *VALUES)) -> Tally:
    """All cells of `rows`, and those of each value of each wide facet, in one query."""
    parts = [
        _part(_having(rows, name), name, VALUES.get(name, Value(WHOLE, output_field=BigIntegerField())))
        for name in names
    ]
    tally: Tally = {name: defaultdict(list) for name in names}
    for name, value, *cell in parts[0].union(*parts[1:], all=True) if parts[1:] else parts[0]:
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
        elif left_out == _NOTHING_HELD:
            total = n
        elif institution is not None:
            found["institution", institution] = n
        elif left_out & 1:
            at = len(FACETS) - (_NOTHING_HELD ^ left_out).bit_length() + 1
            held[at][tuple(cell[at]) if isinstance(cell[at], list) else cell[at]] = n
    return total, found + facets.by_choice(held)


@cache
def _sums_where(are_few: str) -> tuple[str, tuple[Any, ...]]:
    """Written once: that takes a process as long as the answer takes the database."""
    rows = Course.objects.listed().extra(where=[are_few]).order_by().annotate(**DIMENSIONS, of_institution=_VERIFIED)
    sql, values = rows.values_list(*DIMENSIONS, "of_institution", "skill_ids").query.sql_with_params()
    return _SUMS.format(rows=sql), values


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


def _having(rows: QuerySet[Course, Any], name: str) -> QuerySet[Course, Any]:
    return rows.filter(institution__is_verified=True) if name == "institution" else rows


def _part(rows: QuerySet[Course, Any], name: str, value: Any) -> QuerySet[Course, Any]:
    named = rows.order_by().annotate(**DIMENSIONS, facet=Value(name, output_field=CharField()), wide=value)
    counted = named.values("facet", "wide", *DIMENSIONS).annotate(n=Count("pk"))
    return counted.values_list("facet", "wide", *DIMENSIONS, "n")
