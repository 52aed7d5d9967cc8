"""Asks the index: one statement finds, counts what each filter would leave, orders, and cuts out a page.

Hits are taken tier by tier, the most popular first, and only so many of them: a hot word costs no more than another.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import Case, F, QuerySet, When
from django.db.models.expressions import RawSQL

from courses.facets import DIMENSIONS, Cell
from courses.models import Course
from courses.wide_facets import Tally
from discovery import questions, spelling
from discovery.questions import SQL, Question

PAGE_ROWS = 24
# Only so many hits are ranked; where filters stand, so many are looked through for those that they leave.
MOST_RANKED, MOST_FILTERED = 2_000, 20_000
# Fewer hits than this, and slips, pinyin and parts of words are looked for too.
ENOUGH = 3
_SPOKEN_HITS = 50
_WEIGHTS = "'{0.1, 0.25, 0.5, 1.0}'"
_CONDITIONS = {
    "category": "of_category = %s",
    "price": "of_price = %s",
    "level": "of_level = %s",
    "language": "of_language = %s",
    "length": "of_length = %s",
    "captions": "%s = ANY(of_captions)",
    "updated": "of_updated = ANY(%s)",
    "skill": "%s = ANY(skill_ids)",
    "institution": "offered_by = %s",
    "creator": "creator_id = (SELECT id FROM creators_creator WHERE slug = %s)",
}


# By wide facet the column of its values, and the rows that have it; first everything.
_WIDE = {
    "": ("", "shown"),
    "skill": ("skill", "shown, unnest(skill_ids) AS skill"),
    "institution": ("offered_by", "shown"),
}


@dataclass(frozen=True)
class Hit:
    """A course of the page; `key` is its place in the order, `stamp` changes whenever what its card shows may have."""

    course_id: int
    key: Any
    stamp: str


@dataclass(frozen=True)
class Answer:
    """`hits` are one page and one more where there is one. `cells` and `wide`: what `add_up` counts.
    `creators`: (name, slug) of those whose name holds what was asked.
    """

    question: Question
    total: int = 0
    found: int = 0
    hits: list[Hit] = field(default_factory=list)
    cells: list[Cell] = field(default_factory=list)
    wide: Tally = field(default_factory=dict)
    creators: list[tuple[str, str]] = field(default_factory=list)

    @property
    def good(self) -> int:
        """How many courses have just what was asked for; those that only come near do not count."""
        return self.found if self.question.needs_all and not self.question.instead else 0


def ask(
    text: str, chosen: dict[str, Any], order: tuple[str, str], mark: tuple[Any, int] | None, is_back: bool
) -> Answer:
    """The page of answers that begins beyond `mark` (a key and an id), the first one without. Words that find little
    are understood otherwise, once, and then each word is enough.
    """
    question = questions.plain(text)
    if not question.terms:
        return Answer(question)
    answer = _run(question, chosen, order, mark, is_back, with_spoken=False)
    if answer.found >= ENOUGH:
        return answer
    meant = spelling.understood(question)
    answer = _run(meant, chosen, order, mark, is_back, with_spoken=True)
    if answer.found == 0 and len(loose := questions.any_of(meant).terms) > 1:
        return _run(questions.any_of(meant), chosen, order, mark, is_back, with_spoken=False) if loose else answer
    return answer


def matching(rows: QuerySet[Course], text: str) -> QuerySet[Course]:
    """Rows that answer `text` with `rank`, a whole number, for lists that are querysets. All of them without words."""
    question = questions.plain(text)
    if not question.terms:
        empty = not question.line
        return rows.annotate(rank=RawSQL("0", [])) if empty else rows.none().annotate(rank=RawSQL("0", []))
    if _count(question) < ENOUGH:
        question = spelling.understood(question)
        loose = questions.any_of(question)
        question = loose if _count(question) == 0 and len(loose.terms) > 1 else question
    sql, values = _candidates(question)
    hits = RawSQL(f"SELECT course_id FROM ({sql}) hit", [*values, MOST_RANKED])
    asked, words = question.sql()
    rank = f"SELECT ({_rank('e', asked)})::int FROM discovery_entry e WHERE e.course_id = courses_course.id"
    return rows.filter(pk__in=hits).annotate(rank=RawSQL(f"({rank})", words)).order_by("-rank", "-pk")


def plainly(rows: QuerySet[Course], *texts: str) -> QuerySet[Course]:
    """The most popular rows that have the words of any of `texts`, for suggestions: nothing is ranked."""
    hits, values = [], []
    for text in texts:
        sql, asked = _candidates(questions.plain(text))
        hits.append(f"(SELECT course_id FROM ({sql}) hit)")
        values += [*asked, PAGE_ROWS]
    return rows.filter(pk__in=RawSQL(" UNION ".join(hits), values)).order_by("-learners_count", "-pk")


def _count(question: Question) -> int:
    sql, values = _candidates(question)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM ({sql}) hit", [*values, ENOUGH])
        return cursor.fetchone()[0]


def _candidates(question: Question) -> SQL:
    """course_id, words, quality and creator_name of the hits, tier after tier; the limit is the last value."""
    asked, values = question.sql()
    return f"SELECT * FROM discovery_hits({asked}, %s)", values


def _rank(entry: str, asked: str) -> str:
    return f"1000000 * ts_rank({_WEIGHTS}, {entry}.words, {asked}, 1) * {entry}.quality"


@cache
def _on_sale() -> tuple[str, tuple[Any, ...]]:
    """What the public may see of the hits, with what filters ask for: the same rule as everywhere, compiled once."""
    rows = Course.objects.listed().filter(pk__in=RawSQL("SELECT course_id FROM hits", []))
    columns = ("id", "creator_id", "learners_count", "published_at", "price_rank", "skill_ids", "offered_by")
    verified = Case(When(institution__is_verified=True, then=F("institution_id")))
    sql, params = rows.annotate(**DIMENSIONS, offered_by=verified).values(*columns, *DIMENSIONS).query.sql_with_params()
    return sql, params


def _spoken(asked: str) -> str:
    """Courses in whose films somebody says it, as candidates."""
    hits = f"SELECT course_id FROM discovery_spoken WHERE words @@ {asked} LIMIT {_SPOKEN_HITS}"
    return f"SELECT DISTINCT course_id, ''::tsvector, 0.0, '' FROM ({hits}) said"


def _cells(of: str, rows: str) -> str:
    """The cells of these rows, `of` one more column where it is named."""
    parts = ", ".join([*filter(None, [of]), *DIMENSIONS])
    counted = f"SELECT json_build_array({parts}, count(*)) AS cell FROM {rows} GROUP BY {parts}"
    return f"SELECT json_agg(cell) FROM ({counted}) c"


def _tallied(chosen: dict[str, Any]) -> SQL:
    """Cells of what the chosen wide facets leave; then, by the values of each, of what the others of them leave."""
    parts, values = [], []
    for name, (column, rows) in _WIDE.items():
        asked = [other for other in _WIDE if other in chosen and other != name]
        having = [_CONDITIONS[other] for other in asked] + ([f"{column} IS NOT NULL"] if column else [])
        parts.append(f"({_cells(column, ' WHERE '.join([rows, *filter(None, [' AND '.join(having)])]))})")
        values += [chosen[other] for other in asked]
    return ", ".join(parts), values


def _by_value(rows: list[list[Any]]) -> dict[int, list[Cell]]:
    cells: dict[int, list[Cell]] = defaultdict(list)
    for value, *cell in rows:
        cells[value].append(tuple(cell))
    return cells


def _run(
    question: Question, chosen: dict[str, Any], order: tuple[str, str], mark: tuple[Any, int] | None, is_back: bool,
    *, with_spoken: bool,
) -> Answer:  # fmt: skip
    candidates, values = _candidates(question)
    asked, words = question.sql()
    values = [*words, *values, MOST_FILTERED if chosen else MOST_RANKED]
    if with_spoken:
        candidates += f") UNION ALL ({_spoken(asked)}"
        values += words
    shown, shown_values = _on_sale()
    where = [_CONDITIONS[name] for name in chosen]
    asked_values = [_value(name, value) for name, value in chosen.items()]
    cells, cell_values = _tallied(chosen)
    column, sign = order[0].lstrip("-"), "<" if order[0].startswith("-") != is_back else ">"
    turn = "DESC" if sign == "<" else "ASC"
    beyond = f"WHERE ({column}, id) {sign} (%s, %s)" if mark else ""
    sql = f"""
