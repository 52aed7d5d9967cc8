"""Words of letters in a row of units: which candidate is the word, and which only lies across others (Scunthorpe)."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from . import folding
from .automaton import Automaton
from .folding import NATURAL, NONE, ODD, Unit

SHORTEST_IN_PIECES = 4
# Of several words: so long is nothing by chance, wherever it is cut.
LONG_IN_PIECES = 10
_ENDINGS = (("s",), ("z",), ("e", "s"), ("e", "z"))
_HISSES = ("s", "x", "z", "h")
# A word with some of its letters starred out; a dash does so only in place of a vowel, and "a@b.org" is an address.
_MASKED = re.compile(r"(?<![^\W_])[a-z][a-z*#●■×@%^?–—-]{2,22}[a-z](?![^\W_]|\.[a-z])")
_MASK, _DASHES, _VOWELS = frozenset("*#●■×@%^?–—-"), frozenset("–—-"), frozenset("aeiou")
# "who're" is no word of five letters.
_CONTRACTED = frozenset({"re", "ll", "ve"})
_LISTED, _ENDED = frozenset(",;:="), re.compile(r"[.;?!:]\s|\n\s*\n")
_HYPHEN = frozenset("-‐‑")


@dataclass(frozen=True)
class Word:
    """A listed word of letters. `is_part`: also inside other words. `is_swapped`: two of its letters in the other
    order, which only a digit or a mark in it makes more than another word: pr0n, and not "pron." or "untied".
    """

    letters: tuple[str, ...]
    counts: tuple[int, ...]
    # Before which of its letters a new word begins: those of "buy followers".
    breaks: frozenset[int]
    written: str
    is_part: bool
    is_swapped: bool = False

    @classmethod
    def of(cls, text: str, *, is_part: bool) -> "Word | None":
        """None where nothing is left of it that could be looked for."""
        row = folding.latin(folding.signs_of(text))
        if not row:
            return None
        breaks = frozenset(at for at, unit in enumerate(row) if at and unit.gap != NONE)
        written = "".join(sign.sign for sign in folding.signs_of(text) if sign.sign.isalnum())
        return cls(tuple(u.sign for u in row), tuple(u.count for u in row), breaks, written, is_part)

    def swapped(self) -> "Iterator[Word]":
        """Itself with two letters beside each other in the other order; the first one stays."""
        if len(self.letters) < SHORTEST_IN_PIECES or self.breaks:
            return
        for at in range(1, len(self.letters) - 1):
            letters, counts = list(self.letters), list(self.counts)
            letters[at : at + 2], counts[at : at + 2] = letters[at + 1 : at - 1 : -1], counts[at + 1 : at - 1 : -1]
            yield replace(self, letters=tuple(letters), counts=tuple(counts), is_part=False, is_swapped=True)


class Letters:
    """All words of letters, ready to be looked for. `innocent`: words that are none of a word's pieces."""

    def __init__(self, words: Sequence[tuple[int, Word]], innocent: frozenset[str]) -> None:
        self._words = [*words, *((key, other) for key, word in words for other in word.swapped())]
        self._innocent = innocent
        self._automaton = Automaton([word.letters for _key, word in self._words])
        self._by_length: dict[int, list[tuple[int, str]]] = {}
        for key, word in words:
            self._by_length.setdefault(len(word.written), []).append((key, word.written))

    def find(self, row: list[Unit]) -> Iterator[tuple[int, int, int]]:
        """(key of the word, start, end in the text)."""
        for after, number in self._automaton.scan([unit.sign for unit in row]):
            key, word = self._words[number]
            first = after - len(word.letters)
            if self._is(word, row, first, after):
                yield key, *folding.span(row, first, after)

    def masked(self, plain: str) -> Iterator[tuple[int, int, int]]:
        """The same of words with stars; places are in `plain`, one sign a sign of the text."""
        for token in _MASKED.finditer(plain):
            shown = [(at, sign) for at, sign in enumerate(token[0]) if sign not in _MASK]
            if len(shown) == len(token[0]) or len(shown) * 2 < len(token[0]):
                continue
            for key, written in self._by_length.get(len(token[0]), ()):
                if all(written[at] == sign for at, sign in shown) and _hides_vowels(token[0], written):
                    yield key, token.start(), token.end()

    def _is(self, word: Word, row: list[Unit], first: int, after: int) -> bool:
        units = row[first:after]
        if any(unit.count < count for unit, count in zip(units, word.counts, strict=True)):
            return False
        size = sum(unit.count for unit in units)
        letters = sum(unit.count for unit in units if unit.is_letter)
        if letters * 2 < size or (word.is_swapped and (letters == size or any(unit.gap for unit in units[1:]))):
            return False
        if any(_ENDED.search(units[at].between) for at in word.breaks) or _is_contracted(units):
            return False
        gaps = [unit.gap for at, unit in enumerate(units) if at and at not in word.breaks and unit.gap != NONE]
        spread = any(at == 0 or unit.gap != NONE for at, unit in enumerate(units) if unit.count > 1) and bool(gaps)
        if not gaps:
            return word.is_part or (_begins(row, first) and _ends(row, after))
        if word.is_part and max(gaps) == ODD:
            return True
        if not _stands_alone(row, first, after):
            return False
        if word.breaks and size >= LONG_IN_PIECES:
            return not any(_LISTED.intersection(unit.between) for unit in units[1:])
        return spread or self._is_in_pieces(row, units, first, after)

    def _is_in_pieces(self, row: list[Unit], units: list[Unit], first: int, after: int) -> bool:
        """Whether a word was cut up on purpose: into letters, or so that a piece is no word."""
        pieces = _pieces(units)
        size = sum(unit.count for unit in units)
        if all(len(piece) == 1 for piece in pieces):
            # f(u, c, k) and f(u(k)) are functions.
            marks = {unit.between.strip() for unit in units[1:]}
            if len(marks) > 1 or marks == {"("}:
                return False
            return size >= SHORTEST_IN_PIECES or not _has_single_beside(row, first, after)
        if size < SHORTEST_IN_PIECES or any(piece in self._innocent for piece in pieces):
            return False
        between = [unit.between for unit in units[1:] if unit.gap != NONE]
        if all(mark in _HYPHEN for mark in between):
            return True
        # fu, ck, fsck: a list of names.
        if any(_LISTED.intersection(mark) for mark in between):
            return False
        inside = [unit.gap for unit in units[1:]]
        return NATURAL not in inside or any(not re.search("[aeiouy]", piece) for piece in pieces)


def _hides_vowels(token: str, written: str) -> bool:
    """Whether each dash in a word stands where a vowel was left out."""
    return all(letter in _VOWELS for sign, letter in zip(token, written, strict=True) if sign in _DASHES)


def _is_contracted(units: list[Unit]) -> bool:
    at = next((at for at in range(len(units) - 1, 0, -1) if units[at].gap == NONE and units[at].between == "'"), 0)
    return at > 0 and "".join(unit.was * unit.count for unit in units[at:]) in _CONTRACTED


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
        # Witches and asses, but no "spices".
        if ending[0] == "e" and row[after - 1].sign not in _HISSES:
            continue
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
