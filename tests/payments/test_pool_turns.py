"""Which month of the pool may be divided, before and after its days have passed and where some are divided."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from payments.models import PoolDivision
from payments.pool import turns
from tests.faults.taken_away import take_away, triggers

pytestmark = pytest.mark.django_db
MAY, JUNE, JULY, AUGUST = (date(2026, month, 1) for month in (5, 6, 7, 8))
# June's days have passed; those of July have not.
DUE = datetime(2026, 7, 16, tzinfo=UTC)


def divided(month: date, currency: str = "USD", book: str = "sandbox") -> None:
    PoolDivision.objects.bulk_create([
        PoolDivision(
            book=book, currency=currency, month=month, amount_minor=1, members=1, seconds=1, batches=1, divided_at=DUE
        )
    ])  # fmt: skip


@pytest.fixture(autouse=True)
def _rules_of_their_sums_are_away() -> None:
    take_away(triggers("payments_pooldivision"))


def test_a_month_is_due_fifteen_days_after_its_end() -> None:
    assert turns.turn("USD", DUE).due == JUNE
    assert turns.turn("USD", DUE - timedelta(microseconds=1)).due == MAY
    assert turns.turn("USD", datetime(2026, 7, 1, tzinfo=UTC)).due == MAY
    assert turns.turn("USD", datetime(2026, 1, 2, tzinfo=UTC)).due == date(2025, 11, 1)


def test_a_month_is_by_utc() -> None:
    assert turns.turn("USD", datetime(2026, 7, 16, 7, 59, tzinfo=ZoneInfo("Asia/Shanghai"))).due == MAY


def test_where_none_is_divided_every_month_that_is_due_may_be() -> None:
    turn = turns.turn("USD", DUE)
    assert turn.is_come
    assert [turn.takes(month) for month in (MAY, JUNE, JULY)] == [True, True, False]
    assert turn.next == JULY


def test_a_month_is_divided_once_and_none_before_it_afterward() -> None:
    divided(MAY)
    turn = turns.turn("USD", DUE)
    assert [turn.takes(month) for month in (MAY, JUNE, JULY)] == [False, True, False]
    divided(JUNE)
    turn = turns.turn("USD", DUE)
    assert not turn.is_come
    assert not any(turn.takes(month) for month in (MAY, JUNE, JULY))
    assert turn.next == JULY


def test_the_next_one_lies_behind_what_is_divided() -> None:
    divided(JULY)
    assert turns.turn("USD", DUE).next == AUGUST


def test_other_currencies_and_the_other_book_have_their_own() -> None:
    divided(JUNE, "JPY")
    divided(JUNE, book="live")
    assert turns.turn("USD", DUE).takes(JUNE)
    assert not turns.turn("JPY", DUE).takes(JUNE)
