"""The stream of Valkey in which reports wait between the door and the merger.

Valkey's own clock stamps each report when it comes in, and its numbers only grow: nobody who sends can say when that
was. One process reads, always from the beginning; a report leaves the stream when what it said has been committed. What
is lost with Valkey is told again by the next report of each session.
"""

import json
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, NamedTuple

import redis
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from redis.exceptions import RedisError

from marketplace.lib.errors import DomainError

from .reports import Received, Report

STREAM, TOLD, OFTEN = "kezhan:watch", "kezhan:watch:told:", "kezhan:watch:often:"
MERGED, SET_ASIDE = "kezhan:watch:merged", "kezhan:watch:set-aside"
# Who comes to a full stream is asked to come again, which loses nothing; a full Valkey would stop all of the house.
# An honest line has 160 to 700 bytes, the longest 7,500. A line is let in while it, times those that wait, stays below
# FULL_BYTES: long ones are refused first, and what waits is 250 MB at most, of whatever lengths, since the line in
# place n has FULL_BYTES / n at most.
MOST_WAITING = 300_000
FULL_BYTES = 50_000_000
# Of one learner, all her tabs together: twenty of them send twenty. Without it one account could fill the stream.
MOST_OFTEN, OFTEN_S = 60, 15
MOST_SET_ASIDE = 1_000
STANDING_KEPT_S = 3_600
PAGE = 1_000
# After a failure nobody knocks for so long: a dead Valkey costs no waiting.
RESTS_S = 2.0

Entry = tuple[bytes, dict[bytes, bytes]]

_PUT = """
local waiting = redis.call('XLEN', KEYS[1])
if waiting >= tonumber(ARGV[1]) or waiting * #ARGV[3] >= tonumber(ARGV[2]) then return 0 end
local times = redis.call('INCR', KEYS[3])
if times == 1 then redis.call('EXPIRE', KEYS[3], ARGV[5]) end
if times > tonumber(ARGV[4]) then return 1 end
return {redis.call('XADD', KEYS[1], '*', 'r', ARGV[3]), redis.call('GET', KEYS[2])}
"""
# A thousand entries in two pieces of text: taken apart one by one, they would cost more than settling them.
_TAKE = """
local numbers, lines = {}, {}
for at, entry in ipairs(redis.call('XRANGE', KEYS[1], ARGV[2], '+', 'COUNT', ARGV[1])) do
    numbers[at] = entry[1]
    lines[at] = entry[2][1] == 'r' and entry[2][2] or 'null'
end
return {table.concat(numbers, ' '), '[' .. table.concat(lines, ',') .. ']'}
"""
# Whose a report is stands behind the 32 digits of its session. Only hers are sent and read: a thousand at a time are
# looked through, so that Valkey does not stand still for long, nor does who asks read all that waits.
_WAITING_OF = """
local theirs, last = {}, ''
local found = redis.call('XRANGE', KEYS[1], ARGV[1], '+', 'COUNT', ARGV[2])
for _, entry in ipairs(found) do
    last = entry[1]
    local line = entry[2][1] == 'r' and entry[2][2] or ''
    if string.sub(line, 37, 36 + #ARGV[3]) == ARGV[3] then theirs[#theirs + 1] = {last, line} end
end
return {#found, last, theirs}
"""
# All that lies before the last one of a batch was in the batch: who reads begins at the beginning. Room is made first:
# a full Valkey refuses a script whose first act of writing wants memory, and lets it go on after one that wants none.
_FINISH = """
redis.call('XTRIM', KEYS[1], 'MINID', '=', ARGV[4])
redis.call('INCRBY', KEYS[2], ARGV[5])
for session, told in string.gmatch(ARGV[1], '(%x+) ([^\\n]+)') do
    redis.call('SET', ARGV[2] .. session, told, 'EX', ARGV[3])
end
"""
# Room first, here too: what cannot be settled must not stop the others while Valkey is full.
_SET_ASIDE = """
redis.call('XTRIM', KEYS[1], 'MAXLEN', '=', tonumber(ARGV[1]) - 1)
redis.call('XADD', KEYS[1], '*', 'r', ARGV[2], 'number', ARGV[3], 'why', ARGV[4])
"""


class DoorClosed(DomainError):
    code = "reports_wait"
    status = 503
    message = _("Reports of watching cannot be taken at the moment. Send this one again, or the next one.")


class ReportsTooOften(DomainError):
    code = "reports_too_often"
    status = 429
    message = _("These are more reports than somebody who watches makes. Wait a moment, then send the last one again.")


class Told(NamedTuple):
    """What is known of a session's reports. `received`: the last one that is settled; `refused`: its refusal's code."""

    received: str
    accepted_s: int = 0
    covered_s: int = 0
    length_s: int = 0
    is_done: bool = False
    is_course_complete: bool = False
    refused: str = ""


