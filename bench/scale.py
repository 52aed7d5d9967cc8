"""What do a thousand times as many courses cost the database?

    python bench/scale.py [--small 1000] [--large 1000000] [--each 50]

For each size (bench/seed.py): so many searches of each kind, beside the bare capped query (the first 2,000 hits as they
lie, ranked, and the first 501): words, slips of the finger, filters that many courses fit, that few do, that none does,
a skill, another order; what of a search is for films (the same statement without them taken away); the first and the
10,000th page of the catalogue, facets, and the pages of a skill and a course, drawn anew after a change of the window,
with and without the counting of what filters leave (where courses are many a worker counts, whose time is told apart);
lists whose filters few or no courses fit; the first page and the list of somebody who has some courses, and of somebody
who has hundreds (bench/readers.py). Milliseconds are PostgreSQL's own (planning and execution, without timing each
node) of what a connection asks that has asked often (marketplace.lib.prepared), each statement three times, the least
of them; the bare query, which is planned each time, and the search in turn.
"""

import argparse
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench import readers
from bench.seed import seeded
from bench.stage import ROOT, say

TIMES, OFTEN = 3, 10
# Times what a thousand times as few courses cost.
MOST_GROWTH = 1.5
# A list that few courses fit cannot cost the same at any size, since there are more of them: milliseconds at most.
MOST_RARE_MS = 100
# What the order's own index would look for among all courses (courses.listing).
RARE = {
    "few fit": "language=ja&level=advanced&price=free",
    "few fit, newest": "length=long&level=advanced&language=de&sort=newest",
    "two that exclude": "captions=zh&language=en",
    "two that exclude, newest": "captions=zh&language=en&sort=newest",
    "many words, none fits": "price=free&level=beginner&length=short&updated=month&rating=4.5",
    "the other end": "price=free&sort=price-high",
}
CAPS = (2_000, 501)
Statement = tuple[str, Any]
# The bare query has a table and an index of its own, kept with the rows: ours are cut by tiers.
_BARE = """
CREATE TABLE IF NOT EXISTS bench_words AS SELECT course_id, words FROM discovery_entry;
CREATE INDEX IF NOT EXISTS bench_words_words ON bench_words USING gin (words) WITH (fastupdate = off);
ANALYZE bench_words
"""
BARE = """SELECT course_id FROM (SELECT course_id, words FROM bench_words WHERE words @@ {asked} LIMIT {most}) hit
    ORDER BY ts_rank('{{0.1, 0.25, 0.5, 1.0}}', words, {asked}, 1) DESC LIMIT 25"""