WITH asked AS MATERIALIZED (SELECT {asked} AS q),
hits AS MATERIALIZED (({candidates})),
shown AS MATERIALIZED ({shown}),
narrowed AS MATERIALIZED (
    SELECT s.*, h.rank FROM shown s JOIN (
        SELECT course_id, max(({_rank("hits", "q")})::int) AS rank FROM hits, asked GROUP BY 1
    ) h ON h.course_id = s.id {"WHERE " + " AND ".join(where) if where else ""}
),
page AS MATERIALIZED (
    SELECT id, {column} AS key FROM narrowed {beyond} ORDER BY key {turn}, id {turn} LIMIT {PAGE_ROWS + 1}
)
SELECT (SELECT count(*) FROM narrowed), (SELECT count(*) FROM shown), {cells},
    (SELECT json_agg(
        json_build_array(p.id, p.key, c.xmin::text || '.' || k.xmin::text) ORDER BY p.key {turn}, p.id {turn})
        FROM page p JOIN courses_course c ON c.id = p.id JOIN creators_creator k ON k.id = c.creator_id),
    (SELECT json_agg(DISTINCT jsonb_build_array(k.name, k.slug)) FROM (
        SELECT DISTINCT s.creator_id FROM shown s JOIN hits h ON h.course_id = s.id
        WHERE position(%s IN lower(h.creator_name)) > 0 LIMIT 3) near JOIN creators_creator k ON k.id = near.creator_id)
"""
    values += [*shown_values, *asked_values, *(mark or ()), *cell_values, question.line]
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        total, found, cells_found, skills, institutions, hits, creators = cursor.fetchone()
    hits = [Hit(*hit) for hit in hits or []]
    if is_back:
        hits.reverse()
    return Answer(
        question, total, found, hits, [tuple(c) for c in cells_found or []],
        {"skill": _by_value(skills or []), "institution": _by_value(institutions or [])},
        [tuple(c) for c in creators or []],
    )  # fmt: skip


def _value(name: str, value: Any) -> Any:
    return {"month": ["month"], "year": ["month", "year"]}[value] if name == "updated" else value
