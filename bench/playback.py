"""Does asking for the right of every file of a film cost a viewer, or the web processes, anything?

    python bench/playback.py [--viewers 200] [--seconds 8] [--rounds 8] [--segment-kb 600]

Learners of one course, each on a device of hers, play one lesson through nginx with the rules of deploy/nginx.conf,
before gunicorn, Postgres and Valkey of this program's own. The same nginx sends the same files from a plain folder
without asking anybody. Both are timed in turn, in one run, by viewers on kept lines who take segment after segment as
fast as they come, after two seconds that are not counted. The share is the median of the rounds, each beside its
neighbour. Origin hits are requests that reached gunicorn. A round is to last as long as a right is remembered, or
nobody would have to ask for one in it.
"""

import argparse
import multiprocessing
import os
import re
import socket
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psutil

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.serving import answering
from bench.stage import ROOT, own_servers, say

SEGMENTS = 40
LENGTH = re.compile(rb"\r\nContent-Length: (\d+)")
CLIENTS = 2  # processes; each viewer is a thread in one of them


@dataclass
class Taken:
    """One round: how many files a second, how long each took, what nginx spent, what came through to Python."""

    rate: float
    p50_ms: float
    p99_ms: float
    nginx_ms: float
    hits: int
    files: int
    refused: int


def stage(viewers: int, segment_kb: int, films: Path) -> tuple[list[str], str]:
    """A lesson with a film of so big segments; for each viewer the beginning of her address; and the plain one."""
    from django.conf import settings

    from accounts.models import User
    from learners.models import Enrollment
    from tests import cast
    from tests.courses.factories import make_course
    from tests.videos.films import put_files
    from videos import playback

    settings.VIDEO_ROOT = films
    course = make_course(title="Kilns", lessons=2)
    video = course.live_lessons().get(is_preview=False).video
    folder = put_files(video) / "v240"
    for number in range(SEGMENTS):
        (folder / f"s{number:05}.m4s").write_bytes(bytes([number]) * segment_kb * 1024)
    people = [User(email=f"viewer{number}@example.com") for number in range(viewers)]
    User.objects.bulk_create(people)
    for person in people:
        Enrollment.objects.grant(learner=person, course=course, source=Enrollment.Source.FREE)
    say(f"{cast.ada()} teaches {viewers} learners; a film of {SEGMENTS} segments of {segment_kb} KB")
    plain = f"/{folder.relative_to(films / 'films')}/"
    viewers_of = [playback.on_device(str(person.pk), f"{number:08x}") for number, person in enumerate(people)]
    return [playback.file_url(video, viewer, "v240/") for viewer in viewers_of], plain


@contextmanager
def web(port: int, log: Path, films: Path) -> Iterator[None]:
    command = [sys.executable, "-m", "gunicorn", "marketplace.wsgi", "-c", "deploy/gunicorn.conf.py"]
    command += ["--log-level", "error", "--bind", f"127.0.0.1:{port}", "--access-logfile", str(log), "--workers", "2"]
    environment = {**os.environ, "KEZHAN_VIDEO_ROOT": str(films)}
    with answering(command, port, ROOT, environment):
        yield


def viewer(address: str, beginning: str, until: float, seconds: list[float], refused: list[int]) -> None:
    """Reads as little of an answer's head as can be: what a client spends on one more header is not nginx's work."""
    host, port = address.rsplit(":", 1)
    line = socket.create_connection((host, int(port)), timeout=30)
    number = 0
    buffer = bytearray(1 << 16)
    while (began := time.perf_counter()) < until:
        line.sendall(f"GET {beginning}s{number % SEGMENTS:05}.m4s HTTP/1.1\r\nHost: {address}\r\n\r\n".encode())
        status, left = head(line, buffer)
        while left > 0:
            left -= line.recv_into(buffer, min(left, len(buffer)))
        seconds.append(time.perf_counter() - began)
        if status != b"200":
            refused.append(int(status))
        number += 1
    line.close()


def head(line: socket.socket, buffer: bytearray) -> tuple[bytes, int]:
    """An answer's status, and how many bytes of its body have not been read with its head."""
    got = b""
    while (end := got.find(b"\r\n\r\n")) < 0:
        size = line.recv_into(buffer)
        if not size:
            raise ConnectionError("nginx closed a line that was kept")
        got += buffer[:size]
    length = LENGTH.search(got, 0, end)
    if length is None:
        raise ValueError(f"an answer without its length: {got[:end]!r}")
    return got[9:12], int(length[1]) - (len(got) - end - 4)


