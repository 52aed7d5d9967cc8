"""Our sum and the provider's balance, compared while the shop sells: what is on its way is no break, a cent is one."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from marketplace.lib import clock
from marketplace.lib.money import Money
from payments import finance, ledger
from payments.gateway import GatewayUnknown
from payments.models import EntryKind, ReconBreak
from payments.reconciliation import balances, importing, running
from payments.sandbox.models import SandboxFault, SandboxTransaction
from tests.payments import shop
from tests.payments.books import BOOK, CLEARING, REVENUE, usd
from tests.payments.test_invariants import break_in
from tests.payments.test_reconciliation import breaks, compare

pytestmark = pytest.mark.django_db
Kind = ReconBreak.Kind


@pytest.fixture(autouse=True)
def _whole_books(cole) -> None:
    """A sale of before, matched with its movement."""
    shop.buy(cole, shop.two_courses())
    assert compare() == {}


def charge_that_nobody_worked_off(lin: Any) -> None:
    shop.pay(shop.start(lin, shop.two_courses()))


def sale_that_is_not_listed(minor: int = 900) -> None:
    key = f"sale:ch_{minor}"
    ledger.post(key, EntryKind.SALE, [(CLEARING, usd(minor)), (REVENUE, usd(-minor))], book=BOOK)


def found() -> dict[str, list[str]]:
    running.run()
    return breaks()


class TestOnTheWay:
    def test_is_a_charge_whose_event_is_not_worked_off(self, lin) -> None:
        charge_that_nobody_worked_off(lin)
        assert found() == {}

    def test_is_a_booked_sale_that_the_provider_does_not_list_yet(self) -> None:
        sale_that_is_not_listed()
        assert found() == {}

    def test_is_both_at_once_and_in_several_currencies(self, lin) -> None:
        charge_that_nobody_worked_off(lin)
        sale_that_is_not_listed()
        SandboxTransaction.objects.move("topup", 700, "chf", "tu_1")
        assert found() == {}

    def test_is_a_sale_that_is_booked_without_its_fee(self, lin) -> None:
        order = shop.start(lin, shop.two_courses())
        shop.pay(order)
        charge = SandboxTransaction.objects.latest("created").source
        lines = [(CLEARING, order.total), (REVENUE, -order.total)]
        ledger.post(f"sale:{charge}", EntryKind.SALE, lines, book=BOOK)
        assert found() == {}

    def test_is_it_no_longer_when_its_time_is_over(self, lin) -> None:
        charge_that_nobody_worked_off(lin)
        assert set(compare(timedelta(minutes=61))) == {Kind.UNBOOKED, Kind.BALANCE}

    def test_is_not_listed_for_two_days_at_most(self) -> None:
        sale_that_is_not_listed()
        assert compare(timedelta(hours=47)) == {}
        assert compare(timedelta(hours=2)) == {Kind.UNSEEN: ["sale:ch_900"], Kind.BALANCE: ["USD"]}

    def test_would_be_a_break_if_nobody_reckoned_with_it(self, lin, monkeypatch) -> None:
        """The control."""
        charge_that_nobody_worked_off(lin)
        monkeypatch.setattr(balances, "_on_the_way", lambda *_asked: {})
        assert found() == {Kind.BALANCE: ["USD"]}


class TestACent:
    def lose_one(self) -> None:
        """The provider holds a cent less of the sale of before than it had listed."""
        self.change(-1)

    @staticmethod
    def change(by: int) -> None:
        pk = SandboxTransaction.objects.order_by("created", "pk")[0].pk
        break_in(f"UPDATE payments_sandboxtransaction SET amount = amount + {by}, net = net + {by} WHERE id = '{pk}'")

    def test_is_a_break(self) -> None:
        self.lose_one()
        assert found()[Kind.BALANCE] == ["USD"]
        assert ReconBreak.objects.get(kind=Kind.BALANCE).amount == usd(1)

    def test_is_one_also_behind_what_is_on_its_way(self, lin) -> None:
        self.lose_one()
        charge_that_nobody_worked_off(lin)
        sale_that_is_not_listed()
        assert found()[Kind.BALANCE] == ["USD"]
        told = ReconBreak.objects.get(kind=Kind.BALANCE)
        assert told.amount == usd(1), "and by no more than it"
        assert "is on its way" in told.note

    def test_ends_when_it_is_found_again(self) -> None:
        self.lose_one()
        found()
        self.change(+1)
        assert Kind.BALANCE not in found()


class TestWhileItIsAsked:
    """Movements that come between the list and the balance, or between that and the list's second reading."""

    @pytest.fixture
    def asked(self, monkeypatch) -> Callable[[Callable[[], object], Callable[[], object]], None]:
        real = finance.provider_balance

        def between(before: Callable[[], object], after: Callable[[], object]) -> None:
            def ask() -> Any:
                before()
                told = real()
                after()
                return told

            monkeypatch.setattr(finance, "provider_balance", ask)

        return between

    @staticmethod
    def sell(minor: int) -> Callable[[], object]:
        return lambda: SandboxTransaction.objects.move("charge", minor, "usd", f"ch_{minor}")

    @staticmethod
    def sell_and_book(minor: int) -> Callable[[], object]:
        def act() -> None:
            SandboxTransaction.objects.move("charge", minor, "usd", f"ch_{minor}")
            sale_that_is_not_listed(minor)

        return act

    def test_are_no_break_before_or_after_booked_or_not(self, asked) -> None:
        asked(self.sell(500), self.sell(700))
        assert found() == {}
        asked(self.sell_and_book(1100), self.sell_and_book(1300))
        assert found() == {}

    def test_hide_no_cent(self, asked) -> None:
        asked(self.sell_and_book(1100), self.sell_and_book(1300))
        TestACent().lose_one()
        assert found()[Kind.BALANCE] == ["USD"]

    def test_settle_nothing_when_the_list_cannot_be_read_again(self, asked) -> None:
        TestACent().lose_one()
        found()
        asked(lambda: None, lambda: SandboxFault.objects.plan("balance_transactions.list", "500", 1))
        assert Kind.BALANCE in found()
        SandboxFault.objects.plan("balance_transactions.list", "500", 1)
        with pytest.raises(GatewayUnknown):
            running.run()


def test_the_list_of_an_hour_is_taken_in_too() -> None:
    moved = SandboxTransaction.objects.move("charge", 500, "usd", "ch_1")
    (read,) = importing.take_in_since(clock.now() - timedelta(minutes=1))
    assert (read.id, read.net) == (moved.pk, Money(500, "USD"))


def test_what_stands_in_clearing_is_read_as_it_is_kept() -> None:
    trial = next(one for one in ledger.trial_balance(BOOK) if one.currency == "USD")
    kept = next(row for row in trial.rows if row.kind == "stripe_clearing")
    assert balances._clearing(BOOK)["USD"] == kept.debit - kept.credit
