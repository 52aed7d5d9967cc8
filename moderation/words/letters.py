"""Words of letters in a row of units: which candidate is the word, and which only lies across others (Scunthorpe)."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from . import folding
from .automaton import Automaton
from .folding import NATURAL, NONE, ODD, Unit

SHORTEST_IN_PIECES = 4
_ENDINGS = (("s",), ("e", "s"))
# A word with some of its letters starred out.
_MASKED = re.compile(r"(?<![^\W_])[a-z][a-z*#●■×]{2,22}[a-z](?![^\W_])")
_MASK = frozenset("*#●■×")


@dataclass(frozen=True)
class Word:
    """A listed word of letters. `is_part`: also inside other words."""

    letters: tuple[str, ...]
    counts: tuple[int, ...]
    # Before which of its letters a new word begins: those of "buy followers".
    breaks: frozenset[int]
    written: str
    is_part: bool

    @classmethod
    def of(cls, text: str, *, is_part: bool) -> "Word | None":
        """None where nothing is left of it that could be looked for."""
        row = folding.latin(folding.signs_of(text))
        if not row:
            return None
        breaks = frozenset(at for at, unit in enumerate(row) if at and unit.gap != NONE)
        written = "".join(sign.sign for sign in folding.signs_of(text) if sign.sign.isalnum())
        return cls(tuple(u.sign for u in row), tuple(u.count for u in row), breaks, written, is_part)


class Letters:
    """All words of letters, ready to be looked for. `innocent`: words that are none of a word's pieces."""

    def __init__(self, words: Sequence[tuple[int, Word]], innocent: frozenset[str]) -> None:
        self._words = list(words)
        self._innocent = innocent
        self._automaton = Automaton([word.letters for _key, word in self._words])
        self._by_length: dict[int, list[tuple[int, str]]] = {}
        for key, word in self._words:
            self._by_length.setdefault(len(word.written), []).append((key, word.written))

    def find(self, row: list[Unit]) -> Iterator[tuple[int, int, int]]:
        """(key of the word, start, end in the text)."""
        for after, number in self._automaton.scan([unit.sign for unit in row]):
            key, word = self._words[number]
            first = after - len(word.letters)
            if self._is(word, row, first, after):
                yield key, row[first].start, row[after - 1].end

    def masked(self, plain: str) -> Iterator[tuple[int, int, int]]:
        """The same of words with stars; places are in `plain`, one sign a sign of the text."""
        for token in _MASKED.finditer(plain):
            shown = [(at, sign) for at, sign in enumerate(token[0]) if sign not in _MASK]
            if len(shown) == len(token[0]) or len(shown) * 2 < len(token[0]):
                continue
            for key, written in self._by_length.get(len(token[0]), ()):
                if all(written[at] == sign for at, sign in shown):
                    yield key, token.start(), token.end()

    def _is(self, word: Word, row: list[Unit], first: int, after: int) -> bool:
        units = row[first:after]
        if any(unit.count < count for unit, count in zip(units, word.counts, strict=True)):
            return False
        size = sum(unit.count for unit in units)
        if sum(unit.count for unit in units if unit.is_letter) * 2 < size:
            return False
        gaps = [unit.gap for at, unit in enumerate(units) if at and at not in word.breaks and unit.gap != NONE]
        spread = any(at == 0 or unit.gap != NONE for at, unit in enumerate(units) if unit.count > 1) and bool(gaps)
        if not gaps:
            return word.is_part or (_begins(row, first) and _ends(row, after))
        if word.is_part and max(gaps) == ODD:
            return True
        return _stands_alone(row, first, after) and (spread or self._is_in_pieces(row, units, first, after))

    def _is_in_pieces(self, row: list[Unit], units: list[Unit], first: int, after: int) -> bool:
        """Whether a word was cut up on purpose: into letters, or so that a piece is no word."""
        pieces = _pieces(units)
        size = sum(unit.count for unit in units)
        if all(len(piece) == 1 for piece in pieces):
            # f(u, c, k) is a function.
            if len({unit.between for unit in units[1:]}) > 1:
                return False
            return size >= SHORTEST_IN_PIECES or not _has_single_beside(row, first, after)
        if size < SHORTEST_IN_PIECES or any(piece in self._innocent for piece in pieces):
            return False
        inside = [unit.gap for unit in units[1:]]
        return NATURAL not in inside or any(not re.search("[aeiouy]", piece) for piece in pieces)


def _pieces(units: list[Unit]) -> list[str]:
    pieces: list[str] = []
    for at, unit in enumerate(units):
        if at == 0 or unit.gap != NONE:
            pieces.append("")
        pieces[-1] += unit.was
    return pieces


def _begins(row: list[Unit], at: int) -> bool:
    """Whether a word begins here: after a gap, a digit, or as Camel does."""
    if at == 0 or row[at].gap != NONE or not row[at - 1].is_letter:
        return True
    return row[at].is_upper and not row[at - 1].is_upper


def _ends(row: list[Unit], after: int) -> bool:
    if _is_over(row, after):
        return True
    for ending in _ENDINGS:
        rest = row[after : after + len(ending)]
        plain = tuple(unit.sign for unit in rest) == ending and all(
            unit.gap == NONE and unit.count == 1 for unit in rest
        )
        if plain and _is_over(row, after + len(ending)):
            return True
    return False


def _is_over(row: list[Unit], after: int) -> bool:
    if after >= len(row) or row[after].gap != NONE or not row[after].is_letter:
        return True
    return row[after].is_upper and not row[after - 1].is_upper


def _stands_alone(row: list[Unit], first: int, after: int) -> bool:
    return (first == 0 or row[first].gap != NONE) and (after >= len(row) or row[after].gap != NONE)


def _has_single_beside(row: list[Unit], first: int, after: int) -> bool:
    """Whether more letters stand alone beside these: the initials of something else."""
    before = first > 0 and row[first - 1].gap != NONE
    behind = after < len(row) and (after + 1 >= len(row) or row[after + 1].gap != NONE)
    return before or behind
