"""Whether a kept connection still stands is seen, not asked.

Django asks `SELECT 1` before the first statement of each request: one more way to the server and back, a tenth of what
a short request costs. A server that stopped has closed its end or sent its last words, and both lie there to be read;
on a connection that is at rest nothing else does. Only where something lies there it is asked.
Source: docs/decisions/0114-a-kept-connection-is-looked-at.md.
"""

import select

from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    # Django's, which its types do not name.
    health_check_enabled: bool
    health_check_done: bool

    def close_if_health_check_failed(self) -> None:
        if self.health_check_enabled and not self.health_check_done and self._is_at_rest():
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
