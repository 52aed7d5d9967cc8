"""The second of a film at which something is said.

Whoever may watch a lesson reads the line and is led to its second. Others learn only that the words fall in that film:
they see its title and are led to its row on the course's page. Free previews are read by everybody, hidden lessons by
nobody here.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from django.db.models import Q
from django.db.models.expressions import RawSQL

from courses import outline
from courses.models import Course
from discovery.questions import SQL, Question
from learners.models import Enrollment
from marketplace.lib import links, words
from marketplace.lib.prepared import MOST_FORMS
from videos import cues
from videos.cues import Cue

MOST_SHOWN = 4
_LOOKED_AT = 60
LONGEST_EXCERPT = 160
# What is looked at of the courses that are hers has places of its own: others would crowd it out.
_SAID = "(SELECT *, {is_own} AS is_own FROM {found}({asked}, %s::bigint[], {is_own}, %s))"
_BETWEEN = "\n\n"  # the cues of a film
# Of each lesson its best film's captions; their text only where the reader may watch it. One column. Lessons and their
# captions are looked up one by one, in order, until there are enough.
_FIND = """
WITH said AS MATERIALIZED ({said}),
shown AS MATERIALIZED ({shown})
SELECT json_build_array(f.slug, f.title, f.language, x.key, x.title, x.language,
    CASE WHEN f.is_own OR x.is_preview THEN x.webvtt END) AS told
FROM (
    SELECT *, row_number() OVER (ORDER BY is_own DESC, is_free DESC, learners_count DESC, id) AS place FROM (
        SELECT DISTINCT ON (s.lesson_id) s.*, c.slug, c.title, c.language, c.live_version_id, c.learners_count
        FROM said s JOIN shown c ON c.id = s.course_id ORDER BY s.lesson_id, s.id
    ) best ORDER BY place
) f CROSS JOIN LATERAL (
    SELECT l.key, l.title, l.is_preview, k.language, k.webvtt
    FROM courses_lesson l, videos_caption k
    WHERE l.id = f.lesson_id AND l.version_id = f.live_version_id AND k.id = f.caption_id AND NOT k.is_draft
        AND NOT EXISTS (
        SELECT 1 FROM courses_restriction r WHERE r.lesson_key = l.key AND r.kind = 'hide' AND r.lifted_at IS NULL)
    LIMIT 1
) x ORDER BY f.place LIMIT {most}
"""


@dataclass(frozen=True)
class Moment:
    """`excerpt` and `start_s` are empty for a film that the reader may not watch."""

    course_title: str
    course_language: str
    lesson_title: str
    address: str
    excerpt: str = ""
    start_s: int | None = None
    language: str = ""


def asked(question: Question, own: Iterable[int]) -> SQL:
    """Some places where the words are spoken, those in courses of her `own` first: rows for `from_rows`."""
    words_asked, words_values = question.asked()
    hers = list(own)
    told = [*words_values, hers, _LOOKED_AT] * (2 if hers else 1)
    # Any of several words: how many films say one of them cannot be guessed.
    found = "discovery_said_any" if question.has_ways else "discovery_said"
    return _written(words_asked, bool(hers), found), [*told, *_listed()[1]]


@lru_cache(maxsize=MOST_FORMS)
def _written(asked: str, has_own: bool, found: str) -> str:
    ways = ("TRUE", "FALSE") if has_own else ("FALSE",)
    said = [_SAID.format(is_own=is_own, asked=asked, found=found) for is_own in ways]
    return _FIND.format(said=" UNION ALL ".join(said), shown=_listed()[0], most=MOST_SHOWN)


def from_rows(question: Question, rows: list[list[Any]]) -> list[Moment]:
    ways = [way for part in question.looked_for for way in part.ways] if rows else []
    pieces = {piece for way in ways for piece in _pieces(way)}
    return [_moment(pieces, *row) for row in rows]


@cache
def _listed() -> tuple[str, tuple[Any, ...]]:
    """What the public's lists may show of what was found: the same rule as everywhere, compiled once."""
    rows = Course.objects.listed().filter(pk__in=RawSQL("SELECT course_id FROM said", []))
    columns = ("id", "slug", "title", "language", "live_version_id", "learners_count")
    return rows.values(*columns).query.sql_with_params()


def courses_of(reader: Any) -> frozenset[int]:
    """Courses that `reader` may watch whole: bought, or her own."""
    if not reader.is_authenticated:
        return frozenset()
    theirs = Enrollment.objects.watchable().of(reader).values("course_id")
    return frozenset(
        Course.objects.filter(Q(pk__in=theirs) | Q(creator__user_id=reader.pk)).values_list("pk", flat=True)
    )


def _moment(
    pieces: set[str], slug: str, title: str, spoken: str, key: Any, lesson: str, language: str, webvtt: str | None
) -> Moment:
    if webvtt is None:
        return Moment(title, spoken, lesson, outline.row_of(slug, key))
    cue = _cue(webvtt, pieces)
    start = int(cue.start_s) if cue else 0
    place = links.of_slug("learners:lesson", slug, key)
    text = " ".join(cue.text.split())[:LONGEST_EXCERPT] if cue else ""
    return Moment(title, spoken, lesson, f"{place}?t={start}", text, start, language)


def _cue(webvtt: str, pieces: set[str]) -> Cue | None:
    """The first line that has the most of what was asked, in `pieces`. Only that one is read: a film has hundreds."""
    plain = words.plainer(webvtt)
    # By where its block begins: how much of the question it has, and a place in it.
    weights, places = Counter[int](), dict[int, int]()
    for piece in pieces:
        at = plain.find(piece)
        while at >= 0:
            start, end = plain.rfind(_BETWEEN, 0, at), plain.find(_BETWEEN, at)
            weights[start] += len(piece)
            places[start] = at
            # Of one piece the first line has as much as any.
            at = plain.find(piece, end) if end >= 0 and len(pieces) > 1 else -1
    if not weights:
        return None
    first = min(weights, key=lambda start: (-weights[start], start))
    found = cues.read(webvtt.split(_BETWEEN)[plain.count(_BETWEEN, 0, places[first])])
    return found[0] if found else None


def _pieces(way: str) -> Iterable[str]:
    """Stems, roughly: enough of the word to find its line again."""
    for run in words.runs(way):
        yield from words.asked_signs(run)
    for word in words.latin(way):
        yield word[: max(4, len(word) - 3)]
