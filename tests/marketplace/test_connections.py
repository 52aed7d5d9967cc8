"""Kept connections to PostgreSQL: looked at before they are used again, asked only where something lies on the line."""

from collections.abc import Iterator
from typing import Any

import psycopg2
import pytest
from django.db import OperationalError, close_old_connections, connection

from marketplace.lib.postgres import base
from marketplace.lib.postgres.base import DatabaseWrapper
from tests.workers import database_address

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def kept() -> Iterator[None]:
    """As between two requests of a web process."""
    for _request in range(2):
        ask()
        close_old_connections()
    yield
    connection.close()


def ask() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def end_its_server() -> None:
    """As a restart does: the server's process says that it ends, and is gone when this returns."""
    pid = connection.connection.info.backend_pid
    with psycopg2.connect(database_address()) as line, line.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
    line.close()


def test_a_connection_that_stands_is_used_without_being_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    def asked(self: Any) -> bool:
        raise AssertionError("SELECT 1")

    monkeypatch.setattr(DatabaseWrapper, "is_usable", asked)
    before = connection.connection
    assert connection.health_check_enabled
    ask()
    assert connection.connection is before


def test_one_that_rested_long_is_asked_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[bool] = []
    monkeypatch.setattr(DatabaseWrapper, "is_usable", lambda self: told.append(True) or True)
    monkeypatch.setattr(connection, "_looked_at", connection._looked_at - base.RESTED_S)
    ask()
    close_old_connections()
    ask()
    assert told == [True], "once after the rest, and not again at once"


def test_one_that_the_server_has_ended_is_made_anew_and_nobody_sees_it() -> None:
    before = connection.connection.info.backend_pid
    end_its_server()
    assert ask() != before


def test_without_the_look_who_comes_next_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control."""
    monkeypatch.setattr(DatabaseWrapper, "_is_at_rest", lambda self: True)
    end_its_server()
    with pytest.raises(OperationalError):
        ask()


def test_one_on_which_a_word_lies_that_is_no_end_is_asked_and_kept() -> None:
    with connection.cursor() as cursor:
        cursor.execute("LISTEN kezhan_test")
    close_old_connections()
    with psycopg2.connect(database_address()) as line, line.cursor() as cursor:
        cursor.execute("NOTIFY kezhan_test")
    line.close()
    before = connection.connection
    ask()
    assert connection.connection is before
