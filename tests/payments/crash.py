"""Processes that die as by SIGKILL at a named place of a durable act."""

import os
import signal
from collections.abc import Callable

from django.db import connections


def dies_at(failpoint: str, act: Callable[[], object]) -> bool:
    """Whether a process of its own, doing `act`, reached the failpoint and was killed there."""
    connections.close_all()  # the child must not share the parent's connection
    child = os.fork()
    if child == 0:
        _forget_inherited_connections()
        os.environ["KEZHAN_FAILPOINTS"] = failpoint
        status = 1
        try:
            act()
            status = 0
        finally:
            os._exit(status)
    _pid, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return os.WTERMSIG(status) == signal.SIGKILL
    assert os.WEXITSTATUS(status) == 0, "the act failed before it came to the failpoint"
    return False


def _forget_inherited_connections() -> None:
    """Leave the parent's connections to the parent.

    While Playwright's event loop runs, Django keeps the parent's connection with that loop; the child has no loop and
    finds the one that the thread had before it. Used from here, its transaction would outlive the kill.
    """
    for inherited in connections.all(initialized_only=True):
        inherited.connection = None  # psycopg2 hangs up only in the process that opened the line
