"""Whether a kept connection still stands is seen, not asked.

Django asks `SELECT 1` before the first statement of each request: one more way to the server and back, a tenth of what
a short request costs. A server that stopped has closed its end or sent its last words, and both lie there to be read;
on a connection that is at rest nothing else does. It is asked where something lies there; and after a rest of some
time, because a machine that lost its power and a router that forgot the line say nothing at all.
Source: docs/decisions/0114-a-kept-connection-is-looked-at.md.
"""

import select
import time

from django.db.backends.postgresql import base

RESTED_S = 30


class DatabaseWrapper(base.DatabaseWrapper):
    # Django's, which its types do not name.
    health_check_enabled: bool
    health_check_done: bool
    _looked_at = 0.0

    def close_if_health_check_failed(self) -> None:
        if not self.health_check_enabled or self.health_check_done:
            return
        now = time.monotonic()
        is_lately_used, self._looked_at = now - self._looked_at < RESTED_S, now
        if is_lately_used and self._is_at_rest():
            self.health_check_done = True
            return
        super().close_if_health_check_failed()

    def _is_at_rest(self) -> bool:
        """Open on our side, and nothing to read on it."""
        if self.connection is None or self.connection.closed:
            return False
        line = select.poll()
        line.register(self.connection.fileno(), select.POLLIN)
        return not line.poll(0)
