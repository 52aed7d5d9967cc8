"""Paid orders through our own function against bare inserts of the same rows, interleaved in one run.

    python bench/ledger.py [--sales 1000] [--clients 4] [--rounds 3]

Starts a Postgres of its own with fsync on. A sale is `payments.taking.take`: everything between the provider's word
that the money is in and the commit. The bare statement is one INSERT a sale, each with its own commit, of the rows that
the sale inserts, into tables that have a primary key and nothing else: no unique key, no foreign key, no trigger. Sales
are spread over 200 creators, or all of one creator and one course. Prints medians and
the ratios of the design's goal 13.
"""

import argparse
import multiprocessing
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.stage import own_servers, say

CREATORS = 200
WARM = 10  # sales of each client before the clock starts
BARE = """
CREATE TABLE bare_entry (id bigserial PRIMARY KEY, book text, idem_key text, payload_hash text, kind text,
                         occurred_at timestamptz, created_at timestamptz, meta jsonb);
CREATE TABLE bare_posting (id bigserial PRIMARY KEY, entry bigint, account_id bigint, currency text, amount bigint);
CREATE TABLE bare_right (id bigserial PRIMARY KEY, learner bigint, course bigint, source text, reference text,
                         granted_at timestamptz, end_reason text);
CREATE TABLE bare_after_sale (id bigint PRIMARY KEY, due_at timestamptz, attempts int, rounds int, last_error text);
"""
LEDGER_ROWS = """
WITH entries AS (
    INSERT INTO bare_entry (book, idem_key, payload_hash, kind, occurred_at, created_at, meta)
    VALUES ('sandbox', 'sale:' || %(key)s, repeat('0', 64), 'sale', now(), now(), '{"order": "K123456789"}'),
           ('sandbox', 'fee:' || %(key)s, repeat('0', 64), 'fee', now(), now(), '{"order": "K123456789"}')
    RETURNING id)
INSERT INTO bare_posting (entry, account_id, currency, amount)
SELECT (SELECT min(id) FROM entries), v.account, 'USD', v.amount
  FROM (VALUES (1, 2000), (2, -500), (%(key)s, -1500), (3, 88), (1, -88)) AS v (account, amount)
"""
ALL_ROWS = f"""
WITH granted AS (
    INSERT INTO bare_right (learner, course, source, reference, granted_at, end_reason)
    VALUES (%(key)s, 1, 'purchase', 'K123456789', now(), '')
), waiting AS (
    INSERT INTO bare_after_sale VALUES (%(key)s, now(), 0, 0, '')
), {LEDGER_ROWS.strip().removeprefix("WITH ")}
"""


def make_course(owner: Any, number: int) -> Any:
    from courses.models import Course

    course = Course.objects.start(creator=owner, title=f"Course {number}")
    Course.objects.filter(pk=course.pk).update(price_minor=2000, currency="USD")
    course.refresh_from_db()
    return course


def creators(count: int, first: int) -> Iterator[Any]:
    from accounts.models import User
    from creators.models import Creator

    users = User.objects.bulk_create(User(email=f"creator{first + n}@example.invalid") for n in range(count))
    for user in users:
        yield Creator.objects.create(user=user, name=user.email[:20], slug=f"creator-{user.pk}")


def orders(courses: list[Any], count: int) -> list[tuple[int, Any, Any]]:
    """Open orders of buyers who never bought before, each with what the provider says of its payment."""
    from accounts.models import User
    from marketplace.lib import clock
    from payments import pricing
    from payments.models import Order

    stem = f"{time.time_ns()}"
    buyers = User.objects.bulk_create(User(email=f"{stem}-{n}@example.invalid") for n in range(count))
    now = clock.now()
    quotes = {course.pk: pricing.price_up(None, [course], at=now) for course in courses}
    made = []
    for n, buyer in enumerate(buyers):
        quote = quotes[courses[n % len(courses)].pk]
        order = Order.objects.place(buyer=buyer, quote=quote, language="en")
        made.append((order.pk, *paid(order)))
    return made


