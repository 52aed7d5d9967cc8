"""checkpoints.roll_up: a balance is a checkpoint and what came after, whoever writes meanwhile."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import Event, Thread

import pytest
from django.db import connection, transaction

from payments import checkpoints, invariants, ledger
from payments.models import AccountKind, LedgerCheckpoint, LedgerPosting
from tests.payments.books import ADA, BEA, BOOK, make_available, sale, stands

pytestmark = pytest.mark.django_db(transaction=True)
# What other tests write on the same server counts too: it ends, but a world of doors stands for minutes.
AT_ONCE, LONG = timedelta(0), timedelta(minutes=20)


@contextmanager
def a_sale_under_way() -> Iterator[None]:
    """Another transaction has booked a sale, whose postings have lower numbers than what follows, and not committed."""
    booked, go_on = Event(), Event()

    def write() -> None:
        with transaction.atomic():
            sale("sale:slow", 400)
            booked.set()
            go_on.wait(timeout=30)
        connection.close()

    writer = Thread(target=write)
    writer.start()
    assert booked.wait(timeout=30)
    try:
        yield
    finally:
        go_on.set()
        writer.join()


def test_balances_are_the_same_before_and_after_and_go_on() -> None:
    sale("sale:1", 400, ADA)
    sale("sale:2", 800, BEA)
    make_available(100)
    before = ledger.balances_of(ADA, BOOK)
    assert checkpoints.roll_up(LONG) == 4  # clearing, revenue, and what each creator has pending
    assert ledger.balances_of(ADA, BOOK) == before
    sale("sale:3", 400, ADA)
    assert stands(AccountKind.CREATOR_PENDING, ADA) == 300 - 100 + 300
    assert stands(AccountKind.STRIPE_CLEARING, None) == 1600
    assert checkpoints.roll_up(LONG) == 3
    assert checkpoints.roll_up(LONG) == 0
    assert stands(AccountKind.STRIPE_CLEARING, None) == 1600
    assert not list(invariants.cached_balances_are_true())


def test_kept_balances_have_no_checkpoint() -> None:
    make_available(100)
    checkpoints.roll_up()
    assert not LedgerCheckpoint.objects.filter(account__cached=True).exists()


def test_nothing_is_rolled_up_past_a_sale_that_is_under_way() -> None:
    sale("sale:warm", 400)
    with a_sale_under_way():
        sale("sale:fast", 400)
        assert checkpoints.roll_up(AT_ONCE) == 0
    assert checkpoints.roll_up(LONG) == 3
    assert stands(AccountKind.STRIPE_CLEARING, None) == 1200
    assert not list(invariants.cached_balances_are_true())


def test_without_the_wait_the_sale_under_way_is_lost() -> None:
    """The negative control."""
    sale("sale:warm", 400)
    with a_sale_under_way():
        sale("sale:fast", 400)
        newest = LedgerPosting.objects.latest("pk").pk
        LedgerCheckpoint.objects.roll_up(newest)
    assert stands(AccountKind.STRIPE_CLEARING, None) == 800
    assert list(invariants.cached_balances_are_true())


class TestTheTrialBalance:
    """As it is kept, it is the sum of the lines; and it costs what was posted lately."""

    def test_is_the_sum_of_the_lines_before_and_after_each_roll_up(self) -> None:
        sale("sale:1", 400, ADA)
        make_available(100)
        for key, owner in (("sale:2", BEA), ("sale:3", ADA), ("sale:4", BEA)):
            assert ledger.trial_balance() == ledger.summed_trial_balance()
            checkpoints.roll_up(LONG)
            assert ledger.trial_balance() == ledger.summed_trial_balance()
            sale(key, 800, owner)
        assert ledger.trial_balance(BOOK) == ledger.summed_trial_balance(BOOK)
        assert ledger.trial_balance("live") == []

    def test_has_what_is_committed_late_with_a_lower_number(self) -> None:
        sale("sale:warm", 400)
        with a_sale_under_way():
            sale("sale:fast", 800)
            assert checkpoints.roll_up(AT_ONCE) == 0
        assert ledger.trial_balance() == ledger.summed_trial_balance()
        checkpoints.roll_up(LONG)
        assert ledger.trial_balance() == ledger.summed_trial_balance()

    def test_reads_no_line_of_before_the_newest_checkpoint(self) -> None:
        sale("sale:1", 400, ADA)
        checkpoints.roll_up(LONG)
        right = ledger.trial_balance()
        LedgerCheckpoint.objects.filter(account__kind=AccountKind.STRIPE_CLEARING).update(amount_minor=7)
        assert ledger.trial_balance() != right, "the control: it is read as it is kept"
        assert list(invariants.cached_balances_are_true()), "and the hourly check says so"
        assert ledger.summed_trial_balance() == right
