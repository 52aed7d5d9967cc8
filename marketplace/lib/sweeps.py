"""What beat rings goes through many rows, each by itself: one that fails is recorded, and none behind it waits."""

import logging
from collections.abc import Callable, Iterable
from typing import TypeVar

from django.db import connection

log = logging.getLogger(__name__)

Row = TypeVar("Row")
Done = TypeVar("Done")


class SweepFailed(Exception):
    """Some rows could not be done; all others were. The log has the traceback of each; the first one is the cause."""


def each(name: str, rows: Iterable[Row], act: Callable[[Row], Done], *, most: int | None = None) -> list[Done]:
    """`act` on row after row, until `most` of them are done; what it answered, in order.

    `act` has a transaction of its own. Rows that fail do not count, so that many which always do cannot fill a sweep.
    Raises SweepFailed at the end when one did, so that the task fails where people look; and what came up at once where
    the database is gone, since it is not the row then.
    """
    done: list[Done] = []
    failed: list[str] = []
    first: Exception | None = None
    for row in rows:
        if most is not None and len(done) >= most:
            break
        try:
            done.append(act(row))
        except Exception as error:
            if not connection.is_usable():
                raise
            first = first or error
            failed.append(f"{row}")
            if not isinstance(error, SweepFailed):
                log.exception("row_of_sweep_failed", extra={"sweep": name, "row": f"{row}"})
    if failed:
        raise SweepFailed(f"{name}: {len(failed)} failed, {len(done)} done; {', '.join(failed[:10])}") from first
    return done
