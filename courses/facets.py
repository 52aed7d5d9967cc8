"""How many courses each choice of a filter would leave: counted over cells, so that a page asks once, or not at all.

A cell is one combination of what filters ask for, with the number of its courses. However many courses there are, there
are at most some thousand cells.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db.models import Case, F, Value, When
from django.db.models.functions import Now

from .models.rated import AT_LEAST_STARS, LEAST_SHOWN

HALF_HOUR, THREE_HOURS = 1_800, 10_800
MONTH, YEAR = timedelta(days=30), timedelta(days=365)
# The order of a cell's parts; the last is the number of its courses.
FACETS = ("category", "price", "level", "language", "length", "captions", "updated", "rating")
DIMENSIONS: dict[str, Any] = {
    "of_category": F("category_id"),
    "of_price": Case(When(price_minor=0, then=Value("free")), default=Value("paid")),
    "of_level": F("level"),
    "of_language": F("language"),
    "of_length": Case(
        When(duration_s__lt=HALF_HOUR, then=Value("short")),
        When(duration_s__lt=THREE_HOURS, then=Value("medium")),
        default=Value("long"),
    ),
    "of_captions": F("captions"),
    "of_updated": Case(
        When(renewed_at__gte=Now() - MONTH, then=Value("month")),
        When(renewed_at__gte=Now() - YEAR, then=Value("year")),
        default=Value("older"),
    ),
    "of_rating": Case(
        *(
            When(rating_count__gte=LEAST_SHOWN, rating_score__gte=milli, then=Value(name))
            for name, milli in AT_LEAST_STARS.items()
        ),
        default=Value("none"),
    ),
}
# Of these a course has one, which is what is asked for.
HAS_ONE = frozenset({"category", "price", "level", "language", "length"})
# Which of the others a choice of at least so much asks for.
AT_LEAST = {"month": ("month",), "year": ("month", "year"), "4": ("4", "4.5"), "4.5": ("4.5",)}
Cell = tuple
Want = tuple[int, str, Any]


def counts(cells: Iterable[Cell], chosen: dict[str, Any]) -> tuple[int, Counter[tuple[str, Any]]]:
    """How many courses `chosen` (the facet's value by its name) leaves, and how many each choice would leave with the
    other facets as they are, by (facet, value).
    """
    asked, every = wanted(chosen), list(cells)
    left, held = sifted(every, asked), [Counter[Any]() for _ in FACETS]
    for at in range(len(FACETS)):
        others = [want for want in asked if want[0] != at]
        for cell in left if len(others) == len(asked) else sifted(every, others):
            held[at][cell[at]] += cell[-1]
    return total(left), by_choice(held)


def total(cells: Iterable[Cell]) -> int:
    return sum([cell[-1] for cell in cells])


def wanted(chosen: dict[str, Any]) -> list[Want]:
    """What `sifted` goes by: place in a cell, name and value of what is chosen."""
    return [(at, name, chosen[name]) for at, name in enumerate(FACETS) if chosen.get(name) not in (None, "")]


def sifted(cells: list[Cell], asked: Iterable[Want]) -> list[Cell]:
    """The cells that have all of it, one facet after the other: the first leaves few for the rest."""
    for at, name, value in asked:
        if name in HAS_ONE:
            cells = [cell for cell in cells if cell[at] == value]
        elif name == "captions":
            cells = [cell for cell in cells if value in cell[at]]
        else:
            fits = AT_LEAST.get(value, ())
            cells = [cell for cell in cells if cell[at] in fits]
    return cells


def by_choice(held: list[Counter[Any]]) -> Counter[tuple[str, Any]]:
    """From what courses hold, facet by facet, to what was asked for: some facets' choices fit several."""
    found = Counter[tuple[str, Any]]()
    for name, courses in zip(FACETS, held, strict=True):
        for what, count in courses.items():
            for value in values_of(name, what):
                found[name, value] += count
    return found


def values_of(name: str, held: Any) -> tuple:
    """The choices of a facet that fit a course which holds this."""
    if name == "captions":
        return tuple(held)
    if name in ("updated", "rating"):
        return tuple(asked for asked, fits in AT_LEAST.items() if held in fits)
    return (held,)
