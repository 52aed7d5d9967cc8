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
WARM = 32  # sales of each client before the clock starts
BARE_ONE, BARE_TOGETHER = "bare", "bare, together"
ONE, ONE_HOT = "sales, one by one", "sales, one by one, one course"
TOGETHER, TOGETHER_HOT = "sales, together", "sales, together, one course"
WORKER, WORKER_TOGETHER = "whole worker, one by one", "whole worker, together"
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
# The same rows as ALL_ROWS for many sales at once.
ALL_ROWS_TOGETHER = """
WITH sale AS (
    SELECT * FROM unnest(%(keys)s) AS key
), granted AS (
    INSERT INTO bare_right (learner, course, source, reference, granted_at, end_reason)
    SELECT key, 1, 'purchase', 'K123456789', now(), '' FROM sale
), waiting AS (
    INSERT INTO bare_after_sale SELECT key, now(), 0, 0, '' FROM sale
), entries AS (
    INSERT INTO bare_entry (book, idem_key, payload_hash, kind, occurred_at, created_at, meta)
    SELECT 'sandbox', kind || ':' || key, repeat('0', 64), kind, now(), now(), '{"order": "K123456789"}'
      FROM sale, (VALUES ('sale'), ('fee')) AS k (kind)
    RETURNING id, kind)
INSERT INTO bare_posting (entry, account_id, currency, amount)
SELECT id, v.account, 'USD', v.amount
  FROM entries JOIN (VALUES ('sale', 1, 2000), ('sale', 2, -500), ('sale', 4, -1500), ('fee', 3, 88), ('fee', 1, -88))
       AS v (kind, account, amount) USING (kind)
"""
ALL_ROWS = f"""
WITH granted AS (
    INSERT INTO bare_right (learner, course, source, reference, granted_at, end_reason)
    VALUES (%(key)s, 1, 'purchase', 'K123456789', now(), '')
), waiting AS (
    INSERT INTO bare_after_sale VALUES (%(key)s, now(), 0, 0, '')
), {LEDGER_ROWS.strip().removeprefix("WITH ")}
"""


Order = tuple[int, Any, Any]  # its key, and the session and the charge of its payment
Act = Callable[[list[Order]], None]


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


def orders(courses: list[Any], count: int) -> list[Order]:
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


def groups(part: list[Order], size: int) -> Iterator[list[Order]]:
    return (part[first : first + size] for first in range(0, len(part), size))


def sell(part: list[Order]) -> None:
    from payments import taking

    for order_pk, session, charge in part:
        taking.take(order_pk, session, charge)


def sell_together(together: int) -> Act:
    def act(part: list[Order]) -> None:
        from payments import taking

        for group in groups(part, together):
            taking.take_all([taking.Payment(*one) for one in group])

    return act


def insert(statement: str) -> Act:
    def act(part: list[Order]) -> None:
        from django.db import connection

        with connection.cursor() as cursor:
            for order_pk, _session, _charge in part:
                cursor.execute(statement, {"key": order_pk})

    return act


def insert_together(together: int) -> Act:
    def act(part: list[Order]) -> None:
        from django.db import connection

        with connection.cursor() as cursor:
            for group in groups(part, together):
                cursor.execute(ALL_ROWS_TOGETHER, {"keys": [order_pk for order_pk, _session, _charge in group]})

    return act


def worker(together: int) -> Act:
    """The worker rung for one event after the other; what it took along is done when its own bell comes."""

    def act(part: list[Order]) -> None:
        from payments import settling
        from payments.models import ProviderEvent

        settling.TOGETHER = together
        mine = ProviderEvent.objects.filter(object_id__in=[f"cs_{order_pk}" for order_pk, _session, _charge in part])
        for pk in list(mine.values_list("pk", flat=True)):
            settling.take_event(str(pk))

    return act


def rate(act: Act, work: list[Order], clients: int, prepare: Act) -> float:
    """So many a second by processes that begin together, each with a connection of its own.

    Each has done some before the clock starts; only then is the rest there to be found.
    """
    from django.db import connections

    context = multiprocessing.get_context("fork")
    ready = context.Barrier(clients + 1)

    def one(part: list[Order]) -> None:
        from django.db import connection

        connection.ensure_connection()
        act(part[:WARM])  # imports, plans, the broker's connection: what a worker has done long before
        ready.wait()
        ready.wait()
        act(part[WARM:])

    parts = [work[n::clients] for n in range(clients)]
    prepare([order for part in parts for order in part[:WARM]])
    connections.close_all()
    running = [context.Process(target=one, args=(part,)) for part in parts]
    for process in running:
        process.start()
    ready.wait()
    prepare([order for part in parts for order in part[WARM:]])
    ready.wait()
    began = time.perf_counter()
    for process in running:
        process.join()
    took = time.perf_counter() - began
    if any(process.exitcode for process in running):
        raise SystemExit("a client failed")
    return (len(work) - WARM * clients) / took


def tell(work: list[Order]) -> None:
    """The events of these payments, as the webhook keeps them, and the orders' pages."""
    from payments.models import Order as Row
    from payments.models import ProviderEvent

    named = [Row(pk=order_pk, checkout_session_id=f"cs_{order_pk}") for order_pk, _session, _charge in work]
    Row.objects.bulk_update(named, ["checkout_session_id"])
    ProviderEvent.objects.bulk_create(
        ProviderEvent(
            book="sandbox", event_id=f"evt_{order_pk}", type="checkout.session.completed", object_id=f"cs_{order_pk}",
            body={"id": f"evt_{order_pk}"},
        )
        for order_pk, _session, _charge in work
    )  # fmt: skip


def nothing(_work: list[Order]) -> None:
    """There is nothing to prepare."""


def counted(act: Act, work: list[Order], prepare: Act) -> tuple[float, float]:
    """Statements and commits a sale, on one connection that has done it before."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    done, left = work[: len(work) // 2], work[len(work) // 2 :]
    prepare(done)
    act(done)
    prepare(left)
    with CaptureQueriesContext(connection) as said:
        act(left)
    statements, commits, is_inside = 0, 0, False
    for query in said.captured_queries:
        if query["sql"] in ("BEGIN", "COMMIT"):
            is_inside = query["sql"] == "BEGIN"
            commits += is_inside
        else:
            statements += 1
            commits += not is_inside  # outside of a transaction a statement is one of its own
    return statements / len(left), commits / len(left)


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
        (BARE_ONE, insert(ALL_ROWS), spread, nothing),
        ("bare, the ledger's rows alone", insert(LEDGER_ROWS), spread, nothing),
        (BARE_TOGETHER, insert_together(together), spread, nothing),
        (ONE, sell, spread, nothing),
        (ONE_HOT, sell, hot, nothing),
        (TOGETHER, sell_together(together), spread, nothing),
        (TOGETHER_HOT, sell_together(together), hot, nothing),
        (WORKER, worker(1), spread, tell),
        (WORKER_TOGETHER, worker(together), spread, tell),
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
