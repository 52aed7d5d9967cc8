"""Code that a question asks to be read: its lines, and what it prints."""

import re
import unicodedata

LEAST_LINES, MOST_LINES = 2, 100
LONGEST_OUTPUT = 2000
_PART = re.compile(r"(\d{1,4})(?:-(\d{1,4}))?", re.ASCII)
_BETWEEN = re.compile(r"[,;、，；\s]+")
_DASH = re.compile(r"\s*[-\u2010-\u2015~～]\s*")


def lines(code: str) -> list[str]:
    """As they are shown, numbered from 1; blank lines at the end are none."""
    return [line.rstrip() for line in code.rstrip().splitlines()]


def numbers(text: str) -> list[int] | None:
    """Lines as people name them, "3, 5-7" or "３、５～７", each once and in order; None for anything else."""
    plain = _DASH.sub("-", unicodedata.normalize("NFKC", text).strip())
    found: set[int] = set()
    for part in _BETWEEN.split(plain):
        named = _PART.fullmatch(part)
        if named is None:
            return None
        first, last = int(named[1]), int(named[2] or named[1])
        if not 1 <= first <= last:
            return None
        found.update(range(first, last + 1))
    return sorted(found)


def printed(text: str) -> str:
    """What can be seen of what a program printed: blanks at the ends of lines, and blank lines around, do not count.

    Case, blanks within a line and its indentation do: a program prints them.
    """
    shown = [line.rstrip() for line in unicodedata.normalize("NFC", text).splitlines()]
    return "\n".join(shown).strip("\n")
