"""Facets of many values, of which a course has several or none: what it teaches. They are tallied apart from the
others, cells by value, since together with them there would be a cell for almost every course.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from functools import cache
from typing import Any

from django.db.models import BigIntegerField, CharField, Count, F, Func, QuerySet, Value

from . import facets
from .facets import DIMENSIONS, Cell
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


def counts(chosen: dict[str, Any], creator: str = "") -> tuple[int, Counter[tuple[str, Any]]]:
    """As `facets.counts`, of all courses in lists, with the wide facets among what is `chosen` and what is counted.
    `creator`: of hers alone (a slug), which are few.
    """
    picked = {name: chosen[name] for name in VALUES if name in chosen}
    # Those of a creator are kept nowhere, and what is left without one facet is what is left without the other.
    tally = cache(lambda names: _tally({name: picked[name] for name in names}, creator))
    if len(picked) < 2:
        ((name, value),) = picked.items() or [(ALL, WHOLE)]
        base = tally(())[name].get(value, [])
    else:
        base = tally(tuple(picked))[ALL].get(WHOLE, [])
    beside = {name: tally(tuple(other for other in picked if other != name))[name] for name in VALUES}
    return add_up(base, beside, chosen)


def total_of(chosen: dict[str, Any], creator: str = "") -> int:
    """How many courses `counts` says that are left, without what each choice would leave."""
    picked = {name: chosen[name] for name in VALUES if name in chosen}
    ((name, value),) = picked.items() if len(picked) == 1 else [(ALL, WHOLE)]
    cells = _tally(picked if len(picked) > 1 else {}, creator)[name].get(value, [])
    return facets.total(facets.sifted(cells, facets.wanted({n: v for n, v in chosen.items() if n not in VALUES})))


def number_of(name: str, value: int) -> int:
    """How many courses in lists have this value of a wide facet."""
    return facets.total(_tally({}, "")[name].get(value, []))


def _tally(picked: dict[str, int], creator: str) -> Tally:
    """Cells of the courses that the chosen wide facets leave. Kept as all of them are: a skill that a tenth of a
    million courses teach takes long to tally, and each page with a filter asks for it.
    """
    rows = _rows(picked)
    if creator:
        return tally_of(rows.filter(creator__slug=creator))
    # The number goes up whenever cells change their shape: a release meets what the one before has kept.
    name = ".".join(["facets-2", *(f"{one}-{picked[one]}" for one in VALUES if one in picked)])
    return facets.kept(name, lambda: tally_of(rows))


def add_up(cells: Iterable[Cell], wide: Tally, chosen: dict[str, Any]) -> tuple[int, Counter[tuple[str, Any]]]:
    """`cells` are of courses that the chosen wide facets leave; `wide[name]` of those that the others of them leave."""
    rest = {name: value for name, value in chosen.items() if name not in VALUES}
    total, found = facets.counts(cells, rest)
    asked = facets.wanted(rest)
    for name, by_value in wide.items():
        for value, own in by_value.items():
            found[name, value] = facets.total(facets.sifted(own, asked))
    return total, found


def tally_of(rows: QuerySet[Course, Any]) -> Tally:
    """All cells of `rows`, and those of each value of each wide facet, in one query."""
    parts = [_part(rows, ALL, Value(WHOLE, output_field=BigIntegerField()))]
    parts += [_part(_having(rows, name), name, value) for name, value in VALUES.items()]
    tally: Tally = {name: defaultdict(list) for name in (ALL, *VALUES)}
    for name, value, *cell in parts[0].union(*parts[1:], all=True):
        tally[name][value].append(tuple(tuple(held) if isinstance(held, list) else held for held in cell))
    return {name: dict(by_value) for name, by_value in tally.items()}


def _having(rows: QuerySet[Course, Any], name: str) -> QuerySet[Course, Any]:
    return rows.filter(institution__is_verified=True) if name == "institution" else rows


def _part(rows: QuerySet[Course, Any], name: str, value: Any) -> QuerySet[Course, Any]:
    named = rows.order_by().annotate(**DIMENSIONS, facet=Value(name, output_field=CharField()), wide=value)
    counted = named.values("facet", "wide", *DIMENSIONS).annotate(n=Count("pk"))
    return counted.values_list("facet", "wide", *DIMENSIONS, "n")


def _rows(picked: dict[str, int]) -> QuerySet[Course, Any]:
    rows = Course.objects.listed()
    if "skill" in picked:
        rows = rows.filter(skill_ids__contains=[picked["skill"]])
    if "institution" in picked:
        rows = rows.filter(institution=picked["institution"], institution__is_verified=True)
    return rows
