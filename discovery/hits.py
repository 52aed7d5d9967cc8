"""The hits of a question, as one table of a statement: by its very words, by synonyms alone, by what films say, by what
may have been meant.

Those that all filters leave are part 0; for each filter those that the others leave are there to be counted.
"""

from functools import cache
from typing import Any

from courses.models import Course
from creators.models import Creator
from discovery import narrowing, tallies
from discovery.questions import BEYOND, NOTHING, OTHER, SAID, SQL, Question

PAGE_ROWS = 24
MOST_SPOKEN = 50
# Among so many films those are looked for that are not hidden.
_MOST_FILMS = 500
# More than any rank: however good a hit is, it stands behind those that answer better.
_STEP = 2_500_000
# What only a hidden film or a draft of captions says finds nothing, for nobody: a course in the answer would tell it.
_SAID = f"""SELECT course_id FROM discovery_said_any({{asked}}, '{{{{}}}}', FALSE, {_MOST_FILMS}) s WHERE NOT EXISTS (
        SELECT 1 FROM courses_lesson l JOIN courses_restriction r ON r.lesson_key = l.key
        WHERE l.id = s.lesson_id AND r.kind = 'hide' AND r.lifted_at IS NULL)
    AND NOT EXISTS (SELECT 1 FROM videos_caption k WHERE k.id = s.caption_id AND k.is_draft) LIMIT {MOST_SPOKEN}"""
_SPOKEN = f"""SELECT {{part}}, {SAID}, e.course_id, {_STEP * (BEYOND - SAID)}, e.facts, e.course_renewed_at
FROM discovery_entry e WHERE e.course_id NOT IN (SELECT course_id FROM written WHERE part = {{part}})
    AND e.course_id IN (SELECT course_id FROM said){{fits}}"""
_ANSWERS = """SELECT {part} AS part, {way} AS way, course_id, rank + {more} AS rank, facts, renewed_at
    FROM discovery_answers({asked}, {narrowed}, %s::tsquery, %s, %s)"""
# Where hardly a course has two of many words, all of them need not be looked for.
_IF_PAIR = """CASE WHEN EXISTS (SELECT 1 FROM discovery_found({pair}, ''::tsquery, 1, FALSE))
    THEN {asked} ELSE ''::tsquery END"""
# With filters: how many have the very words at all, up to so many. Where none has, none of the parts is looked for by
# these. `every`: with those that have only synonyms for them, which are asked for together with the very words.
MOST_WHOLE = 3
_WHOLE = f"""whole AS MATERIALIZED (SELECT found, {{every}} AS every FROM (
    SELECT count(*) AS found FROM discovery_found({{asked}}, ''::tsquery, {MOST_WHOLE}, FALSE)) exactly)"""
_OR_OTHERWISE = f"""CASE WHEN found >= {MOST_WHOLE} THEN found ELSE (
    SELECT count(*) FROM discovery_found({{wider}}, ''::tsquery, {MOST_WHOLE}, FALSE)) END"""
_IF_ANY = "CASE WHEN (SELECT found FROM whole) > 0 THEN {asked} ELSE ''::tsquery END"
# How many of what all filters leave are taken each way, and of each other part.
Limits = tuple[int, int]
_HITS = "hits (part, way, course_id, rank, facts, renewed_at) AS MATERIALIZED"


def taken(question: Question, chosen: dict[str, Any], limits: Limits, *, by_rank: bool, with_spoken: bool) -> SQL:
    """Tables of a statement, the last of which is `hits`. `by_rank`: they are to be ordered by it. With filters the
    first is `whole`.
    """
    [(best, first), *others] = question.levels()
    levels = [(best, (_IF_ANY.format(asked=first[0]), first[1]) if chosen else worthwhile(question)), *others]
    ways, values, spoken, more = list[str](), list[Any](), list[str](), list[Any]()
    for part, but in enumerate((None, *tallies.parts(chosen))):
        narrowed, own = narrowing.asked(chosen, {but, "updated"})
        is_first = but is None
        most = [narrowing.lately(chosen, but), limits[0] if is_first else limits[1], is_first and by_rank]
        before, known = "", []
        for way, (told, told_values) in levels:
            alone = f"{narrowed}{before}"
            ways.append(_ANSWERS.format(part=part, way=way, asked=told, more=better_than(way), narrowed=alone))
            values += [*told_values, *own, *known, *most]
            before, known = (f" && !!{told}", told_values) if before else (f" && !!{first[0]}", first[1])
        spoken.append(_SPOKEN.format(part=part, fits=f" AND e.words @@ ({narrowed})" if own else ""))
        more += own
    whole, before_all = _whole(question) if chosen else ("", [])
    tables, written, values = [whole] if chosen else [], " UNION ALL ".join(ways), [*before_all, *values]
    if not with_spoken:
        return ", ".join([*tables, f"{_HITS} ({written})"]), values
    said, words = said_in_films(question)
    every = " UNION ALL ".join(["SELECT * FROM written", *spoken])
    tables += [f"{_HITS.replace('hits', 'written', 1)} ({written})", f"said AS MATERIALIZED ({said})"]
    return ", ".join([*tables, f"{_HITS} ({every})"]), [*values, *words, *more]


def said_in_films(question: Question) -> SQL:
    """course_id of courses in whose films the very words are said."""
    asked, values = question.sql()
    return _SAID.format(asked=asked), values


def _whole(question: Question) -> SQL:
    """How many answer it whatever filters leave."""
    asked, values = worthwhile(question)
    wider, more = dict(question.levels()).get(OTHER, NOTHING)
    every = _OR_OTHERWISE.format(wider=wider) if more else "found"
    return _WHOLE.format(asked=asked, every=every), [*more, *values]


def worthwhile(question: Question) -> SQL:
    """The first way of `question`, empty where two of its words already say that no course has all."""
    (asked, words), pair = question.levels()[0][1], question.pair()
    if not pair or (asked, words) == NOTHING:
        return asked, words
    return _IF_PAIR.format(pair=pair[0], asked=asked), [*pair[1], *words]


def better_than(way: int) -> int:
    """What a hit found so has more than its rank."""
    return _STEP * (BEYOND - way)


@cache
def kept() -> str:
    """That a hit stands in lists: the same rule as `listed`, turned round, since those it leaves out are few."""
    mine = ["courses_course.id = ANY(ARRAY(SELECT course_id FROM hits))"]
    # Neither rule has a value to bind.
    kept, _ = Course.objects.kept_from_lists().extra(where=mine).order_by().values("pk").query.sql_with_params()
    suspended, _ = Creator.objects.suspended().order_by().values("pk").query.sql_with_params()
    # Compared as the word that facts have: of five hundred hits no number is read.
    return f"course_id NOT IN ({kept}) AND facts[1] NOT IN (SELECT '=w' || s.id FROM ({suspended}) s (id))"
