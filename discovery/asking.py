"""Asks the index: one statement finds, counts what each filter would leave, orders, and cuts out a page.

Hits are taken tier by tier, the most popular first, and only so many of them: a hot word costs no more than another.
Filters are words of the index too (narrowing), so a filter that leaves little is as cheap as one that leaves much.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import Case, F, QuerySet, When
from django.db.models.expressions import RawSQL

from courses import facets
from courses.facets import DIMENSIONS, FACETS
from courses.models import Course
from creators.models import Institution
from discovery import moments, names, narrowing, questions, spelling
from discovery.questions import SQL, Question
from marketplace.lib import prepared

PAGE_ROWS = 24
# Only so many hits are taken, the most popular: one more than the number that a page of results says exactly.
MOST_TOLD = 500
MOST_RANKED = MOST_TOLD + 1
# Fewer hits than this, and slips, pinyin and parts of words are looked for too.
ENOUGH = 3
_SPOKEN_HITS = 50
# What only a hidden film says finds nothing, for nobody: a course in the answer would tell that it is said.
_SPOKEN = f"""(
SELECT course_id, 0 FROM discovery_spoken s WHERE words @@ {{asked}} AND NOT EXISTS (
    SELECT 1 FROM courses_lesson l JOIN courses_restriction r ON r.lesson_key = l.key
    WHERE l.id = s.lesson_id AND r.kind = 'hide' AND r.lifted_at IS NULL) LIMIT {_SPOKEN_HITS})"""
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
# Facets of which a course has one value or none, and the columns of these; a skill is one of several.
_SINGLE, _COLUMNS = (*FACETS, "institution"), (*DIMENSIONS, "offered_by")
# Which values a grouping set is of, by PostgreSQL's grouping(): a bit for each value that it leaves out.
_GROUPS = {2 ** len(_SINGLE) - 1 - 2 ** (len(_SINGLE) - 1 - at): at for at in range(len(_SINGLE))}
_CELLS = ", ".join(_COLUMNS)
_SETS = ", ".join(f"({name})" for name in _COLUMNS)
_STATEMENT = f"""
WITH hits AS MATERIALIZED ({{hits}}),
shown AS MATERIALIZED (SELECT s.*, h.rank{{fits}} FROM ({{shown}}) s JOIN hits h ON h.course_id = s.id),
narrowed AS MATERIALIZED (SELECT * FROM shown WHERE {{narrowed}}),
page AS MATERIALIZED (
    SELECT id, {{column}} AS key FROM narrowed {{beyond}} ORDER BY key {{turn}}, id {{turn}} LIMIT {PAGE_ROWS + 1}
)
SELECT (SELECT count(*) FROM narrowed),
    (SELECT json_agg(cell) FROM (SELECT json_build_array({_CELLS}, grouping({_CELLS}), count(*), {{counts}}) AS cell
        FROM shown GROUP BY GROUPING SETS ((), {_SETS})) c),
    (SELECT json_agg(json_build_array(skill, number)) FROM (
        SELECT skill, count(*) AS number FROM shown, unnest(skill_ids) AS skill WHERE {{but_skill}} GROUP BY 1) s),
    (SELECT json_agg(
        json_build_array(p.id, p.key, c.xmin::text || '.' || k.xmin::text) ORDER BY p.key {{turn}}, p.id {{turn}})
        FROM page p JOIN courses_course c ON c.id = p.id JOIN creators_creator k ON k.id = c.creator_id),
    {{beside}}
