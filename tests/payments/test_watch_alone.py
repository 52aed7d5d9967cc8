"""Checks of the books read all of history: never two of them at once, and not on the queue that money waits in."""

import logging
from typing import Any

import pytest
from celery import current_app
from django.conf import settings

from marketplace.schedule import BEAT_SCHEDULE
from payments import watch
from payments.models import BookCheck
from tests.discovery.test_beside import elsewhere
from tests.payments.sales import creator_named, sell

pytestmark = pytest.mark.django_db
LOCKS = [(watch.check_hourly, watch.HOURLY), (watch.check_nightly, watch.BY_NIGHT)]


@pytest.fixture(autouse=True)
def _something_to_check() -> None:
    sell(creator_named("Ada"))


@pytest.mark.parametrize(("check", "lock"), LOCKS)
def test_checks_that_are_under_way_are_not_begun_again(check: Any, lock: int, caplog: Any) -> None:
    with elsewhere("SELECT pg_advisory_xact_lock(%s)", [lock]), caplog.at_level(logging.WARNING):
        assert check() == {}
        assert "checks_under_way" in caplog.text
        assert not BookCheck.objects.exists()
    assert check(), "the control: it is by the lock alone that they were left out"
    assert BookCheck.objects.exists()


@pytest.mark.parametrize(("check", "lock"), LOCKS)
def test_checks_let_go_of_their_lock_whatever_happens(check: Any, lock: int, monkeypatch: Any) -> None:
    def fail(*_asked: Any) -> None:
        raise RuntimeError

    assert check()
    monkeypatch.setattr(watch, "_kept", fail)
    with pytest.raises(RuntimeError):
        check()
    monkeypatch.undo()
    with elsewhere("SELECT pg_try_advisory_xact_lock(%s)", [lock]):
        assert check() == {}, "another one can take it"
    assert check()


def test_those_of_the_hour_do_not_keep_those_of_the_night_from_running() -> None:
    with elsewhere("SELECT pg_advisory_xact_lock(%s)", [watch.HOURLY]):
        assert watch.check_nightly()


def test_they_do_not_wait_in_the_queue_of_payments() -> None:
    def queue_of(bell: str) -> str:
        return str(current_app.amqp.router.route({}, BEAT_SCHEDULE[bell]["task"])["queue"].name)

    assert {queue_of(bell) for bell in ("check-ledger", "check-ledger-nightly")} == {"books"}
    assert queue_of("release-due") == "payments"
    assert "books" in settings.KEZHAN_QUEUES
