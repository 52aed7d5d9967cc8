"""What a report of watching costs at the door, how fast the merger settles what waits, and how long a report waits.

    python bench/evidence.py [--rounds 3] [--requests 2000] [--seconds 8] [--learners 10000]

The door: processor time a report of a synchronous gunicorn worker in units of a bare Django view (bench/hello.py) of
the same run, while its database address leads nowhere, so that a single statement of SQL would be an error. Then
reports a second by 16 clients on kept lines before two workers as they are deployed, with the merger beside them on
the same machine; the lag is how long the oldest report waited, looked at 20 times a second.

The merger: reports a second from the stream into the tables, against a bare script that does COPY of a log and one
upsert of last positions a thousand rows, as the design's page measured it, and against one that writes the merger's own
four tables without any rule. All in turn, medians. Goals 6 and 7 of the design's page on performance.
"""

import argparse
import http.client
import json
import os
import secrets
import selectors
import socket
import statistics
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import psutil

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.stage import ROOT, own_servers, say

REPORTS = "/api/v1/watch/reports/"
LENGTH_S, OPENED_AGO_S = 36_000, 80_000
CLIENTS = 16
LOGGED = "session, at, claimed, accepted_s, accepted, spent, speed, position"
KOLIBRI = "Kolibri 11-12 ms, 5 statements, 67 a second (the design's page; not in this run)"


@dataclass
class Playback:
    """One learner's session: what a token says."""

    learner: int
    token: str

    def request(self, until: int, line: str) -> bytes:
        told = {"token": self.token, "intervals": [[0, until]], "position": until, "speed": 1.5}
        body = json.dumps(told).encode()
        head = f"POST {REPORTS} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: {line}\r\nContent-Type: text/plain\r\n"
        return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


def stage(learners: int) -> list[Playback]:
    """As many learners of one course, each with a page that was opened long ago."""
    from django.core import signing
    from django.utils import timezone

    from accounts.models import User
    from learners.models import Enrollment
    from tests.courses.factories import make_course

    course = make_course(title="Kilns", lessons=2)
    lesson = course.live_lessons()[1]
    people = User.objects.bulk_create([User(email=f"viewer{number}@example.com") for number in range(learners)])
    Enrollment.objects.bulk_create([Enrollment(learner=one, course=course, source="free") for one in people])
    started_ms = int((timezone.now() - timedelta(seconds=OPENED_AGO_S)).timestamp() * 1000)

    def token(person: Any) -> str:
        said = [uuid.uuid4().hex, person.pk, course.pk, lesson.key.hex, lesson.video.asset.hex, LENGTH_S, started_ms]
        return signing.dumps(said, salt="learners.report")

    return [Playback(one.pk, token(one)) for one in people]


@contextmanager
def serving(port: int, *arguments: str, **more: str) -> Iterator[psutil.Process]:
    command = [sys.executable, "-m", "gunicorn", "-b", f"127.0.0.1:{port}", *arguments]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **more}
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL)
    try:
        for _ in range(300):
            try:
                line = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
                line.request("GET", "/healthz")
                line.getresponse()
                break
            except OSError:
                time.sleep(0.1)
        yield psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait(30)


def spent(process: psutil.Process) -> float:
    """Seconds of processor of a process and its children, the system's part included."""
    times = [one.cpu_times() for one in [process, *process.children(recursive=True)]]
    return sum(one.user + one.system for one in times)


def cost(server: psutil.Process, port: int, requests: list[bytes], expected: bytes) -> float:
    """Milliseconds of processor a request, one after the other, each on a line of its own."""
    before = spent(server)
    for request in requests:
        with socket.create_connection(("127.0.0.1", port), timeout=30) as line:
            line.sendall(request)
            answer = line.recv(4096)
        if expected not in answer[:20]:
            raise SystemExit(f"answered {answer[:200]!r}")
    return (spent(server) - before) / len(requests) * 1000


def door_cost(playbacks: list[Playback], rounds: int, count: int) -> None:
    from marketplace.local.ports import free_port

    hello = b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
    nowhere = {"DATABASE_URL": "postgres://nobody@127.0.0.1:1/nowhere"}
    bare_port, door_port = free_port(), free_port()
    taken: dict[str, list[float]] = {"hello": [], "one": [], "many": []}
    with (
        serving(bare_port, "-w", "1", "-k", "sync", "bench.hello:application") as bare,
        serving(door_port, "-w", "1", "-k", "sync", "marketplace.wsgi", **nowhere) as door,
    ):
        for number in range(rounds + 1):
            until = 15 * (number + 1)
            of_one = [playbacks[0].request(until, "close")] * count
            of_many = [one.request(until, "close") for one in spread(playbacks, count, number)]
            measured = {
                "hello": cost(bare, bare_port, [hello] * count, b" 200 "),
                "one": cost(door, door_port, of_one, b" 202 "),
                "many": cost(door, door_port, of_many, b" 202 "),
            }
            if number:  # the first round warms up
                for name, value in measured.items():
                    taken[name].append(value)
    middle = {name: statistics.median(values) for name, values in taken.items()}
    times_h, growth = middle["many"] / middle["hello"], middle["many"] / middle["one"]
    say(f"door: {middle['many']:.3f} ms a report, a bare view {middle['hello']:.3f} ms; 0 SQL (no database was there)")
    say(f"  x H                          {times_h:6.2f}   goal <= 2.5   {verdict(times_h <= 2.5)}")
    say(f"  1 -> {len(playbacks)} learners           {growth:6.2f}   goal <= 1.2   {verdict(growth <= 1.2)}")
    say(f"  against {KOLIBRI}: {11.5 / middle['many']:.0f} x less (goal 6 x)")


