"""The provable statement in `bench/statement.py`: rows in the order of time, every day sealed, and what it takes."""

import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

from bench.stage import say


def in_order(cursor: Any) -> None:
    """Number entries, and their lines, in the order of time, as the product would have given numbers."""
    for table, order in (("payments_ledgerentry", "created_at, id"), ("payments_ledgerposting", "entry_id, id")):
        cursor.execute(
            f"CREATE TEMP TABLE numbers AS SELECT id AS old, row_number() OVER (ORDER BY {order}) AS new FROM {table}"
        )
        cursor.execute("CREATE UNIQUE INDEX ON numbers (old); ANALYZE numbers")
        # Away from all that there are, then to where they belong.
        cursor.execute(f"UPDATE {table} SET id = -n.new FROM numbers n WHERE n.old = id")
        if table == "payments_ledgerentry":
            for of_it, column in (("payments_ledgerposting", "entry_id"), (table, "reverses_id")):
                cursor.execute(f"UPDATE {of_it} SET {column} = n.new FROM numbers n WHERE n.old = {column}")
        cursor.execute(f"UPDATE {table} SET id = -id; DROP TABLE numbers")


def sealed() -> None:
    """Every day of the years, one after the other, as the nights would have sealed them."""
    from django.conf import settings

    from payments.proof import seals

    began = time.perf_counter()
    made = seals.seal_closed_days(settings.PAYMENTS_BOOK)
    say(f"{len(made):,} days sealed in {time.perf_counter() - began:.1f} s")


def tell(many: list[Any], months: dict[str, date], rounds: int, measured: Callable[..., list[float]]) -> None:
    """The statement with its proofs, of these months and of the present one, with how many lines each has."""
    from payments.proof import statement

    for name, month in {**months, "of this month": datetime.now(UTC).date()}.items():
        acts = [lambda s=seller, m=month: list(statement.month(s.creator, m.year, m.month)) for seller in many]
        tell_lines(f"provable, {name}", measured(acts, rounds), [len(act()) - 2 for act in acts])


def tell_lines(name: str, seconds: list[float], lines: list[int]) -> None:
    say(f"{name:32}" + "".join(f"{1e3 * t:>9.1f} {n:>6,} lines" for t, n in zip(seconds, lines, strict=True)))
