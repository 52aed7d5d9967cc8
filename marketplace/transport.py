"""The broker's line, such that a worker outlives a broker that dies while tasks are running.

Celery gives back what was taken and not done when a line is lost, and says "done" on the old line when a task ends that
began on it. Kombu has then parted the channel from its address, stumbles over that with an error that nobody expects,
and the worker ends as beyond help. Said as what it is, a lost line, both are passed over: nothing need be given back,
since a bell is a hint, and the sweeper rings again for its row.
"""

from typing import Any

from kombu.transport import TRANSPORT_ALIASES, redis
from redis.exceptions import ConnectionError as LineLost


class Channel(redis.Channel):  # type: ignore[misc]
    def _connparams(self, asynchronous: bool = False) -> Any:
        if self.connection is None or self.connection.client is None:
            raise LineLost("the broker was lost, and this channel with it")
        return super()._connparams(asynchronous)


class Transport(redis.Transport):  # type: ignore[misc]
    Channel: Any = Channel


def use() -> None:
    """From now on whoever connects to a broker of these schemes does it by this line."""
    for scheme in ("redis", "rediss"):
        TRANSPORT_ALIASES[scheme] = f"{__name__}:Transport"
