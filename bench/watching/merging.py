"""The merger against bare batches of the same run.

Two scripts without any rule write what a thousand reports leave behind, in one transaction, from values that lie ready:

* `of_rows`, the goal's measure: the same rows, as many, as durable, in the same tables. COPY of the log rows and, table
  by table, a sorted upsert of the last positions (session, lesson, meter).
* `of_two`, as the design's page describes it for a plain heartbeat: COPY of a log and one upsert of one last position a
  learner, into tables of their own. It writes two rows where evidence needs four: what evidence costs more.
"""

import io
import statistics
import subprocess
import sys
import time
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

from bench.stage import ROOT, say
from bench.watching.playbacks import LENGTH_S, Playback, fill, verdict

BATCH = 1_000
FEWER = 10
BEGAN = datetime.now(UTC) - timedelta(hours=10)
_LOG = "session_id, received_at, claimed_s, accepted_s, accepted, spent_s, speed, position_s"
_TWO = (
    "CREATE TABLE bench_log (id bigserial PRIMARY KEY, learner bigint, session uuid, at timestamptz, claimed int,"
    " accepted_s int, accepted int4multirange, spent float8, speed float8, position float8);"
    "CREATE TABLE bench_position (learner bigint, lesson uuid, second int, at timestamptz,"
    " PRIMARY KEY (learner, lesson))"
)
_SESSIONS = f"""
INSERT INTO learners_watchsession (id, learner_id, course_id, lesson_key, asset, length_s, started_at, reported_at,
       played, spent_s)
SELECT id, learner, course, lesson, asset, {LENGTH_S}, at, at, played, 10
  FROM unnest(%s::uuid[], %s::bigint[], %s::bigint[], %s::uuid[], %s::uuid[], %s::timestamptz[], %s::int4multirange[])
       AS new (id, learner, course, lesson, asset, at, played) ORDER BY id
    ON CONFLICT (id) DO UPDATE SET reported_at = excluded.reported_at, played = excluded.played,
       spent_s = excluded.spent_s"""
_LESSONS = f"""
INSERT INTO learners_lessonprogress (learner_id, course_id, lesson_key, asset, length_s, covered, covered_s, position_s,
       position_at, touched_at)
SELECT learner, course, lesson, asset, {LENGTH_S}, covered, upper(covered), upper(covered), at, at
  FROM unnest(%s::bigint[], %s::bigint[], %s::uuid[], %s::uuid[], %s::timestamptz[], %s::int4multirange[])
       AS new (learner, course, lesson, asset, at, covered) ORDER BY learner
    ON CONFLICT (learner_id, lesson_key) DO UPDATE SET covered = excluded.covered, covered_s = excluded.covered_s,
       position_s = excluded.position_s, position_at = excluded.position_at, touched_at = excluded.touched_at"""
_METERS = """
INSERT INTO learners_watchmeter (learner_id, spent_until) SELECT * FROM unnest(%s::bigint[], %s::timestamptz[])
       AS new (learner, at) ORDER BY learner
    ON CONFLICT (learner_id) DO UPDATE SET spent_until = excluded.spent_until"""
_POSITIONS = """
INSERT INTO bench_position SELECT learner, %s, %s, %s FROM unnest(%s::bigint[]) AS learner ORDER BY learner
    ON CONFLICT (learner, lesson) DO UPDATE SET second = greatest(bench_position.second, excluded.second),
       at = excluded.at"""
_MERGE = """
import sys, time
sys.path.insert(0, ".")
import django; django.setup()
from learners import merger, stream
from django.db import connection
connection.ensure_connection()
committed, told = merger._committed, []
def counting(ahead, received, outcomes):
    committed(ahead, received, outcomes)
    told.append((len(received), time.perf_counter()))
merger._committed = counting
count = stream.figures().waiting
merger.Merger().run(lambda: sum(size for size, _ in told) >= count)
inside = told[1:-1]
print(sum(size for size, _ in inside), inside[-1][1] - told[0][1])
"""


def merged() -> float:
    """Reports a second, by a process of its own as the merger is, and warm as it is: from the end of its first batch to
    that of the last but one. At both moments the next batch is as far as it is.
    """
    ran = subprocess.run([sys.executable, "-c", _MERGE], cwd=ROOT, capture_output=True, text=True, check=True)
    count, seconds = ran.stdout.split()
    return int(count) / float(seconds)


