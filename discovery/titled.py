"""Lessons of the first courses found whose own titles have the words: a reader who looks for one thing is led to the
lesson that is about it. Only titles are read, which the public sees on the course's page anyway.
"""

from collections.abc import Iterable
from typing import Any

from courses import outline
from discovery.moments import Moment
from discovery.questions import SQL, Heard, Part, Question
from marketplace.lib import links, words

MOST_SHOWN = 4
# Of so many courses at the head of the page lessons are looked at.
_COURSES = 8
# Shorter words are asked for whole: "art" is not what "start" or "article" is about.
_SHORT = 4
# `fitting` are the courses of the page (asking), and `turn` their order. One column.
_FIND = """
SELECT json_build_array(c.slug, c.title, c.language, l.key, l.title, l.is_preview OR c.id = ANY(%s::bigint[])) AS told
FROM (SELECT id, key FROM fitting ORDER BY key {turn}, id {turn} LIMIT {courses}) p
    JOIN courses_course c ON c.id = p.id JOIN courses_lesson l ON l.version_id = c.live_version_id
WHERE {fits} AND NOT EXISTS (
    SELECT 1 FROM courses_restriction r WHERE r.lesson_key = l.key AND r.kind = 'hide' AND r.lifted_at IS NULL)
ORDER BY p.key {turn}, p.id {turn}, l.id LIMIT {most}
"""


def asked(question: Question, own: Iterable[int], turn: str) -> SQL:
    """Rows for `from_rows`, of courses in their order; each term of the question must stand in the title."""
    parts = [_in_title(part) for part in question.looked_for]
    fits = " AND ".join(sql for sql, _ in parts)
    values = [list(own), *(value for _, values in parts for value in values)]
    return _FIND.format(fits=fits, turn=turn, courses=_COURSES, most=MOST_SHOWN), values


def from_rows(rows: Iterable[list[Any]]) -> list[Moment]:
    return [_lesson(*row) for row in rows]


def _lesson(slug: str, title: str, spoken: str, key: Any, lesson: str, may_watch: bool) -> Moment:
    address = links.of_slug("learners:lesson", slug, key) if may_watch else outline.row_of(slug, key)
    return Moment(title, spoken, lesson, address)


def _in_title(part: Part) -> SQL:
    """Any of its ways: words of letters by how they begin, runs of signs by all of their pieces."""
    if isinstance(part, Heard):
        written = [_in_title(term) for term in part.written]
        heard = " AND ".join(["l.title LIKE ANY(%s::text[])"] * len(part.sounds))
        values = [value for _, each in written for value in each]
        values += [[f"%{way}%" for way in ways] for ways in part.sounds]
        return f"(({' AND '.join(sql for sql, _ in written)}) OR ({heard}))", values
    ways = part.ways
    found = [_beginning(way) for way in ways if not words.runs(way)]
    parts, asked_for = (["l.title ~* ANY(%s::text[])"], [found]) if found else ([], [])
    for way in ways:
        if runs := words.runs(way):
            parts.append("l.title LIKE ALL(%s::text[])")
            asked_for.append([f"%{piece}%" for run in runs for piece in words.asked_signs(run)])
    return f"({' OR '.join(parts)})", asked_for


def _beginning(way: str) -> str:
    """A pattern for its words, one after the other; they are letters and digits, so none is an expression."""
    stems = [
        rf"\m{word}\M" if len(word) < _SHORT else rf"\m{word[: max(4, len(word) - 3)]}" for word in words.latin(way)
    ]
    return ".*".join(stems)
