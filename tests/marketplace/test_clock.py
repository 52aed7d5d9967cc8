"""The sandbox clock."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

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


def test_a_shift_is_never_taken_back() -> None:
    clock.advance(timedelta(days=1))
    with pytest.raises(DatabaseError), transaction.atomic():
        ClockShift.objects.all().delete()
