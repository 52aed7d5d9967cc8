"""How many courses each choice of a filter leaves, of all courses in lists; with facets of many values, of which a
course has several or none: what it teaches, whose name it carries. They are tallied apart from the others, cells by
value, since together with them there would be a cell for almost every course.

Nobody who asks for a page has all courses counted: of many the tally is a worker's (`tallied`), and what is left beside
a skill or an institution is counted over the first of them. Numbers of a part say "at least".
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

from django.db.models import QuerySet

from marketplace.lib import window

from . import facets, tallied
from .facets import FACETS, Cell
from .models import Course
from .tallying import ALL, FEW, VALUES, WHOLE, Tally, first, tally_of

# Beside a chosen skill or institution so many are counted, as many as a page of search results counts.
BESIDE = 500


@dataclass(frozen=True)
class Counted:
    """How many courses there are, and how many each choice would leave, by (facet, value). `partly`: the facets whose
    numbers are of a part of all; ALL among them where the total is. `of`: how many courses the tally has, 0 where it
    was not asked; `is_sample`: these are the most popular alone.
    """

    total: int
    by_choice: Counter[tuple[str, Any]]
    partly: frozenset[str] = frozenset()
    of: int = 0
    is_sample: bool = False

    @property
    def is_part(self) -> bool:
        return ALL in self.partly


def counted(chosen: dict[str, Any], creator: str = "") -> Counted:
    """As `facets.counts`, of all courses in lists, with the wide facets among what is `chosen` and what is counted.
    `creator`: of hers alone (a slug), which are kept nowhere.
    """
    if creator:
        return _of_creator(chosen, creator)
    if not chosen and (sums := tallied.sums()) is not None:
        return Counted(*sums, of=sums[0])
    picked = {name: chosen[name] for name in VALUES if name in chosen}
    base, is_part, whole = _base(picked)
    rest = _rest(chosen)
    asked = tuple(facets.wanted(rest))
    # Added up of the tally itself is remembered as long as the tally: other numbers are of a few hundred courses.
    if len(picked) < 2:
        found = Counter(whole.added_up(("left", *picked.items(), asked), partial(_left, base, rest)))
    else:
        found = _left(base, rest)
    partly = set[str]()
    for name in VALUES:
        others = {other: value for other, value in picked.items() if other != name}
        if others:
            found.update(_left_by(name, _beside(others, name), asked))
        else:
            found.update(whole.added_up((name, asked), partial(_left_by, name, whole[name], asked)))
        if any(facets.total(whole[other].get(value, [])) > BESIDE for other, value in others.items()):
            partly.add(name)
    total, parts = found.pop((ALL, WHOLE)), frozenset({ALL, *FACETS, *VALUES} if is_part else partly)
    return Counted(total, found, parts, whole.number, whole.is_sample)


def total_of(chosen: dict[str, Any], creator: str = "") -> tuple[int, bool]:
    """How many courses `counted` says that are left, without what each choice would leave; True where of a part."""
    found = left(chosen, creator)
    return found.total, found.is_part


def left(chosen: dict[str, Any], creator: str = "") -> Counted:
    """As `counted`, without what each choice would leave."""
    if creator:
        return _of_creator(chosen, creator)
    picked = {name: chosen[name] for name in VALUES if name in chosen}
    base, is_part, whole = _base(picked)
    asked = tuple(facets.wanted(_rest(chosen)))
    add = partial(_total, base, asked)
    # As in `counted`: of the tally itself it is remembered.
    found = whole.added_up(("total", *picked.items(), asked), add) if len(picked) < 2 else add()
    parts = frozenset({ALL} if is_part else ())
    return Counted(found[ALL, WHOLE], Counter(), parts, whole.number, whole.is_sample)


def number_of(name: str, value: int) -> int | None:
    """How many courses in lists have this value of a wide facet; None where only a part of all was counted."""
    if (sums := tallied.sums()) is not None:
        return sums[1][name, value]
    cells, is_part, _whole = _base({name: value})
    return None if is_part else facets.total(cells)


def add_up(cells: Iterable[Cell], wide: Tally, chosen: dict[str, Any]) -> tuple[int, Counter[tuple[str, Any]]]:
    """`cells` are of courses that the chosen wide facets leave; `wide[name]` of those that the others of them leave."""
    rest = _rest(chosen)
    found = _left(cells, rest)
    for name, by_value in wide.items():
        found.update(_left_by(name, by_value, facets.wanted(rest)))
    return found.pop((ALL, WHOLE)), found


def _rest(chosen: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in chosen.items() if name not in VALUES}


def _left(cells: Iterable[Cell], rest: dict[str, Any]) -> Counter[tuple[str, Any]]:
    """As `facets.counts`, with the total among them."""
    total, found = facets.counts(cells, rest)
    found[ALL, WHOLE] = total
    return found


def _total(cells: list[Cell], asked: Iterable[facets.Want]) -> Counter[tuple[str, Any]]:
    """The total that `_left` has, alone."""
    return Counter({(ALL, WHOLE): facets.total(facets.sifted(cells, asked))})


def _left_by(name: str, by_value: dict[int, list[Cell]], asked: Iterable[facets.Want]) -> Counter[tuple[str, Any]]:
    """How many of a wide facet's each value are left by what is `asked`."""
    return Counter({(name, value): facets.total(facets.sifted(own, asked)) for value, own in by_value.items()})


