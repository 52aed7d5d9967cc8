"""Durable work: a row that waits holds its own state, attempts and lease; Celery only rings.

A row is open while `finished_at` and `dead_at` are both empty. A worker takes it with one UPDATE that raises `attempts`
and sets a lease; that number then fences every later write, so a worker that was thought dead cannot write over its
successor. A sweeper rings again for whatever is due and not leased, so a lost bell costs seconds, never work.
Source: the design's page on reliability ("Postgres is the truth, Celery is the bell").
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import lru_cache
from typing import Any, ClassVar, Self, TypeVar

import redis
from celery import current_app
from django.conf import settings
from django.core.cache import cache
from django.db import models, transaction
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone
from kombu.exceptions import OperationalError

from marketplace.lib.errors import named

log = logging.getLogger(__name__)

_kinds: list[type["Work"]] = []
Row = TypeVar("Row", bound="Work")


class LeaseLost(Exception):
    """Another worker holds this row now: stop, write nothing."""


class Work(models.Model):
    """A row that a worker must bring to an end."""

    TASK: ClassVar[str]
    LEASE: ClassVar[timedelta] = timedelta(minutes=2)
    MAX_ATTEMPTS: ClassVar[int] = 3
    UNTRIED: ClassVar[dict[str, Any]] = {"attempts": 0}

    attempts = models.PositiveSmallIntegerField(default=0, editable=False)
    # How often a person reopened the row: attempts start anew then, and must not look like those of before.
    rounds = models.PositiveSmallIntegerField(default=0, editable=False)
    due_at = models.DateTimeField(default=timezone.now, editable=False)
    lease_until = models.DateTimeField(null=True, editable=False)
    finished_at = models.DateTimeField(null=True, editable=False)
    dead_at = models.DateTimeField(null=True, editable=False)
    last_error = models.TextField(blank=True, editable=False)

    class Meta:
        abstract = True

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "TASK" in cls.__dict__:
            _kinds.append(cls)

    @classmethod
    def open_work(cls) -> models.QuerySet[Self]:
        return cls._default_manager.filter(finished_at=None, dead_at=None)

    @classmethod
    def due_work(cls) -> models.QuerySet[Self]:
        unleased = Q(lease_until=None) | Q(lease_until__lt=Now())
        return cls.open_work().filter(unleased, due_at__lte=Now())

    @classmethod
    def awaited_work(cls) -> models.QuerySet[Self]:
        """What is due and somebody waits for: its age raises the alert."""
        return cls.due_work()

    @classmethod
    def claim(cls, pk: Any) -> Self | None:
        """Take the row, or None when it is done, not yet due, or in another's hands. Out of attempts: buried."""
        with transaction.atomic():
            row = cls.due_work().filter(pk=pk).select_for_update(skip_locked=True, no_key=True, of=("self",)).first()
            if row is None:
                return None
            if row.lease_until is not None:
                row.note_loss()
            if row.is_spent:
                row.bury(row.last_error or "the worker died each time")
                return None
            row._write(attempts=F("attempts") + 1, lease_until=Now() + cls.LEASE)
            row.refresh_from_db()
        return row

    @classmethod
    def claim_untried(cls, most: int, **which: Any) -> list[Self]:
        """Take up to `most` rows that wait and were never tried, the oldest first. Those in other hands are passed."""
        with transaction.atomic():
            waiting = cls.due_work().filter(attempts=0, **which).order_by("due_at")
            rows = list(waiting.select_for_update(skip_locked=True, no_key=True, of=("self",))[:most])
            taken = cls._default_manager.filter(pk__in=[row.pk for row in rows])
            taken.update(attempts=1, lease_until=Now() + cls.LEASE)
        for row in rows:
            row.attempts = 1
        return rows

    @classmethod
    def ring_for_due(cls, most: int) -> int:
        """Hint to the workers at each of the rows that wait, the oldest first. Returns how many times it rang."""
        waiting = list(cls.due_work().order_by("due_at").values_list("pk", flat=True)[:most])
        for pk in waiting:
            ring(cls.TASK, pk)
        return len(waiting)

    def ring(self) -> None:
        """Hint to the workers, once this transaction is committed, that the row waits."""
        # robust: a broker that is down must not fail the request; the sweeper rings again.
        transaction.on_commit(lambda: ring(self.TASK, self.pk), robust=True)

    @property
    def tries(self) -> int:
        """Those that count towards MAX_ATTEMPTS."""
        return self.attempts

    @property
    def is_spent(self) -> bool:
        return self.tries >= self.MAX_ATTEMPTS

    def note_loss(self) -> None:
        """Whoever held the row last was not heard of again: a try like any other, where a kind says nothing else."""

    def heartbeat(self) -> None:
        """Keep the lease. Raises LeaseLost when another worker has taken the row over."""
        self._settle(lease_until=Now() + self.LEASE)

    @contextmanager
    def fenced(self) -> Iterator[Self]:
        """A transaction that holds the row and is entered only by its present owner."""
        with transaction.atomic():
            locked = self._mine().select_for_update(no_key=True, of=("self",)).first()
            if locked is None:
                raise LeaseLost(f"{self._meta.label} {self.pk}, attempt {self.attempts}")
            yield locked

    def finish(self, **values: Any) -> None:
        """The work is done: nobody takes the row again. `values` of its own are written with it."""
        self._settle(finished_at=Now(), lease_until=None, last_error="", **values)

    def retry_later(self, error: object, after: timedelta | None = None) -> None:
        """Give the row back, due after `after` (default: 5 s, doubled an attempt). Out of attempts, it is buried."""
        if self.is_spent:
            self.bury(error)
            return
        self._try_after(after if after is not None else timedelta(seconds=5 * 2**self.tries), error)

    def _try_after(self, pause: timedelta, error: object, **values: Any) -> None:
        self._settle(due_at=Now() + pause, lease_until=None, last_error=named(error)[:4000], **values)

    def wait_until_due(self, after: timedelta) -> None:
        """Give the row back untried: what it waits for is not there yet, so no attempt is spent."""
        # A new round, or the next claim would get the same number, and a worker that lost this one could write again.
        self._settle(attempts=F("attempts") - 1, rounds=F("rounds") + 1, due_at=Now() + after, lease_until=None)

    def wait_for_others(self, after: timedelta) -> None:
        """This part is done and others work on theirs: give the row back as if it were new, due after `after`."""
        self._settle(**self.UNTRIED, rounds=F("rounds") + 1, due_at=Now() + after, lease_until=None, last_error="")

    def reopen(self) -> None:
        """A person asks for another try."""
        anew = {"finished_at": None, "dead_at": None, "lease_until": None, "last_error": ""}
        self._write(**self.UNTRIED, **anew, rounds=F("rounds") + 1, due_at=Now())
        self.refresh_from_db()
        self.ring()

    def bury(self, error: object) -> None:
        """No further try: the row is dead until a person reopens it, and an alert says so."""
        with transaction.atomic():
            self._settle(dead_at=Now(), lease_until=None, last_error=named(error)[:4000])
            self.refresh_from_db()
            self.on_dead()
        log.error("work_dead", extra={"kind": self._meta.label, "pk": str(self.pk), "error": str(error)[:500]})

    def on_dead(self) -> None:
        """What the row's own state becomes when no try is left. In the same transaction."""

    def _mine(self) -> models.QuerySet[Self]:
        return type(self)._default_manager.filter(
            pk=self.pk, attempts=self.attempts, rounds=self.rounds, finished_at=None, dead_at=None
        )

    def _settle(self, **values: Any) -> None:
        if not self._mine().update(**values):
            raise LeaseLost(f"{self._meta.label} {self.pk}, attempt {self.attempts}")

    def _write(self, **values: Any) -> None:
        type(self)._default_manager.filter(pk=self.pk).update(**values)


