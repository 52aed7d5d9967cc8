"""Where in a course something is said: the captions of all its films, searched for who may watch them.

A word is found in any case and in either form of Chinese signs, and where it runs on into the next line. PostgreSQL
leaves out the films in which a word is not said at all; the lines are looked through here. Two queries a search.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice, zip_longest
from typing import Any

from django.db.models import Q

from courses.models import Course, Lesson
from marketplace.lib.words import normal
from videos import cues
from videos.cues import Cue
from videos.models import Caption

from . import rights

MOST_WORDS, LONGEST_WORDS = 8, 100
MOST_LINES, MOST_IN_A_LESSON = 200, 20
# The ways in which one word of signs is written: simplified, and traditional as in Taiwan and Hong Kong.
_FORMS = ("t2s", "s2t", "s2tw", "s2hk")


@dataclass(frozen=True)
class Line:
    """A line in which the words are said, and its place in the film."""

    text: str
    at_s: int
    language: str


@dataclass(frozen=True)
class Hits:
    lesson: Lesson
    lines: list[Line]


def may_search(user: Any, course: Course) -> bool:
    """Who may watch the whole course: its learners, its creator, moderators. Previews alone are not enough."""
    if not user.is_authenticated:
        return False
    if course.belongs_to(user) or rights.may_learn(user, course.pk):
        return True
    return bool(user.has_role("moderator"))


@dataclass(frozen=True)
class Word:
    """As it was asked for, in small letters, and as lines are compared with it."""

    written: str
    plain: str


def words_of(asked: str) -> list[Word]:
    words = asked[:LONGEST_WORDS].replace("\x00", "").lower().split()[:MOST_WORDS]
    return [Word(word, plain) for word in words if (plain := normal(word))]


def search_course(course: Course, asked: str, reader: Any) -> list[Hits]:
    """Lessons of the live version in which all words are said near each other, in the course's order.

    Hidden ones are searched for their creator and for moderators alone.
    """
    words = words_of(asked)
    if not words:
        return []
    films = course.live_lessons().filter(video__isnull=False).defer("article")
    lessons = list(films if rights.sees_hidden(reader, course) else films.not_hidden())
    said = Caption.objects.published().filter(video__in=[lesson.video_id for lesson in lessons])
    for word in words:
        said = said.filter(_is_said(word.written))
    by_film: dict[Any, list[Caption]] = {}
    for caption in said:
        by_film.setdefault(caption.video_id, []).append(caption)
    found: list[Hits] = []
    left = MOST_LINES
    for lesson in lessons:
        if left and (captions := by_film.get(lesson.video_id)):
            lines = _lines(captions, [word.plain for word in words])[: min(left, MOST_IN_A_LESSON)]
            left -= len(lines)
            found += [Hits(lesson, lines)] if lines else []
    return found


def _is_said(word: str) -> Q:
    """Captions that may hold the word: in a form of its signs, or broken in two by a line's end."""
    asked = Q()
    for form in _written(word):
        asked |= Q(webvtt__icontains=form.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))
    return asked | _is_broken(word)


def _is_broken(word: str) -> Q:
    """Signs may run on in the next line: then its first and its last one are said, each in a form."""
    if len(word) < 2 or word.isascii():
        return Q(pk__in=[])
    ends = [Q(), Q()]
    for form in _written(word):
        ends[0] |= Q(webvtt__contains=form[0])
        ends[1] |= Q(webvtt__contains=form[-1])
    return ends[0] & ends[1]


def _lines(captions: list[Caption], words: list[str]) -> list[Line]:
    """The lines of one film, by their place; what several languages say at one second is told once."""
    found: dict[int, Line] = {}
    for caption in captions:
        for cue in islice(_cues_with(cues.read(caption.webvtt), words), MOST_IN_A_LESSON):
            found.setdefault(cue.start_ms // 1000, Line(cue.text, cue.start_ms // 1000, caption.language))
    return [found[at_s] for at_s in sorted(found)]


def _cues_with(lines: list[Cue], words: list[str]) -> Iterator[Cue]:
    """One after the other, and no further than somebody asks: bringing lines into one form is what costs."""
    plain = normal(lines[0].text) if lines else ""
    for cue, following in zip_longest(lines, lines[1:]):
        after = normal(following.text) if following else ""
        if all(word in plain for word in words):
            yield cue
        elif following and _runs_on(plain, after, words):
            yield Cue(cue.start_ms, following.end_ms, f"{cue.text}\n{following.text}")
        plain = after


def _runs_on(this: str, after: str, words: list[str]) -> bool:
    """Whether the words are in this line and the next together, and not in either alone. Signs join without a space."""
    if all(word in after for word in words) or not any(word[0] in this for word in words):
        return False
    return all(word in f"{this} {after}" or (not word.isascii() and word in this + after) for word in words)


def _written(word: str) -> list[str]:
    if word.isascii():
        return [word]
    return list(dict.fromkeys([word, *(_form(form).convert(word) for form in _FORMS)]))


@lru_cache(maxsize=len(_FORMS))
def _form(name: str) -> Any:
    import opencc

    return opencc.OpenCC(name)
