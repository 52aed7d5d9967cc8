"""How often one may ask for something dear. Counted by each process for itself: nobody waits for a count, and with more
processes more is let through.
"""

import ipaddress
import time
from threading import Lock

from django.http import HttpRequest

from .addresses import address_of

# A household has this much of the newer addresses to itself.
_HOUSEHOLD_BITS = 64
MOST_KNOWN = 20_000


class Pace:
    """`a_second` times for each who asks, and `burst` times at once before that. Without a rate nobody is held."""

    def __init__(self, a_second: float, burst: int) -> None:
        self._a_second, self._burst, self._lock = a_second, burst, Lock()
        # When all that was taken so far would have been taken at the rate.
        self._even: dict[str, float] = {}

    def wait_s(self, who: str, now: float | None = None) -> float:
        """Seconds until `who` may ask again; 0 where now is right, which takes one. `now`: seconds of any one clock."""
        if not self._a_second:
            return 0
        now = time.monotonic() if now is None else now
        with self._lock:
            even = max(now, self._even.get(who, now))
            ahead = even - now - (self._burst - 1) / self._a_second
            # As exact as a float of seconds is.
            if ahead > 1e-6:
                return ahead
            if len(self._even) >= MOST_KNOWN:
                self._forget(now)
            self._even[who] = even + 1 / self._a_second
        return 0

    def _forget(self, now: float) -> None:
        """Those who have not asked for a while; where a flood of addresses leaves too many, all of them."""
        self._even = {who: even for who, even in self._even.items() if even > now}
        if len(self._even) >= MOST_KNOWN:
            self._even.clear()


def who_asks(request: HttpRequest) -> str:
    """A person, or for visitors where the request comes from: of the newer addresses the household's network."""
    if request.user.is_authenticated:
        return f"person {request.user.pk}"
    return household(address_of(request))


def household(address: str) -> str:
    """What one who comes from there cannot choose: of the newer addresses the network, of others the whole."""
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return address
    if known.version == 4:
        return address
    # A server that listens for both writes an older address as "::ffff:203.0.113.9".
    return str(known.ipv4_mapped or ipaddress.ip_network((known, _HOUSEHOLD_BITS), strict=False))
