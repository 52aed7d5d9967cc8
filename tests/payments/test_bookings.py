"""Sales, fees, refunds and releases in the ledger."""

from datetime import timedelta

import pytest

from marketplace.lib import clock
from marketplace.lib.money import Money
from payments import bookings, invariants, ledger, releases
from payments.models import AccountKind, LedgerEntry
from payments.sandbox import oracle
from tests import cast
from tests.payments.books import stands
from tests.payments.sales import course_of, creator_named, give_back, only_item, pass_hold, place, sell

pytestmark = pytest.mark.django_db


def holds() -> bool:
    return not any(invariants.breaks().values())


def test_a_sale_of_two_creators_gives_each_her_share() -> None:
    ada, bea = creator_named("Ada"), creator_named("Bea")
    sell(ada, bea, fee=False)
    assert stands(AccountKind.CREATOR_PENDING, ada.pk) == 1500
    assert stands(AccountKind.CREATOR_PENDING, bea.pk) == 1500
    assert stands(AccountKind.PLATFORM_REVENUE, None) == 1000
    assert stands(AccountKind.STRIPE_CLEARING, None) == 4000


def test_a_sale_booked_again_is_the_same_sale() -> None:
    order = sell(creator_named("Ada"))
    assert bookings.book_sale(order, order.charge_id).idem_key == f"sale:{order.charge_id}"
    assert LedgerEntry.objects.filter(kind="sale").count() == 1


def test_a_charge_of_another_amount_is_not_booked_over_it() -> None:
    order = sell(creator_named("Ada"))
    other = sell(creator_named("Ada"), price=Money(2500, "USD"))
    with pytest.raises(ledger.KeyReused):
        bookings.book_sale(other, order.charge_id)


def test_the_providers_fee_is_the_platforms_cost() -> None:
    sell(creator_named("Ada"))
    assert stands(AccountKind.STRIPE_FEES, None) == 88  # 2.9 % of 20.00, and 0.30
    assert stands(AccountKind.STRIPE_CLEARING, None) == oracle.balance()["USD"] == 1912


def test_no_fee_is_no_entry() -> None:
    order = sell(creator_named("Ada"), fee=False)
    assert bookings.book_fee(order, "txn_x", Money.zero("USD")) is None


@pytest.mark.parametrize("price", [Money(2000, "JPY"), Money(12800, "CNY"), Money(5_000, "KWD")], ids=str)
def test_every_currency_keeps_its_own_books(price: Money) -> None:
    sell(creator_named("Ada"), price=price)
    (trial,) = ledger.trial_balance("sandbox")
    assert (trial.currency, trial.difference.minor) == (price.currency, 0)


class TestRelease:
    def test_waits_for_the_end_of_the_hold(self) -> None:
        ada = creator_named("Ada")
        item = only_item(sell(ada))
        assert releases.release_due(item.hold_until - timedelta(seconds=1)) == 0
        assert releases.release_due(item.hold_until) == 1
        assert (stands(AccountKind.CREATOR_PENDING, ada.pk), stands(AccountKind.CREATOR_AVAILABLE, ada.pk)) == (0, 1500)

    def test_follows_the_sandbox_clock(self) -> None:
        sell(creator_named("Ada"))
        assert releases.release_due() == 0
        pass_hold()
        assert releases.release_due() == 1

    def test_happens_once(self) -> None:
        item = only_item(sell(creator_named("Ada")))
        assert [releases.release_due(item.hold_until) for _try in range(3)] == [1, 0, 0]

    def test_leaves_out_what_was_refunded(self) -> None:
        order = sell(creator_named("Ada"))
        give_back(order, only_item(order))
        pass_hold()
        assert releases.release_due() == 0

    def test_leaves_out_what_nobody_paid(self) -> None:
        place(cast.lin(), [course_of(creator_named("Ada"))])
        assert releases.release_due(clock.now() + timedelta(days=400)) == 0


class TestRefund:
    def test_takes_every_share_back_and_leaves_the_providers_fee(self) -> None:
        ada = creator_named("Ada")
        order = sell(ada)
        give_back(order, only_item(order))
        assert stands(AccountKind.CREATOR_PENDING, ada.pk) == 0
        assert stands(AccountKind.PLATFORM_REVENUE, None) == 0
        assert stands(AccountKind.STRIPE_CLEARING, None) == -88
        assert holds()

    def test_of_one_course_leaves_the_other_creators_share(self) -> None:
        ada, bea = creator_named("Ada"), creator_named("Bea")
        order = sell(ada, bea)
        give_back(order, order.items.get(creator=ada))
        assert (stands(AccountKind.CREATOR_PENDING, ada.pk), stands(AccountKind.CREATOR_PENDING, bea.pk)) == (0, 1500)

    def test_after_the_hold_takes_from_what_is_available_and_below_zero(self) -> None:
        ada = creator_named("Ada")
        order = sell(ada)
        pass_hold()
        releases.release_due()
        give_back(order, only_item(order))
        assert stands(AccountKind.CREATOR_AVAILABLE, ada.pk) == 0
        assert stands(AccountKind.CREATOR_PENDING, ada.pk) == 0
        assert holds()

    def test_booked_again_is_the_same_refund(self) -> None:
        order = sell(creator_named("Ada"))
        refund = give_back(order, only_item(order))
        bookings.book_refund(refund)
        assert LedgerEntry.objects.filter(kind="refund").count() == 1
