"""Words that may have been meant: slips of the finger, parts of words, pinyin, signs that sound the same. Candidates
come from the vocabulary; which of them is meant is decided here. What was written stays in the question beside them.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import pairwise

from django.db import connection

from discovery import sounds, stale
from discovery.questions import Heard, Part, Question, Term
from marketplace.lib import prepared, words
from marketplace.lib.arrays import literal

LONGEST_SOUND = 40
MOST_WAYS = 6
# Of each sound that a row of pinyin has; of signs that must stand side by side, which hardly any text has by chance.
_MOST_HEARD, _MOST_SIGNS = 5, 12
# A slip in a shorter word makes one of many others.
_SHORT = 4
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
# Each way has an index of its own, and is planned once a connection (discovery.migrations.0011_near_words).
_NEAR = "SELECT way, word, text, courses, key FROM discovery_near(%s, %s, %s, %s)"
_SOUNDS_OF = "SELECT text, pinyin FROM discovery_sign WHERE text = ANY(%s)"


@dataclass
class Vocabulary:
    """What the vocabulary holds that has to do with a question: words with their number of courses, by way. `stems`:
    words of the question that courses have in another form.
    """

    courses: dict[str, int] = field(default_factory=dict)
    stems: set[str] = field(default_factory=set)
    sounding: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    by_initials: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    parts: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    alike: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def has(self, word: str) -> bool:
        return word in self.courses or word in self.stems


def understood(question: Question) -> Question:
    """The same question with what may have been `meant`; `instead` is how that would be written."""
    letters = [term.text for term in question.terms if not words.runs(term.text)]
    runs = [term.text for term in question.terms if words.runs(term.text)]
    spoken = _sounds_of(runs)
    known = _look_up(letters, [spoken[run] for run in runs if run in spoken])
    meant: list[Part] = []
    written: list[str] = []
    waiting: list[str] = []  # words of letters, one after the other, that no course has: perhaps pinyin
    for term in question.terms:
        if term.text in letters and not known.has(term.text):
            waiting.append(term.text)
            continue
        _settle(waiting, known, meant, written)
        other = _same_sound(term.text, spoken, known) if term.text in runs else ""
        like = words.regional(term.text) if term.text in runs else known.parts.get(term.text, [])
        meant.append(Term(term.text, (other,) if other else tuple(like[:MOST_WAYS]), is_known=not other))
        written.append(other or term.text)
    _settle(waiting, known, meant, written)
    whole = _heard([Term(word) for word in letters], known) if letters and not runs else None
    if whole and whole.has_words_alone:
        # Courses may have each of the words, and others what all of them sound like.
        meant = [replace(whole, written=tuple(each for each in meant if isinstance(each, Term)) or whole.written)]
        written = written if all(map(known.has, letters)) else [whole.text]
    instead, plain = " ".join(written), " ".join(term.text for term in question.terms)
    return replace(question, meant=tuple(meant), instead=instead if instead != plain else "")


def _settle(waiting: list[str], known: Vocabulary, meant: list[Part], written: list[str]) -> None:
    """The words that wait as pinyin together, or else each as what it was a slip or a part of."""
    terms = [Term(word, tuple(_meant(word, known))) for word in waiting]
    heard = _heard(terms, known) if terms else None
    if heard and heard.text:
        meant.append(replace(heard, written=tuple(Term(word) for word in waiting)))
        written.append(heard.text)
    else:
        meant += [heard] if heard else terms
        written += [term.others[0] if term.others else term.text for term in terms]
    waiting.clear()


def _heard(terms: list[Term], known: Vocabulary) -> Heard | None:
    """Words of letters read as pinyin. A row of single signs is heard in nearly everything: it must stand side by side,
    and where a single sign is in it at all, words that are one slip away come first.
    """
    rows = sounds.readings(sounds.typed("".join(term.text for term in terms)), known.sounding)
    if not rows:
        return None
    ways = [tuple(sorted(row, key=lambda word: len(word) == 1)[:_MOST_HEARD]) for row in rows]
    heard = Heard(tuple(terms), tuple(ways), "".join(row[0] for row in ways))
    if heard.has_words_alone:
        return heard
    if all(len(term.text) >= _SHORT and _nearest(term.text, known)[0] == 1 for term in terms):
        return None
    if any(len(row[0]) > 1 for row in ways):
        return heard
    signs = [row[:_MOST_SIGNS] for row in rows]
    beside = [tuple(one + other for one in row for other in after) for row, after in pairwise(signs)]
    pairs = [tuple(pair for pair in row if pair not in words.EMPTY_SIGNS) for row in beside]
    return Heard(tuple(terms), tuple(pairs or ways)) if all(pairs) else None


def _nearest(word: str, known: Vocabulary) -> tuple[int, list[str]]:
    """How many slips lie between the word and the nearest ones, and these; 0 where none is near."""
    most = 1 if len(word) < 6 else 2
    # Each letter more or less is a slip of its own.
    alike = [other for other in known.alike.get(word, []) if abs(len(other) - len(word)) <= most]
    near = sorted((distance(word, other), -known.courses[other], other) for other in alike)
    if not near or near[0][0] > most:
        return 0, []
    return near[0][0], list(dict.fromkeys([other for far, _courses, other in near if far == near[0][0]][:3]))


def _meant(word: str, known: Vocabulary) -> list[str]:
    """The most likely first: one slip, the beginning of a word, two slips; else a part of a word, or first letters."""
    (far, slips), parts = _nearest(word, known), known.parts.get(word, [])
    begun = [part for part in parts if part.startswith(word)][:3]
    near = [*slips, *begun] if far == 1 else [*begun, *slips]
    return (list(dict.fromkeys(near)) or parts or known.by_initials.get(word, []))[:MOST_WAYS]


def _same_sound(run: str, spoken: dict[str, str], known: Vocabulary) -> str:
    """A run of signs that sounds as `run` and stands in courses, made of words; empty where `run` does itself."""
    if run not in spoken or run in known.courses:
        return ""
    long = {sound: [word for word in found if len(word) > 1] for sound, found in known.sounding.items()}
    heard = sounds.readings(spoken[run], {sound: found for sound, found in long.items() if found})
    other = "".join(alternatives[0] for alternatives in heard)
    return other if other != run and len(other) == len(run) else ""


def _look_up(letters: list[str], spoken: list[str]) -> Vocabulary:
    joined = [sounds.typed("".join(letters))[:LONGEST_SOUND], *(sound[:LONGEST_SOUND] for sound in spoken)]
    slips = {word: edits(word) for word in letters}
    exact = set(letters).union(*(slips[word] for word in letters if 4 <= len(word) <= 20))
    heard = {
        text[start:end] for text in joined for start in range(len(text)) for end in range(start + 1, len(text) + 1)
    }
    short, long = ([word for word in letters if least <= len(word) <= most] for least, most in ((2, 8), (3, 24)))
    values = [literal(each) for each in (exact, heard, short, long)]
    found = Vocabulary()
    rows, leaving = prepared.rows(connection, _NEAR, values), stale.leaving()
    for way, word, text, courses, key in sorted(rows, key=lambda row: (-row[3], row[2])):
        if courses <= leaving[text]:
            continue
        found.courses[text] = courses
        if way == "sound":
            found.sounding[key].append(text)
        elif way == "initials":
            found.by_initials[key].append(text)
        elif way in ("part", "like") and text != word:
            (found.parts if way == "part" else found.alike)[word].append(text)
            if key == "stem":
                found.stems.add(word)
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