"""
# What the first page of plain words shows beside courses.
_BESIDE = """(SELECT json_agg(json_build_array(kind, name, slug)) FROM ({names}) n),
    (SELECT json_agg(told) FROM ({films}) f)"""


@dataclass(frozen=True)
class Hit:
    """A course of the page; `key` is its place in the order, `stamp` changes whenever what its card shows may have."""

    course_id: int
    key: Any
    stamp: str


@dataclass(frozen=True)
class Answer:
    """`hits` are one page and one more where there is one. `counted`: how many each choice would leave, by (facet,
    value). `names`: (kind, name, slug) of creators and institutions whose name has what was asked. `films`: where it is
    said in films, as `moments.from_rows` reads it.
    """

    question: Question
    total: int = 0
    found: int = 0
    hits: list[Hit] = field(default_factory=list)
    counted: Counter[tuple[str, Any]] = field(default_factory=Counter)
    names: list[tuple[str, str, str]] = field(default_factory=list)
    films: list[list[Any]] = field(default_factory=list)

    @property
    def good(self) -> int:
        """How many courses have just what was asked for; those that only come near do not count."""
        return self.found if self.question.needs_all and not self.question.instead else 0


@dataclass(frozen=True)
class Wish:
    """A page of answers: those that facets leave, in an order (a column and the id), beyond a mark (a key and an id),
    the first page without. `own`: the courses that the reader may watch whole, where names and films are asked for too.
    """

    chosen: dict[str, Any]
    order: tuple[str, str]
    mark: tuple[Any, int] | None = None
    is_back: bool = False
    own: frozenset[int] | None = None


def ask(text: str, wish: Wish) -> Answer:
    """Words that find little are understood otherwise, once, and then each word is enough."""
    question = questions.plain(text)
    if not question.terms:
        return Answer(question)
    answer = _run(question, wish, with_spoken=False)
    if answer.found >= ENOUGH or (wish.chosen and _count(question) >= ENOUGH):
        return answer
    meant = spelling.understood(question)
    answer = _run(meant, wish, with_spoken=True)
    loose = questions.any_of(meant)
    return _run(loose, wish, with_spoken=False) if answer.found == 0 and len(loose.terms) > 1 else answer


def matching(rows: QuerySet[Course], text: str, chosen: dict[str, Any] | None = None) -> QuerySet[Course]:
    """Rows that answer `text` with `rank`, a whole number, for lists that are querysets. All of them without words.
    `chosen`: facets by which `rows` are narrowed, so that hits are taken among those.
    """
    question = questions.plain(text)
    if not question.terms:
        empty = not question.line
        return rows.annotate(rank=RawSQL("0", [])) if empty else rows.none().annotate(rank=RawSQL("0", []))
    if _count(question) < ENOUGH:
        question = spelling.understood(question)
        loose = questions.any_of(question)
        question = loose if _count(question) == 0 and len(loose.terms) > 1 else question
    sql, values = _found(question, chosen or {}, is_ranked=False)
    asked, words = question.sql()
    rank = f"SELECT discovery_rank(e.words, {asked}, e.quality) FROM discovery_entry e"
    ranks = RawSQL(f"({rank} WHERE e.course_id = courses_course.id)", words)
    return (
        rows.filter(pk__in=RawSQL(f"SELECT course_id FROM {sql}", values)).annotate(rank=ranks).order_by("-rank", "-pk")
    )


def plainly(rows: QuerySet[Course], *texts: str) -> QuerySet[Course]:
    """The most popular rows that have the words of any of `texts`, for suggestions: nothing is ranked."""
    hits, values = [], []
    for text in texts:
        sql, asked = _found(questions.plain(text), {}, is_ranked=False, most=PAGE_ROWS)
        hits.append(f"(SELECT course_id FROM {sql})")
        values += asked
    return rows.filter(pk__in=RawSQL(" UNION ".join(hits), values)).order_by("-learners_count", "-pk")


def _count(question: Question) -> int:
    sql, values = _found(question, {}, is_ranked=False, most=ENOUGH)
    return prepared.run(connection, f"SELECT count(*) FROM {sql}", values, _row)[0]


def _row(sql: str, values: Sequence[Any]) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchone()


def _found(
    question: Question, chosen: dict[str, Any], *, is_ranked: bool, but: str | None = None, most: int = 0
) -> SQL:
    """course_id and rank of the most popular hits that filters leave (all but one); so many."""
    asked, values = question.sql()
    narrowed, more = narrowing.asked(chosen, but)
    return f"discovery_found({asked}, {narrowed}, %s, %s) AS found", [*values, *more, most or MOST_RANKED, is_ranked]


def _hits(question: Question, chosen: dict[str, Any], *, with_spoken: bool) -> SQL:
    """Each hit once: those that all filters leave are ranked, those that all but one leave are there to be counted."""
    parts, values = [], []
    for but in (None, *chosen):
        sql, more = _found(question, chosen, is_ranked=but is None, but=but)
        parts.append(f"SELECT * FROM {sql}")
        values += more
    if with_spoken:
        asked, words = question.sql()
        parts.append(_SPOKEN.format(asked=asked))
        values += words
    if len(parts) == 1:
        return parts[0], values
    return f"SELECT course_id, max(rank) AS rank FROM ({' UNION ALL '.join(parts)}) every GROUP BY 1", values


@cache
def _on_sale() -> tuple[str, tuple[Any, ...]]:
    """What the public may see of the hits, with what filters ask for: the same rule as everywhere, compiled once."""
    # Looked up as one sorted list of ids: one by one, each hit would walk down the index anew.
    rows = Course.objects.listed().extra(where=["courses_course.id = ANY(ARRAY(SELECT course_id FROM hits))"])
    orders = ("learners_count", "rating_low", "published_at", "price_rank")
    columns = ("id", "creator_id", *orders, "skill_ids", "offered_by")
    # The verified are few: named as a set, none of them is looked up for each hit.
    verified = Case(When(institution_id__in=Institution.objects.public().values("pk"), then=F("institution_id")))
    sql, params = rows.annotate(**DIMENSIONS, offered_by=verified).values(*columns, *DIMENSIONS).query.sql_with_params()
    return sql, params


def _run(question: Question, wish: Wish, *, with_spoken: bool) -> Answer:
    chosen, mark = wish.chosen, wish.mark
    candidates, values = _hits(question, chosen, with_spoken=with_spoken)
    beside, words = _beside(question, wish.own)
    shown, shown_values = _on_sale()
    fits = "".join(f", {_CONDITIONS[name]} AS fits_{name}" for name in chosen)
    column, sign = wish.order[0].lstrip("-"), "<" if wish.order[0].startswith("-") != wish.is_back else ">"
    turn = "DESC" if sign == "<" else "ASC"
    sql = _STATEMENT.format(
        hits=candidates, shown=shown, fits=fits, beside=beside, narrowed=_all(chosen),
        column=column, turn=turn,
        beyond=f"WHERE ({column}, id) {sign} (%s, %s)" if mark else "", but_skill=_all(chosen, but="skill"),
        counts=", ".join(f"count(*) FILTER (WHERE {_all(chosen, but=name)})" for name in (None, *chosen)),
    )  # fmt: skip
    values += [*(_value(name, value) for name, value in chosen.items()), *shown_values, *(mark or ()), *words]
    total, cells, skills, hits, named, films = prepared.run(connection, sql, values, _row)
    hits = [Hit(*hit) for hit in hits or []]
    if wish.is_back:
        hits.reverse()
    found, counted = _counted(cells, list(chosen))
    counted.update({("skill", skill): number for skill, number in skills or []})
    called = [(kind, name, slug) for kind, name, slug in named or []]
    return Answer(question, total, found, hits, counted, called, films or [])


def _beside(question: Question, own: frozenset[int] | None) -> SQL:
    """Names and moments, in two columns."""
    if own is None:
        return "NULL, NULL", []
    (called, words), (films, more) = names.shown(question), moments.asked(question, own)
    return _BESIDE.format(names=called, films=films), [*words, *more]


def _all(chosen: Iterable[str], but: str | None = None) -> str:
    return " AND ".join(f"fits_{name}" for name in chosen if name != but) or "TRUE"


def _counted(cells: list[list[Any]], chosen: list[str]) -> tuple[int, Counter[tuple[str, Any]]]:
    """How many were found at all, and what each choice would leave. A cell: the values of a grouping set, which of them
    it was, how many there are, with all filters, and with all but each.
    """
    found, counted = 0, Counter[tuple[str, Any]]()
    for cell in cells:
        mask, whole, *numbers = cell[len(_SINGLE) :]
        at = _GROUPS.get(mask)
        if at is None:
            found = whole
            continue
        name = _SINGLE[at]
        number = numbers[1 + chosen.index(name)] if name in chosen else numbers[0]
        if cell[at] is not None:
            for value in facets.values_of(name, cell[at]):
                counted[name, value] += number
    return found, counted


def _value(name: str, value: Any) -> Any:
    return list(facets.AT_LEAST[value]) if name in ("updated", "rating") else value
