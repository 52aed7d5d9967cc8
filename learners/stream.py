"""The stream of Valkey in which reports wait between the door and the merger.

Valkey's own clock stamps each report when it comes in, and its numbers only grow: nobody who sends can say when that
was. One group reads; a report leaves the stream when what it said has been committed. What is lost with Valkey is told
again by the next report of each session.
"""

import json
import time
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import redis
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from redis.exceptions import RedisError, ResponseError

from marketplace.lib.errors import DomainError

from .reports import Received, Report

STREAM, GROUP, READER = "kezhan:watch", "mergers", "merger"
MERGED, SET_ASIDE = "kezhan:watch:merged", "kezhan:watch:set-aside"
# About 100 MB. Who comes to a full stream is asked to come again, which loses nothing; a full Valkey would stop the
# rest of the house.
MOST_WAITING = 300_000
MOST_SET_ASIDE = 1_000
STANDING_KEPT_S = 3_600
# After a failure nobody knocks for so long: a dead Valkey costs no waiting.
RESTS_S = 2.0

Entry = tuple[bytes, dict[bytes, bytes]]

_PUT = """
if redis.call('XLEN', KEYS[1]) >= tonumber(ARGV[1]) then return {} end
return {redis.call('XADD', KEYS[1], '*', 'r', ARGV[2]), redis.call('GET', KEYS[2])}
"""


class DoorClosed(DomainError):
    code = "reports_wait"
    status = 503
    message = _("Reports of watching cannot be taken at the moment. Send this one again, or the next one.")


@dataclass(frozen=True, slots=True)
class Told:
    """What is known of a session's reports. `received`: the last one that is settled; `refused`: its refusal's code."""

    received: str
    accepted_s: int = 0
    covered_s: int = 0
    length_s: int = 0
    is_done: bool = False
    is_course_complete: bool = False
    refused: str = ""


_TOLD = tuple(one.name for one in fields(Told))


def put(report: Report) -> tuple[str, Told | None]:
    """Its number, and what is known of its session so far. Raises DoorClosed."""
    keys = [STREAM, _standing(report.ticket.session_id)]
    answer = _knock(lambda line: line.eval(_PUT, 2, *keys, str(MOST_WAITING), report.as_line()))
    if not answer:
        raise DoorClosed
    return answer[0].decode(), _told(answer[1] if len(answer) > 1 else None)


def told(session_id: uuid.UUID) -> Told | None:
    """What is known of this session's reports; None: nothing, or not any more. Raises DoorClosed."""
    return _told(_knock(lambda line: line.get(_standing(session_id))))


def take(most: int, wait_s: float = 0.0) -> list[Received]:
    """The next reports for the merger: first what was taken and not finished, then new ones. Raises RedisError."""
    found = _read("0", most, None) or _read(">", most, max(1, int(wait_s * 1000)) if wait_s else None)
    received, unreadable = _received(found)
    if unreadable:
        _leave(unreadable)
    return received


def waiting() -> list[Received]:
    """All that is not settled yet, in order, taken by the merger or not. Raises RedisError."""
    return _received(_line().xrange(STREAM))[0]  # type: ignore[arg-type]


def finish(settled: Mapping[str, tuple[uuid.UUID, Told]]) -> None:
    """What these reports said has been committed: say so to who asks, and let them go. Raises RedisError."""
    if not settled:
        return
    latest = dict(settled.values())
    # Written by hand: asdict would be a tenth of a report's cost.
    with _line().pipeline() as line:
        for session_id, what in latest.items():
            line.set(
                _standing(session_id), json.dumps({name: getattr(what, name) for name in _TOLD}), ex=STANDING_KEPT_S
            )
        line.xack(STREAM, GROUP, *settled)
        line.xdel(STREAM, *settled)
        line.incrby(MERGED, len(settled))
        line.execute()


def set_aside(received: Received, why: str) -> None:
    """A report that cannot be settled, for a person to look at; the others go on. Raises RedisError."""
    _keep_aside(received.number, received.report.as_line(), why)


def _leave(unreadable: list[Entry]) -> None:
    """What is not a report (of a version of the code that is not this one, at worst) must not stop the others."""
    for number, said in unreadable:
        _keep_aside(number.decode(), (said or {}).get(b"r", b""), "unreadable")
    numbers = [number for number, _said in unreadable]
    _line().xack(STREAM, GROUP, *numbers)
    _line().xdel(STREAM, *numbers)


def _keep_aside(number: str, line: str | bytes, why: str) -> None:
    kept = {"r": line, "number": number, "why": why[:500]}
    _line().xadd(SET_ASIDE, kept, maxlen=MOST_SET_ASIDE, approximate=False)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Figures:
    """What operators watch: reports not settled, how long the oldest has been here, settled and set aside so far."""

    waiting: int
    lag_s: float
    merged: int
    set_aside: int


def figures() -> Figures:
    """Raises RedisError."""
    with _line().pipeline(transaction=False) as line:
        line.xlen(STREAM)
        line.xrange(STREAM, count=1)
        line.get(MERGED)
        line.xlen(SET_ASIDE)
        length, first, merged, aside = line.execute()
    lag_s = max(0.0, time.time() - _ms(first[0][0]) / 1000) if first else 0.0
    return Figures(length, lag_s, int(merged or 0), aside)


def _read(beginning: str, most: int, block_ms: int | None) -> list[Entry]:
    """A group that is not there (a new Valkey, an emptied one) is made, and begins with all that is in the stream."""
    for is_last in (False, True):
        try:
            answer = _line().xreadgroup(GROUP, READER, {STREAM: beginning}, count=most, block=block_ms)
            return answer[0][1] if answer else []  # type: ignore[index, return-value]
        except ResponseError as error:
            if is_last or "NOGROUP" not in str(error):
                raise
            _make_group()
    return []


def _make_group() -> None:
    try:
        _line().xgroup_create(STREAM, GROUP, id="0", mkstream=True)
    except ResponseError as error:
        if "BUSYGROUP" not in str(error):
            raise


def _received(found: Iterable[Entry]) -> tuple[list[Received], list[Entry]]:
    """The reports among the entries, and what is none."""
    # A Valkey whose clock is ahead gives nobody time that has not passed.
    now = timezone.now()
    received, unreadable = [], []
    for number, said in found:
        try:
            received.append(Received(Report.from_line(said[b"r"]), min(_time(number), now), number.decode()))
        except (KeyError, TypeError, ValueError):
            unreadable.append((number, said))
    return received, unreadable


def _time(number: bytes) -> datetime:
    return datetime.fromtimestamp(_ms(number) / 1000, UTC)


def _ms(number: bytes) -> int:
    return int(number.partition(b"-")[0])


def _told(raw: bytes | None) -> Told | None:
    return Told(**json.loads(raw)) if raw else None


def _standing(session_id: uuid.UUID) -> str:
    return f"kezhan:watch:told:{session_id.hex}"


_rests_until = 0.0


def _knock(ask: Callable[[redis.Redis], Any]) -> Any:
    """For the door: quick to give up. Raises DoorClosed."""
    global _rests_until
    if time.monotonic() < _rests_until:
        raise DoorClosed
    try:
        return ask(_line())
    except (RedisError, OSError):
        _rests_until = time.monotonic() + RESTS_S
        raise DoorClosed from None


def _line() -> redis.Redis:
    return _valkey(settings.REDIS_URL)


@lru_cache(maxsize=2)
def _valkey(url: str) -> redis.Redis:
    # Longer than the merger waits for the next report.
    return redis.Redis.from_url(url, socket_timeout=2, socket_connect_timeout=1)
