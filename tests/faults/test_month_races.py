"""A month is closed once and stays as it was closed, whoever comes at the same moment; each with its control."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from marketplace.lib.errors import DomainError
from payments.closing import act, obstacles, verifying
from payments.models import MonthClose
from tests import cast
from tests.faults.meeting import wait_for_somebody_inside
from tests.faults.taken_away import constraint, function_line, lingering, meeting, taken_away
from tests.payments.books import BOOK
from tests.payments.crowd import at_once
from tests.payments.ended import MARCH, two_months

pytestmark = pytest.mark.django_db(transaction=True)
AT_CLOSES = meeting("payments_monthclose")
LATE = lingering("payments_ledgerentry")
UNIQUE = constraint("payments_monthclose", "one_close_a_month")
# The one statement by which a month is held, doing nothing.
NOT_HELD = (
    function_line("ledger_months_held", "pg_advisory_xact_lock(", "abs("),
    function_line("ledger_months_held", "pg_advisory_xact_lock_shared(", "abs("),
)


@pytest.fixture
def books() -> None:
    with transaction.atomic():
        two_months()


def refusal_of(call: Callable[[], Any]) -> Any:
    """Its answer, or what refused it."""
    try:
        return call()
    except (IntegrityError, DomainError) as refused:
        return refused


def closed_by_two() -> list[str]:
    people = [cast.fay(), cast.person("Finn", role="finance")]
    answers = at_once(lambda n: refusal_of(lambda: act.close(MARCH, by=people[n])), 2)
    return sorted(type(answer).__name__ for answer in answers)


@transaction.atomic
def late_entry() -> None:
    """A whole entry straight into March, as no code of ours writes it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO payments_ledgerentry"
            " (book, idem_key, payload_hash, kind, occurred_at, created_at, meta)"
            " VALUES (%s, 'late', '', 'adjustment', now(), '2026-03-20 12:00+00', '{}') RETURNING id",
            [BOOK],
        )
        (pk,) = cursor.fetchone()
        cursor.execute(
            "INSERT INTO payments_ledgerposting (entry_id, account_id, currency, amount_minor)"
            " SELECT %s, a.id, a.currency, line.minor FROM payments_ledgeraccount a"
            " JOIN (VALUES ('stripe_clearing', 7), ('platform_revenue', -7)) AS line (kind, minor) USING (kind)",
            [pk],
        )


class TestTwoWhoCloseAtOnce:
    def test_one_closes_it_and_the_other_is_told(self, books) -> None:
        with taken_away(AT_CLOSES):
            assert closed_by_two() == ["MonthAlreadyClosed", "MonthClose"]
            assert MonthClose.objects.count() == 1

    def test_without_the_hold_the_database_still_lets_one_in(self, books) -> None:
        with taken_away(AT_CLOSES, *NOT_HELD):
            assert closed_by_two() == ["IntegrityError", "MonthClose"]

    def test_without_either_it_is_closed_twice(self, books) -> None:
        with taken_away(AT_CLOSES, UNIQUE, *NOT_HELD):
            closed_by_two()
            assert MonthClose.objects.count() == 2


class TestALateEntry:
    """It comes while the month is being closed, or the month is closed while it is being written."""

    def closed_meanwhile(self) -> tuple[Any, Any]:
        """(what became of closing, what became of the entry), which comes when the close stands before its commit."""
        fay = cast.fay()
        closing, entry = in_turn(lambda: act.close(MARCH, by=fay), late_entry)
        return closing, entry

    def test_waits_for_the_close_and_is_refused(self, books) -> None:
        with taken_away(AT_CLOSES):
            closing, entry = self.closed_meanwhile()
            assert isinstance(closing, MonthClose)
            assert "is closed: nothing is booked into it" in str(entry)
            assert verifying.verify(BOOK).wrong is None

    def test_without_the_hold_it_comes_in_and_the_verifier_names_it(self, books) -> None:
        with taken_away(AT_CLOSES, *NOT_HELD):
            closing, entry = self.closed_meanwhile()
            assert isinstance(closing, MonthClose)
            assert entry is None
            assert "entries: 2 were closed, the ledger has 3" in str(verifying.verify(BOOK).wrong)

    def written_meanwhile(self) -> Any:
        """What became of closing, which begins when the entry stands before its commit."""
        fay = cast.fay()
        written, closing = in_turn(late_entry, lambda: act.close(MARCH, by=fay))
        assert written is None
        return closing

    def test_that_came_first_is_waited_for(self, books) -> None:
        with taken_away(LATE):
            assert isinstance(self.written_meanwhile(), obstacles.DaysNotSealed)
            assert not MonthClose.objects.exists()

    def test_that_came_first_is_missed_without_the_hold(self, books) -> None:
        with taken_away(LATE, *NOT_HELD):
            assert isinstance(self.written_meanwhile(), MonthClose)
            assert "entries: 2 were closed, the ledger has 3" in str(verifying.verify(BOOK).wrong)


def in_turn(first: Callable[[], Any], second: Callable[[], Any]) -> list[Any]:
    """What became of each; the second comes when the first stands in the middle of its transaction."""

    def one(n: int) -> Any:
        if n:
            wait_for_somebody_inside()
        return refusal_of((first, second)[n])

    return at_once(one, 2)
