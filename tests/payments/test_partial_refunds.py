"""Parts of a sale given back: who returns how much, from where, and what is released of the rest."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.models import User
from creators.models import Creator
from marketplace.lib import clock, work
from marketplace.lib.money import Money
from payments import invariants, payouts, refunds, releases
from payments.models import (
    AccountKind,
    ItemShare,
    LedgerEntry,
    Order,
    OrderItem,
    PayoutItem,
    Refund,
    RefundLine,
    RefundShare,
)
from payments.models.refund_line import MoreThanIsLeft
from payments.sandbox import oracle
from tests import cast
from tests.payments import shop
from tests.payments.books import stands
from tests.payments.sales import (
    carry_out_runs,
    course_of,
    creator_named,
    give_back,
    only_item,
    pass_hold,
    place,
    ready_account,
    sell,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada() -> Creator:
    return creator_named("Ada")


def at_commit() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")


def holds() -> bool:
    at_commit()
    return not any(invariants.breaks().values())


def part(order: Order, amount: int, n: int = 1, *, ends_access: bool = False) -> Refund:
    return give_back(
        order, only_item(order), amount=amount, ends_access=ends_access, provider_refund_id=f"re_{order.pk}_{n}"
    )


def ask(order: Order, amount: int) -> Refund:
    held = Order.objects.hold(pk=order.pk)
    assert held is not None
    return Refund.objects.ask(
        held, [(only_item(order), amount)], by=None, reason="x", cause=Refund.Cause.GOODWILL, ends_access=False
    )


class TestAPart:
    def test_comes_from_every_party_in_proportion(self, ada: Creator) -> None:
        part(sell(ada, fee=False), 500)
        assert stands(AccountKind.CREATOR_PENDING, ada.pk) == 1500 - 375
        assert stands(AccountKind.PLATFORM_REVENUE, None) == 500 - 125
        assert stands(AccountKind.STRIPE_CLEARING, None) == 1500
        assert holds()

    def test_leaves_the_right_unless_it_says_so(self, ada: Creator) -> None:
        order = sell(ada)
        part(order, 500)
        order.refresh_from_db()
        assert (only_item(order).refunded_at, order.state) == (None, "paid")
        part(order, 300, 2, ends_access=True)
        order.refresh_from_db()
        assert (only_item(order).left, order.state) == (Money(1200, "USD"), "refunded")

    def test_after_part_closes_to_nothing(self, ada: Creator) -> None:
        order = sell(ada, price=Money(1999, "USD"), fee=False)
        for n, amount in enumerate([333, 333, 333, 1, 999]):
            part(order, amount, n)
        for kind, owner in [("stripe_clearing", None), ("platform_revenue", None), ("creator_pending", ada.pk)]:
            assert stands(AccountKind(kind), owner) == 0
        assert list(ItemShare.objects.with_left().values_list("left_minor", flat=True)) == [0, 0]
        assert holds()

    def test_more_than_is_left_is_refused(self, ada: Creator) -> None:
        order = sell(ada)
        ask(order, 1999)  # on its way, and counted
        with pytest.raises(MoreThanIsLeft), transaction.atomic():
            ask(order, 2)
        assert only_item(order).left == Money(1, "USD")

    def test_what_the_provider_would_not_do_can_be_asked_for_again(self, ada: Creator) -> None:
        order = sell(ada)
        ask(order, 1999).fail()
        assert only_item(order).left == Money(2000, "USD")
        ask(order, 2000)
        assert holds()

    def test_of_a_discount_that_the_platform_bore_takes_the_promotion_back_too(self, ada: Creator) -> None:
        order = sell(ada, discount=Money(1000, "USD"), bearer="platform", fee=False)
        assert stands(AccountKind.PROMOTIONS, None) == 1000
        assert stands(AccountKind.CREATOR_PENDING, ada.pk) == 1500
        part(order, 500)
        assert stands(AccountKind.PROMOTIONS, None) == 500
        assert stands(AccountKind.CREATOR_PENDING, ada.pk) == 750
        part(order, 500, 2)
        assert {row.kind for row in RefundShare.objects.all()} == {"promotion", "platform", "creator"}
        assert stands(AccountKind.PROMOTIONS, None) == stands(AccountKind.CREATOR_PENDING, ada.pk) == 0
        assert holds()

    @pytest.mark.parametrize("is_tax_inclusive", [True, False])
    def test_takes_the_tax_with_it(self, ada: Creator, is_tax_inclusive: bool) -> None:
        price = Money(11900 if is_tax_inclusive else 10000, "USD")
        order = sell(ada, price=price, tax_bps=1900, is_tax_inclusive=is_tax_inclusive, fee=False)
        assert order.total == Money(11900, "USD")
        part(order, 5950)
        assert stands(AccountKind.TAX_PAYABLE, None) == 950
        assert stands(AccountKind.CREATOR_PENDING, ada.pk) == 3750
        assert holds()


class TestShares:
    def test_of_promoter_and_co_author_stand_and_go_back(self, ada: Creator) -> None:
        bea, promoter = creator_named("Bea"), creator_named("Promoter")
        order = sell(ada, affiliate_bps=1000, affiliate_id=promoter.pk, coauthors=((bea.pk, 4000),), fee=False)
        assert stands(AccountKind.AFFILIATE_PENDING, promoter.pk) == 200
        assert (stands(AccountKind.CREATOR_PENDING, ada.pk), stands(AccountKind.CREATOR_PENDING, bea.pk)) == (780, 520)
        part(order, 1000)
        assert stands(AccountKind.AFFILIATE_PENDING, promoter.pk) == 100
        assert (stands(AccountKind.CREATOR_PENDING, ada.pk), stands(AccountKind.CREATOR_PENDING, bea.pk)) == (390, 260)
        assert holds()

    def test_are_released_as_far_as_they_are_left(self, ada: Creator) -> None:
        promoter = creator_named("Promoter")
        order = sell(ada, affiliate_bps=1000, affiliate_id=promoter.pk)
        part(order, 1000, ends_access=True)  # the right is gone, the money is not
        pass_hold()
        assert releases.release_due() == 1
        assert stands(AccountKind.CREATOR_AVAILABLE, ada.pk) == 650
        assert stands(AccountKind.CREATOR_AVAILABLE, promoter.pk) == 100
        assert stands(AccountKind.AFFILIATE_PENDING, promoter.pk) == 0
        assert holds()

    def test_wait_while_something_is_being_given_back(self, ada: Creator) -> None:
        order = sell(ada)
        refund = ask(order, 1)
        pass_hold()
        assert releases.release_due() == 0
        refund.fail()
        assert releases.release_due() == 1

    def test_given_back_after_the_release_come_from_what_is_available(self, ada: Creator) -> None:
        order = sell(ada)
        pass_hold()
        releases.release_due()
        part(order, 800)
        assert stands(AccountKind.CREATOR_AVAILABLE, ada.pk) == 900
        assert holds()

    def test_are_paid_out_as_far_as_they_are_left(self, ada: Creator, fay: User) -> None:
        ready_account(ada)
        order = sell(ada)
        part(order, 400)
        pass_hold()
        releases.release_due()
        payouts.run(fay)
        carry_out_runs()
        assert PayoutItem.objects.get().amount_minor == 1200


class TestWhatCostsNothing:
    def test_is_paid_at_once_and_shares_what_the_platform_bears(self, ada: Creator) -> None:
        order = sell(ada, discount=Money(2000, "USD"), bearer="platform")
        assert (order.state, order.charge_id, order.total.minor) == ("paid", None, 0)
        assert LedgerEntry.objects.get().idem_key == f"sale:order:{order.reference}"
        assert stands(AccountKind.CREATOR_PENDING, ada.pk) == 1500
        assert oracle.charges() == {}
        assert holds()

    def test_is_booked_nowhere_when_the_creator_gives_it_away(self, ada: Creator) -> None:
        order = sell(ada, discount=Money(2000, "USD"), bearer="creator")
        assert order.state == "paid"
        assert not LedgerEntry.objects.exists()
        assert holds()

    def test_goes_back_without_the_provider(self, ada: Creator) -> None:
        order = sell(ada, discount=Money(2000, "USD"), bearer="platform")
        with transaction.atomic():
            held = Order.objects.hold(pk=order.pk)
            refund = Refund.objects.ask(held, [(only_item(order), 0)], by=None, reason="x", cause=Refund.Cause.STAFF)
        work.run(Refund, refund.pk, refunds.send)
        order.refresh_from_db()
        assert order.state == "refunded"
        assert stands(AccountKind.CREATOR_PENDING, ada.pk) == stands(AccountKind.PROMOTIONS, None) == 0
        pass_hold()
        assert releases.release_due() == 0
        assert holds()

    def test_is_released_after_its_hold(self, ada: Creator) -> None:
        item = only_item(sell(ada, discount=Money(2000, "USD"), bearer="platform"))
        assert releases.release_due(item.hold_until - timedelta(seconds=1)) == 0
        assert releases.release_due(item.hold_until) == 1
        assert stands(AccountKind.CREATOR_AVAILABLE, ada.pk) == 1500


@transaction.atomic
def promote_and_check(item: OrderItem, promoter: Creator) -> None:
    ItemShare.objects.create(item=item, kind="affiliate", owner=promoter, amount_minor=1)
    at_commit()


@transaction.atomic
def add_and_check(line: RefundLine) -> None:
    RefundShare.objects.create(line=line, kind="tax", amount_minor=1)
    at_commit()


# What else than amounts a paid order, its item, a refund and its line say.
SOLD_BY = (
    "number = 'K1'", "book = 'live'", "is_tax_inclusive = NOT is_tax_inclusive", "tax_source = 'stripe'",
    "tax_name = 'VAT'", "tax_country = 'XX'", "refund_rule_id = NULL",
)  # fmt: skip
SOLD = (
    "course_id = course_id + 1", "tax_bps = tax_bps + 1", "referral_code = 'PAULA'", "buyer_id = buyer_id + 1",
    "order_id = order_id + 1", "bundle_price_id = 1",
)  # fmt: skip
ASKED = (
    "amount_minor = 1", "reason = 'another'", "cause = 'goodwill'", "requested_at = now()", "requested_by_id = NULL",
    "ends_access = NOT ends_access", "order_id = order_id + 1", "state = 'requested'", "settled_at = NULL",
    "provider_refund_id = 're_other'",
)  # fmt: skip
TAKEN = ("amount_minor = 1", "item_id = item_id + 1", "refund_id = refund_id + 1", "ends_access = NOT ends_access")


def _end_once_more(line: RefundLine) -> None:
    """A line of nothing that ends the right again."""
    empty = Refund.objects.create(
        order=line.item.order, amount_minor=0, reason="Again", cause=Refund.Cause.STAFF, requested_at=clock.now()
    )
    RefundLine.objects.create(refund=empty, item=line.item, amount_minor=0, ends_access=True)


class TestPostgresItself:
    @pytest.mark.parametrize(
        "act",
        [
            "UPDATE payments_itemshare SET amount_minor = 1",
            "DELETE FROM payments_itemshare",
            "UPDATE payments_refundshare SET amount_minor = 1",
            "DELETE FROM payments_refundshare",
            "UPDATE payments_orderitem SET platform_minor = 499, creator_minor = 1501",
            "UPDATE payments_order SET total_minor = 1, subtotal_minor = 1",
            *(f"UPDATE payments_order SET {what}" for what in SOLD_BY),
            *(f"UPDATE payments_orderitem SET {what}" for what in SOLD),
            *(f"UPDATE payments_refund SET {what}" for what in ASKED),
            *(f"UPDATE payments_refundline SET {what}" for what in TAKEN),
            "DELETE FROM payments_refundline",
            "DELETE FROM payments_refund",
            "TRUNCATE payments_refundline CASCADE",
        ],
    )
    def test_refuses_to_change_what_was_sold(self, ada: Creator, act: str) -> None:
        part(sell(ada), 100)
        at_commit()
        with pytest.raises(IntegrityError, match="append-only|is not changed"), connection.cursor() as cursor:
            cursor.execute(act)

    def test_lets_an_order_that_is_not_paid_yet_be_taxed_anew(self, ada: Creator) -> None:
        order = place(cast.lin(), [course_of(ada, Money(2000, "USD"))])
        order.take_tax(Money(100, "USD"), country="DE", name="VAT", bps=None)
        assert (order.tax_country, order.items.get().tax_bps) == ("DE", 526)

    @pytest.mark.parametrize(
        "act",
        [
            "UPDATE payments_refund SET state = 'done'",
            "UPDATE payments_refund SET settled_at = NULL",
            "UPDATE payments_refundline SET failed_at = NULL",
        ],
    )
    def test_a_refund_that_failed_is_not_done_after_all(self, ada: Creator, act: str) -> None:
        """Whoever asks for it anew has another one."""
        assert ask(sell(ada), 100).fail()
        with pytest.raises(IntegrityError, match="append-only"), connection.cursor() as cursor:
            cursor.execute(act)

    def test_refuses_shares_that_do_not_make_up_the_item(self, ada: Creator) -> None:
        item = only_item(sell(ada))
        with pytest.raises(IntegrityError, match="do not sum"):
            promote_and_check(item, ada)

    def test_refuses_a_refund_whose_shares_do_not_make_up_its_line(self, ada: Creator) -> None:
        line = part(sell(ada), 100).lines.get()
        share = line.item.shares.get(kind="platform")
        assert share.left.minor == 475
        with pytest.raises(IntegrityError, match="its shares sum to"):
            add_and_check(line)

    def test_refuses_to_end_a_right_twice(self, ada: Creator) -> None:
        order = sell(ada)
        part(order, 100, ends_access=True)
        again = part(order, 100, 2, ends_access=True)
        assert not again.lines.get().ends_access  # the rest of the money, and no right any more
        with pytest.raises(IntegrityError, match="a_right_ends_once"), transaction.atomic():
            _end_once_more(again.lines.get())

    def test_refuses_more_back_than_was_paid(self, ada: Creator) -> None:
        item = only_item(sell(ada))
        with pytest.raises(IntegrityError, match="item_gives_back_what_it_took"), transaction.atomic():
            item.ask_back(2001)


def test_the_sandbox_and_the_books_agree_after_parts(fay: User, lin: User) -> None:
    courses = shop.two_courses()
    order = shop.buy(lin, courses)
    with transaction.atomic():
        held = Order.objects.hold(pk=order.pk)
        asked = [(item, 700) for item in held.items.all()]
        Refund.objects.ask(held, asked, by=fay, reason="x", cause=Refund.Cause.GOODWILL, ends_access=False)
    shop.send_refunds()
    assert oracle.refunds() == {order.charge_id: 1400}
    assert stands(AccountKind.STRIPE_CLEARING, None) == oracle.balance()["USD"]
    assert cast.lin().enrollments.active().count() == 2
    assert holds()
