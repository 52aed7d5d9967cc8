"""Words of Chinese signs in a row of units: as they are written, as they sound, and in pinyin.

牙刷单独 does not say 刷单: what lies across two words of the dictionary is left alone.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from marketplace.lib.words import fewest

from . import folding, sounds
from .automaton import Automaton
from .folding import NATURAL, NONE, Unit

LONGEST_PINYIN, LONGEST_SYLLABLE = 24, 6
FEWEST_LETTERS = 6
# From so many signs on a word is not met by chance.
LONG = 4


@dataclass(frozen=True)
class Word:
    """A listed word with Chinese signs. `by_sound`: also in pinyin, and in other signs that sound the same."""

    signs: tuple[str, ...]
    sounds: tuple[str, ...]
    by_sound: bool

    @classmethod
    def of(cls, text: str, *, by_sound: bool) -> "Word":
        row = folding.chinese(folding.signs_of(text))
        signs = tuple(unit.sign for unit in row)
        spoken = tuple(sounds.sound(sign) for sign in signs)
        return cls(signs, spoken, by_sound and len(signs) > 1 and all(spoken))


class Text:
    """A row of units with the words of the dictionary that lie in it; cut up only when somebody asks."""

    def __init__(self, row: list[Unit], *, is_bridged: bool = False) -> None:
        self.row, self.is_bridged = row, is_bridged

    @cached_property
    def _words(self) -> list[tuple[int, int]]:
        """For each unit, where the word of two signs and more that holds it begins and ends; (-1, -1) for none."""
        import rjieba

        lines = "".join(f"\n{unit.sign}" if unit.gap != NONE else unit.sign for unit in self.row)
        places: list[tuple[int, int]] = []
        for word in rjieba.cut(lines):
            if word.strip() == "":
                continue
            for run in word.split():
                start = len(places)
                known = len(run) > 1 and (rjieba.has_word(run))
                places += [(start, start + len(run)) if known else (-1, -1)] * len(run)
        return places

    def lies_across(self, first: int, after: int) -> bool:
        """Whether a word of the dictionary holds a part of it and something beside it."""
        left, right = self._words[first], self._words[after - 1]
        begins_before = left[0] != -1 and left[0] < first and left[1] < after
        ends_behind = right[0] != -1 and right[1] > after and right[0] > first
        # So much in one place is no chance, whatever the cut makes of its end: 兼职刷单日结.
        return begins_before or (ends_behind and after - first < LONG)

    def has_words(self, first: int, after: int) -> bool:
        """Whether a word of the dictionary holds any of its signs."""
        return any(self._words[at][0] != -1 for at in range(first, after))


class Hanzi:
    """All words with Chinese signs, ready to be looked for."""

    def __init__(self, words: Sequence[tuple[int, Word]]) -> None:
        self._words = list(words)
        self._spoken = [(key, word) for key, word in self._words if word.by_sound]
        self._written = Automaton([word.signs for _key, word in self._words])
        self._sounds = Automaton([word.sounds for _key, word in self._spoken])

    def find(self, row: list[Unit]) -> Iterator[tuple[int, int, int]]:
        """(key of the word, start, end in the text)."""
        yield from self._find(Text(row))
        inside = folding.bridged(row)
        if inside is not None:
            yield from self._find(Text(inside, is_bridged=True))

    def _find(self, text: Text) -> Iterator[tuple[int, int, int]]:
        row = text.row
        for after, number in self._written.scan([unit.sign for unit in row]):
            key, word = self._words[number]
            first = after - len(word.signs)
            if _is_written(text, first, after):
                yield key, *folding.span(row, first, after)
        heard = _heard(row)
        for after, number in self._sounds.scan([sound for sound, _first, _after in heard]):
            key, word = self._spoken[number]
            parts = heard[after - len(word.signs) : after]
            if _is_spoken(text, word, parts):
                yield key, *folding.span(row, parts[0][1], parts[-1][2])


def _is_written(text: Text, first: int, after: int) -> bool:
    row = text.row
    if _goes_on(row, first) or (after < len(row) and _goes_on(row, after)):
        return False
    gaps = [unit.gap for unit in row[first + 1 : after]]
    if not any(gaps):
        return not text.lies_across(first, after)
    if NATURAL in gaps:
        return (
            row[first].gap != NONE and (after >= len(row) or row[after].gap != NONE) and not _is_list(row, first, after)
        )
    # 牙刷3单价 has a digit between two words of the dictionary, 刷1单 one inside a word.
    return not text.is_bridged or not text.lies_across(first, after)


def _is_list(row: list[Unit], first: int, after: int) -> bool:
    """Whether the marks between its signs go on beside it: 冰，毒，火，电."""
    marks = {unit.between for unit in row[first + 1 : after]}
    beside = {row[first].between, row[after].between if after < len(row) else ""}
    return bool((marks - {""}) & beside) and not all(mark.isspace() for mark in marks)


def _goes_on(row: list[Unit], at: int) -> bool:
    """Whether a run of letters and digits goes on over this place: 加v is not in 加vip."""
    return at > 0 and row[at].gap == NONE and row[at].sign.isascii() and row[at - 1].sign.isascii()


def _heard(row: list[Unit]) -> list[tuple[str, int, int]]:
    """The row as syllables: (sound, from unit, to unit). Letters that are no pinyin are one silent part."""
    parts: list[tuple[str, int, int]] = []
    at = 0
    while at < len(row):
        if not row[at].sign.isascii():
            parts.append((sounds.sound(row[at].sign), at, at + 1))
            at += 1
            continue
        end = at + 1
        # s h u a d a n: letters that stand alone, one after the other, are one run.
        while end < len(row) and row[end].sign.isascii() and (
            row[end].gap == NONE or (_is_alone(row, end - 1) and _is_alone(row, end))
        ):  # fmt: skip
            end += 1
        parts += _syllables(row, at, end)
        at = end
    return parts


def _is_alone(row: list[Unit], at: int) -> bool:
    behind = row[at + 1] if at + 1 < len(row) else None
    return row[at].sign.isalpha() and row[at].gap != NONE and (behind is None or behind.gap != NONE)


def _syllables(row: list[Unit], first: int, after: int) -> list[tuple[str, int, int]]:
    letters = [(unit.sign, at) for at, unit in enumerate(row[first:after], first) if unit.sign not in "12345"]
    cut = _cut("".join(sign for sign, _at in letters)) if len(letters) <= LONGEST_PINYIN else ()
    if not cut:
        return [("", first, after)]
    parts, done = [], 0
    for sound in cut:
        done += len(sound)
        end = letters[done][1] if done < len(letters) else after
        parts.append((sound, letters[done - len(sound)][1], end))
    return parts


@lru_cache(maxsize=10_000)
def _cut(letters: str) -> tuple[str, ...]:
    """A word of letters as the fewest syllables of pinyin, or nothing."""
    return tuple(fewest(letters, sounds.syllables(), LONGEST_SYLLABLE))


def _is_spoken(text: Text, word: Word, parts: list[tuple[str, int, int]]) -> bool:
    """Whether these syllables say the word in pinyin, or in signs that nobody would put together otherwise."""
    row, first, after = text.row, parts[0][1], parts[-1][2]
    if _goes_on(row, first) or (after < len(row) and _goes_on(row, after)):
        return False
    letters = sum(len(sound) for sound, start, _end in parts if row[start].sign.isascii())
    others = [
        (start, end) for (sound, start, end), sign in zip(parts, word.signs, strict=True)
        if not row[start].sign.isascii() and row[start].sign != sign
    ]  # fmt: skip
    if letters:
        is_all = all(row[start].sign.isascii() for _sound, start, _end in parts)
        return not any(text.has_words(start, end) for start, end in others) and (
            not is_all or letters >= FEWEST_LETTERS
        )
    gaps = [unit.gap for unit in row[first + 1 : after]]
    if not others or NATURAL in gaps:
        return False
    if after - first >= LONG and len(others) * LONG <= after - first:
        return not text.lies_across(first, after)
    return not text.has_words(first, after)
