"""The night's look at the sealed days: a change is told by row, log and metric, in old days within thirty nights."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.test import Client

from payments import watch
from payments.models import BookCheck
from payments.proof import seals
from tests.payments.books import BOOK
from tests.payments.test_invariants import break_in
from tests.payments.test_seals import on

pytestmark = pytest.mark.django_db
THREE = datetime(2026, 6, 30, 3, 10, tzinfo=UTC)
A_DAY = timedelta(days=1)
AGES = (1, 20, 41)


def day(age: int) -> date:
    return THREE.date() - age * A_DAY


@pytest.fixture
def nights() -> Iterator[time_machine.Traveller]:
    """An entry on each of three days, all sealed since; it is the hour of the nightly check."""
    with time_machine.travel(THREE, tick=False) as moment:
        for age in sorted(AGES, reverse=True):
            on(day(age), f"sale:{age}")
        seals.seal_closed_days(BOOK)
        yield moment


def change(age: int) -> None:
    break_in(f"UPDATE payments_ledgerentry SET kind = 'fee' WHERE idem_key = 'sale:{age}'")


def found_in(nights: time_machine.Traveller, most: int) -> list[int]:
    """In which of so many nights, from tonight on, the seals did not hold."""
    broken = []
    for night in range(most):
        nights.move_to(THREE + night * A_DAY)
        seals.seal_closed_days(BOOK)
        if watch.check_nightly()["seals"]:
            broken.append(night)
    return broken


def test_an_entry_that_was_changed_is_told_by_row_log_and_metric(
    nights: time_machine.Traveller, caplog: pytest.LogCaptureFixture, client: Client
) -> None:
    assert watch.check_nightly()["seals"] == []
    assert BookCheck.objects.get(name="seals").breaks == 0
    assert "ledger_broken" not in caplog.text
    change(1)
    (said,) = watch.check_nightly()["seals"]
    assert said == f"{BOOK} {day(1)}: entry {said.split()[3].rstrip(':')}: sale:1 is not what was sealed"
    row = BookCheck.objects.get(name="seals")
    assert (row.breaks, row.sample) == (1, said)
    assert [record.getMessage() for record in caplog.records].count("ledger_broken") == 1
    assert 'kezhan_ledger_breaks{check="seals"} 1.0' in client.get("/metrics").content.decode()


def test_a_chain_that_was_cut_is_told_whatever_its_age(nights: time_machine.Traveller) -> None:
    break_in(f"UPDATE payments_ledgerseal SET hash = repeat('0', 64) WHERE day = '{day(40)}'")
    (said,) = watch.check_nightly()["seals"]
    assert f"{day(40)}: the seal: its hash is 0000" in said


@pytest.mark.parametrize("age", AGES)
def test_a_change_in_any_day_is_found_within_thirty_nights(nights: time_machine.Traveller, age: int) -> None:
    change(age)
    found = found_in(nights, watch.NIGHTS_FOR_ALL)
    assert found[0] == 0 if age == 1 else len(found) == 1


def test_nothing_is_found_where_nothing_was_changed(nights: time_machine.Traveller) -> None:
    assert found_in(nights, watch.NIGHTS_FOR_ALL) == []


def test_without_the_turns_of_old_days_the_same_change_is_never_found(
    nights: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control."""
    monkeypatch.setattr(watch, "is_turn_of", lambda _day, tonight: False)
    change(41)
    assert found_in(nights, watch.NIGHTS_FOR_ALL) == []
    assert seals.verify(BOOK).wrong is not None


def test_each_old_day_has_its_turn_once_in_thirty_nights_and_a_night_looks_at_a_thirtieth() -> None:
    old = [day(age) for age in range(8, 1008)]
    for one in old[:60]:
        nights = [THREE.date() + n * A_DAY for n in range(watch.NIGHTS_FOR_ALL)]
        assert sum(watch.is_turn_of(one, tonight=night) for night in nights) == 1
    assert sum(watch.is_turn_of(one, tonight=THREE.date()) for one in old) <= 1000 // watch.NIGHTS_FOR_ALL + 1
