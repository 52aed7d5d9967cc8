"""What do questions that mean harm cost at a million courses?

    python bench/hostile.py [--courses 1000000]

Each question of tests/discovery/hostile.py, the hottest words of both languages among them, is asked five times at each
address that takes words, and with filters, in one process, and so are lists that few or no courses fit, from marks
that no page gave out: the answer's status, the longest wall time, and the longest time in which PostgreSQL answered all
of its statements; beside it the least of the five for the question that took most so, which others at work on the
machine disturb less. The program fails where an answer is an error of ours (500), where the database took longer than
100 ms, or where an answer took a second.
"""

import argparse
import sys
import time
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.scale import RARE
from bench.seed import seeded
from bench.stage import say

# 2026-01-01T00:00:00+23:00_5: Python reads such an offset, PostgreSQL does not.
NO_PLACE = "MjAyNi0wMS0wMVQwMDowMDowMCsyMzowMF81"
LISTS = {
    **RARE,
    "beyond the last": "rating=4&after=MF8x",
    "before the first": "language=ja&level=advanced&price=free&before=MF8x",
    "after a moment of no place": f"sort=newest&after={NO_PLACE}&cursor=after.{NO_PLACE}",
    "no such shelf": "category=none&level=beginner&sort=rating",
}
TIMES, MOST_PG_MS, MOST_WALL_MS = 5, 100, 1_000


def questions() -> dict[str, bytes]:
    from bench.zipf import words_of
    from tests.discovery.hostile import HOSTILE

    english, chinese = words_of("en").ranked, words_of("zh").ranked
    asked = {
        **HOSTILE,
        "ten of the hottest": " ".join([*english[:5], *chinese[:5]]),
        "the hottest signs together": "".join(chinese[:50]),
        "the hottest words, each with a slip": " ".join(
            f"{word[0]}{word[2]}{word[1]}{word[3:]}" for word in english[:10]
        ),
        "beginnings of the hottest": " ".join(word[:2] for word in english[:10]),
    }
    return {name: words.encode("utf-8", "surrogatepass") for name, words in asked.items()}


def asked(client: Any, address: str, words: bytes, more: dict[str, str]) -> tuple[int, float, float]:
    """Status, wall milliseconds, and those of them in which the database answered."""
    from django.db import connection

    spent = 0.0

    def clock(execute: Any, *statement: Any) -> Any:
        nonlocal spent
        began = time.perf_counter()
        try:
            return execute(*statement)
        finally:
            spent += time.perf_counter() - began

    began = time.perf_counter()
    with connection.execute_wrapper(clock):
        status = client.get(address, {"q": words, **more}).status_code
    return status, 1000 * (time.perf_counter() - began), 1000 * spent


def show() -> bool:
    """Print all of it; whether everything held."""
    from django.test import Client

    from tests.discovery.hostile import PAGES

    client, held, found = Client(raise_request_exception=False), True, questions()
    pages: list[tuple[str, dict[str, str]]] = [(address, {}) for address in PAGES]
    pages.append(("/search/", {"price": "free", "level": "advanced", "updated": "year"}))
    asks = [(address, more, [(name, words, more) for name, words in found.items()]) for address, more in pages]
    lists = [(name, b"", dict(parse_qsl(query))) for name, query in LISTS.items()]
    asks += [(address, {"": ""}, lists) for address in ("/courses/", "/api/v1/courses/")]
    client.get("/search/?q=warm")
    say(f"{'milliseconds of':45} {'wall':>8} {'PG':>8} {'least':>8}  worst in PG, by the least; statuses")
    for address, with_filters, questions_here in asks:
        taken: dict[str, tuple[float, float, float]] = {}
        statuses = set[int]()
        for name, words, more in questions_here:
            rounds = [asked(client, address, words, more) for _ in range(TIMES)]
            statuses |= {status for status, _wall, _spent in rounds}
            walls, spent = [wall for _, wall, _ in rounds], [spent for _, _, spent in rounds]
            taken[name] = (max(walls), max(spent), min(spent))
        wall, most = (max(each[at] for each in taken.values()) for at in (0, 1))
        name, (_, _, least) = max(taken.items(), key=lambda one: one[1][2])
        held &= max(statuses) < 500 and most <= MOST_PG_MS and wall <= MOST_WALL_MS
        where = address + (" with filters" if with_filters else "")
        say(f"{where:45} {wall:8.1f} {most:8.1f} {least:8.1f}  {name}; {sorted(statuses)}")
    return held


def main() -> None:
    told = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    told.add_argument("--courses", type=int, default=1_000_000)
    options = told.parse_args()
    with seeded(options.courses):
        from django.conf import settings

        settings.ALLOWED_HOSTS.append("testserver")
        held = show()
    if not held:
        raise SystemExit("not held")


if __name__ == "__main__":
    main()