def spread(playbacks: list[Playback], count: int, number: int) -> list[Playback]:
    return [playbacks[(number * count + n) % len(playbacks)] for n in range(count)]


def crowd(port: int, requests: Iterator[bytes], seconds: float) -> list[float]:
    """16 clients on kept lines, each with one report on its way at a time; the seconds of each."""
    took: list[float] = []
    halves: dict[Any, bytes] = {}
    with selectors.DefaultSelector() as looked_at:
        for _ in range(CLIENTS):
            line = socket.create_connection(("127.0.0.1", port))
            line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            line.sendall(next(requests))
            looked_at.register(line, selectors.EVENT_READ, time.perf_counter())
        until = time.perf_counter() + seconds
        while time.perf_counter() < until:
            for key, _ in looked_at.select(1):
                line = key.fileobj  # type: ignore[assignment]
                answer = halves.pop(line, b"") + line.recv(4096)
                if b" 202 " not in answer[:20]:
                    raise SystemExit(f"answered {answer[:200]!r}")
                if not answer.endswith(b"}"):  # the head comes before the body
                    halves[line] = answer
                    continue
                took.append(time.perf_counter() - key.data)
                line.sendall(next(requests))
                looked_at.modify(line, selectors.EVENT_READ, time.perf_counter())
        for key in list(looked_at.get_map().values()):
            key.fileobj.close()  # type: ignore[union-attr]
    return took