def questions(each: int) -> dict[str, list[tuple[str, dict[str, str]]]]:
    """By kind: words, and filters by parameter."""
    from bench.zipf import words_of
    from courses.models import Skill

    english, chinese = words_of("en").ranked, words_of("zh").ranked
    kinds: dict[str, list[str]] = {
        "a word": english[20 : 20 + 4 * each : 4],
        "two words": [f"{english[n]} {english[3 * n + 5]}" for n in range(each)],
        "Chinese, two signs": chinese[20 : 20 + 4 * each : 4],
        "Chinese, four signs": [chinese[n] + chinese[3 * n + 5] for n in range(each)],
        "hottest": [*english[:5], *chinese[:5]],
    }
    asked = {kind: [(words, dict[str, str]()) for words in found] for kind, found in kinds.items()}
    hot, some = [*english[: each // 2], *chinese[: each // 2]], english[20 : 20 + each]
    asked["slips"] = [(slip(words), {}) for words in [word for word in english[20:] if len(word) > 5][:each]]
    asked["two filters"] = [(words, {"price": "free", "level": "beginner"}) for words in some]
    asked["three filters"] = [(words, {"price": "paid", "category": "design", "updated": "year"}) for words in hot]
    asked["filters few fit"] = [(words, {"language": "ja", "level": "advanced", "price": "free"}) for words in hot]
    asked["filters none fits"] = [(words, {"language": "en", "rating": "4.5", "captions": "zh"}) for words in hot]
    skills = list(Skill.objects.order_by("pk").values_list("slug", flat=True))[:each]
    asked["a skill"] = [(words, {"skill": skills[at % len(skills)]}) for at, words in enumerate(hot)]
    asked["a skill, free"] = [(words, {**chosen, "price": "free"}) for words, chosen in asked["a skill"]]
    asked["newest first"] = [(words, {"sort": "newest"}) for words in hot]
    return asked


def slip(word: str) -> str:
    """Two letters in the wrong order."""
    return word[:2] + word[3] + word[2] + word[4:]


def stated(act: Callable[[], object]) -> list[Statement]:
    """The statements that `act` asks of a connection that knows them."""
    from django.db import connection

    found: list[Statement] = []

    def note(execute: Any, sql: str, params: Any, *rest: Any) -> Any:
        found.append((sql, params))
        return execute(sql, params, *rest)

    # Prepared from the fourth time on, with a plan that is kept from the tenth.
    for _ in range(OFTEN):
        act()
    with connection.execute_wrapper(note):
        act()
    return [(sql, params) for sql, params in found if sql.lstrip().startswith(("SELECT", "WITH", "EXECUTE", "("))]


def spent(statements: list[Statement]) -> float:
    """Milliseconds of PostgreSQL, each statement once."""
    from django.db import connection

    took = 0.0
    with connection.cursor() as cursor:
        for sql, params in statements:
            cursor.execute(f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {sql}", params)
            plan = cursor.fetchone()[0]
            plan = (json.loads(plan) if isinstance(plan, str) else plan)[0]
            took += plan["Planning Time"] + plan["Execution Time"]
    return took


def searched(words: str, chosen: dict[str, str]) -> tuple[list[Statement], list[Statement], list[list[Statement]]]:
    """The statement of a visitor's search, the same without what is said in films, and the bare query by cap."""
    from courses.filters import facets_of
    from courses.models import Category
    from discovery import asking, moments
    from discovery.filters import ORDERS

    facets = facets_of(chosen, Category.objects.shelves())
    wish = asking.Wish(facets, ORDERS[chosen.get("sort", "relevance")], own=None if facets else frozenset())
    ours = stated(lambda: asking.ask(words, wish))
    asked_of_films = moments.asked
    moments.asked = lambda question, own: ("SELECT NULL::json AS told WHERE FALSE", [])
    silent = stated(lambda: asking.ask(words, wish))
    moments.asked = asked_of_films
    asked, values = asking.ask(words, wish).question.asked()
    bare = [[(BARE.format(asked=asked, most=most), [*values, *values])] for most in CAPS]
    return ours, silent, bare


def searches(each: int) -> dict[str, dict[str, list[float]]]:
    found: dict[str, dict[str, list[float]]] = {}
    for kind, asked in questions(each).items():
        times: dict[str, list[float]] = {"ours": [], "silent": [], **{str(cap): [] for cap in CAPS}}
        for words, chosen in asked:
            ours, silent, bare = searched(words, chosen)
            least = {"ours": ours, "silent": silent, **{str(cap): each for cap, each in zip(CAPS, bare, strict=True)}}
            rounds = [{name: spent(stated_) for name, stated_ in least.items()} for _ in range(TIMES)]
            for name in least:
                times[name].append(min(round_[name] for round_ in rounds))
        found[kind] = times
    return found


def lists() -> dict[str, tuple[float, float]]:
    """Milliseconds of pages that are drawn anew, and of what of it is no counting."""
    from django.test import Client

    from courses import cards
    from courses.models import Course, Skill
    from courses.paging import mark
    from marketplace.lib import window

    deep = Course.objects.listed().order_by("-learners_count", "-id").values_list("learners_count", "pk")
    after = mark(*deep[min(240_000, deep.count() - 25)])
    slugs = Course.objects.on_sale().order_by("-learners_count").values_list("slug", flat=True)
    skill = Skill.objects.order_by("pk").values_list("slug", flat=True)[0]
    client, took = Client(), {}
    pages = {
        "page 1": f"/courses/?after={mark(2**40, 1)}",
        "page 10,000": f"/courses/?after={after}",
        "a facet": "/courses/?category=design",
        "two facets, newest": "/courses/?category=design&level=beginner&sort=newest",
        "a skill and a price": f"/courses/?skill={skill}&price=free",
        # With a query no page is kept.
        "a skill's page": f"/skills/{skill}/?x=1",
        "course": f"/courses/{slugs[0]}/?x=1",
    }

    pages |= {name: f"/courses/?{asked}" for name, asked in RARE.items()}

    def anew(address: str) -> None:
        window.change()
        cards._near.clear()
        client.get(address)

    for name, address in pages.items():
        statements = stated(lambda at=address: anew(at))
        rows = [each for each in statements if "GROUP BY" not in each[0]]
        took[name] = (min(spent(statements) for _ in range(TIMES)), min(spent(rows) for _ in range(TIMES)))
    return took


def own_lists() -> dict[str, tuple[float, float]]:
    """Milliseconds of the database, and of this process, of what a person is shown of her own."""
    return {
        name: (
            min(spent(stated(lambda who=client, at=address: who.get(at))) for _ in range(TIMES)),
            readers.processor_ms(lambda who=client, at=address: who.get(at)),
        )
        for name, (client, address) in readers.pages().items()
    }


def only(courses: int, each: int) -> None:
    with seeded(courses):
        from django.conf import settings
        from django.db import connection

        from courses import tallied

        settings.ALLOWED_HOSTS.append("testserver")
        with connection.cursor() as cursor:
            cursor.execute(_BARE)
        began = time.perf_counter()
        took = time.perf_counter() - began if tallied.refresh() else 0.0
        told = {"lists": lists(), "own": own_lists(), "searches": searches(each), "tally": took}
        sys.stdout.write(json.dumps(told) + "\n")


def of_size(courses: int, each: int) -> dict[str, Any]:
    command = [sys.executable, __file__, "--only", str(courses), "--each", str(each)]
    answer = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return json.loads(answer.stdout.splitlines()[-1])


def p95(numbers: list[float]) -> float:
    return sorted(numbers)[max(0, round(0.95 * len(numbers)) - 1)]


def show(small: dict[str, Any], large: dict[str, Any]) -> None:
    middle = statistics.median
    bares = " ".join(f"{f'bare {cap:,}':>16}" for cap in CAPS)
    say(f"{'search':20} {'p50':>6} {'p95':>6} {'films':>6} {bares} {'small':>6} {'growth':>6}")
    for kind, times in large["searches"].items():
        few, many = small["searches"][kind]["ours"], times["ours"]
        beside = " ".join(
            f"{middle(times[str(cap)]):7.1f} {middle(times['ours']) / middle(times[str(cap)]):7.2f}x" for cap in CAPS
        )
        films = middle(times["ours"]) - middle(times["silent"])
        say(
            f"{kind:20} {middle(times['ours']):6.1f} {p95(times['ours']):6.1f} {films:6.1f} {beside}"
            f" {middle(few):6.1f} {middle(many) / middle(few):6.1f}"
        )
    say(f"{'drawn anew':24} {'small':>7} {'large':>7} {'times':>6}  {'and without counting':>30}")
    for name, (whole, rows) in large["lists"].items():
        few, few_rows = small["lists"][name]
        most, goal = max(whole / few, rows / few_rows), f"goal {MOST_GROWTH}"
        if name in RARE:
            most, goal = MOST_GROWTH * whole / MOST_RARE_MS, f"goal {MOST_RARE_MS} ms"
        told = "held" if most <= MOST_GROWTH else "NOT HELD"
        columns = f"{few:7.2f} {whole:7.2f} {whole / few:6.2f}  {few_rows:14.2f} {rows:7.2f} {rows / few_rows:7.2f}"
        say(f"{name:24} {columns}  {told} ({goal})")
    say(f"{'of her own':20} {'small':>7} {'large':>7} {'times':>6}  {'and this process, ms':>30}")
    for name, (whole, own) in large["own"].items():
        few, few_own = small["own"][name]
        say(f"{name:20} {few:7.2f} {whole:7.2f} {whole / few:6.2f}  {few_own:14.1f} {own:7.1f} {own / few_own:7.2f}")
    deep, first = large["lists"]["page 10,000"][1], large["lists"]["page 1"][1]
    say(f"page 10,000 costs {deep / first:.2f} times page 1 (goal 2)")
    say(f"a worker counts all courses in {large['tally']:.1f} s; pages of many courses count none")


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--small", type=int, default=1_000)
    asked.add_argument("--large", type=int, default=1_000_000)
    asked.add_argument("--each", type=int, default=50)
    asked.add_argument("--only", type=int, help=argparse.SUPPRESS)
    options = asked.parse_args()
    if options.only:
        only(options.only, options.each)
        return
    say("milliseconds of PostgreSQL")
    show(of_size(options.small, options.each), of_size(options.large, options.each))


if __name__ == "__main__":
    main()
