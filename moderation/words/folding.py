"""A text as the word lists read it: two rows of units, each of which knows where in the text it stands.

Latin: letters without case, accents, look-alikes and repetition. Chinese: simplified signs, and how each sounds.
Nothing between letters is lost: each unit knows what kind of gap stands before it. One pass each; pure but for
two tables.
"""

import json
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from marketplace.lib.words import simplified

from .lookalikes import ALIKE, ALIKE_SIGNS, APART, DIGITS, LETTERS, MARKS

# What stands between two units. ODD is what nobody writes inside a word or between two of them: f.u.c.k, 刷*单.
NONE, ODD, NATURAL = 0, 1, 2
# There are single signs that stand for whole sentences.
LONGEST_SIGN = 4
# Filler letters of Hangul, and the blank of Braille: letters to Unicode, nothing to a reader.
_UNSEEN = frozenset("\u115f\u1160\u3164\uffa0\u2800\u034f")
_BETWEEN_WORDS = frozenset(".,;:?!&/()[]'’\"“”–—-")
# Strokes that are no words: 刷丨单.
_STROKES = frozenset("丨丶丿亅")
_NATURAL = frozenset('，。！？；：、…“”‘’《》〈〉（）()[]【】「」『』,?!;:"/—–-')


@dataclass(frozen=True, slots=True)
class Sign:
    """One printed sign of a text, without case, width and accents; `start` and `end` are where it was written."""

    sign: str
    start: int
    end: int
    is_upper: bool


@dataclass(slots=True)
class Unit:
    """A letter (with all that repeat it), or a Chinese sign. `gap` is what stands before it; units of one word have the
    same `token`.
    """

    sign: str
    start: int
    end: int
    gap: int
    token: int
    count: int = 1
    is_letter: bool = True
    is_upper: bool = False
    # The letter that was written, before look-alikes became one; and what stands in the gap, at most eight signs.
    was: str = ""
    between: str = ""


def signs_of(text: str) -> list[Sign]:
    """What is printed of a text; what nobody sees is left out, and so does not part words."""
    found: list[Sign] = []
    for at, written in enumerate(text):
        if written in _UNSEEN:
            continue
        if written.isascii():
            if written.isprintable() or written in "\n\r\t":
                found.append(Sign(written.lower(), at, at + 1, written.isupper()))
            continue
        found += [Sign(sign, at, at + 1, written.isupper()) for sign in _plain(written)]
    return found


@lru_cache(maxsize=30_000)
def _plain(written: str) -> str:
    """One sign without what is not seen of it: width, accents, case; empty where nothing is left."""
    bare = "".join(
        part for part in unicodedata.normalize("NFKD", written)
        if unicodedata.category(part) not in ("Mn", "Me", "Cf", "Cc", "Co", "Cn") and part not in _UNSEEN
    )  # fmt: skip
    lower = bare.lower() if bare.lower() != "ß" else "ß"
    return "".join(LETTERS.get(sign, sign) for sign in lower)[:LONGEST_SIGN]


def latin(signs: list[Sign]) -> list[Unit]:
    """The letters of a text in one row, each with its repetitions."""
    row: list[Unit] = []
    token, gap, between = 0, NATURAL, ""
    for at, written in enumerate(signs):
        letter = _letter(signs, at)
        if not letter:
            if not _is_apostrophe(signs, at):
                gap = max(gap, NATURAL if written.sign.isspace() or written.sign in _BETWEEN_WORDS else ODD)
                between = (between + written.sign)[:8]
            continue
        for each in letter:
            token += gap != NONE
            _add(row, Unit(each, written.start, written.end, gap, token, 1, written.sign.isalpha(), written.is_upper,
                           written.sign, between))  # fmt: skip
            gap, between = NONE, ""
    return row


def _add(row: list[Unit], unit: Unit) -> None:
    last = row[-1] if row else None
    # "fuuuck" and "f u u c k" repeat a letter; "as so" does not.
    if last and last.sign == unit.sign and (unit.gap == NONE or last.gap != NONE):
        last.count += 1
        last.end, last.token = unit.end, unit.token
        last.is_letter = last.is_letter or unit.is_letter
        return
    row.append(unit)


