"""What the log of reports costs when it has grown: rows a second by COPY into an empty and into a full one.

The sessions that play now are of the last hours, those of the full log are long over, as in a year of watching.
"""

import statistics
import time
from typing import Any

from bench.stage import say
from bench.watching.merging import BATCH, merged
from bench.watching.playbacks import Playback, fill, verdict

_ROWS_A_SESSION = 200
_OLD_SESSIONS = """
INSERT INTO learners_watchsession (id, learner_id, course_id, lesson_key, asset, length_s, started_at, reported_at,
       played, spent_s)
SELECT gen_random_uuid(), learner_id, course_id, lesson_key, asset, length_s, now() - interval '300 days',
       now() - interval '300 days', '{{[0,3000)}}', 3000
  FROM learners_watchsession, generate_series(1, {copies})"""
# In the order of time: neighbors are of different sessions.
_OLD_REPORTS = """
INSERT INTO learners_watchreport (session_id, received_at, claimed_s, accepted_s, accepted, spent_s, speed, position_s)
SELECT id, now() - interval '300 days' + number * interval '15 s', 15, 15,
       int4multirange(int4range(number * 15, number * 15 + 15)), 15, 1, number * 15
  FROM generate_series(0, {last}) AS number, learners_watchsession
 WHERE started_at < now() - interval '200 days'"""
_SIZES = """
SELECT pg_table_size('learners_watchreport'), pg_indexes_size('learners_watchreport'), count(*)
  FROM learners_watchreport"""


def log_growth(playbacks: list[Playback], rounds: int, rows: int) -> None:
    fill(playbacks, 100)
    merged()
    keys = _playing()
    _rate(keys, 200)  # warms up
    empty = [_rate(keys, 300 + 15 * number) for number in range(rounds)]
    _fill_log(rows, len(keys))
    _rate(keys, 800)
    full = [_rate(keys, 900 + 15 * number) for number in range(rounds)]
    table, index, count = _sizes()
    before, after = statistics.median(empty), statistics.median(full)
    say(f"log: rows a second into an empty one {before:.0f}, into one of {count} {after:.0f}")
    share = after / before
    say(f"  rate, empty -> {count}   {share:6.2f}   goal >= 0.6   {verdict(share >= 0.6)}")
    say(f"  bytes a row {table / count:.0f}, its indexes {index / count:.0f}")


def _playing() -> list[str]:
    from learners.models import WatchSession

    return [str(pk) for pk in WatchSession.objects.values_list("pk", flat=True)]


def _rate(keys: list[str], until: int) -> float:
    """A transaction a thousand rows, one report of each session that plays."""
    from django.db import transaction
    from django.utils import timezone

    from learners.models import WatchReport

    row = (timezone.now().isoformat(), 15, 15, f"{{[{until - 15},{until})}}", 10.0, 1.5, float(until))
    began = time.perf_counter()
    for start in range(0, len(keys), BATCH):
        with transaction.atomic():
            WatchReport.objects.keep([(key, *row) for key in keys[start : start + BATCH]])
    return len(keys) / (time.perf_counter() - began)


def _fill_log(rows: int, playing: int) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        # Only the filling goes without looking up each row's session.
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(_OLD_SESSIONS.format(copies=max(1, rows // _ROWS_A_SESSION // playing)))
        cursor.execute(_OLD_REPORTS.format(last=_ROWS_A_SESSION - 1))
        cursor.execute("SET session_replication_role = DEFAULT")
        cursor.execute("VACUUM ANALYZE learners_watchreport")


def _sizes() -> tuple[Any, ...]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(_SIZES)
        return cursor.fetchone()
