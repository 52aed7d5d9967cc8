"""How many courses each choice of a filter would leave, counted over what the index says of the hits."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from courses import facets
from courses.facets import MONTH, YEAR
from discovery.narrowing import LETTERS, PLACES, REST

_NAMES = {letter: name for name, letter in LETTERS.items()}
_NUMBERED = {"category", "skill", "institution"}
# Facets that a choice of does not count others for: a page offers no other creators.
_UNTOLD = {"creator"}
_RECENT = {"month": f"interval '{MONTH.days} days'", "year": f"interval '{YEAR.days} days'"}
# Three columns: of which facet how many (part, word of the index, number), how many were renewed lately, and of which
# parts only the first hits were taken.
_COLUMNS = """(SELECT json_agg(json_build_array(part, fact, number)) FROM (
        SELECT part, fact, count(*) AS number FROM ({told}) every GROUP BY 1, 2) f),
    (SELECT json_build_array({recent}) FROM {lately} s WHERE part = {part}),
    (SELECT json_agg(part) FROM (SELECT part FROM hits GROUP BY part, way
        HAVING count(*) >= CASE part WHEN 0 THEN {most} ELSE {beside} END) f)"""
# Where not all hits were taken no number is that of all: then fewer of them tell as much.
_OF_ALL = """told AS MATERIALIZED (SELECT * FROM shown WHERE part = 0 LIMIT CASE
    WHEN (SELECT count(*) FROM hits WHERE part = 0 AND way = 0) >= {most} THEN {beside} END)"""


def parts(chosen: Iterable[str]) -> dict[str, int]:
    """The hits are taken once with all filters, which is part 0, and once without each that has other choices to count:
    its part by its name.
    """
    return {name: at for at, name in enumerate((name for name in chosen if name not in _UNTOLD), 1)}


def told_of(most: int, beside: int) -> str:
    """A table of the statement: the hits that numbers are counted over, of those that all filters leave."""
    return _OF_ALL.format(most=most, beside=beside)


def columns(chosen: Iterable[str], most: int, beside: int) -> str:
    """`most`, `beside`: so many hits were taken at most, each way, of what all filters leave and of each other part."""
    own = parts(chosen)
    # Each word is unpacked for itself: of the hits without a filter only those of its facet are.
    facts = {0: "unnest(facts[2:])"}
    for name, part in own.items():
        if name in LETTERS:
            facts[part] = f"facts[{PLACES[name]}]" if name in PLACES else f"unnest(facts[{REST}:])"
    told = [
        f"SELECT part, {words} AS fact FROM {'shown' if part else 'told'} s WHERE part = {part}"
        for part, words in facts.items()
    ]
    lately = own.get("updated", 0)
    return _COLUMNS.format(
        told=" UNION ALL ".join(told),
        recent=", ".join(f"count(*) FILTER (WHERE {is_recent(value)})" for value in _RECENT),
        part=lately,
        lately="shown" if lately else "told",
        most=most,
        beside=beside,
    )


def is_recent(value: str) -> str:
    """Whether a hit was renewed in the last month or year: the index knows only the calendar month of it."""
    return f"renewed_at >= now() - {_RECENT[value]}"


def counted(
    told: Iterable[Sequence[Any]], recent: Sequence[int], chosen: dict[str, Any], total: int
) -> Counter[tuple[str, Any]]:
    """How many each choice would leave, by (facet, value)."""
    found, own = Counter[tuple[str, Any]](), parts(chosen)
    for part, fact, number in told:
        name, held = _NAMES.get(fact[1], ""), fact[2:]
        if name and part == own.get(name, 0):
            for value in _values(name, int(held) if name in _NUMBERED else held):
                found[name, value] += number
    found.update({("updated", value): number for value, number in zip(_RECENT, recent, strict=True)})
    # What is chosen leaves what is shown, also where only the first of many hits were taken.
    found.update({(name, value): total - found[name, value] for name, value in chosen.items() if name in own})
    return found


def partly(cut: Collection[int], chosen: Iterable[str]) -> frozenset[str]:
    """The facets whose numbers say "at least": of the hits that they were counted over only the first were taken."""
    own = parts(chosen)
    return frozenset(name for name in (*facets.FACETS, "skill", "institution") if own.get(name, 0) in cut)


def _values(name: str, held: Any) -> tuple[Any, ...]:
    return facets.values_of(name, [held] if name == "captions" else held) if held else ()
