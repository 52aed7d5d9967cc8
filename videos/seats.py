"""On how many devices one person plays films at the same time. A device is a log-in or an API token.

A device has its place while it asks for files; a minute after its last question the place is free. Who comes when all
are taken is refused, and those who watch are not disturbed (docs/decisions/0029-nginx-asks-for-the-right.md).
Without Valkey nobody is refused.
"""

import time
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from marketplace.lib.errors import NotAllowed

KEPT_S = 60
# The day's devices are kept until `places` has written down whose were many.
DAY_KEPT_S = 2 * 86_400
# In one step, or two devices that come at once would both take the last place.
_TAKE = """
redis.call('EXPIRE', KEYS[2], ARGV[6])
local full = 0
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', tonumber(ARGV[1]) - tonumber(ARGV[2]))
if not redis.call('ZSCORE', KEYS[1], ARGV[3]) and redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[4]) then full = 1 end
redis.call('HINCRBY', KEYS[2], ARGV[5], full)
if full == 1 then return 0 end
redis.call('ZADD', KEYS[1], ARGV[1], ARGV[3])
redis.call('EXPIRE', KEYS[1], ARGV[2])
return 1
"""


class TooManyDevices(NotAllowed):
    code = "too_many_devices"
    message = _(
        "Your account is playing films on as many devices as it may. "
        "Stop one of them; its place is free a minute later."
    )


def device_of(request: Any) -> str:
    """The name of the device that asks, which says nothing of its log-in."""
    key = request.session.session_key or request.headers.get("Authorization", "")
    return salted_hmac("videos.seats", key).hexdigest()[:8]


def day_key(day: str) -> str:
    """Under which Valkey counts, by person and device, how often each was refused on that day (UTC)."""
    return str(cache.make_key(f"places:{day}"))


def take(person: str, device: str) -> None:
    """A place for `device`, or its own for another minute. Raises TooManyDevices. May raise what Redis raises."""
    line = cache._cache.get_client(None, write=True)  # type: ignore[attr-defined]
    keys, now = (cache.make_key(f"seats:{person}"), day_key(f"{timezone.now():%Y-%m-%d}")), time.time()
    most, named = settings.KEZHAN_DEVICES_AT_ONCE, f"{person}|{device}"
    if not line.eval(_TAKE, 2, *keys, now, KEPT_S, device, most, named, DAY_KEPT_S):
        raise TooManyDevices