def ring(task: str, pk: Any) -> None:
    """Send the hint. A broker that does not answer is logged and left to the sweeper."""
    try:
        current_app.send_task(task, args=[str(pk)], retry=False)
    except (OperationalError, OSError) as error:
        log.warning("bell_not_rung", extra={"task": task, "pk": str(pk), "error": str(error)})


BELL_LASTS_S = 30


def ring_for_all(task: str) -> None:
    """Send one hint for everything that is due of a kind; while one waits to be heard, no other is sent.

    What is committed before `hear` is called is seen after it, so no wish is lost between two bells.
    """
    try:
        if _valkey(settings.REDIS_URL).set(cache.make_key(f"bell:{task}"), 1, nx=True, ex=BELL_LASTS_S):
            current_app.send_task(task, retry=False)
    except (OperationalError, OSError, redis.RedisError) as error:
        log.warning("bell_not_rung", extra={"task": task, "error": str(error)})


def hear(task: str) -> None:
    """The hint was heard: from now on another may be sent. Before looking for what is due."""
    _valkey(settings.REDIS_URL).delete(cache.make_key(f"bell:{task}"))


@lru_cache(maxsize=2)
def _valkey(url: str) -> redis.Redis:
    # The cache's own client is built anew for every call, which costs more than the call.
    return redis.Redis.from_url(url, socket_timeout=2, socket_connect_timeout=1)


def run(model: type[Row], pk: Any, do: Callable[[Row], None]) -> bool:
    """The outer door of every task: claim, do, and on any failure record it and give the row back.

    `do` must end with `finish()` inside its own last transaction, or return; a row still open then is finished here,
    unless `do` gave it back with `retry_later`.
    Returns whether the row was claimed. Running it twice, or for a row long done, is harmless.
    """
    row = model.claim(pk)
    if row is None:
        return False
    carry_out(row, do)
    return True


def carry_out(row: Row, do: Callable[[Row], None]) -> None:
    """The same for a row that was claimed already."""
    model, pk = type(row), row.pk
    try:
        do(row)
    except LeaseLost:
        log.warning("lease_lost", extra={"kind": model._meta.label, "pk": str(pk)})
        return
    except Exception as error:
        try:
            row.retry_later(error)
        except LeaseLost:
            log.warning("lease_lost", extra={"kind": model._meta.label, "pk": str(pk)})
        raise
    if row._mine().filter(lease_until__isnull=False).exists():
        row.finish()


def carry_out_together(rows: list[Row], do_all: Callable[[list[Row]], list[Row]], do: Callable[[Row], None]) -> None:
    """The same for several rows: `do_all` returns those that it left to be done one by one.

    When it fails, all are done one by one: what is wrong with one of them is recorded with that one alone.
    """
    if len(rows) > 1:
        try:
            rows = do_all(rows)
        except Exception as error:
            log.warning("done_one_by_one", extra={"count": len(rows), "error": named(error)[:500]})
    failed: Exception | None = None
    for row in rows:
        try:
            carry_out(row, _still_mine(do))
        except Exception as error:
            failed = error
    if failed is not None:
        raise failed


def _still_mine(do: Callable[[Row], None]) -> Callable[[Row], None]:
    """Before its turn came a row may have been taken over."""

    def act(row: Row) -> None:
        row.heartbeat()
        do(row)

    return act


def kinds() -> list[type[Work]]:
    """Every concrete kind of durable work, for the sweeper and for the metrics."""
    return [kind for kind in _kinds if not kind._meta.abstract]


def sweep(most: int = 500) -> int:
    """Ring for all that is due and was not rung, or whose worker died. Returns how many."""
    return sum(kind.ring_for_due(most) for kind in kinds())
