"""Valkey's own commands, for counting that Django's cache has no words for: sets, hashes, scripts."""

from typing import Any

from django.core.cache import cache


def client() -> Any:
    """The client of the Valkey that the cache uses. Its calls raise RedisError when it is down."""
    return cache._cache.get_client(None, write=True)  # type: ignore[attr-defined]
