"""What one process at a time does, whichever comes first: the others learn that it is being done."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def alone(lock: int) -> Iterator[bool]:
    """Whether nobody else holds this lock; until the block ends it is ours, or until the line to the database is lost.

    Of the session and not of a transaction: one that is open for minutes would hold up the roll-up of the ledger, and
    the provider is never asked inside of one.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [lock])
        is_ours = cursor.fetchone()[0]
    try:
        yield is_ours
    finally:
        if is_ours:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [lock])
