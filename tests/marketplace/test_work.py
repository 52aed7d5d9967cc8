"""Durable work, shown on mails, its simplest kind."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models.functions import Now

from marketplace.lib import emails, work
from marketplace.lib.emails import Mail

pytestmark = pytest.mark.django_db


def a_mail(key: str = "k") -> Mail:
    return emails.post_rendered(key, "lin@example.com", "Hello", "Text\n", "", "en")


def test_a_cause_mails_once() -> None:
    assert a_mail().pk == a_mail().pk


def test_a_claimed_row_is_nobody_elses() -> None:
    mail = a_mail()
    assert Mail.claim(mail.pk) is not None
    assert Mail.claim(mail.pk) is None


def test_a_row_whose_worker_died_is_taken_again_when_the_lease_ends() -> None:
    mail = a_mail()
    first = Mail.claim(mail.pk)
    Mail.objects.filter(pk=mail.pk).update(lease_until=Now() - timedelta(seconds=1))
    second = Mail.claim(mail.pk)
    assert first is not None
    assert second is not None
    assert second.attempts == 2
    with pytest.raises(work.LeaseLost):
        first.finish()
    with pytest.raises(work.LeaseLost):
        first.heartbeat()
    second.finish()


def test_a_failure_gives_the_row_back_and_says_why() -> None:
    mail = a_mail()

    def fail(_row: Mail) -> None:
        raise ValueError("no server")

    with pytest.raises(ValueError, match="no server"):
        work.run(Mail, mail.pk, fail)
    mail.refresh_from_db()
    assert "no server" in mail.last_error
    assert mail.lease_until is None
    assert mail.finished_at is None


def test_a_row_that_was_given_back_by_its_own_work_stays_open() -> None:
    mail = a_mail()

    def not_yet(row: Mail) -> None:
        row.retry_later("no answer yet")

    work.run(Mail, mail.pk, not_yet)
    mail.refresh_from_db()
    assert (mail.finished_at, mail.last_error) == (None, "no answer yet")


def test_a_row_out_of_attempts_is_buried_and_can_be_reopened() -> None:
    mail = a_mail()
    Mail.objects.filter(pk=mail.pk).update(attempts=Mail.MAX_ATTEMPTS)
    assert Mail.claim(mail.pk) is None
    mail.refresh_from_db()
    assert mail.dead_at is not None
    mail.reopen()
    assert Mail.claim(mail.pk) is not None


def test_a_worker_of_before_the_reopening_does_not_pass_for_its_successor() -> None:
    mail = a_mail()
    stuck = Mail.claim(mail.pk)
    assert stuck is not None
    mail.reopen()
    successor = Mail.claim(mail.pk)
    assert successor is not None
    assert successor.attempts == stuck.attempts
    with pytest.raises(work.LeaseLost):
        stuck.finish()
    successor.finish()


def test_running_twice_does_once() -> None:
    mail, done = a_mail(), []
    assert work.run(Mail, mail.pk, done.append)
    assert not work.run(Mail, mail.pk, done.append)
    assert len(done) == 1


def test_the_sweeper_rings_for_what_nobody_rang() -> None:
    a_mail("one"), a_mail("two")
    assert work.sweep() >= 2


def claims_at_once(claim: Callable[[int], object], pk: int, threads: int = 12) -> int:
    """How many of `threads` claims of one row succeed when they start together."""
    start, won = threading.Barrier(threads), []

    def take() -> None:
        start.wait()
        try:
            if claim(pk) is not None:
                won.append(1)
        finally:
            connection.close()

    crowd = [threading.Thread(target=take) for _ in range(threads)]
    for one in crowd:
        one.start()
    for one in crowd:
        one.join()
    return len(won)


@pytest.mark.django_db(transaction=True)
def test_many_workers_that_claim_at_once_are_one_winner() -> None:
    assert claims_at_once(Mail.claim, a_mail().pk) == 1


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_several_would_win() -> None:
    """The negative control of the test above: the same claim, read first and written afterwards."""
    read = threading.Barrier(12)

    def careless(pk: int) -> Mail | None:
        row = Mail.due_work().filter(pk=pk).first()
        read.wait()
        if row is not None:
            Mail.objects.filter(pk=pk).update(lease_until=Now() + Mail.LEASE)
        return row

    assert claims_at_once(careless, a_mail().pk) > 1
