"""The door: what a report costs there, how many it takes a second from 16 clients, how long they wait afterwards."""

import http.client
import os
import selectors
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import psutil

from bench.stage import ROOT, say
from bench.watching import kolibri
from bench.watching.playbacks import LENGTH_S, Playback, verdict

CLIENTS = 16
LEAST_KOLIBRI = 6
# One learner is let in 60 times in 15 s: after so many the measure takes the count away, beside what is measured.
OFTEN = 50


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
    for number, request in enumerate(requests):
        if number % OFTEN == 0:
            let_in_again()
        with socket.create_connection(("127.0.0.1", port), timeout=30) as line:
            line.sendall(request)
            answer = line.recv(4096)
        if expected not in answer[:20]:
            raise SystemExit(f"answered {answer[:200]!r}")
    return (spent(server) - before) / len(requests) * 1000


def let_in_again() -> None:
    """Forget how often anybody reported."""
    from learners import stream

    line = stream._line()
    if counts := list(line.scan_iter(f"{stream.OFTEN}*", count=10_000)):
        line.delete(*counts)


def door_cost(playbacks: list[Playback], rounds: int, count: int, *, with_kolibri: bool) -> None:
    from marketplace.local.ports import free_port

    hello = b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
    nowhere = {"DATABASE_URL": "postgres://nobody@127.0.0.1:1/nowhere"}
    bare_port, door_port = free_port(), free_port()
    taken: dict[str, list[float]] = defaultdict(list)
    with ExitStack() as servers:
        bare = servers.enter_context(serving(bare_port, "-w", "1", "-k", "sync", "bench.hello:application"))
        door = servers.enter_context(serving(door_port, "-w", "1", "-k", "sync", "marketplace.wsgi", **nowhere))
        peer = servers.enter_context(kolibri.heartbeat(free_port())) if with_kolibri else None
        for number in range(rounds + 1):
            until = 15 * (number + 1)
            of_one = [playbacks[0].request(until, "close")] * count
            of_many = [one.request(until, "close") for one in spread(playbacks, count, number)]
            measured = {
                "hello": cost(bare, bare_port, [hello] * count, b" 200 "),
                "one": cost(door, door_port, of_one, b" 202 "),
                "many": cost(door, door_port, of_many, b" 202 "),
            }
            if peer:
                worker, port, beat = peer
                measured["kolibri"] = cost(worker, port, [beat] * (count // 10), b" 200 ")
            if number:  # the first round warms up
                for name, value in measured.items():
                    taken[name].append(value)
    tell_door({name: statistics.median(values) for name, values in taken.items()}, len(playbacks))


def tell_door(middle: dict[str, float], learners: int) -> None:
    times_h, growth = middle["many"] / middle["hello"], middle["many"] / middle["one"]
    say(f"door: {middle['many']:.3f} ms a report, a bare view {middle['hello']:.3f} ms; 0 SQL (no database was there)")
    say(f"  x H                          {times_h:6.2f}   goal <= 2.5   {verdict(times_h <= 2.5)}")
    say(f"  cost, 1 -> {learners} learners    {growth:6.2f}   goal <= 1.2   {verdict(growth <= 1.2)}")
    if "kolibri" in middle:
        less = middle["kolibri"] / middle["many"]
        say(
            f"  times less than Kolibri's    {less:6.1f}   goal >= {LEAST_KOLIBRI}     {verdict(less >= LEAST_KOLIBRI)}"
            f"   (its heartbeat {middle['kolibri']:.2f} ms, {middle['kolibri'] / middle['hello']:.0f} x H)"
        )


def spread(playbacks: list[Playback], count: int, number: int) -> list[Playback]:
    return [playbacks[(number * count + n) % len(playbacks)] for n in range(count)]


def crowd(port: int, requests: Iterator[bytes], seconds: float) -> list[float]:
    """16 clients on kept lines, each with one report on its way at a time; the seconds of each.

    A worker that has answered as many requests as it may ends, and its lines: they are opened anew, as a player does.
    """
    took: list[float] = []
    halves: dict[Any, bytes] = {}
    with selectors.DefaultSelector() as looked_at:
        for _ in range(CLIENTS):
            looked_at.register(asked(port, next(requests)), selectors.EVENT_READ, time.perf_counter())
        until = time.perf_counter() + seconds
        while time.perf_counter() < until:
            for key, _ in looked_at.select(1):
                line: socket.socket = key.fileobj  # type: ignore[assignment]
                answer = halves.pop(line, b"") + heard(line)
                if not answer:
                    looked_at.unregister(line)
                    line.close()
                    looked_at.register(asked(port, next(requests)), selectors.EVENT_READ, key.data)
                    continue
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


def heard(line: socket.socket) -> bytes:
    try:
        return line.recv(4096)
    except ConnectionResetError:
        return b""


def asked(port: int, request: bytes) -> socket.socket:
    """A new line, with the request on its way."""
    line = socket.create_connection(("127.0.0.1", port))
    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    line.sendall(request)
    return line


def door_rate(playbacks: list[Playback], rounds: int, seconds: float) -> None:
    """Reports a second, their p99, and the lag, with door, merger, both servers and the clients on this machine."""
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