def of_rows(keys: list[tuple[Any, ...]], until: int) -> float:
    """Rows of the log a second. `keys`: session, learner, course, lesson, asset of each."""
    from django.db import connection, transaction

    from marketplace.lib import arrays

    # A minute on with each round: the merger moves marks by some seconds, and they may not be moved back.
    heard_at = (BEGAN + timedelta(seconds=4 * until)).isoformat()
    told = f"{heard_at}\t15\t15\t{{[{until - 15},{until})}}\t10.0\t1.5\t{until}.0"
    began = time.perf_counter()
    for start in range(0, len(keys), BATCH):
        some = keys[start : start + BATCH]
        session, learner, course, lesson, asset = (arrays.literal(column) for column in zip(*some, strict=True))
        at, spans = arrays.literal([heard_at] * len(some)), arrays.literal([f"{{[0,{until})}}"] * len(some))
        with transaction.atomic(), connection.cursor() as cursor:
            text = "".join([f"{one[0]}\t{told}\n" for one in some])
            cursor.copy_expert(f"COPY learners_watchreport ({_LOG}) FROM STDIN", io.StringIO(text))
            cursor.execute(_SESSIONS, [session, learner, course, lesson, asset, at, spans])
            cursor.execute(_LESSONS, [learner, course, lesson, asset, at, spans])
            cursor.execute(_METERS, [learner, at])
    return len(keys) / (time.perf_counter() - began)


def of_two(keys: list[tuple[Any, ...]], until: int) -> float:
    """Rows of the log a second, where each leaves one last position."""
    from django.db import connection, transaction

    session, at = str(uuid.UUID(int=7)), datetime.now(UTC).isoformat()
    said = f"{session}\t{at}\t15\t15\t{{[{until - 15},{until})}}\t10.0\t1.5\t{until}.0"
    log = "learner, session, at, claimed, accepted_s, accepted, spent, speed, position"
    began = time.perf_counter()
    for start in range(0, len(keys), BATCH):
        some = keys[start : start + BATCH]
        with transaction.atomic(), connection.cursor() as cursor:
            text = "".join([f"{one[1]}\t{said}\n" for one in some])
            cursor.copy_expert(f"COPY bench_log ({log}) FROM STDIN", io.StringIO(text))
            cursor.execute(_POSITIONS, [session, until, at, [one[1] for one in some]])
    return len(keys) / (time.perf_counter() - began)


def what_is_known() -> list[tuple[Any, ...]]:
    """The keys of all sessions, in their learners' order."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(_TWO)
        cursor.execute(
            "SELECT id, learner_id, course_id, lesson_key, asset FROM learners_watchsession ORDER BY learner_id"
        )
        return cursor.fetchall()


def merge_rate(playbacks: list[Playback], rounds: int) -> None:
    fill(playbacks, 100)
    merged()  # the first report of each makes rows; measured is what all the later ones do
    keys = what_is_known()
    few = playbacks[: max(1, len(playbacks) // FEWER)]
    taken: dict[str, list[float]] = {"two": [], "rows": [], "few": [], "merger": []}
    for number in range(rounds + 1):
        until = 15 * (number + 20)
        two, rows = of_two(keys, until), of_rows(keys, until - 12)
        # As many reports, or what a process costs once would be laid on few of them.
        for turn in range(FEWER):
            fill(few, until - FEWER + turn)
        of_few = merged()
        fill(playbacks, until)
        ours = merged()
        if number:  # the first round warms up
            for name, value in (("two", two), ("rows", rows), ("few", of_few), ("merger", ours)):
                taken[name].append(value)
    middle = {name: statistics.median(values) for name, values in taken.items()}
    share, growth = middle["merger"] / middle["rows"], middle["few"] / middle["merger"]
    say(
        f"merger: {middle['merger']:.0f} reports a second; the same rows bare {middle['rows']:.0f},"
        f" log and one position {middle['two']:.0f}"
    )
    say(f"  of the same rows, bare       {share:6.2f}   goal >= 0.5   {verdict(share >= 0.5)}")
    say(f"  of log and one position      {middle['merger'] / middle['two']:6.2f}")
    say(f"  cost, {len(few)} -> {len(playbacks)} learners {growth:6.2f}   goal <= 1.2   {verdict(growth <= 1.2)}")
