"""Cards of courses, drawn once: a card is the same for everybody and stays until its course or its creator is written.

A card is kept under the stamps of the two rows that it shows (PostgreSQL's own `xmin`, which every write renews), so a
kept card is never an old one and nobody has to throw any away.
"""

import logging
from collections.abc import Iterable
from typing import Any

from django.core.cache import cache
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL
from django.template.loader import get_template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from redis.exceptions import RedisError

from marketplace.lib.price_tax import of_prices

from .models import Course

# Also the longest time that a new look of the card needs to be everywhere.
SECONDS = 900
# These stand in the first view: their pictures are not put off.
EAGER = 4
# A process keeps so many beside it, some three megabytes.
MOST_NEAR = 2_000
_TEMPLATE = "ui/_course_card.html"
_log = logging.getLogger(__name__)
_near: dict[str, str] = {}


def stamped(rows: QuerySet[Course, Any], key: str) -> QuerySet[Course, Any]:
    """Of each row its pk, its place in the order (`key`) and the stamp that `drawn` asks for."""
    stamp = RawSQL("courses_course.xmin::text || '.' || creators_creator.xmin::text", [])
    # The name is asked for so that the creator's row is there to be stamped.
    return rows.annotate(stamp=stamp).values_list("pk", key.lstrip("-"), "stamp", "creator__name", named=True)


def drawn(stamped: Iterable[tuple[int, str]]) -> list[SafeString]:
    """Cards of these courses (id and stamp) in this order, in the reader's language; the vanished are left out."""
    look = f"card.{get_language()}.{of_prices()}"
    keys = {pk: f"{look}.{pk}.{stamp}.{at < EAGER}" for at, (pk, stamp) in enumerate(stamped)}
    kept = {key: _near[key] for key in keys.values() if key in _near}
    if len(kept) < len(keys):
        kept |= _kept(key for key in keys.values() if key not in kept)
    missing = [pk for pk, key in keys.items() if key not in kept]
    if missing:
        fresh = {keys[pk]: html for pk, html in _draw(missing, set(list(keys)[:EAGER])).items()}
        kept |= fresh
        try:
            cache.set_many(fresh, SECONDS)
        except RedisError:
            pass
    if len(_near) > MOST_NEAR:
        _near.clear()
    _near.update(kept)
    return [mark_safe(kept[key]) for key in keys.values() if key in kept]


def _kept(keys: Iterable[str]) -> dict[str, str]:
    try:
        return cache.get_many(keys)
    except RedisError as error:
        _log.warning("cards are drawn without their cache: %s", error)
        return {}


def _draw(pks: list[int], eager: set[int]) -> dict[int, str]:
    template = get_template(_TEMPLATE)
    courses = Course.objects.filter(pk__in=pks).cards()
    return {c.pk: str(template.render({"course": c, "heading": "h2", "eager": c.pk in eager})) for c in courses}