def client(address: str, beginnings: list[str], lasts: float, out: Any) -> None:
    seconds: list[float] = []
    refused: list[int] = []
    until = time.perf_counter() + lasts
    crowd = [threading.Thread(target=viewer, args=(address, each, until, seconds, refused)) for each in beginnings]
    for one in crowd:
        one.start()
    for one in crowd:
        one.join()
    out.put((seconds, len(refused)))


def measure(address: str, beginnings: list[str], lasts: float, server: int, log: Path) -> Taken:
    before, hits = spent(server), len(log.read_bytes().splitlines())
    queue: Any = multiprocessing.Queue()
    began = time.perf_counter()
    groups = [beginnings[start::CLIENTS] for start in range(CLIENTS)]
    clients = [multiprocessing.Process(target=client, args=(address, group, lasts, queue)) for group in groups]
    for one in clients:
        one.start()
    answers = [queue.get() for _ in clients]
    for one in clients:
        one.join()
    took = time.perf_counter() - began
    seconds = sorted(second for some, _ in answers for second in some)
    return Taken(
        rate=len(seconds) / took,
        p50_ms=1000 * seconds[len(seconds) // 2],
        p99_ms=1000 * seconds[len(seconds) * 99 // 100],
        nginx_ms=1000 * (spent(server) - before) / len(seconds),
        hits=len(log.read_bytes().splitlines()) - hits,
        files=len(seconds),
        refused=sum(refused for _, refused in answers),
    )


def spent(server: int) -> float:
    """Seconds of processor of nginx's workers."""
    times = [child.cpu_times() for child in psutil.Process(server).children()]
    return sum(each.user + each.system for each in times)


def plain_server(port: int, films: Path) -> dict[str, str]:
    """What stands beside the product's rules: the same files, ways of sending and headers, and nobody is asked."""
    headers = (
        'add_header Cache-Control "private, max-age=21600, immutable" always;'
        "add_header X-Content-Type-Options nosniff always;"
    )
    server = f"server {{ listen 127.0.0.1:{port}; location / {{ alias {films}/films/; aio threads; {headers} }} }}\n"
    # All viewers come from one address here, which the product would take for a flood.
    return {
        "upstream web {": f"{server}upstream web {{",
        "limit_conn per_address 1000;": "limit_conn per_address 65000;",
    }


def tell(name: str, rounds: list[Taken]) -> None:
    def middle(field: str) -> float:
        return statistics.median(getattr(each, field) for each in rounds)

    hits, files = sum(each.hits for each in rounds), sum(each.files for each in rounds)
    refused = sum(each.refused for each in rounds)
    say(
        f"{name:14} {middle('rate'):8.0f} files/s   p50 {middle('p50_ms'):6.1f} ms   p99 {middle('p99_ms'):6.1f} ms   "
        f"nginx {middle('nginx_ms'):.3f} ms a file   origin hits {hits} for {files} files   refused {refused}"
    )


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--viewers", type=int, default=200)
    asked.add_argument("--seconds", type=float, default=8)
    asked.add_argument("--rounds", type=int, default=8)
    asked.add_argument("--segment-kb", type=int, default=600)
    options = asked.parse_args()
    from marketplace.local import nginx
    from marketplace.local.ports import free_port

    with own_servers(), tempfile.TemporaryDirectory(prefix="kezhan-bench-") as name:
        folder, films = Path(name), Path(name) / "video"
        beginnings, plain = stage(options.viewers, options.segment_kb, films)
        port, beside, log = free_port(), free_port(), folder / "web.log"
        log.touch()
        with (
            web(port, log, films),
            nginx.running(folder / "nginx", f"127.0.0.1:{port}", films, plain_server(beside, films)) as address,
        ):
            server = int((folder / "nginx/nginx.pid").read_text())
            ways = {
                "plain files": (f"127.0.0.1:{beside}", [plain] * len(beginnings)),
                "with rights": (urlsplit(address).netloc, beginnings),
            }
            taken: dict[str, list[Taken]] = {way: [] for way in ways}
            for at in range(options.rounds):
                # Who comes first changes: the second finds the machine warmer.
                for way, (host, starts) in list(ways.items())[:: -1 if at % 2 else 1]:
                    measure(host, starts, 2, server, log)
                    taken[way].append(measure(host, starts, options.seconds, server, log))
        for way, rounds in taken.items():
            tell(way, rounds)
        beside_each_other = list(zip(*taken.values(), strict=True))
        share = statistics.median(ours.rate / static.rate for static, ours in beside_each_other)
        slower = statistics.median(ours.p99_ms / static.p99_ms for static, ours in beside_each_other)
        say(f"with rights / plain: {share:.3f} of the files a second, p99 × {slower:.2f}")


if __name__ == "__main__":
    main()