def put(report: Report) -> tuple[str, Told | None]:
    """Its number, and what is known of its session so far. Raises DoorClosed, ReportsTooOften."""
    keys = [STREAM, _standing(report.ticket.session_id), f"{OFTEN}{report.ticket.learner_id}"]
    said = [str(MOST_WAITING), str(FULL_BYTES), report.as_line(), str(MOST_OFTEN), str(OFTEN_S)]
    answer = _knock(lambda line: line.eval(_PUT, len(keys), *keys, *said))
    if not isinstance(answer, list):
        raise ReportsTooOften if answer else DoorClosed
    return answer[0].decode(), _told(answer[1] if len(answer) > 1 else None)


def told(session_id: str) -> Told | None:
    """What is known of this session's reports; None: nothing, or not any more. Raises DoorClosed."""
    return _told(_knock(lambda line: line.get(_standing(session_id))))


def take(most: int, after: str = "") -> list[Received]:
    """The oldest reports, in order; until they are finished, the same again. `after`: those behind this number.

    Raises RedisError.
    """
    since = f"({after}" if after else "-"
    numbers, lines = _line().eval(_TAKE, 1, STREAM, str(most), since)
    try:
        return _dated(numbers.decode().split(), json.loads(lines))
    except (KeyError, TypeError, ValueError):  # one of them is no report: which one?
        received, unreadable = _received(_line().xrange(STREAM, min=since, count=most))  # type: ignore[arg-type]
        _leave(unreadable)
        return received


def waiting_of(learner_id: int) -> list[Received]:
    """One learner's reports that are not settled yet, in order, taken by the merger or not. Raises RedisError."""
    found: list[Received] = []
    after, is_last = "-", False
    while not is_last:
        count, last, theirs = _line().eval(_WAITING_OF, 1, STREAM, after, str(PAGE), f"{learner_id},")
        found += _received([(number, {b"r": line}) for number, line in theirs])[0]
        after, is_last = f"({last.decode()}", count < PAGE
    return found


def finish(settled: dict[str, tuple[str, Told]]) -> None:
    """What the oldest reports, these, said has been committed: say so to who asks, and let them go.

    By number: the session, and what is known of it. Raises RedisError.
    """
    if not settled:
        return
    told = "\n".join([f"{session_id} {_as_json(what)}" for session_id, what in dict(settled.values()).items()])
    ms, _, count = next(reversed(settled)).partition("-")
    after = f"{ms}-{int(count) + 1}"
    _line().eval(_FINISH, 2, STREAM, MERGED, told, TOLD, str(STANDING_KEPT_S), after, str(len(settled)))


def set_aside(received: Received, why: str) -> None:
    """A report that cannot be settled, for a person to look at; the others go on. Raises RedisError."""
    _keep_aside(received.number, received.report.as_line(), why)


def _leave(unreadable: list[Entry]) -> None:
    """What is not a report (of a version of the code that is not this one, at worst) must not stop the others."""
    for number, said in unreadable:
        _keep_aside(number.decode(), (said or {}).get(b"r", b""), "unreadable")
    _line().xdel(STREAM, *[number for number, _said in unreadable])


def _keep_aside(number: str, line: str | bytes, why: str) -> None:
    _line().eval(_SET_ASIDE, 1, SET_ASIDE, str(MOST_SET_ASIDE), line, number, why[:500])  # type: ignore[arg-type]


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
    lag_s = max(0.0, time.time() - _ms(first[0][0].decode()) / 1000) if first else 0.0
    return Figures(length, lag_s, int(merged or 0), aside)


def _received(found: Iterable[Entry]) -> tuple[list[Received], list[Entry]]:
    """The reports among the entries, and what is none."""
    received, unreadable = [], []
    for number, said in found:
        try:
            received += _dated([number.decode()], [json.loads(said[b"r"])])
        except (KeyError, TypeError, ValueError):
            unreadable.append((number, said))
    return received, unreadable


def _dated(numbers: list[str], lines: list[Any]) -> list[Received]:
    """Raises TypeError, ValueError when one of the lines is no report, or was several."""
    # A Valkey whose clock is ahead gives nobody time that has not passed.
    now = timezone.now()
    return [
        Received(Report.of_line(line), min(_time(number), now), number)
        for number, line in zip(numbers, lines, strict=True)
    ]


def _time(number: str) -> datetime:
    return datetime.fromtimestamp(_ms(number) / 1000, UTC)


def _ms(number: str) -> int:
    return int(number.partition("-")[0])


def _as_json(what: Told) -> str:
    """By hand: nothing in it needs quoting, and an encoder would cost as much as the rule."""
    numbers = f'"accepted_s":{what.accepted_s},"covered_s":{what.covered_s},"length_s":{what.length_s}'
    truths = f'"is_done":{_truth(what.is_done)},"is_course_complete":{_truth(what.is_course_complete)}'
    return f'{{"received":"{what.received}",{numbers},{truths},"refused":"{what.refused}"}}'


def _truth(value: bool) -> str:
    return "true" if value else "false"


def _told(raw: bytes | None) -> Told | None:
    return Told(**json.loads(raw)) if raw else None


def _standing(session_id: str) -> str:
    return f"{TOLD}{session_id}"


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
