"""How many a second, by processes that begin together; how many statements and commits, on one connection."""

import multiprocessing
import time

from .acts import Act
from .unpaid import Order

WARM = 32  # sales of each client before the clock starts


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
