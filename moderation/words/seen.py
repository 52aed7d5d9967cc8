"""A text as its readers see it: Markdown's marks and the names of signs (&shy;, &#117;) are written and never shown.

Each sign still knows where it was written. One pass each; pure.
"""

import html
import re
from collections.abc import Callable
from dataclasses import replace

from .folding import Sign, signs_of

# Bounded, so that a text of nothing but brackets costs no more than another.
_LINK = re.compile(r"!?\[([^\[\]\n]{0,300})\]\([^()\n]{0,500}\)")
_MARK = re.compile(r"\*{1,3}|_{1,3}|~~|`+|\\(?=[!-/:-@\[-`{-~])")
_NAMED = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")


def signs_seen(text: str) -> list[Sign] | None:
    """What is read of a text, with its places there; None where nothing of it is hidden."""
    told, places = text, [(at, at + 1) for at in range(len(text))]
    for pattern, kept in ((_LINK, _words), (_MARK, _nothing), (_NAMED, _meant)):
        told, places = _read(told, places, pattern, kept)
    if told == text:
        return None
    return [replace(each, start=places[each.start][0], end=places[each.end - 1][1]) for each in signs_of(told)]


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


def _nothing(_match: "re.Match[str]", _places: list[tuple[int, int]]) -> list[tuple[str, tuple[int, int]]]:
    return []


def _meant(match: "re.Match[str]", places: list[tuple[int, int]]) -> list[tuple[str, tuple[int, int]]]:
    place = places[match.start()][0], places[match.end() - 1][1]
    return [(sign, place) for sign in html.unescape(match[0])]
