"""The sandbox clock."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from accounts.models import User
from marketplace.lib import clock
from marketplace.lib.clock import ClockNotMovable, ClockShift

pytestmark = pytest.mark.django_db


def test_moved_time_stays_moved_and_names_who_moved_it(fay: User) -> None:
    before = clock.now()
    clock.advance(timedelta(days=20), moved_by=fay)
    assert clock.now() - before >= timedelta(days=20)
    assert ClockShift.objects.get().moved_by == fay


@pytest.mark.parametrize("by", [timedelta(0), timedelta(days=-1), timedelta(days=9000)])
def test_time_never_runs_backward_or_absurdly_far(by: timedelta) -> None:
    with pytest.raises(ClockNotMovable):
        clock.advance(by)


def test_live_time_cannot_be_moved(settings: object) -> None:
    settings.PAYMENTS_BOOK = "live"  # type: ignore[attr-defined]
    with pytest.raises(ClockNotMovable):
        clock.advance(timedelta(days=1))


def test_what_it_showed_is_found_on_the_wall() -> None:
    """Each moment of money when it was by the clock by which all else is noted, over several shifts."""
    day, sleep = timedelta(days=1), timedelta(minutes=1)
    wall = [timezone.now()]
    money = [clock.now()]
    for days in (20, 3):
        money.append(clock.advance(days * day))
        wall.append(timezone.now())
    found = clock.on_the_wall(money)
    assert all(abs(found[at] - expected) < sleep for at, expected in zip(money, wall, strict=True))
    passed_over = money[0] + 10 * day
    assert clock.on_the_wall([passed_over])[passed_over] == ClockShift.objects.earliest("pk").moved_at
    long_ago = money[0] - 100 * day
    assert clock.on_the_wall([long_ago]) == {long_ago: long_ago}
    assert clock.on_the_wall([]) == {}


def test_live_both_are_the_same_and_nothing_is_asked(settings: object, django_assert_num_queries: object) -> None:
    settings.PAYMENTS_BOOK = "live"  # type: ignore[attr-defined]
    now = timezone.now()
    with django_assert_num_queries(0):  # type: ignore[operator]
        assert clock.on_the_wall([now]) == {now: now}


def test_a_shift_is_never_taken_back() -> None:
    clock.advance(timedelta(days=1))
    with pytest.raises(DatabaseError), transaction.atomic():
        ClockShift.objects.all().delete()
