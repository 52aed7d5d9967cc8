"""Cards of courses, drawn once: a card is the same for everybody and stays until its course or its creator is written.

A card is kept under the stamps of the two rows that it shows (stamp) and of its template, so a kept card is never an
old one and nobody has to throw any away.
"""

import hashlib
import logging
import time
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache as once
from typing import Any

from django.core.cache import cache
from django.db.models import QuerySet
from django.template.loader import get_template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from redis.exceptions import RedisError

from marketplace.lib.price_tax import of_prices

from .models import Course
from .stamp import STAMP

# Valkey keeps a card so long, and a process no longer: the words of a new release are everywhere after twice that, its
# template at once.
SECONDS = 900
# These stand in the first view: their pictures are not put off.
EAGER = 4
# A process keeps so many beside it, some three megabytes.
MOST_NEAR = 2_000
# So many it gives to Valkey within SECONDS, which evicts nothing and carries the bells of all work as well: whoever
# walks through all courses would fill it.
MOST_KEPT = 1_000
_TEMPLATE = "ui/_course_card.html"
_log = logging.getLogger(__name__)
_near: dict[str, str] = {}


@dataclass
class Turn:
    """SECONDS of a process, and how many cards it may still give to Valkey in them."""

    until: float = 0.0
    room: int = 0

    def go_on(self) -> None:
        if (now := time.monotonic()) >= self.until:
            self.until, self.room = now + SECONDS, MOST_KEPT
            _near.clear()


_turn = Turn()


def stamped(rows: QuerySet[Course, Any], *columns: str) -> QuerySet[Course, Any]:
    """Of each row its pk, its `columns` and the stamp that `drawn` asks for."""
    return rows.annotate(stamp=STAMP).values_list("pk", *columns, "stamp", named=True)


def drawn(stamped: Iterable[tuple[int, str]], *, is_seldom: bool = False) -> list[SafeString]:
    """Cards of these courses (id and stamp) in this order, in the reader's language; the vanished are left out.
    `is_seldom`: on a page that hardly anybody else asks for, whose cards Valkey need not keep.
    """
    asked = [(pk, stamp, at < EAGER) for at, (pk, stamp) in enumerate(stamped)]
    found = by_course(asked, "h2", is_seldom=is_seldom)
    return [found[pk, is_eager] for pk, _stamp, is_eager in asked if (pk, is_eager) in found]


def by_row(
    rows: Sequence[Sequence[Any]], heading: str, eager: Collection[int] = (), *, is_seldom: bool = False
) -> list[list[SafeString]]:
    """Cards of each row's courses (pk and stamp), in one way to Valkey. Of the rows at the places `eager` pictures are
    not put off. `is_seldom` as of `drawn`.
    """
    asked = [(course.pk, course.stamp, at in eager) for at, courses in enumerate(rows) for course in courses]
    found = by_course(asked, heading, is_seldom=is_seldom)
    return [
        [found[course.pk, at in eager] for course in courses if (course.pk, at in eager) in found]
        for at, courses in enumerate(rows)
    ]


def by_course(
    asked: Iterable[tuple[int, str, bool]], heading: str, *, is_seldom: bool = False
) -> dict[tuple[int, bool], SafeString]:
    """Cards of these courses (id, stamp, and whether it is eager), by id and eagerness, without the vanished."""
    _turn.go_on()
    look = f"card.{_edition()}.{get_language()}.{of_prices()}.{heading}"
    keys = {(pk, is_eager): f"{look}.{pk}.{stamp}.{is_eager}" for pk, stamp, is_eager in asked}
    kept = {key: _near[key] for key in keys.values() if key in _near}
    if len(kept) < len(keys):
        kept |= _kept(key for key in keys.values() if key not in kept)
    missing = [one for one, key in keys.items() if key not in kept]
    if missing:
        fresh = {keys[one]: html for one, html in _draw(missing, heading)}
        kept |= fresh
        if not is_seldom:
            _keep(fresh)
    if len(_near) > MOST_NEAR:
        _near.clear()
    _near.update(kept)
    return {one: mark_safe(kept[key]) for one, key in keys.items() if key in kept}


@once
def _edition() -> str:
    """Of the template: processes of two releases share one Valkey for a while."""
    return hashlib.sha256(get_template(_TEMPLATE).template.source.encode()).hexdigest()[:12]  # type: ignore[attr-defined]


def _keep(fresh: dict[str, str]) -> None:
    if len(fresh) > _turn.room:
        return
    _turn.room -= len(fresh)
    try:
        cache.set_many(fresh, SECONDS)
    except RedisError:
        pass


def _kept(keys: Iterable[str]) -> dict[str, str]:
    try:
        return cache.get_many(keys)
    except RedisError as error:
        _log.warning("cards are drawn without their cache: %s", error)
        return {}


def _draw(asked: list[tuple[int, bool]], heading: str) -> Iterator[tuple[tuple[int, bool], str]]:
    template = get_template(_TEMPLATE)
    courses = Course.objects.filter(pk__in={pk for pk, _eager in asked}).cards().in_bulk()
    for pk, is_eager in asked:
        if pk in courses:
            context = {"course": courses[pk], "heading": heading, "eager": is_eager}
            yield (pk, is_eager), str(template.render(context))
