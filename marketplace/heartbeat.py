"""Answers for whether workers and beat are alive: each writes the time into one Valkey hash every ten seconds.

A worker writes from its consumer's own event loop, beside its tasks, so that a film of an hour does not look like death
and a consumer that hangs does. Beat shows itself by what it is for: a task that it rings. Losing Valkey loses nothing;
the next beat writes again.
"""

import json
import time
from typing import Any

import redis
import structlog
from celery import bootsteps, signals
from django.conf import settings

EVERY = 10.0
# Three beats may be missed: a host under load, a broker that restarts.
ALIVE_WITHIN = 45.0
FORGOTTEN_AFTER = 3600.0
KEY = "kezhan:alive"
BEAT = "beat"

log = structlog.get_logger(__name__)
_client: redis.Redis | None = None


def valkey() -> redis.Redis:
    """One pool a process. Short limits: nothing may hang on a broker that does not answer."""
    global _client
    if _client is None:
        _client = redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=1)
    return _client


def record(name: str, queues: list[str]) -> None:
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


@signals.beat_init.connect
def record_start_of_beat(**kwargs: Any) -> None:
    """Its first task is an interval away; until then this says that it has begun."""
    _record_or_warn(BEAT, [BEAT])


def _record_or_warn(name: str, queues: list[str]) -> None:
    try:
        record(name, queues)
    except redis.RedisError as error:
        log.warning("heartbeat_failed", error=str(error))


class Heartbeat(bootsteps.StartStopStep):
    """The worker's part. A bootstep, because it is started anew after each loss of the broker, timers and all."""

    requires = {"celery.worker.consumer.tasks:Tasks"}

    def __init__(self, parent: Any, **kwargs: Any) -> None:
        super().__init__(parent, **kwargs)
        self.timer: Any = None

    def start(self, parent: Any) -> None:
        self.beat(parent)
        self.timer = parent.timer.call_repeatedly(EVERY, self.beat, (parent,), priority=10)

    def stop(self, parent: Any) -> None:
        if self.timer is not None:
            self.timer.cancel()
            self.timer = None

    def beat(self, parent: Any) -> None:
        _record_or_warn(parent.hostname, sorted(parent.app.amqp.queues.consume_from))
