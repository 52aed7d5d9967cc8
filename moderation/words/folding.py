"""A text as the word lists read it: two rows of units, each of which knows where in the text it stands.

Latin: letters without case, accents, look-alikes and repetition. Chinese: simplified signs, and how each sounds.
Nothing between letters is lost: each unit knows what kind of gap stands before it. One pass each; pure but for a
table.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple

from marketplace.lib.words import simplified

from .lookalikes import ALIKE, ALIKE_SIGNS, APART, BARS, BEGINNINGS, DIGITS, DRAWN, LAST_MARKS, LETTERS, MARKS

# What stands between two units. ODD is what nobody writes inside a word or between two of them: f.u.c.k, 刷*单.
NONE, ODD, NATURAL = 0, 1, 2
# So many letters or digits may stand between two Chinese signs of a word.
MOST_INSIDE = 2
# There are single signs that stand for whole sentences.
LONGEST_SIGN = 4
# Filler letters of Hangul, and the blank of Braille: letters to Unicode, nothing to a reader.
_UNSEEN = frozenset("\u115f\u1160\u3164\uffa0\u2800\u034f")
_BETWEEN_WORDS = frozenset(".,;:?!&/()[]'’\"“”–—-")
# Strokes that are no words: 刷丨单.
_STROKES = frozenset("丨丶丿亅")
_LAST_MARK, _DRAWING = max(MARKS), frozenset("vr|(/\\")
_HALVES = frozenset(pair[0] for pair in APART)
_NATURAL = frozenset('，。！？；：、…“”‘’《》〈〉（）()[]【】「」『』,?!;:"/—–-')


class Sign(NamedTuple):
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
    # The letter that was written, before look-alikes became one; and what stands before it, at most eight signs: an
    # apostrophe is no gap.
    was: str = ""
    between: str = ""


def span(row: Sequence[Unit] | Sequence[Sign], first: int, after: int) -> tuple[int, int]:
    """Where these were written, from and to; what is read from right to left, or half of it, has its end elsewhere."""
    part = row[first:after]
    return min([each.start for each in part]), max([each.end for each in part])


def signs_of(text: str) -> list[Sign]:
    """What is printed of a text; what nobody sees is left out, and so does not part words."""
    found: list[Sign] = []
    add, make = found.append, Sign
    for at, written in enumerate(text):
        plain, is_upper = _printed(written)
        if len(plain) == 1:
            add(make(plain, at, at + 1, is_upper))
        else:
            found += [make(sign, at, at + 1, is_upper) for sign in plain]
    return found


@lru_cache(maxsize=30_000)
def _printed(written: str) -> tuple[str, bool]:
    """What one sign is read as, and whether it is a capital."""
    if written.isascii():
        is_shown = written.isprintable() or written in "\n\r\t"
        return (written.lower() if is_shown else "", written.isupper())
    return ("" if written in _UNSEEN else _plain(written), written.isupper())


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
    token, gap, between, at = 0, NATURAL, "", 0
    while at < len(signs):
        written = signs[at]
        sign, letter, step = written.sign, "", 1
        if sign <= _LAST_MARK:
            letter, step = _drawn(signs, at, begins=gap != NONE) if sign in _DRAWING else ("", 1)
            letter = letter or _letter(signs, at)
        if letter:
            token += gap != NONE
            _add(row, Unit(letter, written.start, signs[at + step - 1].end, gap, token, 1, written.sign.isalpha(),
                           written.is_upper, written.sign if step == 1 else letter, between))  # fmt: skip
            gap, between = NONE, ""
        elif sign in "'’" and _is_apostrophe(signs, at):
            between = "'"
        else:
            gap = max(gap, NATURAL if sign in _BETWEEN_WORDS or sign.isspace() else ODD)
            between = (between + sign)[:8]
        at += step
    return row


def _drawn(signs: list[Sign], at: int, *, begins: bool) -> tuple[str, int]:
    """The letter that several signs make from here on, and how many they are; ("", 1) where they make none."""
    sign = signs[at].sign
    if begins and sign in "vr" and (at == 0 or signs[at - 1].sign not in "-‐‑"):
        pair = "".join(each.sign for each in signs[at : at + 2])
        return (BEGINNINGS[pair], 2) if pair in BEGINNINGS else ("", 1)
    if sign not in "|(/\\":
        return "", 1
    for size in (3, 2):
        shape = "".join(each.sign for each in signs[at : at + size])
        is_after, is_before = at > 0 and _is_az(signs, at - 1), _is_az(signs, at + size)
        stands = is_after and is_before if shape == "()" else is_after or is_before
        if len(shape) == size and shape in DRAWN and stands:
            return DRAWN[shape], size
    return "", 1


def _is_az(signs: list[Sign], at: int) -> bool:
    return 0 <= at < len(signs) and "a" <= signs[at].sign <= "z"


def _add(row: list[Unit], unit: Unit) -> None:
    last = row[-1] if row else None
    # "fuuuck" and "f u u c k" repeat a letter; "as so" does not.
    if last and last.sign == unit.sign and (unit.gap == NONE or last.gap != NONE):
        last.count += 1
        last.start, last.end, last.token = min(last.start, unit.start), max(last.end, unit.end), unit.token
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
    elif sign in MARKS and _is_letter_mark(signs, at):
        letter = MARKS[sign]
    else:
        letter = ""
    return ALIKE.get(letter, letter)


def _is_letter_mark(signs: list[Sign], at: int) -> bool:
    """Whether this mark stands in the place of a letter, and neither ends a word nor parts its letters."""
    sign = signs[at].sign
    if sign in BARS and _is_az(signs, at - 1) and _is_az(signs, at + 1):
        beside = [signs[there].sign for there in (at - 2, at + 2) if 0 <= there < len(signs)]
        return sign not in beside
    if at + 1 < len(signs) and _is_wordly(signs[at + 1].sign):
        return True
    is_digit = at > 0 and signs[at - 1].sign in DIGITS
    return sign in LAST_MARKS and (_is_az(signs, at - 1) or (is_digit and _is_in_word(signs, at - 1)))


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
    return at > 0 and len(near) == 3 and near[0].sign.isalpha() and near[2].sign.isalpha()


def is_hanzi(sign: str) -> bool:
    return "\u3400" <= sign <= "\u9fff"


def chinese(signs: list[Sign]) -> list[Unit]:
    """The Chinese signs, letters and digits of a text in one row, simplified."""
    row: list[Unit] = []
    gap, at, token, between = NATURAL, 0, 0, ""
    while at < len(signs):
        sign, start, _end, _is_upper = signs[at]
        whole = APART.get(sign + signs[at + 1].sign) if sign in _HALVES and at + 1 < len(signs) else None
        step = 2 if whole else 1
        if whole:
            sign = whole
        elif sign in "+➕" and _is_plus(signs, at):
            sign = "加"
        if sign not in _STROKES and (is_hanzi(sign) or "a" <= sign <= "z" or sign.isdigit()):
            token += gap != NONE
            row.append(
                Unit(sign if sign.isascii() else _simple(sign), start, signs[at + step - 1].end, gap, token,
                     is_letter=sign.isascii(), between=between)
            )  # fmt: skip
            gap, between = NONE, ""
        else:
            between = (between + sign)[:8]
            gap = max(gap, NATURAL if sign.isspace() or sign in _NATURAL else ODD)
        at += step
    return row


def _is_plus(signs: list[Sign], at: int) -> bool:
    """Whether a plus begins to say 加: "+微信" does; "支付宝+微信", "C+微积分" and "Ctrl+V" add two things."""
    before = next((each.sign for each in signs[max(at - 2, 0) : at][::-1] if not each.sign.isspace()), "")
    behind = next((each.sign for each in signs[at + 1 : at + 3] if not each.sign.isspace()), "")
    if before.isalnum():
        return False
    return is_hanzi(behind) or (signs[at].sign == "➕" and "a" <= behind <= "z")


def bridged(row: list[Unit]) -> list[Unit] | None:
    """The row without the one or two letters or digits that stand inside Chinese: 刷1单; None where nothing does."""
    kept: list[Unit] = []
    at = 0
    while at < len(row):
        if not row[at].is_letter:
            kept.append(row[at])
            at += 1
            continue
        end = at
        while end < len(row) and end - at <= MOST_INSIDE and row[end].is_letter and row[end].gap == NONE:
            end += 1
        is_inside = at and 0 < end - at <= MOST_INSIDE and end < len(row) and row[end].gap == NONE
        if is_inside and not row[at - 1].is_letter and not row[end].is_letter:
            kept.append(replace(row[end], gap=ODD, between="".join(unit.sign for unit in row[at:end])))
            at = end + 1
        else:
            kept += row[at : max(end, at + 1)]
            at = max(end, at + 1)
    return kept if len(kept) < len(row) else None


@lru_cache(maxsize=30_000)
def _simple(sign: str) -> str:
    simple = simplified(sign) if is_hanzi(sign) else sign
    return ALIKE_SIGNS.get(simple, simple)
