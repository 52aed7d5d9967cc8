"""What a text says of what is listed: which word, how severe, and where. Pure; linear in the length of the text."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Any

from . import folding, hanzi, letters
from .seen import signs_seen

# A text that is nothing but listed words is known well enough by so many of them.
MOST_HITS = 200
# Twice the longest text that the house keeps: what is longer is refused for its length by whoever asked.
MOST_SIGNS = 200_000
REFUSE, PERSON, MARK, INNOCENT = "refuse", "person", "mark", "innocent"
_RANK = {REFUSE: 0, PERSON: 1, MARK: 2}


@dataclass(frozen=True)
class Listed:
    """One row of a list, as it is looked for."""

    key: int
    text: str
    severity: str
    rule: str
    reason: str
    is_part: bool = False
    by_sound: bool = False


@dataclass(frozen=True)
class Hit:
    """A listed word that a text has from `start` to `end`, written there as `written`."""

    word: Listed
    start: int
    end: int
    written: str

    def as_json(self) -> dict[str, Any]:
        return {
            "word": self.word.text, "written": self.written, "severity": self.word.severity, "rule": self.word.rule,
            "reason": self.word.reason, "start": self.start, "end": self.end,
        }  # fmt: skip


class Finder:
    """All standing rows of the lists, ready to read texts with."""

    def __init__(self, words: Iterable[Listed]) -> None:
        self._listed = {word.key: word for word in words}
        signed, lettered = [], []
        for key, word in self._listed.items():
            if any(folding.is_hanzi(each.sign) for each in folding.signs_of(word.text)):
                signed.append((key, hanzi.Word.of(word.text, by_sound=word.by_sound)))
            elif made := letters.Word.of(word.text, is_part=word.is_part):
                lettered.append((key, made))
        innocent = {made.written for key, made in lettered if self._listed[key].severity == INNOCENT}
        self._letters = letters.Letters(lettered, frozenset(innocent))
        self._hanzi = hanzi.Hanzi(signed)

    def hits(self, text: str) -> list[Hit]:
        """Every listed word of the text in its order, the first `MOST_HITS`; of two at one place the graver one."""
        if not self._listed or not text:
            return []
        text = text[:MOST_SIGNS]
        places = self._places(folding.signs_of(text))
        for seen in signs_seen(text):
            places |= self._places(seen)
        return list(islice(self._kept(text, places), MOST_HITS))

    def _places(self, signs: list[folding.Sign]) -> set[tuple[int, int, int]]:
        places = set(self._letters.find(folding.latin(signs)))
        plain = "".join(each.sign for each in signs)
        places |= {
            (key, *folding.span(signs, start, end)) for key, start, end in self._letters.masked(plain)
        }  # fmt: skip
        return places | set(self._hanzi.find(folding.chinese(signs)))

    def _kept(self, text: str, places: set[tuple[int, int, int]]) -> Iterable[Hit]:
        innocent = [(start, end) for key, start, end in places if self._listed[key].severity == INNOCENT]
        innocent.sort()
        listed = [place for place in places if self._listed[place[0]].severity != INNOCENT]
        listed.sort(key=lambda place: (place[1], _RANK[self._listed[place[0]].severity], -place[2], place[0]))
        reached = guarded = at = 0
        for key, start, end in listed:
            while at < len(innocent) and innocent[at][0] <= start:
                guarded, at = max(guarded, innocent[at][1]), at + 1
            if end <= guarded or start < reached:
                continue
            reached = end
            yield Hit(self._listed[key], start, end, text[start:end])
