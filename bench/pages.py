"""What do the public pages cost, beside a bare Django view in the same run?

    python bench/pages.py [--courses 1000] [--requests 60] [--only search]

A catalogue of that size (bench/seed.py) behind gunicorn with one worker; beside it bench/hello.py behind another, and
nginx that sends the page's bytes as a file, and nginx before the first worker as in production, which keeps the page.
×H is the worker's processor time a request over hello's, taken in turn, at 1, 4 and 16 connections, three rounds,
medians; behind nginx it is that of both. Warm: asked again. Cold: before each request the shop window is changed, so
that pages, lists and counts are drawn anew (cards stand under the stamps of their rows). SQL: statements a request; PG
ms: the time in which they were answered, median of the requests, taken inside a process that does the same. The deep
page of the catalogue is the 1,000th, of fewer than 24,000 courses the last full one. Searches go through thirty
different questions, so no whole answer comes from a cache; cards may.
"""

import argparse
import math
import os
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.seed import seeded
from bench.serving import edge, nginx, server, spend
from bench.stage import say

ROUNDS, CONNECTIONS = 3, (1, 4, 16)
# ×H, SQL and PG ms that a page may cost; the design's page on performance. PG ms at a thousand courses.
WARM, COLD = (4, 1, 2), (25, 4, 2)
DEEP = "catalogue, deep"
GOALS: dict[str, tuple[float, int, float]] = {
    "home": WARM, "catalogue": WARM, "course": WARM, "creator": WARM, "home, cold": COLD, "catalogue, cold": COLD,
    "course, cold": (20, 6, 2), "facet": COLD, DEEP: COLD,
}  # fmt: skip
SEARCH = (12, 3, 3)


@dataclass(frozen=True)
class Page:
    name: str
    addresses: list[str]
    is_cold: bool = False

    @property
    def goal(self) -> tuple[float, int, float]:
        return GOALS.get(self.name, SEARCH)


