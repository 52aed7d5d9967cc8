"""Goodwill is covered by what a creator has, less every refund on its way; payouts leave that too, whoever is first."""

import pytest

from accounts.models import User
from creators.models import Creator
from marketplace.lib import work
from marketplace.lib.money import Money
from payments import earnings, escrow, invariants, payouts, refunds, releases
from payments.models import AccountKind, OrderItem, Payout, PayoutSkip, Refund, ReserveRule
from payments.refund_cover import CannotCover
from tests.faults.taken_away import lingering, taken_away
from tests.payments import shop
from tests.payments.books import stands
from tests.payments.crowd import at_once
from tests.payments.sales import creator_named, only_item, pass_hold, ready_account, sell, submit_all
from tests.payments.test_skip_reasons import page_of

SALES = 5


def released_sales(ada: Creator, *, left: int) -> list[OrderItem]:
    """Sales of 20.00 USD, 15.00 of each Ada's; of what was released `left` minor units have not been paid out."""
    items = [only_item(sell(ada)) for _n in range(SALES)]
    ready_account(ada)
    pass_hold()
    payouts.run(None)
    submit_all()
    assert stands(AccountKind.CREATOR_AVAILABLE, ada.pk) == 0
    for _n in range(left // 1500):
        sell(ada)
    pass_hold()
    releases.release_due()
    for item in items:
        item.refresh_from_db()
    return items


@pytest.fixture
def ada(db: None) -> Creator:
    return creator_named("Ada")


def goodwill(item: OrderItem, ada: Creator) -> Refund:
    return refunds.refund(item, by=ada.user, reason="Sorry")


def available(ada: Creator) -> int:
    return stands(AccountKind.CREATOR_AVAILABLE, ada.pk)


class TestGoodwill:
    def test_counts_what_was_asked_for_before(self, ada: Creator) -> None:
        items = released_sales(ada, left=1500)
        goodwill(items[0], ada)
        with pytest.raises(CannotCover):
            goodwill(items[1], ada)
        assert Refund.objects.count() == 1
        shop.send_refunds()
        assert available(ada) == 0

    def test_counts_what_finance_gives_back(self, ada: Creator, fay: User) -> None:
        items = released_sales(ada, left=1500)
        refunds.refund(items[0], by=fay, reason="She asked")
        with pytest.raises(CannotCover):
            goodwill(items[1], ada)

    def test_counts_no_refund_that_failed(self, ada: Creator) -> None:
        items = released_sales(ada, left=1500)
        assert goodwill(items[0], ada).fail()
        goodwill(items[1], ada)

    def test_of_what_is_still_held_needs_no_cover(self, ada: Creator) -> None:
        items = released_sales(ada, left=1500)
        goodwill(items[0], ada)
        goodwill(only_item(sell(ada)), ada)
        shop.send_refunds()
        assert available(ada) == 0

    def test_is_covered_by_everybody_who_has_a_part(self, ada: Creator) -> None:
        ben = creator_named("Ben")
        item = only_item(sell(ada, coauthors=((ben.pk, 5000),)))
        pass_hold()
        ready_account(ben)
        releases.release_due()
        item.refresh_from_db()
        own = only_item(sell(ben))
        pass_hold()
        payouts.run(None)
        assert available(ben) == 0
        assert available(ada) > 0
        own.refresh_from_db()
        with pytest.raises(CannotCover):
            goodwill(item, ada)

    def test_counts_refunds_that_want_the_same_part_in_escrow(self, ada: Creator, fay: User) -> None:
        """15.00 are in escrow: her part of 16.00, which is 12.00, fits into that once, not twice."""
        item = partly_in_escrow(ada, fay)
        much, little = Money(1600, "USD"), Money(400, "USD")
        assert available(ada) == 0
        refunds.refund(item, by=fay, reason="She asked", amount=much, ends_access=False)
        with pytest.raises(CannotCover):
            refunds.refund(item, by=ada.user, reason="Sorry", amount=much, ends_access=False)
        refunds.refund(item, by=ada.user, reason="Sorry", amount=little, ends_access=False)
        shop.send_refunds()
        assert available(ada) == 0

    def test_of_a_part_in_escrow_needs_no_cover(self, ada: Creator, fay: User) -> None:
        item = partly_in_escrow(ada, fay)
        refunds.refund(item, by=ada.user, reason="Sorry", amount=Money(2000, "USD"), ends_access=False)
        shop.send_refunds()
        assert available(ada) == 0


def partly_in_escrow(ada: Creator, fay: User) -> OrderItem:
    """A sale of 40.00 USD, 30.00 of it Ada's: the half of these that was kept back is in escrow, the other paid out."""
    ReserveRule.objects.place(by=fay, creator=ada, bps=5000, days=60, reason="New")
    item = only_item(sell(ada, price=Money(4000, "USD")))
    sell(creator_named("Funder"))
    ready_account(ada)
    pass_hold()
    payouts.run(None)
    submit_all()
    assert Payout.objects.get().amount == Money(1500, "USD")
    escrow.begin(item.course, cause="claim 1", by=fay)
    item.refresh_from_db()
    return item


class TestPayouts:
    def test_leave_what_refunds_on_their_way_will_take(self, ada: Creator) -> None:
        items = released_sales(ada, left=4500)
        goodwill(items[0], ada)
        assert earnings.overview(ada).of("USD").going_back == Money(1500, "USD")
        run = payouts.run(None)
        assert run.payouts.get().amount == Money(3000, "USD")
        shop.send_refunds()
        submit_all()
        assert available(ada) == 0
        assert not any(invariants.breaks(ask_provider=True).values())

    def test_pass_over_who_has_too_little_left_and_say_why(self, ada: Creator) -> None:
        items = released_sales(ada, left=1500)
        goodwill(items[0], ada)
        assert not payouts.run(None).payouts.exists()
        skip = PayoutSkip.objects.get()
        assert skip.reason == "refunds_under_way"
        assert "Refunds that are on their way take a part of your $15.00." in page_of(ada.user)
        assert "Refunds on their way to buyers will take $15.00" in page_of(ada.user, page="")

    def test_pay_it_when_the_refund_has_failed(self, ada: Creator) -> None:
        items = released_sales(ada, left=1500)
        refund = goodwill(items[0], ada)
        assert not payouts.run(None).payouts.exists()
        refund.fail()
        assert payouts.run(None).payouts.get().amount == Money(1500, "USD")


SLOW = lingering("payments_refundline")  # so that they meet


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_five_refunds_of_five_sales_stop_where_her_money_ends(self) -> None:
        ada = creator_named("Ada")
        items = released_sales(ada, left=3000)
        with taken_away(SLOW):
            answers = at_once(lambda n: goodwill(items[n], ada), SALES)
            at_once(settle, Refund.objects.count())
            assert available(ada) == 0
            assert not any(invariants.breaks(ask_provider=True).values())
        assert [type(answer).__name__ for answer in answers].count("CannotCover") == SALES - 2

    def test_without_the_lock_she_gives_what_she_has_not(self) -> None:
        ada = creator_named("Ada")
        items = released_sales(ada, left=3000)
        with taken_away(SLOW):
            at_once(lambda n: goodwill(items[n], ada), SALES, without_locks=True)
            at_once(settle, Refund.objects.count())
            assert available(ada) < 0

    @pytest.mark.parametrize("seed", range(3))
    def test_runs_and_refunds_at_once_leave_nobody_in_debt(self, seed: int) -> None:
        ada = creator_named("Ada")
        items = released_sales(ada, left=4500)

        def act(n: int) -> object:
            return payouts.run(None) if (n + seed) % 3 == 0 else goodwill(items[n % SALES], ada)

        at_once(act, 9)
        shop.send_refunds()
        submit_all()
        paid = sum(Payout.objects.order_by("pk").values_list("amount_minor", flat=True)[1:])
        given = sum(minor for minor in Refund.objects.values_list("amount_minor", flat=True)) * 3 // 4
        assert paid + given + available(ada) == 4500
        assert available(ada) >= 0
        assert not any(invariants.breaks(ask_provider=True).values())


def settle(n: int) -> None:
    row = Refund.objects.order_by("pk")[n]
    work.run(Refund, row.pk, refunds.send)
