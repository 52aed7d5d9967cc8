"""Many at once: threads with their own connections that start together; and the same with the locks taken away."""

import re
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier
from typing import Any

from django.db import connection

from marketplace.lib.errors import DomainError

LOCK = re.compile(r' FOR (?:NO KEY )?UPDATE(?: OF "[^"]+"(?:, "[^"]+")*)?(?: SKIP LOCKED| NOWAIT)?')


def at_once(act: Callable[[int], Any], times: int, *, without_locks: bool = False) -> list[Any]:
    """What each of `times` simultaneous calls of `act(n)` gave: its answer, or the refusal that it raised."""
    start = Barrier(times)

    def one(n: int) -> Any:
        try:
            connection.ensure_connection()
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


@contextmanager
def dawdling(seconds: float = 1.5) -> Iterator[None]:
    """Whoever asks for a part of an item stays inside the transaction for a while, so that another surely comes in."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION test_dawdle() RETURNS trigger LANGUAGE plpgsql AS"
            f" $$ BEGIN PERFORM pg_sleep({seconds}); RETURN NULL; END $$;"
            "CREATE TRIGGER test_dawdle AFTER UPDATE OF refund_asked_minor ON payments_orderitem"
            " FOR EACH STATEMENT EXECUTE FUNCTION test_dawdle()"
        )
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP TRIGGER test_dawdle ON payments_orderitem; DROP FUNCTION test_dawdle()")


def wait_for_the_dawdler() -> None:
    """Until the other one stands in the middle of its transaction."""
    for _look in range(2000):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'"
            )
            if cursor.fetchone():
                return
        time.sleep(0.01)
    raise AssertionError("the first one never began")


def wait_for_somebody_behind() -> None:
    """Until another connection waits for what this one holds."""
    until = time.monotonic() + 10
    asked = "SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"
    with connection.cursor() as cursor:
        while time.monotonic() < until:
            cursor.execute(asked)
            if cursor.fetchone()[0]:
                return
            time.sleep(0.02)
    raise AssertionError("nobody waits")
