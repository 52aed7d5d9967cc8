"""Signs of life: processes write the time into one Valkey hash, so that others can tell the living from the silent.

Losing Valkey loses nothing; the next sign is written a few seconds later.
"""

import json
import time
from functools import lru_cache

import redis
from django.conf import settings

EVERY = 10.0
# Three signs may be missed: a host under load, a broker that restarts.
ALIVE_WITHIN = 45.0
FORGOTTEN_AFTER = 3600.0
KEY = "kezhan:alive"


def valkey() -> redis.Redis:
    """One pool a process. Short limits: nothing may hang on a broker that does not answer."""
    return _valkey(settings.REDIS_URL)


@lru_cache(maxsize=2)
def _valkey(url: str) -> redis.Redis:
    return redis.Redis.from_url(url, socket_timeout=2, socket_connect_timeout=1)


def record(name: str, queues: list[str]) -> None:
    """`name` lives, and works on `queues`. Raises redis.RedisError."""
    valkey().hset(KEY, name, json.dumps({"queues": queues, "at": time.time()}))


def ages() -> dict[str, float]:
    """Seconds since each queue's freshest worker, and beat, last showed itself. Raises redis.RedisError."""
    now, youngest, forgotten = time.time(), {}, []
    for name, raw in valkey().hgetall(KEY).items():  # type: ignore[union-attr]
        entry = json.loads(raw)
        age = max(0.0, now - entry["at"])
        if age > FORGOTTEN_AFTER:
            forgotten.append(name)
        for queue in entry["queues"]:
            youngest[queue] = min(age, youngest.get(queue, age))
    if forgotten:
        valkey().hdel(KEY, *forgotten)
    return youngest
