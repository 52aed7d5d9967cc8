"""Courses that answer words, for lists that are querysets: those that the page of results has, in its order."""

from typing import Any

from django.db import connection
from django.db.models import IntegerField, QuerySet
from django.db.models.expressions import RawSQL

from courses.models import Course
from discovery import asking, hits, narrowing, questions, synonyms
from discovery.asking import ENOUGH, meant
from discovery.hits import PAGE_ROWS
from discovery.questions import NOTHING, SAID, SQL, Question
from marketplace.lib import prepared


def matching(rows: QuerySet[Course], text: str, chosen: dict[str, Any] | None = None) -> QuerySet[Course]:
    """Rows that answer `text` with `rank`, a whole number, for lists that are querysets. All of them without words.
    `chosen`: facets by which `rows` are narrowed, so that hits are taken among those.
    """
    question, spoken = synonyms.widened(questions.plain(text)), NOTHING
    if not question.terms:
        return (rows.none() if question.line else rows).annotate(rank=RawSQL("0", [], IntegerField()))
    found = _count(question)
    if found < ENOUGH:
        question = meant(question, found)
        loose, spoken = questions.any_of(question), hits.said_in_films(question)
        if not found and len(loose.terms) > 1 and not _count(question, spoken):
            question, spoken = loose, NOTHING
    sql, values = _found(question, chosen or {}, spoken=spoken)
    found_rows = rows.filter(pk__in=RawSQL(f"SELECT course_id FROM {sql}", values))
    return found_rows.annotate(rank=_rank(question)).order_by("-rank", "-pk")


def plainly(rows: QuerySet[Course], *texts: str) -> QuerySet[Course]:
    """The most popular rows that have the words of any of `texts`, for suggestions: nothing is ranked."""
    ways, values = [], []
    for text in texts:
        sql, asked = _found(questions.plain(text), {}, most=PAGE_ROWS)
        ways.append(f"(SELECT course_id FROM {sql})")
        values += asked
    return rows.filter(pk__in=RawSQL(" UNION ".join(ways), values)).order_by("-learners_count", "-pk")


def _rank(question: Question) -> RawSQL:
    """Of a course that answers it in any of the ways; what has the words in no other has them in its films."""
    ways, values = [], []
    for way, (asked, words) in question.levels():
        more = hits.better_than(way)
        ways.append(f"WHEN e.words @@ {asked} THEN {more} + discovery_rank(e.words, {asked}, e.quality)")
        values += [*words, *words]
    rank = f"CASE {' '.join(ways)} ELSE {hits.better_than(SAID)} END"
    entry = f"SELECT {rank} FROM discovery_entry e WHERE e.course_id = courses_course.id"
    return RawSQL(f"({entry})", values, IntegerField())


def _count(question: Question, spoken: SQL = NOTHING) -> int:
    sql, values = _found(question, {}, most=ENOUGH, spoken=spoken)
    return int(prepared.rows(connection, f"SELECT count(*) FROM {sql}", values)[0][0])


def _found(question: Question, chosen: dict[str, Any], *, most: int = 0, spoken: SQL = NOTHING) -> SQL:
    """course_id of the most popular hits that filters leave, so many by each way that the question is answered, and of
    those that are `spoken` of, whatever filters leave.
    """
    narrowed, more = narrowing.asked(chosen)
    ways, values, before, known = [], [], "", []
    for _way, (asked, words) in question.levels():
        told, told_values = (asked, words) if before else hits.worthwhile(question)
        ways.append(f"SELECT course_id FROM discovery_found({told}, {narrowed}{before}, %s, FALSE)")
        values += [*told_values, *more, *known, most or asking.MOST_RANKED]
        before, known = f" && !!{asked}", words
    if spoken != NOTHING:
        ways.append(f"({spoken[0]})")
        values += spoken[1]
    return f"({' UNION ALL '.join(ways)}) AS found", values
