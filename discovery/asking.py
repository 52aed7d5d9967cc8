"""Asks the index: one statement finds, counts what each filter would leave, orders, and cuts out a page.

Hits are taken tier by tier, the most popular first, and only so many of them: a hot word costs no more than another.
Filters are words of the index too (narrowing), so a filter that leaves little is as cheap as one that leaves much.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import BooleanField, Case, ExpressionWrapper, F, Q, When
from django.db.models.expressions import RawSQL

from courses import facets
from courses.facets import DIMENSIONS
from courses.models import Course
from courses.models.rated import LEAST_SHOWN
from creators.models import Institution
from discovery import hits, moments, names, questions, spelling, synonyms, tallies, titled
from discovery.hits import PAGE_ROWS
from discovery.questions import EXACT, SQL, Question
from marketplace.lib import prepared

# Only so many hits are taken, the most popular: one more than the number that a page of results says exactly.
MOST_TOLD = 500
MOST_RANKED = MOST_TOLD + 1
# Hits without one of the filters are there to be counted alone, for each filter apart: fewer do.
MOST_BESIDE = 201
# Fewer hits than this, and slips, pinyin and parts of words are looked for too.
ENOUGH = hits.MOST_WHOLE
# What a page shows is asked of the courses' own rows: a word of the index that is some seconds old shows nothing that
# does not fit.
_CONDITIONS = {
    "category": "of_category = %s",
    "price": "of_price = %s",
    "level": "of_level = %s",
    "language": "of_language = %s",
    "length": "of_length = %s",
    "captions": "%s = ANY(of_captions)",
    "updated": "of_updated = ANY(%s)",
    "rating": "of_rating = ANY(%s)",
    "skill": "%s = ANY(skill_ids)",
    "institution": "offered_by = %s",
    "creator": "creator_id = (SELECT id FROM creators_creator WHERE slug = %s)",
}
# What answers no question well, whatever words it has: out of date, or under three stars.
_POOR = Q(stale_at__isnull=False) | Q(rating_count__gte=LEAST_SHOWN, rating_score__lt=3_000)
# Every order but that of the rank is one of courses' own columns.
_OWN_KEY = "(SELECT c.{column} FROM courses_course c WHERE c.id = course_id)"
# So many are looked at, eight more than a page and the one after it, in place of those that no longer fit.
_LOOKED_AT = PAGE_ROWS + 1 + 8
_STATEMENT = f"""
WITH {{hits}},
shown AS MATERIALIZED (SELECT * FROM hits WHERE {{listed}}),
{{told}},
page AS MATERIALIZED (
    SELECT key, id, way FROM (SELECT {{key}} AS key, course_id AS id, way FROM shown WHERE part = 0) found {{beyond}}
    ORDER BY key {{turn}}, id {{turn}} LIMIT {{most}}
),
fitting AS MATERIALIZED (
    SELECT p.key, p.id, p.way, c.is_poor, c.stamp || '.' || k.xmin::text AS stamp
    FROM page p JOIN ({{public}}) c ON c.id = p.id JOIN creators_creator k ON k.id = c.creator_id WHERE {{fits}}
)
SELECT n.listed - (SELECT count(*) FROM page) + (SELECT count(*) FROM fitting),
    (SELECT count(*) FROM page),
    n.every,
    n.exact - (SELECT count(*) FROM page WHERE way = {EXACT})
        + (SELECT count(*) FROM fitting WHERE way = {EXACT} AND NOT is_poor),
    {{whole}},
    {{counts}},
    (SELECT json_agg(json_build_array(id, key, stamp) ORDER BY key {{turn}}, id {{turn}})
        FROM (SELECT * FROM fitting ORDER BY key {{turn}}, id {{turn}} LIMIT {PAGE_ROWS + 1}) p),
    {{beside}}
FROM (SELECT count(*) FILTER (WHERE part = 0) AS listed, count({{each}}) AS every,
    count(*) FILTER (WHERE part = 0 AND way = {EXACT}) AS exact FROM shown) n
