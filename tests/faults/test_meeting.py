"""A crowd meets for sure: who comes late is waited for, and who waits for a lock or has ended is not."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection, transaction

from marketplace.lib.errors import DomainError
from tests.faults.meeting import wait_for_somebody_behind, wait_for_somebody_inside
from tests.faults.taken_away import MEETING_PLACE, Rule, in_place, lingering, meeting
from tests.payments.crowd import at_once

pytestmark = pytest.mark.django_db(transaction=True)
TABLE = Rule("CREATE TABLE test_counted (n integer)", "DROP TABLE test_counted")


# A server that holds a lock in a process of its own, a query that is canceled, and a pause that any crowd outlasts.
SLEEPERS = {"meeting.py", "test_meeting.py", "test_flush.py", "test_tiers.py", "test_conformance_controls.py"}


def test_no_race_waits_for_a_time() -> None:
    tests = [path for path in Path(__file__).parents[1].rglob("*.py") if path.name not in SLEEPERS]
    assert not [path.name for path in tests if "pg_sleep" in path.read_text(encoding="utf-8")]


def ask(statement: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()[0]


@transaction.atomic
def count_and_write(*, before: Callable[[], object] = lambda: None) -> int:
    """How many rows it saw; then one more is written."""
    before()
    seen = ask("SELECT count(*) FROM test_counted")
    ask("INSERT INTO test_counted VALUES (1) RETURNING n")
    return seen


@pytest.mark.parametrize("where", [meeting, lingering])
def test_who_comes_late_has_read_before_anybody_has_written(where: Callable[[str], Rule]) -> None:
    def act(n: int) -> int:
        return count_and_write(before=wait_for_somebody_inside if n else lambda: None)

    with in_place(TABLE, where("test_counted")):
        assert at_once(act, 3) == [0, 0, 0]


@pytest.mark.parametrize("where", [meeting, lingering])
def test_behind_a_lock_each_has_seen_who_came_before(where: Callable[[str], Rule]) -> None:
    def act(_n: int) -> int:
        return count_and_write(before=lambda: ask("SELECT 1 FROM pg_advisory_xact_lock(9)"))

    with in_place(TABLE, where("test_counted")):
        assert sorted(at_once(act, 4)) == [0, 1, 2, 3]


def test_nobody_waits_for_who_was_refused() -> None:
    def act(n: int) -> int:
        if n:
            raise DomainError
        return count_and_write()

    with in_place(TABLE, meeting("test_counted")):
        assert at_once(act, 3)[0] == 0


def test_alone_one_goes_through() -> None:
    with in_place(TABLE, meeting("test_counted"), MEETING_PLACE):
        assert count_and_write() == 0
        assert ask("SELECT meet_here()") == 1


def test_a_statement_of_a_test_meets_too() -> None:
    def act(n: int) -> int:
        if n:
            wait_for_somebody_inside()
        return ask("SELECT meet_here()")

    with in_place(MEETING_PLACE):
        assert at_once(act, 2) == [1, 1]


@pytest.mark.parametrize("wait", [wait_for_somebody_inside, wait_for_somebody_behind])
def test_who_waits_for_somebody_who_never_comes_is_told(wait: Callable[[], None]) -> None:
    with pytest.raises(AssertionError, match="the others ended"):
        at_once(lambda n: wait() if n else None, 2)
