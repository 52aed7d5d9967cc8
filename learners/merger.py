"""Carries reports from the stream into the tables: one transaction a batch, and a report leaves the stream after it.

Killed at any moment, the next one begins with what was taken and not finished; what had been committed already settles
to nothing. One process at a time does it, so that a learner's reports are settled as they came in; others stand by.
"""

import gc
import socket
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial

import structlog
from django.db import DatabaseError, InterfaceError, OperationalError, connection
from redis.exceptions import RedisError

from marketplace.lib import alive, failpoints
from marketplace.lib.errors import DomainError

from . import evidence, stream
from .ahead import Ahead
from .evidence import Standing
from .lanes import Lanes
from .reports import Received

QUEUE = "watch"
BATCH = 1_000
# At most four transactions a second, however many learners there are; a page hears of its report within a second.
PACE_S = 0.25
WAIT_S = 1.0
# What is read ahead comes in pieces, and for each its thread waits for this one to let it in: 5 ms, if nothing is said.
SWITCH_S = 0.0005
_LOCK = 0x77617463  # "watc": PostgreSQL's advisory lock of who merges

# What a single report can be to blame for: its own numbers, or rows that do not take them.
UNSETTLABLE = (DatabaseError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError)

log = structlog.get_logger(__name__)


class SetAside(DomainError):
    """Something in this report, or in us, does not let it be settled. A person looks at it."""

    code = "report_set_aside"
    status = 500


class Merger:
    """The process. `run` ends, after the batch in hand, when `is_over` says so."""

    def __init__(self) -> None:
        self.name = f"watch@{socket.gethostname()}"
        self.showed_life_at = 0.0
        self.held_on: object = None
        self.ahead = Ahead(BATCH)
        self.lanes = Lanes(settle)

    def run(self, is_over: Callable[[], bool]) -> None:
        # What was loaded stays, and a batch leaves no cycles: the collector, which would look around every few reports,
        # has its turn when there is time.
        gc.freeze()
        gc.disable()
        sys.setswitchinterval(SWITCH_S)
        while not is_over() or self.lanes:
            began = time.monotonic()
            try:
                settled = self.end_lanes() if is_over() else self.round()
            except RedisError as error:
                log.warning("merger_without_valkey", error=str(error))
                self.forget()
                settled = 0
            except (OperationalError, InterfaceError) as error:
                log.warning("merger_without_database", error=str(error))
                self.forget()
                connection.close()
                settled = 0
            if settled < BATCH:
                gc.collect()
                time.sleep(max(0.0, began + PACE_S - time.monotonic()))
        self.lanes.close()
        self.ahead.close()

    def round(self) -> int:
        """Settle what waits, a batch at most; how many reports were taken."""
        self.show_life()
        if not self.is_alone():
            self.forget()
            time.sleep(WAIT_S)
            return 0
        return merge_waiting(self.ahead, self.lanes)

    def end_lanes(self) -> int:
        """Of batches that are begun, what they came to is told, too, before the process ends."""
        _end(self.ahead, self.lanes, leave=0)
        return BATCH

    def forget(self) -> None:
        """Whatever failed, or was another's: the stream's beginning says what is next."""
        self.ahead.forget()
        self.lanes.forget()

    def is_alone(self) -> bool:
        """Whether this process is the one that merges: as long as its line to the database holds.

        It is asked each time: the lanes' lines would not notice that this one is gone, and the lock with it.
        """
        is_held = connection.connection is not None and connection.connection is self.held_on
        with connection.cursor() as cursor:
            if is_held:
                cursor.execute("SELECT 1")
                return True
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK])
            is_ours = cursor.fetchone()[0]
        self.held_on = connection.connection if is_ours else None
        return bool(is_ours)

    def show_life(self) -> None:
        if time.monotonic() - self.showed_life_at >= alive.EVERY:
            self.showed_life_at = time.monotonic()
            try:
                alive.record(self.name, [QUEUE])
            except RedisError as error:  # a Valkey that is full takes no sign, but is emptied by what comes next
                log.warning("merger_shows_no_life", error=str(error))


def merge_waiting(ahead: Ahead, lanes: Lanes | None = None) -> int:
    """Take the reports that wait, a batch at most, in the order in which they came in; how many they were.

    They are settled when this returns, but for a batch that another one follows: that is begun in one of `lanes`, and
    ended while the next one is settled.
    """
    received = ahead.take()
    if received:
        failpoints.reach("watch.taken")
    if lanes is None or not (lanes or ahead.is_more):
        if received:
            _committed(ahead, received, settle(received))
        return len(received)
    if received:
        lanes.begin(received)
    _end(ahead, lanes, leave=int(ahead.is_more))
    return len(received)


def _end(ahead: Ahead, lanes: Lanes, *, leave: int) -> None:
    """Of the batches in hand all but the latest `leave`."""
    while len(lanes) > leave:
        _committed(ahead, *lanes.end())


def _committed(ahead: Ahead, received: Sequence[Received], outcomes: Sequence[Standing | DomainError]) -> None:
    failpoints.reach("watch.committed")
    ahead.finish(partial(_finish, received, outcomes))


def _finish(received: Sequence[Received], outcomes: Sequence[Standing | DomainError]) -> None:
    stream.finish(
        {
            one.number: (one.report.ticket.session_id, _told(one.number, outcome))
            for one, outcome in zip(received, outcomes, strict=True)
        }
    )


def catch_up(learner_id: int) -> None:
    """Settle what this learner has reported and the merger has not come to yet: before money goes by it.

    Inside the caller's transaction. The merger settles the same reports once more, to nothing.
    """
    try:
        theirs = stream.waiting_of(learner_id)
    except RedisError as error:
        log.warning("reports_out_of_reach", error=str(error))
        return
    if theirs:
        settle(theirs)


def settle(received: Sequence[Received], held: Callable[[], None] = lambda: None) -> list[Standing | DomainError]:
    """Of a batch that cannot be settled as a whole, all reports but those that are to blame.

    `held` is called when the learners' meters are locked.
    """
    try:
        return evidence.merge(received, held)
    except (OperationalError, InterfaceError):
        raise
    except UNSETTLABLE as error:
        if len(received) == 1:
            log.exception("report_set_aside", number=received[0].number)
            stream.set_aside(received[0], repr(error))
            return [SetAside()]
        middle = len(received) // 2
        return [*settle(received[:middle]), *settle(received[middle:])]


def _told(number: str, outcome: Standing | DomainError) -> stream.Told:
    if isinstance(outcome, DomainError):
        return stream.Told(number, refused=outcome.code)
    return stream.Told(
        number,
        accepted_s=outcome.accepted_s,
        covered_s=outcome.covered_s,
        length_s=outcome.length_s,
        is_done=outcome.is_done,
        is_course_complete=outcome.is_course_complete,
    )
