"""Whose work is reviewed next. Pure: the same candidates, reviewer and seed give the same answer."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

_CIRCLE = 2**256


@dataclass(frozen=True)
class Candidate:
    """A work with a free place. `taken`: places that are given, marked or not."""

    hand_in: int
    author: int
    taken: int
    handed_in_at: datetime
    waits_until: datetime


def choose(candidates: Iterable[Candidate], reviewer: int, seed: str, now: datetime) -> int | None:
    """The work's id; None when there is none.

    Works that soon stop waiting for peers come first; then everybody gets a first review before anybody a second; then
    the older day. Among equals all stand in a circle, in an order that nobody can foresee who does not know the seed,
    and each reviews who stands next after her: so two who have agreed on praising one another cannot time it, and a
    class that reviews in turns hardly ever leaves somebody with only the works that she has seen.
    """
    ordered = sorted(candidates, key=lambda each: _rank(each, reviewer, seed, now))
    return ordered[0].hand_in if ordered else None


def _rank(each: Candidate, reviewer: int, seed: str, now: datetime) -> tuple[int, int, int, int]:
    half = each.handed_in_at + (each.waits_until - each.handed_in_at) / 2
    is_urgent = now > half
    day = (each.handed_in_at - datetime(2020, 1, 1, tzinfo=each.handed_in_at.tzinfo)) // timedelta(days=1)
    step = (_place(each.author, seed) - _place(reviewer, seed)) % _CIRCLE
    return (0 if is_urgent else 1, each.taken, day, step)


def _place(person: int, seed: str) -> int:
    return int.from_bytes(hashlib.sha256(f"{seed}:{person}".encode()).digest())
