"""Answers for whether workers and beat are alive: each shows it every ten seconds (marketplace/lib/alive.py).

A worker writes from its consumer's own event loop, beside its tasks, so that a film of an hour does not look like death
and a consumer that hangs does. Beat shows itself by what it is for: a task that it rings.
"""

from typing import Any

import redis
import structlog
from celery import bootsteps, signals

from marketplace.lib.alive import ALIVE_WITHIN, EVERY, FORGOTTEN_AFTER, ages, record, valkey

__all__ = ["ALIVE_WITHIN", "BEAT", "EVERY", "FORGOTTEN_AFTER", "Heartbeat", "ages", "record", "valkey"]

BEAT = "beat"

log = structlog.get_logger(__name__)


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