def _base(picked: dict[str, int]) -> tuple[list[Cell], bool, tallied.Held]:
    """Cells of the courses that the chosen wide facets leave, whether these are a part of them, and those of all."""
    whole = tallied.whole()
    if len(picked) < 2:
        ((name, value),) = picked.items() or [(ALL, WHOLE)]
        return whole[name].get(value, []), whole.is_sample, whole
    cells = _beside(picked, ALL).get(WHOLE, [])
    return cells, whole.is_sample or facets.total(cells) > BESIDE, whole


def _beside(picked: dict[str, int], name: str) -> dict[int, list[Cell]]:
    """Cells by value of a wide facet (ALL: of everything) among the first courses that the chosen ones leave: BESIDE of
    them and one more. Kept, since each page with another filter asks for them.
    """
    # The number goes up whenever cells change their shape: a release meets what the one before has kept.
    key = ".".join([f"beside-3 {name}", *(f"{one}-{picked[one]}" for one in VALUES if one in picked)])
    return window.drawn(key, lambda: tally_of(first(_rows(picked).order_by(), BESIDE), [name])[name])


def _of_creator(chosen: dict[str, Any], creator: str) -> Counted:
    picked = {name: chosen[name] for name in VALUES if name in chosen}
    # What is left without one facet is what is left without the other.
    tally = cache(lambda names: _of_hers({name: picked[name] for name in names}, creator))
    if len(picked) < 2:
        ((name, value),) = picked.items() or [(ALL, WHOLE)]
        base = tally(())[name].get(value, [])
    else:
        base = tally(tuple(picked))[ALL].get(WHOLE, [])
    beside = {name: tally(tuple(other for other in picked if other != name))[name] for name in VALUES}
    is_part = facets.total(tally(())[ALL].get(WHOLE, [])) > FEW
    return Counted(*add_up(base, beside, chosen), frozenset({ALL, *FACETS, *VALUES} if is_part else ()))


def _of_hers(picked: dict[str, int], creator: str) -> Tally:
    return tally_of(first(_rows(picked).filter(creator__slug=creator).order_by(), FEW))


def _rows(picked: dict[str, int]) -> QuerySet[Course, Any]:
    rows = Course.objects.listed()
    if "skill" in picked:
        rows = rows.filter(skill_ids__contains=[picked["skill"]])
    if "institution" in picked:
        rows = rows.filter(institution=picked["institution"], institution__is_verified=True)
    return rows
