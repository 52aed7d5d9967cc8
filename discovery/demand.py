"""What people look for, so that creators hear of it: counted without persons, and written down only when it is many.

Searches are counted in Valkey for a week. Who asked goes into a HyperLogLog under a key of that week, from which nobody
can be read; words that fewer than FEWEST_PEOPLE asked for never become a row, and end with the week.
"""

import atexit
import logging
import re
import time
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from threading import Lock
from typing import Any

from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac
from redis.exceptions import RedisError

from discovery.models import Demand
from discovery.models.demand import FEWEST_PEOPLE
from marketplace.lib import valkey
from marketplace.lib.addresses import address_of
from marketplace.lib.pace import household

LONGEST_WORDS = 80
WEEKS_SHOWN = 8
# Other words of the week are not counted any more: a flood of them must not fill Valkey.
MOST_WORDS = 100_000
# So many words that nobody asked for in this week are counted of one person, or of one household's addresses, in a day:
# more than a school's visitors have, and too few for anybody to use up the room of all.
MOST_NEW_A_DAY = 200
_KEPT_S, _DAY_S = 9 * 86_400, 86_400
# What may name a person or be one's secret: addresses, numbers of telephones and cards, links.
_PRIVATE = re.compile(r"@|(?:\d[ -]?){6,}|https?:|www\.")
# One way to Valkey for all of it. Whoever has asked for more words than are counted hears nothing of it. It answers how
# many searches of the week had new words that no room was left for, where this is one of them.
_COUNT = """
if redis.call('HEXISTS', KEYS[1], ARGV[1]) == 0 then
  if redis.call('HLEN', KEYS[1]) >= tonumber(ARGV[4]) then
    local dropped = redis.call('INCR', KEYS[5])
    redis.call('EXPIRE', KEYS[5], ARGV[5])
    return dropped
  end
  local new = redis.call('INCR', KEYS[4])
  redis.call('EXPIRE', KEYS[4], ARGV[7])
  if new > tonumber(ARGV[6]) then return end
end
redis.call('HINCRBY', KEYS[1], ARGV[1], 1)
redis.call('HSET', KEYS[2], ARGV[1], ARGV[3])
redis.call('PFADD', KEYS[3], ARGV[2])
for at = 1, 3 do redis.call('EXPIRE', KEYS[at], ARGV[5]) end
"""
_STEMS = "SELECT w, array_to_string(tsvector_to_array(to_tsvector('english', w)), ' ') FROM unnest(%s::text[]) w"
_STEMMED = 1_000
# Who searches does not wait to be counted: so many are together, or those of so long when the next one searches.
MOST_WAITING, LONGEST_WAIT_S = 32, 5
_waiting: list[tuple[float, list[Any]]] = []
_lock = Lock()
_log = logging.getLogger(__name__)


def note(request: HttpRequest, words: str, courses: int) -> None:
    """Somebody looked for `words` (normal text), and so many courses answered well."""
    if not 2 <= len(words) <= LONGEST_WORDS or _PRIVATE.search(words):
        return
    day = timezone.now().date()
    week = _week(day)
    # Of visitors where they come from alone: a browser's name, a session and the end of a newer address are made at
    # will, and would make one of them many.
    name = str(request.user.pk) if request.user.is_authenticated else household(address_of(request))
    person = salted_hmac(f"discovery.demand.{week}", name).hexdigest()
    new = _key(week, "new", day.isoformat(), person[:24])
    keys = [_key(week, "searches"), _key(week, "courses"), _key(week, "people", words), new, _key(week, "dropped")]
    limits = [MOST_WORDS, _KEPT_S, MOST_NEW_A_DAY, _DAY_S]
    with _lock:
        _waiting.append((time.monotonic(), [*keys, words, person, courses, *limits]))
        is_due = len(_waiting) >= MOST_WAITING or _waiting[-1][0] - _waiting[0][0] > LONGEST_WAIT_S
    if is_due:
        send()


def send() -> None:
    """What this process has noted is counted, in one way to Valkey. Without Valkey it is not."""
    with _lock:
        noted = [values for _at, values in _waiting]
        _waiting.clear()
    if not noted:
        return
    try:
        with valkey.client().pipeline(transaction=False) as line:
            for values in noted:
                line.eval(_COUNT, 5, *values)
            answers = line.execute()
    except RedisError as error:
        _log.warning("%d searches are not counted: %s", len(noted), error)
        return
    if 1 in answers:
        _log.warning("%d words were looked for this week: searches with others are not counted", MOST_WORDS)


def dropped() -> int:
    """How many searches of this week had new words, when those that are counted were all taken."""
    return int(valkey.client().get(_key(_week(timezone.now().date()), "dropped")) or 0)


# A process that ends in order takes nothing with it; one that is killed, what it noted last.
atexit.register(send)


def gather() -> int:
    """Write down what enough people asked for in this week and the last one; how many words that were."""
    send()
    this = _week(timezone.now().date())
    return sum(_gather(week) for week in (this - timedelta(days=7), this))


def _gather(week: date) -> int:
    line, written = valkey.client(), 0
    counts = {raw.decode(): int(count) for raw, count in line.hscan_iter(_key(week, "searches"), count=1_000)}
    for alike in together(counts):
        searches = sum(counts[words] for words in alike)
        if searches < FEWEST_PEOPLE:
            continue
        people = min(line.pfcount(*(_key(week, "people", words) for words in alike)), searches)
        if people >= FEWEST_PEOPLE:
            # By the name that most have given it.
            words = min(alike, key=lambda words: (-counts[words], words))
            courses = int(line.hget(_key(week, "courses"), words) or 0)
            found = {"people": people, "searches": searches, "courses": courses}
            Demand.objects.put(week=week, words=words, instead_of=alike, **found)
            written += 1
    return written


def together(asked: Iterable[str]) -> list[list[str]]:
    """Those that ask for the same beside each other: the same stems, in any order."""
    found, every = defaultdict[str, list[str]](list), sorted(asked)
    with connection.cursor() as cursor:
        for at in range(0, len(every), _STEMMED):
            cursor.execute(_STEMS, [every[at : at + _STEMMED]])
            for words, stems in cursor.fetchall():
                found[stems or words].append(words)
    return list(found.values())


def weeks_ago(weeks: int) -> date:
    return _week(timezone.now().date()) - timedelta(weeks=weeks)


def _week(day: date) -> date:
    """Its Monday."""
    return day - timedelta(days=day.weekday())


def _key(week: date, *names: str) -> str:
    return cache.make_key(":".join(["demand", week.isoformat(), *names]))
