"""A question as the index understands it: terms that a hit must have, each in any of several ways."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from marketplace.lib import words

LONGEST_QUESTION = 200
MOST_TERMS = 10
MOST_PAIRS = 24
SQL = tuple[str, list[Any]]


@dataclass(frozen=True)
class Term:
    """One word or one run of signs as it was written, and other words that would do as well."""

    text: str
    others: tuple[str, ...] = ()

    def sql(self) -> SQL:
        parts = [_asked(way) for way in (self.text, *self.others)]
        return "(" + " || ".join(sql for sql, _ in parts) + ")", [value for _, values in parts for value in values]


@dataclass(frozen=True)
class Widened:
    """Terms that stand together, or any of `others` instead: what is left of a run of signs, and a synonym whose words
    follow each other.
    """

    terms: tuple[Term, ...]
    others: tuple[tuple[str, str], ...]

    def sql(self) -> SQL:
        whole = [term.sql() for term in self.terms]
        ways = [(f"({' && '.join(sql for sql, _ in whole)})", [value for _, values in whole for value in values])]
        ways += [_with_phrase(rest, other) for rest, other in self.others]
        return "(" + " || ".join(sql for sql, _ in ways) + ")", [value for _, values in ways for value in values]


@dataclass(frozen=True)
class Question:
    """`line` is normal text. `instead`: the words that were looked for as well, since those that were asked for found
    little. `needs_all` is False where a hit may have any of the terms. `wider`: the terms with synonyms, if there
    are any.
    """

    line: str
    terms: tuple[Term, ...] = field(default=())
    instead: str = ""
    needs_all: bool = True
    wider: "tuple[Term | Widened, ...]" = ()

    @property
    def has_ways(self) -> bool:
        """Whether any of several words will do."""
        return not self.needs_all or any(term.others for term in self.terms)

    def widest(self) -> SQL:
        """A tsquery that synonyms answer too."""
        parts = [term.sql() for term in self.wider or self.terms]
        text = " && ".join(sql for sql, _ in parts)
        return (f"({text})", [value for _, values in parts for value in values]) if self.wider else self.sql()

    def sql(self) -> SQL:
        """A tsquery, empty where nothing is asked."""
        text, values = self._written
        return text, [*values]

    @cached_property
    def _written(self) -> SQL:
        """A search asks for it in several places, and signs are cut into words for it."""
        if not self.terms:
            return "''::tsquery", []
        parts = [term.sql() for term in self.terms]
        between = " && " if self.needs_all else " || "
        return "(" + between.join(sql for sql, _ in parts) + ")", [value for _, values in parts for value in values]


def plain(text: str) -> Question:
    """The question that was asked, word for word."""
    line = words.normal(text[:LONGEST_QUESTION])
    return Question(line, tuple(Term(part) for part in _parts(line)[:MOST_TERMS]))


def any_of(question: Question) -> Question:
    """The same with any of its words enough."""
    terms = [Term(part, term.others) for term in question.terms for part in (_cut(term.text) or [term.text])]
    return Question(question.line, tuple(terms[: 2 * MOST_TERMS]), question.instead, needs_all=False)


def _parts(line: str) -> list[str]:
    """Words and runs in the order of the line."""
    found = [*words.latin(line), *words.runs(line)]
    return sorted(dict.fromkeys(found), key=line.find)


def _cut(text: str) -> list[str]:
    return [word for run in words.runs(text) for word in words.cut(run) if len(word) > 1]


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
