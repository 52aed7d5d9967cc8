"""Text as what the index holds: English by stems, Chinese by pairs of signs. Pure: no row, no question.

Signs have no spaces between them, so every run of them is indexed as its pairs (titles as single signs too): a
word of two signs is found whatever stands beside it, and a longer one by the pairs that it has. Traditional signs are
indexed and asked for as simplified.
"""

import re
import unicodedata
from collections.abc import Container, Iterable
from functools import lru_cache
from typing import Any

LONGEST_LINE = 20_000
_SIGNS = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\u3040-\u30ff\uac00-\ud7af]+")
_WORDS = re.compile(r"[a-z0-9\u00df-\u024f]+")
_SPECIAL = {"c++": "cpp", "c#": "csharp", "f#": "fsharp", ".net": "dotnet", "node.js": "nodejs", "vue.js": "vuejs"}
# Words that say nothing of what is looked for.
EMPTY_SIGNS = frozenset(
    [
        "怎么",
        "怎样",
        "如何",
        "什么",
        "一个",
        "我们",
        "可以",
        "以及",
        "还有",
        "我要",
        "我想",
        "想要",
        "关于",
        "学会",
        "的",
    ]
)


def normal(text: str) -> str:
    """Lower case, full-width letters as usual ones, simplified signs, names such as C++ as one word; nothing that is
    not printed.
    """
    text = unicodedata.normalize("NFKC", text[:LONGEST_LINE]).lower()
    if not text.isprintable():
        text = "".join(sign if sign.isprintable() else " " for sign in text)
    for sign, word in _SPECIAL.items():
        text = text.replace(sign, f" {word} ")
    return " ".join(simplified(text).split())


def plainer(text: str) -> str:
    """Lower case, full-width letters as usual ones and simplified signs of a long text whose lines stay."""
    # Plain letters are as they should be, which a film's captions in English are for hundreds of lines.
    return text.lower() if text.isascii() else simplified(unicodedata.normalize("NFKC", text).lower())


def simplified(text: str) -> str:
    """Traditional signs as simplified ones; all else as it is."""
    return _converter("t2s").convert(text) if _SIGNS.search(text) else text


def is_traditional(text: str) -> bool:
    """Whether it has signs that are written otherwise where signs are simplified."""
    return simplified(text) != text


@lru_cache(maxsize=4_096)
def regional(run: str) -> tuple[str, ...]:
    """What a run of simplified signs may be where other words are usual for some things: as the mainland would say it
    and as Taiwan would, both simplified ("影片" and "视频"). Empty where all say the same.
    """
    traditional = _converter("s2t").convert(run)
    others = (_converter("tw2sp").convert(traditional), simplified(_converter("s2twp").convert(run)))
    return tuple(dict.fromkeys(other for other in others if other != run))


def latin(line: str) -> list[str]:
    """The words in letters and digits of a normal line."""
    return _WORDS.findall(line)


def runs(line: str) -> list[str]:
    """The runs of signs of a normal line."""
    return _SIGNS.findall(line)


def indexed_signs(line: str, *, with_single: bool = False) -> list[str]:
    """The pairs of each run, and its signs alone where somebody may ask for one; a run of one sign is always there."""
    found: list[str] = []
    for run in runs(line):
        found += pairs(run)
        if with_single or len(run) == 1:
            found += run
    return found


def asked_signs(run: str) -> list[str]:
    """What a hit must have of a run that was asked for: the pairs of its words, since they may stand in any order."""
    words = [word for word in cut(run) if len(word) > 1 and word not in EMPTY_SIGNS]
    if not words:
        return pairs(run) or [run]
    return list(dict.fromkeys(pair for word in words for pair in pairs(word)))


def pairs(run: str) -> list[str]:
    return [run[at : at + 2] for at in range(len(run) - 1)]


def terms(lines: Iterable[str]) -> set[str]:
    """The words as people write them, for the vocabulary: whole words of letters, words of signs, single signs."""
    found: set[str] = set()
    for line in lines:
        plain = normal(line)
        found.update(word for word in latin(plain) if 2 <= len(word) <= 32 and not word.isdigit())
        for run in runs(plain):
            found.update(run)
            found.update(word for word in cut(run) if 2 <= len(word) <= 12 and word not in EMPTY_SIGNS)
    return found


def cut(run: str) -> list[str]:
    # The dictionary takes 30 MB and a tenth of a second: loaded by the first who needs it.
    import rjieba

    return rjieba.cut(run)


def fewest(letters: str, known: Container[str], longest: int) -> list[str]:
    """`letters` as a row of known pieces of at most `longest` letters, the fewest of them; empty where that fails."""
    best: list[list[str] | None] = [[], *[None] * len(letters)]
    for end in range(1, len(letters) + 1):
        for start in range(max(0, end - longest), end):
            before, piece = best[start], letters[start:end]
            if before is not None and piece in known and (best[end] is None or len(before) + 1 < len(best[end] or [])):
                best[end] = [*before, piece]
    return best[-1] or []


@lru_cache(maxsize=4)
def _converter(name: str) -> Any:
    import opencc

    return opencc.OpenCC(name)
