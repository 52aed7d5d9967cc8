"""Many at once: threads with their own connections that start together; and the same with the locks taken away.

Where they are to meet for sure, `tests.faults.taken_away.meeting` and `lingering` make them.
"""

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier
from typing import Any

from django.db import connection

from marketplace.lib.errors import DomainError
from tests.faults import meeting

LOCK = re.compile(r' FOR (?:NO KEY )?UPDATE(?: OF "[^"]+"(?:, "[^"]+")*)?(?: SKIP LOCKED| NOWAIT)?')


def at_once(act: Callable[[int], Any], times: int, *, without_locks: bool = False) -> list[Any]:
    """What each of `times` simultaneous calls of `act(n)` gave: its answer, or the refusal that it raised."""
    start = Barrier(times)

    def one(n: int) -> Any:
        try:
            meeting.come()
            start.wait(timeout=30)
            if without_locks:
                with locks_removed():
                    return act(n)
            return act(n)
        except DomainError as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(times) as threads:
        return list(threads.map(one, range(times)))


@contextmanager
def locks_removed() -> Iterator[None]:
    """The negative control: this thread's SELECT … FOR UPDATE locks nothing."""

    def unlocked(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        return execute(LOCK.sub("", sql), params, many, context)

    with connection.execute_wrapper(unlocked):
        yield