def door_rate(playbacks: list[Playback], rounds: int, seconds: float) -> None:
    """Reports a second, their p99, and the lag, with door, merger, both servers and the clients on this machine."""
    import threading

    from learners import stream
    from marketplace.local.ports import free_port

    port, stopped = free_port(), threading.Event()
    lags: list[float] = []

    def look() -> None:
        while not stopped.wait(0.05):
            lags.append(stream.figures().lag_s)

    requests = (one.request(1_000 + until, "keep-alive") for until in range(0, LENGTH_S, 2) for one in playbacks)
    command = [sys.executable, "manage.py", "merge_reports"]
    merger = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL)
    observer = threading.Thread(target=look)
    rates, p99s, p50s = [], [], []
    with serving(port, "-c", "deploy/gunicorn.conf.py", "--log-level", "error", "-w", "2", "marketplace.wsgi"):
        crowd(port, requests, 2)
        while stream.figures().waiting:
            time.sleep(0.1)
        observer.start()
        for _ in range(rounds):
            took = sorted(crowd(port, requests, seconds))
            rates.append(len(took) / seconds)
            p50s.append(1000 * took[len(took) // 2])
            p99s.append(1000 * took[len(took) * 99 // 100])
        stopped.set()
        observer.join()
    merger.terminate()
    merger.wait(30)
    rate, p99 = statistics.median(rates), statistics.median(p99s)
    lag = sorted(lags)[len(lags) * 99 // 100]
    say(f"door, merger, servers and {CLIENTS} clients on {os.cpu_count()} cores (load {os.getloadavg()[0]:.1f}):")
    say(f"  reports a second             {rate:6.0f}   goal >= 700   {verdict(rate >= 700)}")
    say(
        f"  p50 / p99, ms           {statistics.median(p50s):5.1f} / {p99:5.1f}   goal p99 <= 50   {verdict(p99 <= 50)}"
    )
    say(f"  lag p99, s                   {lag:6.2f}   goal <= 5     {verdict(lag <= 5)}")


_MERGE = """
import sys, time
sys.path.insert(0, ".")
import django; django.setup()
from learners import merger, stream
from django.db import connection
connection.ensure_connection(); stream.figures()
began, count = time.perf_counter(), 0
while settled := merger.merge_waiting():
    count += settled
print(count, time.perf_counter() - began, time.process_time())
"""


def fill(playbacks: list[Playback], until: int) -> None:
    """One more report of each learner waits."""
    from learners import reports, stream

    for one in playbacks:
        told = {"token": one.token, "intervals": [[0, until]], "position": until, "speed": 1.5}
        stream.put(reports.read(json.dumps(told).encode()))


def merged() -> float:
    """Reports a second, by a process of its own as the merger is."""
    ran = subprocess.run([sys.executable, "-c", _MERGE], cwd=ROOT, capture_output=True, text=True, check=True)
    count, seconds, _ = ran.stdout.split()
    return int(count) / float(seconds)


def bare_positions(playbacks: list[Playback], until: int) -> float:
    """The design's script: COPY a log of what reports hold, one upsert of last positions, a thousand a transaction."""
    import io

    from django.db import connection, transaction

    session, at = uuid.UUID(int=7), "2026-11-28 12:00:00+00"
    said = f"{session}\t{at}\t15\t15\t{{[{until - 15},{until})}}\t10.0\t1.5\t{until}.0"
    began = time.perf_counter()
    for start in range(0, len(playbacks), 1_000):
        some = playbacks[start : start + 1_000]
        with transaction.atomic(), connection.cursor() as cursor:
            text = "".join(f"{one.learner}\t{said}\n" for one in some)
            cursor.copy_expert(f"COPY bench_log (learner, {LOGGED}) FROM STDIN", io.StringIO(text))
            cursor.execute(
                "INSERT INTO bench_position SELECT learner, %s, %s, %s FROM unnest(%s::bigint[]) AS learner"
                " ON CONFLICT (learner, lesson) DO UPDATE SET"
                " second = greatest(bench_position.second, excluded.second),"
                " at = excluded.at",
                [str(session), until, at, sorted(one.learner for one in some)],
            )
    return len(playbacks) / (time.perf_counter() - began)


def bare_tables(playbacks: list[Playback], until: int) -> float:
    """The merger's own statements with finished rows: what PostgreSQL alone takes for four tables and no rule."""
    from django.db import transaction
    from django.utils import timezone

    from learners.models import LessonProgress, WatchMeter, WatchReport, WatchSession

    rows = {
        "sessions": list(WatchSession.objects.filter(learner__in=[one.learner for one in playbacks])),
        "progress": list(LessonProgress.objects.filter(learner__in=[one.learner for one in playbacks])),
        "meters": list(WatchMeter.objects.filter(learner__in=[one.learner for one in playbacks])),
    }
    now, spans = timezone.now(), ((until - 15, until),)
    said = {"claimed_s": 15, "speed": 1.5, "position_s": float(until), "spent_s": 10.0}
    began = time.perf_counter()
    for start in range(0, len(playbacks), 1_000):
        with transaction.atomic():
            sessions = rows["sessions"][start : start + 1_000]
            WatchMeter.objects.store(rows["meters"][start : start + 1_000])
            WatchSession.objects.store(sessions)
            kept = [
                WatchReport(session_id=one.pk, received_at=now, accepted=spans, accepted_s=15, **said)
                for one in sessions
            ]
            WatchReport.objects.keep(kept)
            LessonProgress.objects.store(rows["progress"][start : start + 1_000])
    return len(playbacks) / (time.perf_counter() - began)


def merge_rate(playbacks: list[Playback], rounds: int) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE bench_log (id bigserial PRIMARY KEY, learner bigint, session uuid, at timestamptz,"
            " claimed int, accepted_s int, accepted int4multirange, spent float8, speed float8, position float8);"
            "CREATE TABLE bench_position (learner bigint, lesson uuid, second int, at timestamptz,"
            " PRIMARY KEY (learner, lesson))"
        )
    few = playbacks[: max(1, len(playbacks) // 10)]
    taken: dict[str, list[float]] = {"bare": [], "tables": [], "few": [], "merger": []}
    for number in range(rounds + 1):
        until = 15 * (number + 20)
        bare = bare_positions(playbacks, until)
        fill(few, until - 5)
        of_few = merged()
        fill(playbacks, until)
        ours = merged()
        tables = bare_tables(playbacks, until)
        if number:
            for name, value in (("bare", bare), ("tables", tables), ("few", of_few), ("merger", ours)):
                taken[name].append(value)
    middle = {name: statistics.median(values) for name, values in taken.items()}
    share, of_tables = middle["merger"] / middle["bare"], middle["merger"] / middle["tables"]
    growth = middle["few"] / middle["merger"]
    say(
        f"merger: {middle['merger']:.0f} reports a second; bare script {middle['bare']:.0f},"
        f" four tables {middle['tables']:.0f}"
    )
    say(f"  of the bare COPY + upsert    {share:6.2f}   goal >= 0.5   {verdict(share >= 0.5)}")
    say(f"  of the same tables, no rule  {of_tables:6.2f}")
    say(f"  cost a report, {len(few)} -> {len(playbacks)}   {growth:6.2f}   goal <= 1.2   {verdict(growth <= 1.2)}")


def verdict(holds: bool) -> str:
    return "met" if holds else "MISSED"


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--rounds", type=int, default=3)
    asked.add_argument("--requests", type=int, default=2_000)
    asked.add_argument("--seconds", type=float, default=8)
    asked.add_argument("--learners", type=int, default=10_000)
    options = asked.parse_args()
    os.environ.setdefault("KEZHAN_ALLOWED_HOSTS", "127.0.0.1")
    os.environ.setdefault("ALLOW_SANDBOX", "1")
    os.environ.setdefault("KEZHAN_SECRET_KEY", secrets.token_urlsafe(48))
    with own_servers():
        from learners import merger

        playbacks = stage(options.learners)
        door_cost(playbacks, options.rounds, options.requests)
        while merger.merge_waiting():
            pass
        merge_rate(playbacks, options.rounds)
        door_rate(playbacks, options.rounds, options.seconds)


if __name__ == "__main__":
    main()
