"""What do the public pages cost, beside a bare Django view in the same run?

    python bench/pages.py [--courses 1000] [--requests 60]

A catalogue of that size (bench/seed.py) behind gunicorn with one worker; beside it bench/hello.py behind another. ×H
is the worker's processor time a request over hello's, taken in turn, three rounds, medians. SQL: statements a request;
PG ms: the time in which they were answered, median of the requests, taken inside a process that does the same. Searches
go through thirty different questions, so no whole answer comes from a cache; cards may.
"""

import argparse
import http.client
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import psutil

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.seed import seeded
from bench.stage import ROOT, say

ROUNDS = 3
# ×H, SQL and PG ms that a page may cost; the design's page on performance. PG ms at a thousand courses.
GOALS: dict[str, tuple[float, int, float]] = {
    "catalogue": (4, 1, 2), "home": (4, 1, 2), "course": (20, 6, 5), "facet": (25, 4, 2), "catalogue 1,000": (25, 4, 2),
}  # fmt: skip
SEARCH = (12, 3, 3)


@dataclass(frozen=True)
class Page:
    name: str
    addresses: list[str]

    @property
    def goal(self) -> tuple[float, int, float]:
        return GOALS.get(self.name, SEARCH)


def pages() -> list[Page]:
    from bench.zipf import words_of
    from courses.models import Course
    from courses.paging import mark

    english, chinese = words_of("en").ranked, words_of("zh").ranked
    deep = Course.objects.on_sale().order_by("-learners_count", "-id").values_list("learners_count", "pk")
    at = min(24 * 1_000, deep.count() - 25)
    after = mark(*deep[at])
    slug = Course.objects.on_sale().order_by("-learners_count").values_list("slug", flat=True)[0]

    def asked(path: str, words: list[str], **more: str) -> list[str]:
        return [f"{path}?{urlencode({'q': each, **more})}" for each in words]

    slips = [f"{word[:3]}{word[4]}{word[3]}{word[5:]}" for word in english[100:130] if len(word) > 6]
    pairs = [f"{english[n]} {english[3 * n + 5]}" for n in range(30)]
    return [
        Page("home", ["/"]),
        Page("catalogue", ["/courses/"]),
        Page("catalogue 1,000", [f"/courses/?after={after}"]),
        Page("facet", ["/courses/?category=design&level=beginner&sort=newest"]),
        Page("course", [f"/courses/{slug}/"]),
        Page("search: a word", asked("/search/", english[20:50])),
        Page("search: two words", asked("/search/", pairs)),
        Page("search: Chinese", asked("/search/", chinese[20:50])),
        Page("search: hottest", asked("/search/", english[:2])),
        Page("search: filtered", asked("/search/", english[20:50], price="free", level="beginner")),
        Page("search: slips", asked("/search/", slips)),
        Page("suggestions", asked("/search/suggest/", [word[:3] for word in english[:60:2]])),
    ]  # fmt: skip


@contextmanager
def server(application: str, port: int) -> Iterator[psutil.Process]:
    command = [sys.executable, "-m", "gunicorn", application, "--workers", "1", "--bind", f"127.0.0.1:{port}"]
    process = subprocess.Popen(
        [*command, "--log-level", "error"], cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}
    )
    try:
        for _ in range(300):
            try:
                http.client.HTTPConnection("127.0.0.1", port, timeout=5).request("GET", "/")
                break
            except OSError:
                time.sleep(0.1)
        time.sleep(1)
        yield psutil.Process(process.pid).children()[0]
    finally:
        process.terminate()
        process.wait(30)


def spend(worker: psutil.Process, port: int, addresses: list[str], requests: int, cookie: str = "") -> float:
    """Processor milliseconds a request."""
    headers = {"Cookie": cookie} if cookie else {}
    before = worker.cpu_times()
    for number in range(requests):
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        line.request("GET", addresses[number % len(addresses)], headers=headers)
        answer = line.getresponse()
        answer.read()
        line.close()
        if answer.status != 200:
            raise SystemExit(f"{addresses[number % len(addresses)]} answered {answer.status}")
    after = worker.cpu_times()
    return 1000 * (after.user + after.system - before.user - before.system) / requests


def database(page: Page, client: Any) -> tuple[int, float, float]:
    """Most statements of a request, median and greatest milliseconds of the database, everything warm."""
    from django.db import connection

    counts, times = [], []
    for address in [page.addresses[0], *page.addresses] * 2:
        spent: list[float] = []

        def timed(execute: Any, *rest: Any, spent: list[float] = spent) -> Any:
            began = time.perf_counter()
            try:
                return execute(*rest)
            finally:
                spent.append(1000 * (time.perf_counter() - began))

        with connection.execute_wrapper(timed):
            client.get(address, headers={"Accept-Language": "en"})
        counts.append(len(spent))
        times.append(sum(spent))
    warm = slice(len(counts) // 2, None)
    return max(counts[warm]), statistics.median(times[warm]), max(times[warm])


def deep_paging() -> float:
    """Time in the database of page 10,000 over that of page 1 (or of the last page where there are fewer)."""
    from courses.models import Course
    from courses.paging import mark, page_of

    order = ("-learners_count", "-id")
    rows = Course.objects.on_sale()
    deep = rows.order_by(*order).values_list("learners_count", "pk")
    after = mark(*deep[min(240_000, deep.count() - 25)])

    def timed(**where: str) -> float:
        took = []
        for _ in range(30):
            began = time.perf_counter()
            page_of(rows.values_list("pk", "learners_count", named=True), order, counted=0, **where)
            took.append(time.perf_counter() - began)
        return statistics.median(took)

    return timed(after=after) / timed()


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--courses", type=int, default=1_000)
    asked.add_argument("--requests", type=int, default=60)
    options = asked.parse_args()
    from marketplace.local.ports import free_port

    with seeded(options.courses) as took:
        from django.conf import settings
        from django.test import Client

        from accounts.models import User

        settings.ALLOWED_HOSTS.append("testserver")
        say(f"{options.courses:,} courses written in {took:.0f} s")
        anonymous, member = Client(), Client()
        member.force_login(User.objects.get(pk=options.courses // 20))
        cookie = f"{settings.SESSION_COOKIE_NAME}={member.cookies[settings.SESSION_COOKIE_NAME].value}"
        shop, bare = free_port(), free_port()
        ours_is, bare_is = "marketplace.wsgi:application", "bench.hello:application"
        with server(ours_is, shop) as worker, server(bare_is, bare) as beside:
            say(
                f"{'page':20} {'who':10} {'×H':>6} {'goal':>5}  {'SQL':>3} {'goal':>4}"
                f"  {'PG ms':>6} {'most':>6} {'goal':>4}"
            )
            for page in pages():
                for who, client, told in (("anonymous", anonymous, ""), ("signed in", member, cookie)):
                    spend(worker, shop, page.addresses, len(page.addresses), told)
                    hello, ours = [], []
                    for _ in range(ROUNDS):
                        hello.append(spend(beside, bare, ["/"], 5 * options.requests))
                        ours.append(spend(worker, shop, page.addresses, options.requests, told))
                    times = statistics.median(ours) / statistics.median(hello)
                    count, middle, most = database(page, client)
                    h, sql, ms = page.goal
                    say(
                        f"{page.name:20} {who:10} {times:6.1f} {h:5}  {count:3} {sql:4}"
                        f"  {middle:6.2f} {most:6.1f} {ms:4}"
                    )
        say(f"keyset: the deepest page costs the database {deep_paging():.2f} times the first (goal 2)")


if __name__ == "__main__":
    main()
