"""The ledger under many writers at once, each rule with its negative control."""

import pytest

from payments import ledger
from payments.models import AccountKind, LedgerEntry
from tests.faults.taken_away import ENTRY_KEY, FLOOR, taken_away
from tests.payments.books import BEA, hold, make_available, sale, stands
from tests.payments.crowd import at_once
from tests.payments.held import entries_hold

pytestmark = pytest.mark.django_db(transaction=True)


def test_fifty_identical_sales_at_once_are_one_sale() -> None:
    entries = at_once(lambda _n: sale(gross=400).pk, 50)
    assert len(set(entries)) == 1
    assert stands(AccountKind.STRIPE_CLEARING, None) == 400
    assert entries_hold()


def test_without_the_unique_key_the_same_crowd_books_the_sale_more_than_once() -> None:
    with taken_away(ENTRY_KEY):
        at_once(lambda _n: sale(gross=400).pk, 8)
        assert LedgerEntry.objects.count() > 1


def test_fifty_payouts_of_the_whole_balance_at_once_are_one_payout() -> None:
    make_available(1500)
    answers = at_once(lambda n: hold(1500, f"payout:{n}:hold"), 50)
    assert sum(isinstance(answer, LedgerEntry) for answer in answers) == 1
    assert sum(isinstance(answer, ledger.Overdrawn) for answer in answers) == 49
    assert stands(AccountKind.CREATOR_AVAILABLE) == 0
    assert entries_hold()


def test_without_the_floor_the_same_crowd_pays_out_what_is_not_there() -> None:
    make_available(1500)
    with taken_away(FLOOR):
        answers = at_once(lambda n: hold(1500, f"payout:{n}:hold"), 8)
        assert sum(isinstance(answer, LedgerEntry) for answer in answers) > 1


def test_no_update_of_a_hot_account_is_lost() -> None:
    at_once(lambda n: [sale(f"sale:{n}:{i}", 400) for i in range(5)], 10)
    assert stands(AccountKind.CREATOR_PENDING) == 50 * 300
    assert entries_hold()


def test_two_creators_accounts_in_any_order_do_not_deadlock() -> None:
    def both(n: int) -> None:
        for i in range(5):
            owners = [101, BEA] if n % 2 else [BEA, 101]
            for owner in owners:
                sale(f"sale:{n}:{i}:{owner}", 400, owner)

    at_once(both, 8)
    assert stands(AccountKind.CREATOR_PENDING, BEA) == 40 * 300
    assert entries_hold()
