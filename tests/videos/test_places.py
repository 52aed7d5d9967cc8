"""Days on which an account was played on many devices: counted while it plays, written down by the hour."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from accounts.models import AccountDeletion, User
from tests import cast
from videos import places, privacy, seats
from videos.models import PlaceDay

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)


def play(person: User, *devices: int) -> int:
    """How many of them were refused."""
    refused = 0
    for device in devices:
        try:
            seats.take(str(person.pk), f"{device:08x}")
        except seats.TooManyDevices:
            refused += 1
    return refused


@pytest.fixture(autouse=True)
def at_noon() -> object:
    with time_machine.travel(NOON, tick=False) as moment:
        yield moment


def test_more_devices_than_places_are_written_down_and_few_leave_no_row(lin: User, cole: User) -> None:
    assert play(lin, 1, 2, 3, 4, 5, 5, 5) == 4
    assert play(cole, 1, 2, 3) == 0
    for _twice in range(2):
        places.write_down()
    row = PlaceDay.objects.get()
    assert (row.person, row.day, row.devices, row.refused_devices) == (lin, NOON.date(), 5, 2)


def test_the_same_devices_again_are_the_same_devices(lin: User, at_noon: time_machine.Traveller) -> None:
    for _minute in range(3):
        play(lin, 1, 2, 3)
        at_noon.shift(50)
    places.write_down()
    assert not PlaceDay.objects.exists()


def test_what_came_after_the_last_writing_is_written_the_next_day(
    lin: User, at_noon: time_machine.Traveller
) -> None:  # fmt: skip
    play(lin, 1, 2, 3, 4)
    places.write_down()
    at_noon.shift(timedelta(hours=11, minutes=50))
    play(lin, 5, 6)
    at_noon.shift(timedelta(hours=1))
    places.write_down()
    assert list(PlaceDay.objects.values_list("day", "devices")) == [(NOON.date(), 6)]


def test_an_account_that_is_gone_is_passed_over(lin: User) -> None:
    play(lin, 1, 2, 3, 4)
    seats_of_nobody = User(pk=9_999_999)
    play(seats_of_nobody, 1, 2, 3, 4)
    places.write_down()
    assert PlaceDay.objects.get().person == lin


def test_is_in_her_record_goes_with_her_account_and_after_a_month(
    lin: User, at_noon: time_machine.Traveller
) -> None:  # fmt: skip
    play(lin, 1, 2, 3, 4)
    play(cast.cole(), 1, 2, 3, 4)
    places.write_down()
    assert len(privacy.tell(lin).tables["days_on_many_devices"]) == 1
    AccountDeletion.objects.create(user=lin)
    privacy.forget(lin)
    assert PlaceDay.objects.count() == 1
    at_noon.shift(timedelta(days=31))
    places.write_down()
    assert not PlaceDay.objects.exists()
