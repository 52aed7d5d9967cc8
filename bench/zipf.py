"""Words of English and of Chinese as skewed as real ones: ranks after Zipf and Mandelbrot, from a fixed seed."""

import random
from functools import cache
from itertools import accumulate

SEED = 20_261_128
WORDS, POOL = 30_000, 1_000_000
SYLLABLES = [
    a + b for a in ("b", "br", "d", "f", "g", "k", "l", "m", "n", "p", "r", "s", "st", "t", "v") for b in "aeiou"
]


class Words:
    """The words of one language: `ranked[0]` is the hottest."""

    def __init__(self, language: str) -> None:
        self.is_signs = language == "zh"
        self._dice = random.Random(f"{SEED} {language}")
        make = self._signs if self.is_signs else self._letters
        self.ranked = list(dict.fromkeys(make() for _ in range(4 * WORDS // 3)))[:WORDS]
        weights = list(accumulate(1 / (rank + 2.7) ** 1.05 for rank in range(len(self.ranked))))
        self._pool = self._dice.choices(self.ranked, cum_weights=weights, k=POOL)

    def draw(self, count: int) -> list[str]:
        """Words that stand beside each other somewhere in a text of a million words."""
        at = int(self._dice.random() * (POOL - count))
        return self._pool[at : at + count]

    def line(self, words: list[str]) -> str:
        return "".join(words) if self.is_signs else " ".join(words)

    def _letters(self) -> str:
        return "".join(self._dice.choices(SYLLABLES, k=self._dice.choice((2, 2, 3, 3, 4))))

    def _signs(self) -> str:
        return "".join(self._dice.choices(_common_signs(), k=2))


@cache
def _common_signs() -> list[str]:
    """The commoner half of GB 2312, which is ordered by sound."""
    return [bytes([high, low]).decode("gb2312") for high in range(0xB0, 0xD7) for low in range(0xA1, 0xFA)]


@cache
def words_of(language: str) -> Words:
    return Words(language)
