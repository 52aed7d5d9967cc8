"""Words that were meant by words that are in no course: slips of the finger, parts of words, pinyin, signs that sound
the same. Candidates come from the vocabulary; which of them is meant is decided here.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection

from discovery import sounds, stale
from discovery.questions import Question, Term
from marketplace.lib import prepared, words
from marketplace.lib.arrays import literal

LONGEST_SOUND = 40
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
# One statement; each way has an index of its own.
_CANDIDATES = """
SELECT 'same', '', text, courses, '' FROM discovery_word WHERE text = ANY(%s) AND courses > 0
UNION ALL SELECT 'sound', '', text, courses, pinyin FROM discovery_word
    WHERE pinyin <> '' AND pinyin = ANY(%s) AND courses > 0
UNION ALL SELECT 'initials', '', text, courses, initials FROM discovery_word
    WHERE initials <> '' AND initials = ANY(%s) AND courses > 0 AND length(text) > 1
"""
_PARTS = """
UNION ALL (SELECT 'part', %s, text, courses, '' FROM discovery_word WHERE text LIKE %s AND courses > 0
    ORDER BY courses DESC LIMIT 12)
UNION ALL (SELECT 'like', %s, text, courses, '' FROM discovery_word WHERE text %% %s AND courses > 0
    ORDER BY similarity(text, %s) DESC LIMIT 12)
