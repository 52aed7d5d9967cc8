"""Named places where a test may kill the process, so that crash tests can visit every edge of a durable act."""

import os
import signal


def reach(name: str) -> None:
    """Does nothing unless KEZHAN_FAILPOINTS names this place; then the process dies as by SIGKILL."""
    if name in os.environ.get("KEZHAN_FAILPOINTS", "").split(","):
        os.kill(os.getpid(), signal.SIGKILL)
