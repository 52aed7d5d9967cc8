"""The lists as they stand, ready to read texts with: made once a process and change of the lists."""

import hashlib
from dataclasses import dataclass, field
from functools import lru_cache

from marketplace.lib import window
from moderation.models import ListedWord

from .finding import INNOCENT, Finder, Listed


@dataclass(frozen=True)
class Lists:
    """All standing words. Two with the same `edition` say the same, and count as the same."""

    edition: str
    words: tuple[Listed, ...] = field(compare=False)


def present() -> Lists:
    return window.drawn("word lists", _standing)


def finder(of: Lists | None = None) -> Finder:
    """What reads with `of`, or with the lists as they stand."""
    return _made(of or present())


def listed(row: ListedWord) -> Listed:
    return Listed(
        row.pk or 0, row.text, row.severity, row.rule_code, row.reason, is_part=row.is_part, by_sound=row.by_sound
    )  # fmt: skip


def trial(row: ListedWord) -> Finder:
    """What finds this word alone, as if it stood: with the present innocent words beside it."""
    return Finder([*(word for word in present().words if word.severity == INNOCENT), listed(row)])


def _standing() -> Lists:
    words = tuple(listed(row) for row in ListedWord.objects.standing().order_by("id"))
    return Lists(hashlib.sha256(repr(words).encode()).hexdigest()[:16], words)


@lru_cache(maxsize=2)
def _made(lists: Lists) -> Finder:
    return Finder(lists.words)