def paid(order: Any) -> tuple[Any, Any]:
    """The session and the charge of an order as the gateway reads them."""
    from marketplace.lib.money import Money
    from payments.provider_shapes import BalanceTransaction, Charge, Session

    now, total, fee = datetime.now(UTC), order.total, Money(88, order.currency)
    moved = BalanceTransaction(
        f"txn_{order.pk}", "charge", f"ch_{order.pk}", total, fee, total - fee, created_at=now, available_on=now
    )
    charge = Charge(
        id=f"ch_{order.pk}", reference=order.reference, amount=total, amount_refunded=Money.zero(order.currency),
        is_paid=True, balance_transaction=moved,
    )  # fmt: skip
    session = Session(
        id=f"cs_{order.pk}", url="", status="complete", is_paid=True, has_failed=False, amount=total, subtotal=total,
        tax=None, reference=order.reference, expires_at=now, charge=charge,
    )  # fmt: skip
    return session, charge


def sell(part: list[tuple[int, Any, Any]]) -> None:
    from payments import taking

    for order_pk, session, charge in part:
        taking.take(order_pk, session, charge)


def insert(statement: str) -> Callable[[list[tuple[int, Any, Any]]], None]:
    def act(part: list[tuple[int, Any, Any]]) -> None:
        from django.db import connection

        with connection.cursor() as cursor:
            for order_pk, _session, _charge in part:
                cursor.execute(statement, {"key": order_pk})

    return act


def rate(act: Callable[[list[Any]], None], work: list[Any], clients: int) -> float:
    """So many a second by processes that begin together, each with a connection of its own."""
    from django.db import connections

    connections.close_all()
    context = multiprocessing.get_context("fork")
    ready = context.Barrier(clients + 1)

    def one(part: list[Any]) -> None:
        from django.db import connection

        connection.ensure_connection()
        act(part[:WARM])  # imports, plans, the broker's connection: what a worker has done long before
        ready.wait()
        act(part[WARM:])

    running = [context.Process(target=one, args=(work[n::clients],)) for n in range(clients)]
    for process in running:
        process.start()
    ready.wait()
    began = time.perf_counter()
    for process in running:
        process.join()
    took = time.perf_counter() - began
    if any(process.exitcode for process in running):
        raise SystemExit("a client failed")
    return (len(work) - WARM * clients) / took


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--sales", type=int, default=1000)
    asked.add_argument("--clients", type=int, default=4)
    asked.add_argument("--rounds", type=int, default=3)
    options = asked.parse_args()
    with own_servers():
        run(options)


def run(options: argparse.Namespace) -> None:
    from django.db import connection

    from payments import invariants

    with connection.cursor() as cursor:
        cursor.execute(BARE)
        cursor.execute("SHOW fsync")
        say(
            f"Postgres of its own, fsync {cursor.fetchone()[0]}; {options.clients} clients, {options.sales} sales a run"
        )
    spread = [make_course(owner, n) for n, owner in enumerate(creators(CREATORS, 0))]
    (hot_owner,) = creators(1, CREATORS)
    hot = [make_course(hot_owner, CREATORS)]
    rates: dict[str, list[float]] = {}
    for _round in range(options.rounds):
        first, second = orders(spread, options.sales), orders(hot, options.sales)
        for name, act, work in (
            ("bare, the ledger's rows", insert(LEDGER_ROWS), first),
            ("bare, all its rows", insert(ALL_ROWS), first),
            ("sales, 200 creators", sell, first),
            ("sales, one course", sell, second),
        ):
            rates.setdefault(name, []).append(rate(act, work, options.clients))
    report(rates)
    broken = {name: found[:3] for name, found in invariants.breaks().items() if found}
    say(f"invariants: {broken or 'all hold'}")


def report(rates: dict[str, list[float]]) -> None:
    for name, found in rates.items():
        say(f"{name:26} {statistics.median(found):8.0f} /s   ({', '.join(f'{one:.0f}' for one in found)})")
    for above, below, goal in (
        ("sales, 200 creators", "bare, all its rows", "0.3"),
        ("sales, 200 creators", "bare, the ledger's rows", "0.3"),
        ("sales, one course", "sales, 200 creators", "0.8"),
    ):
        ratio = statistics.median(a / b for a, b in zip(rates[above], rates[below], strict=True))
        say(f"{above} ÷ {below}: {ratio:.2f} (goal ≥ {goal})")


if __name__ == "__main__":
    main()
