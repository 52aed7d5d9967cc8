"""Paid orders through our own function against bare inserts of the same rows, interleaved in one run.

    python bench/ledger.py [--sales 1000] [--clients 4] [--rounds 3] [--together 32]

Starts a Postgres of its own with fsync on. What is measured, each by `clients` processes at once:

* bare: one INSERT a sale, each with its own commit, of the rows that a sale inserts, into tables that have a primary
  key and nothing else: no unique key, no foreign key, no trigger. This is what the design's goal 13 names.
* bare, together: the same rows of `together` sales in one INSERT and one commit: what batches by themselves bring.
* sales, one by one: `payments.taking.take` for each, everything between the provider's word that the money is in and
  the commit, as a return page does it, or a worker while nobody waits.
* sales, together: `payments.taking.take_all` with `together` payments each, as workers take them while many wait.
* whole worker: `payments.settling.take_event`, from the event's row through the question to the provider (answered
  from memory, through Stripe's own library) and the sale to the note that the event is done; alone and together.

Sales are spread over 200 creators, or all of one creator and one course. Statements and commits are counted on one
connection. Prints medians and the ratios of goal 13.
"""

import argparse
import statistics
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.selling import acts as ways
from bench.selling.acts import Act
from bench.selling.bare import ALL_ROWS, BARE, LEDGER_ROWS
from bench.selling.timing import WARM, counted, rate
from bench.selling.unpaid import creators, make_course, orders, tell
from bench.stage import own_servers, say

CREATORS = 200
BARE_ONE, BARE_TOGETHER = "bare", "bare, together"
ONE, ONE_HOT = "sales, one by one", "sales, one by one, one course"
TOGETHER, TOGETHER_HOT = "sales, together", "sales, together, one course"
WORKER, WORKER_TOGETHER = "whole worker, one by one", "whole worker, together"


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--sales", type=int, default=1000)
    asked.add_argument("--clients", type=int, default=4)
    asked.add_argument("--rounds", type=int, default=3)
    asked.add_argument("--together", type=int, default=32, help="payments a batch")
    options = asked.parse_args()
    with own_servers():
        run(options)


def run(options: argparse.Namespace) -> None:
    from django.conf import settings
    from django.db import connection

    from payments import invariants

    settings.PAYMENTS_HTTP_CLIENT = "bench.stripe_memory.StripeInMemory"
    with connection.cursor() as cursor:
        cursor.execute(BARE)
        cursor.execute("SHOW fsync")
        say(
            f"Postgres of its own, fsync {cursor.fetchone()[0]}; {options.clients} clients,"
            f" {options.sales} sales a run, {options.together} together"
        )
    spread = [make_course(owner, n) for n, owner in enumerate(creators(CREATORS, 0))]
    (hot_owner,) = creators(1, CREATORS)
    hot = [make_course(hot_owner, CREATORS)]
    together = options.together
    acts: list[tuple[str, Act, list[Any], Act]] = [
        (BARE_ONE, ways.insert(ALL_ROWS), spread, ways.nothing),
        ("bare, the ledger's rows alone", ways.insert(LEDGER_ROWS), spread, ways.nothing),
        (BARE_TOGETHER, ways.insert_together(together), spread, ways.nothing),
        (ONE, ways.sell, spread, ways.nothing),
        (ONE_HOT, ways.sell, hot, ways.nothing),
        (TOGETHER, ways.sell_together(together), spread, ways.nothing),
        (TOGETHER_HOT, ways.sell_together(together), hot, ways.nothing),
        (WORKER, ways.worker(1), spread, tell),
        (WORKER_TOGETHER, ways.worker(together), spread, tell),
    ]
    counts = {name: counted(act, orders(courses, 2 * together), prepare) for name, act, courses, prepare in acts}
    rates: dict[str, list[float]] = {}
    for number in range(options.rounds):
        for name, act, courses, prepare in acts:
            work = orders(courses, options.sales + WARM * options.clients)
            rates.setdefault(name, []).append(rate(act, work, options.clients, prepare))
        say(f"round {number + 1}: " + ", ".join(f"{name} {found[-1]:.0f}" for name, found in rates.items()))
    report(rates, counts)
    broken = {name: found[:3] for name, found in invariants.breaks().items() if found}
    say(f"invariants: {broken or 'all hold'}")


def report(rates: dict[str, list[float]], counts: dict[str, tuple[float, float]]) -> None:
    for name, found in rates.items():
        statements, commits = counts[name]
        say(
            f"{name:36} {statistics.median(found):8.0f} /s   ({', '.join(f'{one:.0f}' for one in found)})"
            f"   {statements:.2f} statements, {commits:.2f} commits a sale"
        )
    for above, below, goal in (
        (ONE, BARE_ONE, "goal ≥ 0.3"),
        (TOGETHER, BARE_ONE, "goal ≥ 0.3"),
        (TOGETHER, BARE_TOGETHER, "no goal"),
        (ONE_HOT, ONE, "goal ≥ 0.8"),
        (TOGETHER_HOT, TOGETHER, "goal ≥ 0.8"),
        (WORKER, BARE_ONE, "no goal"),
        (WORKER_TOGETHER, BARE_ONE, "no goal"),
    ):
        ratio = statistics.median(a / b for a, b in zip(rates[above], rates[below], strict=True))
        say(f"{above} ÷ {below}: {ratio:.2f} ({goal})")


if __name__ == "__main__":
    main()
