"""The shop window: public lists that are the same for everybody are drawn once and kept until something changes.

Nothing kept here may depend on who reads it. Without the cache everything is drawn each time, and the site goes on.
"""

import hashlib
import logging
from collections.abc import Callable
from typing import TypeVar
from uuid import uuid4

from django.core.cache import cache
from django.db import transaction
from redis.exceptions import RedisError

T = TypeVar("T")

# Counts that change with every sale may be this old; everything else calls `change`.
SECONDS = 60
_DRESSING = "window.dressing"
_log = logging.getLogger(__name__)


def drawn(name: str, draw: Callable[[], T]) -> T:
    """What `draw()` answered for `name` since the last change, or what it answers now. It must be picklable."""
    try:
        dressing = cache.get_or_set(_DRESSING, lambda: uuid4().hex, None)
        key = f"window.{dressing}.{hashlib.sha256(name.encode()).hexdigest()}"
        kept = cache.get(key)
    except RedisError as error:
        _log.warning("the window is drawn without its cache: %s", error)
        return draw()
    if kept is None:
        kept = draw()
        cache.set(key, kept, SECONDS)
    return kept


def change() -> None:
    """Something that is shown to everybody has changed: draw anew. Once now, for whoever reads in this transaction, and
    once after its commit, since another reader may have drawn the old state in between.
    """
    _undress()
    transaction.on_commit(_undress)


def _undress() -> None:
    try:
        cache.set(_DRESSING, uuid4().hex, None)
    except RedisError as error:
        _log.warning("the window could not be changed, it is at most %s s old: %s", SECONDS, error)
