"""Two batches in hand at once: while PostgreSQL reads and writes the rows of one, the other is reckoned.

Each lane is a thread with its own line to PostgreSQL. Batches begin in their order: the rows of the next one are asked
for when those of the one before are locked, so a learner who is in both has her earlier reports settled first, and the
later ones see them. What ends is given back in order, too, since it leaves the stream in order. One that fails does not
take the one behind it back: that one comes again with it, and settles to nothing.
"""

import threading
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from django.db import connection

from .reports import Received

Settle = Callable[[Sequence[Received], Callable[[], None]], list[Any]]


class Lanes:
    """Of the one process that merges. `settle` settles a batch in a transaction; it says when the rows are locked."""

    def __init__(self, settle: Settle) -> None:
        self._settle = settle
        self._idle = deque(ThreadPoolExecutor(1, f"lane{number}") for number in range(2))
        self._in_hand: deque[tuple[Sequence[Received], Future[list[Any]]]] = deque()
        self._held = threading.Event()
        self._held.set()

    def __len__(self) -> int:
        return len(self._in_hand)

    def begin(self, received: Sequence[Received]) -> None:
        """With two in hand, the older one's lane has it next. Returns when the batch before holds its rows."""
        self._held.wait()
        self._held = threading.Event()
        self._in_hand.append((received, self._idle[0].submit(self._run, received, self._held)))
        self._idle.rotate()

    def end(self) -> tuple[Sequence[Received], list[Any]]:
        """The oldest batch in hand, and what its reports came to. Raises what settling it raised."""
        received, outcomes = self._in_hand.popleft()
        return received, outcomes.result()

    def forget(self) -> None:
        """Wait for what is in hand, whatever it comes to: it is at the stream's beginning still."""
        while self._in_hand:
            self._in_hand.popleft()[1].exception()

    def close(self) -> None:
        self.forget()
        for lane in self._idle:
            lane.submit(_hang_up).result()
            lane.shutdown()

    def _run(self, received: Sequence[Received], held: threading.Event) -> list[Any]:
        try:
            return self._settle(received, held.set)
        except BaseException:
            _hang_up()  # perhaps it was the line
            raise
        finally:
            held.set()


def _hang_up() -> None:
    """Each thread has a line of its own, so it is for the lane to call."""
    connection.close()
