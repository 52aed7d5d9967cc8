"""Counting what matching shows, without persons: in Valkey at once, in rows a minute later.

A look counts once a person, course and day, so that nobody can use up the looks that a rival's new course is granted.
For that, what a person was shown is remembered until the day is over, under a key from which nobody can be read. Who
has no account has no list. A count that is lost or doubled by a crash harms no one: it is statistics, and the guarantee
of new courses only gives a few looks more or less.
"""

import logging
from collections.abc import Iterable
from datetime import date

from django.core.cache import cache
from django.utils import timezone
from django.utils.crypto import salted_hmac
from redis.exceptions import RedisError

from accounts.models import User
from discovery.models import Attention
from marketplace.lib import valkey

_KEPT_S, _SEEN_KEPT_S = 3 * 86_400, 86_400
MOST_A_DAY = 500  # courses that one person's looks are counted of: nobody fills Valkey
# What she had not seen today is counted, in one step.
_COUNT = """
for at = 4, #ARGV do
  if redis.call('SCARD', KEYS[1]) < tonumber(ARGV[1]) and redis.call('SADD', KEYS[1], ARGV[at]) == 1 then
    redis.call('HINCRBY', KEYS[2], ARGV[at], 1)
  end
end
redis.call('EXPIRE', KEYS[1], ARGV[2])
redis.call('EXPIRE', KEYS[2], ARGV[3])
"""
_log = logging.getLogger(__name__)


def note(viewer: User, course_ids: Iterable[int]) -> None:
    """These courses were shown to her now. Without Valkey it is not counted."""
    day = timezone.now().date()
    who = salted_hmac(f"discovery.looks.{day}", str(viewer.pk), algorithm="sha256").hexdigest()[:24]
    try:
        keys = (cache.make_key(f"looks:{day.isoformat()}:of:{who}"), _key(day))
        valkey.client().eval(_COUNT, 2, *keys, MOST_A_DAY, _SEEN_KEPT_S, _KEPT_S, *course_ids)
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