"""
_SOUNDS_OF = "SELECT text, pinyin FROM discovery_sign WHERE text = ANY(%s)"


@dataclass
class Vocabulary:
    """What the vocabulary holds that has to do with a question: words with their number of courses, by way."""

    courses: dict[str, int]
    sounding: dict[str, list[str]]
    by_initials: dict[str, list[str]]
    parts: dict[str, list[str]]
    alike: dict[str, list[str]]


def understood(question: Question) -> Question:
    """The same question with other words beside those that no course has; `instead` is how it would be written."""
    letters = [term.text for term in question.terms if not words.runs(term.text)]
    runs = [term.text for term in question.terms if words.runs(term.text)]
    spoken = _sounds_of(runs)
    known = _look_up(letters, [spoken[run] for run in runs if run in spoken])
    terms: list[Term] = []
    written: list[str] = []
    waiting: list[str] = []  # words of letters, one after the other, that no course has: perhaps pinyin
    for term in question.terms:
        if term.text in letters and term.text not in known.courses:
            waiting.append(term.text)
            continue
        _settle(waiting, known, terms, written)
        other = _same_sound(term.text, spoken, known) if term.text in runs else ""
        terms.append(Term(term.text, (other,) if other else tuple(known.parts.get(term.text, [])[:6])))
        written.append(other or term.text)
    _settle(waiting, known, terms, written)
    instead = " ".join(written)
    return Question(question.line, tuple(terms), instead if instead != " ".join(t.text for t in question.terms) else "")


def _settle(waiting: list[str], known: Vocabulary, terms: list[Term], written: list[str]) -> None:
    """The words that wait as pinyin together, or else each as what it was a slip or a part of."""
    heard = sounds.readings("".join(waiting), known.sounding) if waiting else []
    if heard:
        for alternatives in heard:
            terms.append(Term(alternatives[0], tuple(alternatives[1:5])))
        written.append("".join(alternatives[0] for alternatives in heard))
    else:
        for word in waiting:
            meant = _meant(word, known)
            terms.append(Term(word, tuple(meant)))
            written.append(meant[0] if meant else word)
    waiting.clear()


def _meant(word: str, known: Vocabulary) -> list[str]:
    most = 1 if len(word) < 6 else 2
    # Each letter more or less is a slip of its own.
    alike = [other for other in known.alike.get(word, []) if abs(len(other) - len(word)) <= most]
    near = sorted((distance(word, other), -known.courses[other], other) for other in alike)
    if near and near[0][0] <= most:
        return list(dict.fromkeys([other for far, _courses, other in near if far == near[0][0]][:3]))
    return (known.parts.get(word) or known.by_initials.get(word, []))[:6]


def _same_sound(run: str, spoken: dict[str, str], known: Vocabulary) -> str:
    """A run of signs that sounds as `run` and stands in courses, made of words; empty where `run` does itself."""
    if run not in spoken or run in known.courses:
        return ""
    long = {sound: [word for word in found if len(word) > 1] for sound, found in known.sounding.items()}
    heard = sounds.readings(spoken[run], {sound: found for sound, found in long.items() if found})
    other = "".join(alternatives[0] for alternatives in heard)
    return other if other != run and len(other) == len(run) else ""


def _look_up(letters: list[str], spoken: list[str]) -> Vocabulary:
    joined = ["".join(letters)[:LONGEST_SOUND], *(sound[:LONGEST_SOUND] for sound in spoken)]
    slips = {word: edits(word) for word in letters}
    exact = set(letters).union(*(slips[word] for word in letters if 4 <= len(word) <= 20))
    heard = {
        text[start:end] for text in joined for start in range(len(text)) for end in range(start + 1, len(text) + 1)
    }
    long = [word for word in letters if 3 <= len(word) <= 24]
    values = [literal(exact), literal(heard), literal(word for word in letters if 2 <= len(word) <= 8)]
    for word in long:
        values += [word, f"%{word}%", word, word, word]
    found = Vocabulary({}, defaultdict(list), defaultdict(list), defaultdict(list), defaultdict(list))
    rows, leaving = prepared.rows(connection, _CANDIDATES + _PARTS * len(long), values), stale.leaving()
    for way, word, text, courses, key in sorted(rows, key=lambda row: (-row[3], row[2])):
        if courses <= leaving[text]:
            continue
        found.courses[text] = courses
        if way == "sound":
            found.sounding[key].append(text)
        elif way == "initials":
            found.by_initials[key].append(text)
        elif way == "part" and text != word:
            found.parts[word].append(text)
        elif way == "like" and text != word:
            found.alike[word].append(text)
    for word in letters:
        found.alike[word] += sorted(slips[word] & found.courses.keys())
    return found


def _sounds_of(runs: Iterable[str]) -> dict[str, str]:
    """By run, how its signs sound one by one; runs with a rare sign have no sound."""
    signs = sorted({sign for run in runs for sign in run})
    if not signs:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_SOUNDS_OF, [signs])
        known = dict(cursor.fetchall())
    return {run: "".join(known[sign] for sign in run) for run in runs if all(sign in known for sign in run)}


def edits(word: str) -> set[str]:
    """Every word that is one slip away: a letter too many, too few, another, or two in the wrong order."""
    halves = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    fewer = {a + b[1:] for a, b in halves if b}
    swapped = {a + b[1] + b[0] + b[2:] for a, b in halves if len(b) > 1}
    other = {a + letter + b[1:] for a, b in halves if b for letter in _LETTERS}
    more = {a + letter + b for a, b in halves for letter in _LETTERS}
    return (fewer | swapped | other | more) - {word}


def distance(one: str, other: str) -> int:
    """How many slips lie between two words; two letters in the wrong order are one."""
    one, other = _apart(one, other)
    before: list[int] = []
    row = list(range(len(other) + 1))
    for at, letter in enumerate(one, 1):
        earlier, before, row = before, row, [at]
        for there, sign in enumerate(other, 1):
            cost = min(before[there] + 1, row[there - 1] + 1, before[there - 1] + (letter != sign))
            if at > 1 and there > 1 and letter == other[there - 2] and one[at - 2] == sign:
                cost = min(cost, earlier[there - 2] + 1)
            row.append(cost)
    return row[-1]


def _apart(one: str, other: str) -> tuple[str, str]:
    """Both without what they begin and end with in common, in which no slip can be."""
    start, end = 0, 0
    shorter = min(len(one), len(other))
    while start < shorter and one[start] == other[start]:
        start += 1
    while end < shorter - start and one[-1 - end] == other[-1 - end]:
        end += 1
    return one[start : len(one) - end], other[start : len(other) - end]
