"""How courses are found: English by stems, Chinese by words and pairs of signs, and by parts where words find little.

Signs have no spaces between them, so every run of them is indexed as its pairs (a word of two signs is found whatever
stands beside it) and as the words that a dictionary cuts. Traditional signs are indexed and asked for as simplified.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.search import (
    CombinedSearchVector,
    SearchQuery,
    SearchRank,
    SearchVector,
    TrigramWordSimilarity,
)
from django.db.models import Case, F, IntegerField, Value, When
from django.db.models.functions import Cast, Greatest

if TYPE_CHECKING:
    from .models import Course
    from .models.course import CourseQuerySet

# Only so many hits are ranked, the most popular first: one hot word must not cost a second.
MOST_RANKED = 2_000
# Fewer hits than this, and parts of words and typing errors are looked for too.
ENOUGH = 3
_SIGNS = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\u3040-\u30ff\uac00-\ud7af]+")
_WORDS = re.compile(r"[a-z0-9\u00c0-\u024f]+")
_SPECIAL = {"c++": "cpp", "c#": "csharp", "f#": "fsharp", ".net": "dotnet", "node.js": "nodejs", "vue.js": "vuejs"}
_EMPTY_WORDS = frozenset(
    ["怎么", "怎样", "如何", "什么", "一个", "我们", "可以", "以及", "还有", "我要", "我想", "想要", "关于"]
)


@dataclass(frozen=True)
class Text:
    """The words of one course by weight, A the heaviest, and the plain line in which parts are looked for."""

    weighted: dict[str, str]
    plain: str


def text_of(course: "Course") -> Text:
    version = course.live_version
    lessons = version.lessons.values_list("title", flat=True)
    shelf = [version.category.name_en, version.category.name_zh] if version.category else []
    weighted = {
        "A": version.title,
        "B": " ".join([version.subtitle, course.creator.name, *shelf]),
        "C": " ".join([*version.outcomes, *lessons]),
        "D": " ".join([version.description, *version.audience]),
    }
    return Text(weighted, normal(f"{version.title} {version.subtitle} {course.creator.name}"))


def document(text: Text) -> CombinedSearchVector:
    """The weighted vector to store."""
    parts: Any = None
    for weight, words in text.weighted.items():
        line = normal(words)
        latin = SearchVector(Value(" ".join(_WORDS.findall(line))), config="english", weight=weight)
        signs = SearchVector(Value(" ".join(_indexed_signs(line))), config="simple", weight=weight)
        parts = latin + signs if parts is None else parts + latin + signs
    return parts


def matching(rows: "CourseQuerySet", words: str) -> "CourseQuerySet":
    """Rows that answer `words` with `rank`, a whole number (so that pages can begin at it), the best first."""
    line = normal(words)
    if not line:
        return rows.annotate(rank=Value(0))
    query = _query(line)
    if query is None:
        return _by_parts(rows, line, None)
    hits = rows.filter(search=query)
    if len(hits.order_by().values_list("pk", flat=True)[:ENOUGH]) < ENOUGH:
        swapped = _with_swapped_letters(line)
        return _by_parts(rows, line, query | swapped if swapped else query)
    candidates = hits.order_by("-learners_count", "-id").values("pk")[:MOST_RANKED]
    return _ranked(rows.filter(pk__in=candidates), SearchRank(F("search"), query))


def normal(text: str) -> str:
    """Lower case, simplified signs, names such as C++ as one word, at most 4,000 characters of it."""
    text = text[:4_000].lower()
    for sign, word in _SPECIAL.items():
        text = text.replace(sign, f" {word} ")
    if _SIGNS.search(text):
        text = _simplifier().convert(text)
    return " ".join(text.split())


def _by_parts(rows: "CourseQuerySet", line: str, query: SearchQuery | None) -> "CourseQuerySet":
    """Hits by word first, then lines that hold the asked text, or one much like it. Each way is asked alone, since each
    has an index of its own.
    """
    ways = [rows.filter(search_text__contains=line)]
    if len(line) >= 3:
        ways.append(rows.filter(search_text__trigram_word_similar=line))
    rank: Any = TrigramWordSimilarity(line, "search_text")
    if query is not None:
        ways.append(rows.filter(search=query))
        by_word = SearchRank(F("search"), query) + Value(1.0)
        rank = Greatest(rank, Case(When(search=query, then=by_word), default=Value(0.0)))
    first, *others = [way.order_by().values("pk")[:MOST_RANKED] for way in ways]
    return _ranked(rows.filter(pk__in=first.union(*others)), rank)


def _ranked(rows: "CourseQuerySet", rank: Any) -> "CourseQuerySet":
    whole = Cast(rank * Value(1_000_000.0), IntegerField())
    return rows.annotate(rank=whole).order_by("-rank", "-id")


def _with_swapped_letters(line: str) -> SearchQuery | None:
    """Two letters in the wrong order, the commonest slip, leave few parts that the right word has as well."""
    words = _WORDS.findall(line)
    if len(words) != 1 or not 4 <= len(words[0]) <= 20 or _SIGNS.search(line):
        return None
    word = words[0]
    variants = [word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in range(len(word) - 1)]
    return SearchQuery(" OR ".join(dict.fromkeys(variants)), config="english", search_type="websearch")


def _query(line: str) -> SearchQuery | None:
    """All words must be there; Chinese words in any order."""
    query: SearchQuery | None = None
    latin = _WORDS.findall(line)
    if latin:
        query = SearchQuery(" ".join(latin), config="english")
    signs = _asked_signs(line)
    if signs:
        asked = SearchQuery(" ".join(signs), config="simple")
        query = asked if query is None else query & asked
    return query


def _indexed_signs(line: str) -> list[str]:
    found: list[str] = []
    for run in _SIGNS.findall(line):
        found += _pairs(run)
        found += [word for word in _cut(run) if len(word) > 2]
        found += list(run)
    return found


def _asked_signs(line: str) -> list[str]:
    """The words of each run, longer ones as their pairs, since the index may have cut them otherwise."""
    asked: list[str] = []
    for run in _SIGNS.findall(line):
        words = [word for word in _cut(run) if len(word) > 1 and word not in _EMPTY_WORDS]
        for word in words or [run]:
            asked += _pairs(word) or [word]
    return list(dict.fromkeys(asked))[:32]


def _pairs(run: str) -> list[str]:
    return [run[at : at + 2] for at in range(len(run) - 1)]


def _cut(run: str) -> list[str]:
    # The dictionary takes 20 MB and a fifth of a second: loaded by the first who searches in Chinese.
    import rjieba

    return rjieba.cut(run)


@lru_cache(maxsize=1)
def _simplifier() -> Any:
    import opencc

    return opencc.OpenCC("t2s")