def pages() -> list[Page]:
    from bench.zipf import words_of
    from courses.models import Course
    from courses.paging import PAGE_ROWS, mark

    english, chinese = words_of("en").ranked, words_of("zh").ranked
    deep = Course.objects.listed().order_by("-learners_count", "-id").values_list("learners_count", "pk")
    # The 1,000th page begins after these; of fewer courses the last full one.
    before = PAGE_ROWS * min(999, deep[: 1_000 * PAGE_ROWS].count() // PAGE_ROWS - 1)
    after = mark(*deep[before - 1])
    say(f"{DEEP}: page {before // PAGE_ROWS + 1:,}")
    slug, creator = Course.objects.on_sale().order_by("-learners_count").values_list("slug", "creator__slug")[0]

    def asked(path: str, words: list[str], **more: str) -> list[str]:
        return [f"{path}?{urlencode({'q': each, **more})}" for each in words]

    slips = [f"{word[:3]}{word[4]}{word[3]}{word[5:]}" for word in english[100:130] if len(word) > 6]
    pairs = [f"{english[n]} {english[3 * n + 5]}" for n in range(30)]
    return [
        Page("home", ["/"]),
        Page("catalogue", ["/courses/"]),
        Page(DEEP, [f"/courses/?after={after}"]),
        Page("facet", ["/courses/?category=design&level=beginner&sort=newest"]),
        Page("course", [f"/courses/{slug}/"]),
        Page("creator", [f"/creators/{creator}/"]),
        Page("home, cold", ["/"], is_cold=True),
        Page("catalogue, cold", ["/courses/"], is_cold=True),
        Page("course, cold", [f"/courses/{slug}/"], is_cold=True),
        Page("search: a word", asked("/search/", english[20:50])),
        Page("search: two words", asked("/search/", pairs)),
        Page("search: Chinese", asked("/search/", chinese[20:50])),
        Page("search: hottest", asked("/search/", english[:2])),
        Page("search: filtered", asked("/search/", english[20:50], price="free", level="beginner")),
        Page("search: slips", asked("/search/", slips)),
        Page("suggestions", asked("/search/suggest/", [word[:3] for word in english[:60:2]])),
    ]  # fmt: skip


def database(page: Page, client: Any) -> tuple[int, float, float]:
    """Most statements of a request, median and greatest milliseconds of the database, everything warm: a connection has
    a statement planned for good from the tenth time on (marketplace.lib.prepared).
    """
    from django.db import connection

    from marketplace.lib import window

    counts, times = [], []
    round_of = [page.addresses[0], *page.addresses]
    for address in round_of * 2 * math.ceil(12 / len(round_of)):
        spent: list[float] = []
        if page.is_cold:
            window.change()

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


def measure(page: Page, worker: Any, beside: Any, requests: int, cookie: str) -> dict[int, float]:
    """×H by connections; `worker` and `beside` are (process, port)."""
    from marketplace.lib import window

    before = window.change if page.is_cold else None
    spend(*worker, page.addresses, len(page.addresses), cookie)
    found = {}
    for connections in CONNECTIONS:
        hello, ours = [], []
        for _ in range(ROUNDS):
            hello.append(spend(*beside, ["/"], 3 * requests, connections=connections))
            ours.append(spend(*worker, page.addresses, requests, cookie, connections, before))
        found[connections] = statistics.median(ours) / statistics.median(hello)
    return found


def show_nginx(pages_of: list[Page], client: Any, beside: Any, requests: int) -> None:
    """The same bytes as files, in the same run."""
    from marketplace.local.ports import free_port

    with tempfile.TemporaryDirectory(prefix="kezhan-bench-") as name:
        folder, port = Path(name), free_port()
        os.chmod(folder, 0o755)
        kept = [page for page in pages_of if page.goal == WARM]
        for page in kept:
            (folder / f"{page.name}.html").write_bytes(client.get(page.addresses[0]).content)
        with nginx(folder, port) as worker:
            for page in kept:
                rounds = [
                    (spend(*beside, ["/"], requests), spend(worker, port, [f"/{page.name}.html"], 20 * requests))
                    for _ in range(ROUNDS)
                ]
                bare, files = (statistics.median(column) for column in zip(*rounds, strict=True))
                say(f"{page.name:20} nginx with the same bytes {files / bare:6.2f} ×H")


def show_edge(pages_of: list[Page], worker: Any, beside: Any, requests: int) -> None:
    """Kept pages behind nginx: its processor time and the worker's together, as they are and packed."""
    process, port = worker
    with edge(port) as (nginx_is, front):
        for page in (page for page in pages_of if page.goal == WARM):
            for coding in ("", "gzip"):
                rounds = [
                    (
                        spend(*beside, ["/"], requests),
                        spend([process, *nginx_is], front, page.addresses, 50 * requests, coding=coding),
                    )
                    for _ in range(ROUNDS)
                ]
                bare, kept = (statistics.median(column) for column in zip(*rounds, strict=True))
                say(f"{page.name:20} behind nginx {coding or 'plain':6} {kept / bare:6.2f} ×H {kept:7.3f} ms")


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--courses", type=int, default=1_000)
    asked.add_argument("--requests", type=int, default=60)
    asked.add_argument("--only", default="", help="measure the pages alone whose name has this")
    options = asked.parse_args()
    from marketplace.local.ports import free_port

    with seeded(options.courses) as took:
        from django.conf import settings
        from django.test import Client

        from accounts.models import User
        from courses import tallied

        settings.ALLOWED_HOSTS.append("testserver")
        say(f"{options.courses:,} courses written in {took:.0f} s")
        tallied.refresh()  # a worker's part, where courses are many
        anonymous, member = Client(), Client()
        member.force_login(User.objects.get(pk=options.courses // 20))
        cookie = f"{settings.SESSION_COOKIE_NAME}={member.cookies[settings.SESSION_COOKIE_NAME].value}"
        shop, bare = free_port(), free_port()
        ours_is, bare_is = "marketplace.wsgi:application", "bench.hello:application"
        with server(ours_is, shop) as worker, server(bare_is, bare) as beside:
            at = "".join(f"{f'×H at {n}':>9}" for n in CONNECTIONS)
            say(f"{'page':20} {'who':10}{at} {'goal':>5}  {'SQL':>3} {'goal':>4}  {'PG ms':>6} {'most':>6} {'goal':>4}")
            wanted = [page for page in pages() if options.only in page.name]
            for page in wanted:
                for who, client, whose in (("anonymous", anonymous, ""), ("signed in", member, cookie)):
                    times = measure(page, (worker, shop), (beside, bare), options.requests, whose)
                    count, middle, most = database(page, client)
                    h, sql, ms = page.goal
                    taken = "".join(f"{times[n]:9.1f}" for n in CONNECTIONS)
                    say(f"{page.name:20} {who:10}{taken} {h:5}  {count:3} {sql:4}  {middle:6.2f} {most:6.1f} {ms:4}")
            show_nginx(wanted, anonymous, (beside, bare), options.requests)
            show_edge(wanted, (worker, shop), (beside, bare), options.requests)
        say(f"keyset: the deepest page costs the database {deep_paging():.2f} times the first (goal 2)")


if __name__ == "__main__":
    main()
