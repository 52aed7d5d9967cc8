"""A question as the index understands it: terms that a hit must have, and what may stand for them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from marketplace.lib import words

LONGEST_QUESTION = 200
# Of more words the longest are asked for, which say most; each one more is read in every tier where few have all.
MOST_TERMS = 6
MOST_PAIRS = 24
SQL = tuple[str, list[Any]]
# How a hit answers, the best first: by the very words, by synonyms, by what films say, by what may have been meant, and
# by synonyms of that.
EXACT, OTHER, SAID, MEANT, BEYOND = range(5)
NOTHING: SQL = ("''::tsquery", [])


@dataclass(frozen=True)
class Term:
    """One word or one run of signs as it was written, and other words that would do as well. `is_known`: courses have
    it as it is, and the others only look like it.
    """

    text: str
    others: tuple[str, ...] = ()
    is_known: bool = False

    @property
    def ways(self) -> tuple[str, ...]:
        return (self.text, *self.others)

    def sql(self) -> SQL:
        return _joined((_asked(way) for way in self.ways), " || ")


@dataclass(frozen=True)
class Heard:
    """Words of letters as they were written, or instead words of signs that sound like them, one after the other, each
    of them any of several. `text`: the first of each; empty where only single signs sound so, which says little.
    """

    written: tuple[Term, ...]
    sounds: tuple[tuple[str, ...], ...]
    text: str = ""

    @property
    def has_words_alone(self) -> bool:
        """Whether none of its sounds is that of a single sign."""
        return bool(self.text) and all(len(ways[0]) > 1 for ways in self.sounds)

    @property
    def ways(self) -> tuple[str, ...]:
        return tuple(way for ways in (*(term.ways for term in self.written), *self.sounds) for way in ways)

    def sql(self) -> SQL:
        (text, values), signs = _joined((term.sql() for term in self.written), " && "), [*map(_of_signs, self.sounds)]
        return f"({text} || %s::tsquery)", [*values, " & ".join(signs)]


Part = Term | Heard


@dataclass(frozen=True)
class Widened:
    """Terms that stand together, or any of `others` instead: what is left of a run of signs, and a synonym whose words
    follow each other.
    """

    terms: tuple[Part, ...]
    others: tuple[tuple[str, str], ...]

    def sql(self) -> SQL:
        whole = _joined((term.sql() for term in self.terms), " && ")
        return _joined([whole, *(_with_phrase(rest, other) for rest, other in self.others)], " || ")


@dataclass(frozen=True)
class Question:
    """`line` is normal text, `terms` its very words. `wider`: these with synonyms, if there are any. `meant`: what may
    have been meant, where the very words find little; `is_vain` where they find no course at all, and `instead` is how
    it would be written then. `needs_all` is False where a hit may have any of the terms.
    """

    line: str
    terms: tuple[Part, ...] = field(default=())
    instead: str = ""
    needs_all: bool = True
    wider: "tuple[Part | Widened, ...]" = ()
    meant: tuple[Part, ...] = ()
    is_vain: bool = False

    @property
    def looked_for(self) -> tuple[Part, ...]:
        """What names, films and lessons are asked for."""
        return self.meant if self.is_vain else self.terms

    @property
    def has_ways(self) -> bool:
        """Whether any of several words will do."""
        return not self.needs_all or any(len(part.ways) > 1 for part in self.looked_for)

    def levels(self) -> list[tuple[int, SQL]]:
        """tsqueries by how they answer, the best first. What one of them finds, those behind it need not."""
        if self.is_vain:
            # The very words alone were looked for in vain already.
            found = [(MEANT, self.asked() if self.has_ways else NOTHING), (BEYOND, _all(self.wider))]
        else:
            found = [(EXACT, self.sql()), (OTHER, _all(self.wider)), (MEANT, _all(self.meant))]
        return [found[0], *((way, sql) for way, sql in found[1:] if sql != NOTHING)]

    def pair(self) -> SQL | None:
        """Of many words, written in letters and in signs, the longest of each: hardly a course has hot words of both,
        and with two of them that is known in a quarter of the time that all take. None of a question that is no such.
        """
        asked = self.meant if self.is_vain else self.terms
        terms = [part for part in asked if isinstance(part, Term)]
        both = [[term for term in terms if bool(words.runs(term.text)) == is_sign] for is_sign in (True, False)]
        if not self.needs_all or len(terms) < 3 or not all(both):
            return None
        return _all(tuple(max(kind, key=lambda term: len(term.text)) for kind in both))

    def sql(self) -> SQL:
        """A tsquery of the very words, empty where nothing is asked."""
        text, values = self._written
        return text, [*values]

    def asked(self) -> SQL:
        """A tsquery of what is looked for."""
        text, values = self._looked_for if self.is_vain else self._written
        return text, [*values]

    # A search asks for both in several places, and signs are cut into words for them.
    @cached_property
    def _written(self) -> SQL:
        return _all(self.terms) if self.needs_all else _joined((part.sql() for part in self.terms), " || ")

    @cached_property
    def _looked_for(self) -> SQL:
        return _all(self.meant)


def plain(text: str) -> Question:
    """The question that was asked, word for word. Who writes traditional signs may use Taiwan's words: beside these the
    mainland's are asked for.
    """
    line = words.normal(text[:LONGEST_QUESTION])
    parts = _parts(line)
    longest = sorted(range(len(parts)), key=lambda at: -len(parts[at]))[:MOST_TERMS]
    terms = tuple(Term(parts[at]) for at in sorted(longest))
    if not words.is_traditional(text[:LONGEST_QUESTION]):
        return Question(line, terms)
    wider = tuple(Term(term.text, words.regional(term.text)) for term in terms)
    return Question(line, terms, wider=wider if wider != terms else ())


def any_of(question: Question) -> Question:
    """The same with any of its words enough: of words that courses have, these alone."""
    terms = [term for part in question.looked_for for term in _apart(part)]
    return Question(question.line, tuple(terms[: 2 * MOST_TERMS]), question.instead, needs_all=False)


def _apart(part: Part) -> list[Term]:
    if isinstance(part, Heard):
        heard = [Term(ways[0], ways[1:]) for ways in part.sounds] if part.text else []
        return [*(term for written in part.written for term in _apart(written)), *heard]
    others = () if part.is_known else part.others
    return [Term(word, others) for word in (_cut(part.text) or [part.text])]


def _parts(line: str) -> list[str]:
    """Words and runs in the order of the line."""
    found = [*words.latin(line), *words.runs(line)]
    return sorted(dict.fromkeys(found), key=line.find)


def _cut(text: str) -> list[str]:
    return [word for run in words.runs(text) for word in words.cut(run) if len(word) > 1]


def _all(parts: "tuple[Part | Widened, ...]") -> SQL:
    return _joined((part.sql() for part in parts), " && ") if parts else NOTHING


def _joined(parts: Iterable[SQL], between: str) -> SQL:
    told = [*parts]
    return f"({between.join(sql for sql, _ in told)})", [value for _, values in told for value in values]


def _of_signs(ways: tuple[str, ...]) -> str:
    """The text of a tsquery, of words of the vocabulary: they have nothing but signs."""
    pieces = (" & ".join(f"'{piece}'" for piece in words.pairs(way) or [way]) for way in ways)
    return f"({' | '.join(f'({each})' for each in pieces)})"


def _asked(way: str) -> SQL:
    runs = words.runs(way)
    if not runs:
        return "plainto_tsquery('english', %s)", [way]
    signs = [sign for run in runs for sign in words.asked_signs(run)]
    return "plainto_tsquery('simple', %s)", [" ".join(signs[:MOST_PAIRS])]


def _with_phrase(rest: str, other: str) -> SQL:
    """Words of `other` one after the other, all pairs of its signs: else each of them somewhere would do."""
    signs = " ".join(pair for run in words.runs(other) for pair in words.pairs(run) or [run])
    phrase, value = ("simple", signs) if signs else ("english", other)
    before, values = _asked(rest) if rest else ("", [])
    return f"({before}{' && ' if before else ''}phraseto_tsquery('{phrase}', %s))", [*values, value]
