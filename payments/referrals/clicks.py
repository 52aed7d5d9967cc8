"""Clicks on links: counted in Valkey while pages are read, written into rows by beat. Losing some loses no money."""

import logging
from functools import cache

import redis
from django.conf import settings
from django.utils import timezone

from ..models import ReferralDay

log = logging.getLogger(__name__)

KEY = "kezhan:clicks:"
# Whoever invents codes fills no memory: past so many different ones a day's new ones are not counted.
MOST_CODES = 50_000
KEPT = 3 * 86_400
_INCREASE = """
if redis.call('HEXISTS', KEYS[1], ARGV[1]) == 1 or redis.call('HLEN', KEYS[1]) < tonumber(ARGV[2]) then
    redis.call('HINCRBY', KEYS[1], ARGV[1], 1)
    redis.call('EXPIRE', KEYS[1], ARGV[3])
end
return 0
"""
# Read and emptied in one step: a count is written once, or lost with a worker that dies before it writes.
_TAKE = "local found = redis.call('HGETALL', KEYS[1]) redis.call('DEL', KEYS[1]) return found"


@cache
def _valkey(address: str) -> redis.Redis:
    return redis.Redis.from_url(address, socket_timeout=1, socket_connect_timeout=1, decode_responses=True)


def _server() -> redis.Redis:
    return _valkey(settings.REDIS_URL)


def count(code: str) -> None:
    """One more today. A visitor is never kept waiting or turned away for it."""
    try:
        _server().eval(_INCREASE, 1, KEY + timezone.now().date().isoformat(), code, MOST_CODES, KEPT)
    except redis.RedisError as error:
        log.warning("click_not_counted", extra={"error": str(error)})


def roll_up() -> int:
    """Write what was counted, today and on the days before; how many codes there were."""
    today = timezone.now().date()
    written = 0
    for key in sorted(_server().scan_iter(KEY + "*")):
        pairs = _server().eval(_TAKE, 1, key)
        counted = {code: int(number) for code, number in zip(pairs[::2], pairs[1::2], strict=True)}  # type: ignore[index,arg-type]
        day = today.fromisoformat(key.removeprefix(KEY))
        ReferralDay.objects.add(day, counted)
        written += len(counted)
    return written
