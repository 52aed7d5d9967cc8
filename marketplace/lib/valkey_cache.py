"""Django's cache in Valkey with one client a server: Django makes a new one for every question, which costs as much as
asking it.
"""

from functools import lru_cache
from typing import Any

import redis
from django.core.cache.backends.redis import RedisCache, RedisCacheClient


class OneClient(RedisCacheClient):
    def get_client(self, key: Any = None, *, write: bool = False) -> redis.Redis:
        return _client_of(self._get_connection_pool(write))  # type: ignore[attr-defined]  # missing in Django's types


class ValkeyCache(RedisCache):
    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = OneClient


@lru_cache
def _client_of(pool: redis.ConnectionPool) -> redis.Redis:
    # It has no state of its own, so threads may share it.
    return redis.Redis(connection_pool=pool)
