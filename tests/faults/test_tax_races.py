"""Two people note what they paid to one tax office at the same moment: together no more than is owed."""

from datetime import date

import pytest

from accounts.models import User
from marketplace.lib.errors import DomainError
from payments import ledger
from payments.models import AccountKind, AccountRef, EntryKind, TaxPayment
from payments.tax import owed, paying
from tests import cast
from tests.faults.taken_away import lingering, taken_away
from tests.payments.books import BOOK, CLEARING, usd
from tests.payments.crowd import at_once

pytestmark = pytest.mark.django_db(transaction=True)
LINGERS = lingering("payments_taxpayment")


@pytest.fixture
def people() -> list[User]:
    """Tax of 10.00 that no order names stands in the books, and two of finance."""
    lines = [(CLEARING, usd(1000)), (AccountRef(AccountKind.TAX_PAYABLE), usd(-1000))]
    ledger.post("sale:ch_1", EntryKind.SALE, lines, book=BOOK)
    return [cast.fay(), cast.person("Finn", role="finance")]


def noted_by_two(people: list[User], references: tuple[str, str] = ("A", "B"), *, locked: bool = True) -> list[str]:
    def note(n: int) -> TaxPayment:
        told = {"country": "", "period": "2026", "reference": references[n], "paid_on": date(2026, 1, 2)}
        return paying.note(usd(800), by=people[n], **told)

    answers = at_once(note, 2, without_locks=not locked)
    assert all(isinstance(answer, TaxPayment | DomainError) for answer in answers)
    return sorted(type(answer).__name__ for answer in answers)


def test_one_is_told_that_it_is_more_than_is_owed(people: list[User]) -> None:
    with taken_away(LINGERS):
        assert noted_by_two(people) == ["MoreThanOwed", "TaxPayment"]
        assert owed.now("", "USD") == usd(200)


def test_without_the_hold_both_are_noted(people: list[User]) -> None:
    """The negative control."""
    with taken_away(LINGERS):
        assert noted_by_two(people, locked=False) == ["TaxPayment", "TaxPayment"]
        assert owed.now("", "USD") == usd(-600)


def test_the_same_payment_noted_twice_is_one_even_without_the_hold(people: list[User]) -> None:
    with taken_away(LINGERS):
        assert noted_by_two(people, ("A", "A"), locked=False) == ["ReferenceTaken", "TaxPayment"]
        assert owed.now("", "USD") == usd(200)
