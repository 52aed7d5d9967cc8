"""Courses whose words the database refuses. They stand aside for a while: they hold up no other course, and are not
tried again at every tick. Without the cache they are, and hold up no other all the same.
"""

import logging
import time

from django.core.cache import cache
from django.db import DataError, OperationalError
from psycopg2.errors import ProgramLimitExceeded
from redis.exceptions import RedisError

# Over before the next hourly run, which tries them again. Between the two nothing stands aside: an alert must look back
# over more than an hour.
SECONDS = 50 * 60
# Where so many are refused and nothing else is written, it is no text of somebody's but a fault of ours: none stands
# aside for it, and whoever called hears of it.
TOO_MANY = 10
_NAME = "index.set_aside"
_log = logging.getLogger(__name__)
Refused = (DataError, OperationalError)


def is_of_the_text(error: Exception) -> bool:
    """Whether what was to be written is refused, and would be at the next try; no deadlock and no lost connection."""
    return not isinstance(error, OperationalError) or isinstance(error.__cause__, ProgramLimitExceeded)


def put(course_id: int, error: Exception) -> None:
    """Only whoever holds the lock of the index calls this."""
    _log.error("course %s is not indexed anew: %s", course_id, error, exc_info=error)
    try:
        cache.set(_NAME, {**_kept(), course_id: time.time() + SECONDS}, SECONDS)
    except RedisError as lost:
        _log.warning("course %s will be tried again at once: %s", course_id, lost)


def now() -> list[int]:
    try:
        return list(_kept())
    except RedisError:
        return []


def _kept() -> dict[int, float]:
    known: dict[int, float] = cache.get(_NAME) or {}
    return {course_id: until for course_id, until in known.items() if until > time.time()}
