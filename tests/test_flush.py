"""The emptying of the database after a test, while a request of that test still runs."""

import threading

import pytest
from django.core.management import call_command
from django.core.management.color import no_style
from django.core.management.sql import sql_flush
from django.db import OperationalError, connection, transaction

from accounts.models import User
from tests.flush import WRITTEN_BY_MIGRATIONS


def _tables() -> list[str]:
    """In the order in which the flush locks them."""
    (truncate,) = (
        one for one in sql_flush(no_style(), connection, reset_sequences=False) if one.startswith("TRUNCATE")
    )
    names = [name.strip() for name in truncate.removeprefix("TRUNCATE ").rstrip(";").split(",")]
    return [name for name in names if name not in WRITTEN_BY_MIGRATIONS]


def _flush_waits(other: int) -> str:
    return (
        "DO $$ BEGIN LOOP PERFORM pg_sleep(0.02);"
        f" EXIT WHEN EXISTS (SELECT FROM pg_stat_activity WHERE {other} = ANY(pg_blocking_pids(pid))); END LOOP; END $$"
    )


@pytest.mark.django_db(transaction=True)
def test_a_request_that_meets_the_flush_loses(ada: User) -> None:
    first, *_between, last = _tables()
    holds, victims = threading.Event(), []

    def request() -> None:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(f"LOCK TABLE {last} IN ROW EXCLUSIVE MODE")
                holds.set()
                cursor.execute("SELECT pg_backend_pid()")
                cursor.execute(_flush_waits(cursor.fetchone()[0]))
                cursor.execute(f"LOCK TABLE {first} IN ROW EXCLUSIVE MODE")
        except OperationalError as error:
            victims.append(str(error))
        finally:
            connection.close()

    thread = threading.Thread(target=request)
    thread.start()
    assert holds.wait(10)
    call_command("flush", verbosity=0, interactive=False, reset_sequences=False, inhibit_post_migrate=True)
    thread.join()
    assert "deadlock detected" in victims[0]
    assert not User.objects.exists()
