"""Counting what matching shows, without persons: in Valkey at once, in rows a minute later.

A count that is lost or doubled by a crash harms no one: it is statistics, and the guarantee of new courses only gives a
few looks more or less.
"""

import logging
from collections.abc import Iterable
from datetime import date

from django.core.cache import cache
from django.utils import timezone
from redis.exceptions import RedisError

from discovery.models import Attention
from marketplace.lib import valkey

_KEPT_S = 3 * 86_400
_log = logging.getLogger(__name__)


def note(course_ids: Iterable[int]) -> None:
    """These courses were shown to somebody now. Without Valkey it is not counted."""
    key = _key(timezone.now().date())
    try:
        line = valkey.client().pipeline(transaction=False)
        for course_id in course_ids:
            line.hincrby(key, str(course_id), 1)
        line.expire(key, _KEPT_S)
        line.execute()
    except RedisError as error:
        _log.warning("looks are not counted: %s", error)


def write_down() -> int:
    """Move what was counted yesterday and today into rows; at how many courses somebody looked."""
    today = timezone.now().date()
    return sum(_write(day) for day in (date.fromordinal(today.toordinal() - 1), today))


def _write(day: date) -> int:
    line, key = valkey.client(), _key(day)
    taken = f"{key}:taken"
    # What a run that was killed left behind is written first.
    if not line.exists(taken):
        if not line.exists(key):
            return 0
        line.rename(key, taken)
    looks = {int(course): int(count) for course, count in line.hgetall(taken).items()}
    Attention.objects.add(day, looks)
    line.delete(taken)
    return len(looks)


def _key(day: date) -> str:
    return cache.make_key(f"looks:{day.isoformat()}")
