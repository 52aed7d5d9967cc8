"""A text as its readers see it: Markdown's marks and the names of signs (&shy;, &#117;) are written and never shown,
and what stands after a sign that turns the direction is shown from right to left.

Each sign still knows where it was written. One pass each; pure.
"""

import html
import re
from collections.abc import Callable

from .folding import Sign, signs_of

# Bounded, so that a text of nothing but brackets costs no more than another.
_LINK = re.compile(r"!?\[([^\[\]\n]{0,300})\]\([^()\n]{0,500}\)")
_MARK = re.compile(r"\*{1,3}|_{1,3}|~~|`+|\\(?=[!-/:-@\[-`{-~])")
_PARAGRAPH = re.compile(r"[^\n]+(?:\n[^\n]+)*")
_TURNED = re.compile("\u202e([^\u202c\u202e\n]{1,500})\u202c?")
_NAMED = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")


def signs_seen(text: str) -> list[list[Sign]]:
    """What is read of the paragraphs of a text in which something is hidden, with its places there."""
    told, places = text, [(at, at + 1) for at in range(len(text))]
    for pattern, kept in ((_LINK, _words), (_MARK, _nothing), (_NAMED, _meant), (_TURNED, _turned)):
        told, places = _read(told, places, pattern, kept)
    if told == text:
        return []
    return [
        [each._replace(start=places[first + each.start][0], end=places[first + each.end - 1][1])
         for each in signs_of(told[first:after])]
        for first, after in _changed(told, places)
    ]  # fmt: skip


def _changed(told: str, places: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """From and to of the paragraphs that are read otherwise than they are written; those beside each other are one."""
    found: list[tuple[int, int]] = []
    was_changed = False
    for paragraph in _PARAGRAPH.finditer(told):
        first, after = paragraph.span()
        # Each place, not the ends alone: two signs that changed places leave the last where it was.
        start = places[first][0]
        is_changed = places[first:after] != [(at, at + 1) for at in range(start, start + after - first)]
        if is_changed:
            found.append((found.pop()[0] if was_changed else first, after))
        was_changed = is_changed
    return found


_Kept = Callable[["re.Match[str]", list[tuple[int, int]]], list[tuple[str, tuple[int, int]]]]


def _read(
    text: str, places: list[tuple[int, int]], pattern: "re.Pattern[str]", kept: _Kept
) -> tuple[str, list[tuple[int, int]]]:
    """The text with each match as it is read, and where each of its signs was written."""
    found: list[tuple[str, tuple[int, int]]] = []
    at = 0
    for match in pattern.finditer(text):
        found += zip(text[at : match.start()], places[at : match.start()], strict=True)
        found += kept(match, places)
        at = match.end()
    found += zip(text[at:], places[at:], strict=True)
    return "".join(sign for sign, _place in found), [place for _sign, place in found]


def _words(match: "re.Match[str]", places: list[tuple[int, int]]) -> list[tuple[str, tuple[int, int]]]:
    return list(zip(match[1], places[match.start(1) : match.end(1)], strict=True))


def _turned(match: "re.Match[str]", places: list[tuple[int, int]]) -> list[tuple[str, tuple[int, int]]]:
    return _words(match, places)[::-1]


def _nothing(_match: "re.Match[str]", _places: list[tuple[int, int]]) -> list[tuple[str, tuple[int, int]]]:
    return []


def _meant(match: "re.Match[str]", places: list[tuple[int, int]]) -> list[tuple[str, tuple[int, int]]]:
    place = places[match.start()][0], places[match.end() - 1][1]
    return [(sign, place) for sign in html.unescape(match[0])]