"""
# What the first page of plain words shows beside courses, where it is shown: for less than so many it asks again.
_BESIDE = """
    CASE WHEN n.every >= {least} THEN (SELECT json_agg(json_build_array(kind, name, slug)) FROM ({names}) called) END,
    CASE WHEN n.every >= {least} THEN (SELECT json_agg(told) FROM ({films}) f) END,
    CASE WHEN n.every >= {least} THEN (SELECT json_agg(told) FROM ({titled}) t) END"""


@dataclass(frozen=True)
class Hit:
    """A course of the page; `key` is its place in the order, `stamp` changes whenever what its card shows may have."""

    course_id: int
    key: Any
    stamp: str


@dataclass(frozen=True)
class Answer:
    """`hits` are one page and one more where there is one; `good`: how many have the very words, without poor ones of
    the page. `counted`: how many each choice would leave, by (facet, value). Not all hits were looked at where it
    `has_more`, nor for the numbers of the facets `partly`. `names`: (kind, name, slug) of creators and institutions
    whose name has what was asked. `films`: where it is said in films, as `moments.from_rows` reads it; `titled`:
    lessons that are called so, as `titled.from_rows` does. `whole`: with filters, how many have the words, or
    synonyms for them, whatever filters leave, up to ENOUGH.
    """

    question: Question
    total: int = 0
    found: int = 0
    good: int = 0
    hits: list[Hit] = field(default_factory=list)
    counted: Counter[tuple[str, Any]] = field(default_factory=Counter)
    has_more: bool = False
    partly: frozenset[str] = frozenset()
    names: list[tuple[str, str, str]] = field(default_factory=list)
    films: list[list[Any]] = field(default_factory=list)
    titled: list[list[Any]] = field(default_factory=list)
    whole: int = 0


@dataclass(frozen=True)
class Wish:
    """A page of answers: those that facets leave, in an order (a column and the id), beyond a mark (a key and an id),
    the first page without. `own`: the courses that the reader may watch whole, where names, films and lessons are asked
    for too.
    """

    chosen: dict[str, Any]
    order: tuple[str, str]
    mark: tuple[Any, int] | None = None
    is_back: bool = False
    own: frozenset[int] | None = None


def ask(text: str, wish: Wish) -> Answer:
    """Where words find little, what may have been meant is looked for behind them, once; where that finds nothing, each
    word is enough.
    """
    question = synonyms.widened(questions.plain(text))
    if not question.terms:
        return Answer(question)
    first = _run(question, wish, with_spoken=False, shown_from=0 if wish.chosen else ENOUGH)
    if first.found >= ENOUGH:
        return first
    # Filters may have left nothing of what is there.
    found = max(first.found, first.whole)
    if found >= ENOUGH:
        return first
    wider = meant(question, found)
    answer = _run(wider, wish, with_spoken=True)
    loose = questions.any_of(wider)
    if not found and not answer.found and len(loose.terms) > 1:
        answer = _run(loose, wish, with_spoken=False)
    return replace(answer, good=first.good)


def good(text: str) -> int:
    """How many courses answer `text` well now, as `Answer` says it of a page without filters."""
    question = synonyms.widened(questions.plain(text))
    return _run(question, Wish({}, ("-rank", "-id")), with_spoken=False).good if question.terms else 0


def meant(question: Question, found: int) -> Question:
    """`question` with what may have been meant, behind what its very words find, if that is anything."""
    understood = spelling.understood(question)
    if found:
        return replace(understood, instead="")
    return synonyms.widened(replace(understood, wider=(), is_vain=True))


@cache
def _public(with_facets: bool) -> tuple[str, tuple[Any, ...]]:
    """What the public may see of the page: the same rule as everywhere, compiled once; with what filters ask for."""
    # Looked up as one sorted list of ids: one by one, each would walk down the index anew.
    rows = Course.objects.listed().extra(where=["courses_course.id = ANY(ARRAY(SELECT id FROM page))"])
    rows = rows.annotate(
        stamp=RawSQL("courses_course.xmin::text", ()), is_poor=ExpressionWrapper(_POOR, BooleanField())
    )
    columns = ["id", "creator_id", "stamp", "is_poor"]
    if with_facets:
        # The verified are few: named as a set, none of them is looked up for each course.
        verified = Case(When(institution_id__in=Institution.objects.public().values("pk"), then=F("institution_id")))
        rows = rows.annotate(**DIMENSIONS, offered_by=verified)
        columns += ["skill_ids", *DIMENSIONS, "offered_by"]
    sql, params = rows.values(*columns).query.sql_with_params()
    return sql, params


def _run(question: Question, wish: Wish, *, with_spoken: bool, shown_from: int = 0, most: int = _LOOKED_AT) -> Answer:
    """`shown_from`: what stands beside is asked for where so many are found; `most`: so many hits are looked at for the
    page. Where too few of them fit any more, all are.
    """
    sql, values = _statement(question, wish, most, with_spoken=with_spoken, shown_from=shown_from)
    [row] = prepared.rows(connection, sql, values)
    answer, looked_at = _read(question, wish, row)
    if len(answer.hits) <= PAGE_ROWS and looked_at == most == _LOOKED_AT:
        every = 2 * MOST_RANKED + hits.MOST_SPOKEN
        return _run(question, wish, with_spoken=with_spoken, shown_from=shown_from, most=every)
    return answer


def _statement(question: Question, wish: Wish, most: int, *, with_spoken: bool, shown_from: int) -> SQL:
    chosen, mark = wish.chosen, wish.mark
    limits, by_rank = (MOST_RANKED, MOST_BESIDE), wish.order[0].lstrip("-") == "rank"
    tables, values = hits.taken(question, chosen, limits, by_rank=by_rank, with_spoken=with_spoken)
    public, public_values = _public(bool(chosen))
    column, sign = wish.order[0].lstrip("-"), "<" if wish.order[0].startswith("-") != wish.is_back else ">"
    key, turn = column if column == "rank" else _OWN_KEY.format(column=column), "DESC" if sign == "<" else "ASC"
    beside, words = _beside(question, wish.own, turn, shown_from)
    sql = _STATEMENT.format(
        hits=tables, listed=_listed(chosen), public=public, beside=beside, key=key, turn=turn, most=most,
        beyond=f"WHERE (key, id) {sign} (%s, %s)" if mark else "",
        told=tallies.told_of(*limits),
        counts=tallies.columns(chosen, *limits),
        whole="(SELECT every FROM whole)" if chosen else "0",
        each="DISTINCT course_id" if chosen else "*",  # without filters there is one part
        fits=" AND ".join(_CONDITIONS[name] for name in chosen) or "TRUE",
    )  # fmt: skip
    values += [*(mark or ()), *public_values, *(_value(name, value) for name, value in chosen.items()), *words]
    return sql, values


def _read(question: Question, wish: Wish, row: Sequence[Any]) -> tuple[Answer, int]:
    """What the statement answered, and how many hits it looked at for the page."""
    total, looked_at, found, good, whole, told, recent, cut, page, named, films, lessons = row
    shown = [Hit(*hit) for hit in page or []]
    if wish.is_back:
        shown.reverse()
    counted = tallies.counted(told or [], recent, wish.chosen, total)
    called = names.called(question, named or [])
    cut = frozenset(cut or ())
    partly = tallies.partly(cut, wish.chosen)
    answer = Answer(
        question, total, found, good, shown, counted, 0 in cut, partly, called, films or [], lessons or [], whole
    )
    return answer, looked_at


def _listed(chosen: dict[str, Any]) -> str:
    if "updated" not in chosen:
        return hits.kept()
    return f"{hits.kept()} AND (part = {tallies.parts(chosen)['updated']} OR {tallies.is_recent(chosen['updated'])})"


def _beside(question: Question, own: frozenset[int] | None, turn: str, least: int) -> SQL:
    """Names, moments and lessons, in three columns."""
    if own is None:
        return "NULL, NULL, NULL", []
    parts = [names.shown(question), moments.asked(question, own), titled.asked(question, own, turn)]
    called, films, lessons = (sql for sql, _ in parts)
    told = _BESIDE.format(names=called, films=films, titled=lessons, least=least)
    return told, [value for _, values in parts for value in values]


def _value(name: str, value: Any) -> Any:
    return list(facets.AT_LEAST[value]) if name in ("updated", "rating") else value