def _letter(signs: list[Sign], at: int) -> str:
    """What this sign is read as in a word of letters, or empty."""
    sign = signs[at].sign
    if "a" <= sign <= "z":
        return ALIKE.get(sign, sign)
    if sign in DIGITS:
        letter = DIGITS[sign] if _is_in_word(signs, at) else ""
    elif sign in MARKS and at + 1 < len(signs) and _is_wordly(signs[at + 1].sign):
        letter = MARKS[sign]
    else:
        letter = ""
    return ALIKE.get(letter, letter)


def _is_in_word(signs: list[Sign], at: int) -> bool:
    """Whether a real letter is within four signs of this digit, with no gap between: 5h1t and a55, not 100 or 7-11."""
    for step in (1, -1):
        for far in range(1, 5):
            there = at + step * far
            if not 0 <= there < len(signs):
                break
            near = signs[there].sign
            if "a" <= near <= "z":
                return True
            if near not in DIGITS and near not in MARKS:
                break
    return False


def _is_wordly(sign: str) -> bool:
    return "a" <= sign <= "z" or sign in DIGITS or sign in MARKS


def _is_apostrophe(signs: list[Sign], at: int) -> bool:
    """Between two letters: "let's hit" begins no word with its s."""
    near = signs[at - 1 : at + 2]
    return signs[at].sign in "'’" and at > 0 and len(near) == 3 and near[0].sign.isalpha() and near[2].sign.isalpha()


def is_hanzi(sign: str) -> bool:
    return "\u3400" <= sign <= "\u9fff"


def chinese(signs: list[Sign]) -> list[Unit]:
    """The Chinese signs, letters and digits of a text in one row, simplified."""
    row: list[Unit] = []
    gap, at, token, between = NATURAL, 0, 0, ""
    while at < len(signs):
        pair = "".join(each.sign for each in signs[at : at + 2])
        step = 2 if pair in APART else 1
        sign = APART.get(pair) or signs[at].sign
        if sign not in _STROKES and (is_hanzi(sign) or "a" <= sign <= "z" or sign.isdigit()):
            token += gap != NONE
            row.append(
                Unit(_simple(sign), signs[at].start, signs[at + step - 1].end, gap, token,
                     is_letter=sign.isascii(), between=between)
            )  # fmt: skip
            gap, between = NONE, ""
        else:
            between = (between + sign)[:8]
            gap = max(gap, NATURAL if sign.isspace() or sign in _NATURAL else ODD)
        at += step
    return row


@lru_cache(maxsize=30_000)
def _simple(sign: str) -> str:
    simple = simplified(sign) if is_hanzi(sign) else sign
    return ALIKE_SIGNS.get(simple, simple)


@lru_cache(maxsize=1)
def _sounds() -> dict[str, str]:
    """How each sign sounds by itself, without its tone.

    Only the table of signs is read: the package itself would load its dictionary of phrases, 60 MB, into every process.
    """
    spec = find_spec("pypinyin")
    assert spec is not None, "requirements.txt names it"
    assert spec.submodule_search_locations
    table = json.loads((Path(spec.submodule_search_locations[0]) / "pinyin_dict.json").read_text(encoding="utf-8"))
    known: dict[str, str] = {}
    found: dict[str, str] = {}
    for number, readings in table.items():
        if 0x4E00 <= int(number) <= 0x9FFF:
            sound = _toneless(readings.partition(",")[0])
            found[chr(int(number))] = known.setdefault(sound, sound)
    return found


def _toneless(reading: str) -> str:
    parts = unicodedata.normalize("NFD", reading)
    return "".join(part for part in parts if unicodedata.category(part) != "Mn" or part == "\u0308").replace(
        "u\u0308", "v"
    )


def sound(sign: str) -> str:
    """The sound of a Chinese sign without its tone, or empty."""
    return _sounds().get(sign, "")


@lru_cache(maxsize=1)
def syllables() -> frozenset[str]:
    return frozenset(_sounds().values()) - {""}
