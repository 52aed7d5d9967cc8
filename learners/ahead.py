"""Valkey's part of a batch, done beside PostgreSQL's: while one batch is settled, the next one is read and what came of
the one before is told.

One thread does it, so what it is asked for happens in that order. Nothing is let go before it was committed: whoever
is killed leaves the stream as one who reads and finishes between batches would, or with one batch more at its
beginning, which settles to nothing. Read but not settled are three batches at most, and one is told.
"""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

from redis.exceptions import RedisError

from . import stream
from .reports import Received


class Ahead:
    """Of the one process that merges. `forget` after whatever failed: then it begins at the stream's beginning."""

    def __init__(self, batch: int) -> None:
        self.batch = batch
        self._thread = ThreadPoolExecutor(1, "valkey")
        self._next: Future[list[Received]] | None = None
        self._told: Future[None] | None = None

    @property
    def is_more(self) -> bool:
        """Whether a batch was read full, so that another one may follow."""
        return self._next is not None

    def take(self) -> list[Received]:
        """The oldest reports behind those that were taken before. Raises RedisError."""
        received = (self._next or self._thread.submit(stream.take, self.batch)).result()
        is_full = len(received) == self.batch
        self._next = self._thread.submit(stream.take, self.batch, received[-1].number) if is_full else None
        return received

    def finish(self, tell: Callable[[], None]) -> None:
        """`tell` what came of the batch that was just committed, and let it go. Raises RedisError, of this or the last.

        It is waited for where nothing follows.
        """
        self._wait()
        self._told = self._thread.submit(tell)
        if self._next is None:
            self._wait()

    def forget(self) -> None:
        """Of what was read ahead nothing is settled: another process may have."""
        self._next = None
        try:
            self._wait()
        except RedisError:
            pass  # it stays at the beginning, and settles to nothing

    def close(self) -> None:
        self.forget()
        self._thread.shutdown()

    def _wait(self) -> None:
        told, self._told = self._told, None
        if told is not None:
            told.result()
