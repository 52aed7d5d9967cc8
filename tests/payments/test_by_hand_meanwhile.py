"""What happens to an order by hand while it waits: a takedown, another payment, an end, a part of its sum."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import AccountDeletion, User
from courses.models import Course
from marketplace.lib import clock
from marketplace.lib.emails import Mail
from marketplace.lib.money import Money
from payments import checkout, privacy
from payments.hand import again, arrivals, desk, second_look, waiting
from payments.hand.forms import PayBackForm
from payments.hand.serializers import PayBackSerializer
from payments.models import Arrival, LedgerEntry, Order, PaymentWay
from payments.models.forgetting import forget_buyer
from payments.sandbox import cashier
from tests.courses.factories import make_course
from tests.payments import shop
from tests.payments.by_hand import come_in, gil, state_of, wait_for, way_for
from tests.payments.held import books_hold
from tests.payments.test_coupons import coupon_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def courses() -> list[Course]:
    return shop.two_courses()


@pytest.fixture
def way() -> PaymentWay:
    return way_for()


@pytest.fixture
def order(lin: User, courses: list[Course], way: PaymentWay) -> Order:
    return wait_for(lin, courses, way)


def take_down(course: Course, sam: User) -> None:
    course.take_down(by=sam, rule_code="copyright", reason="A claim")


def end(order: Order) -> None:
    clock.advance(timedelta(days=8))
    shop.sweep_orders()
    order.refresh_from_db()
    assert order.state == "expired"


class TestWhatIsNotSoldAnyMore:
    def test_is_not_sold_for_money_either(self, order: Order, courses: list[Course], sam: User, fay: User) -> None:
        take_down(courses[0], sam)
        arrival = come_in(order)
        order.refresh_from_db()
        assert (state_of(arrival), order.state) == (("unmatched", "ended"), "expired")
        assert not LedgerEntry.objects.exists()
        with pytest.raises(checkout.CourseNotOnSale):
            arrivals.give_effect(arrival, by=fay, reason="x")
        arrivals.send_back(arrival, by=fay, reason="It is taken down")
        assert books_hold()

    def test_is_not_sold_to_a_closed_account(self, order: Order) -> None:
        User.objects.filter(pk=order.buyer_id).update(is_active=False)
        assert state_of(come_in(order)) == ("unmatched", "ended")

    @pytest.mark.parametrize("is_late", [False, True])
    def test_is_not_sold_by_a_second_look(
        self, order: Order, courses: list[Course], sam: User, settings, is_late: bool, fay: User
    ) -> None:
        settings.KEZHAN_PAYOUT_APPROVAL_MINOR = 4000
        if is_late:
            end(order)
        arrival = come_in(order)
        if is_late:
            arrivals.give_effect(arrival, by=fay, reason="A holiday between")
        take_down(courses[0], sam)
        arrivals.confirm(arrival, by=gil())
        assert state_of(arrival) == ("unmatched", "ended")
        assert not LedgerEntry.objects.exists()


class TestPaymentUnderWay:
    def test_on_the_page_lets_no_order_be_begun_beside_it(
        self, lin: User, courses: list[Course], way: PaymentWay
    ) -> None:
        paged = shop.start(lin, courses)
        cashier.act(paged.checkout_session_id, "later", "alipay")
        with pytest.raises(waiting.PaymentUnderWay):
            wait_for(lin, courses, way)
        assert list(Order.objects.filter(state="pending")) == [paged]
        cashier.act(paged.checkout_session_id, "later_failed")
        assert wait_for(lin, courses, way).hand

    def test_with_a_coupon_keeps_its_seat(self, ada: User, lin: User, courses: list[Course], way: PaymentWay) -> None:
        coupon = coupon_of(ada)
        paged = checkout.start(buyer=lin, courses=courses[:1], coupon_code=coupon.code)
        cashier.act(paged.checkout_session_id, "later", "alipay")
        with pytest.raises(waiting.PaymentUnderWay):
            wait_for(lin, courses[:1], way, coupon_code=coupon.code)


class TestPartThatMoves:
    @pytest.fixture
    def others(self, cole: User, courses: list[Course], way: PaymentWay) -> Order:
        return wait_for(cole, courses[1:], way)

    def test_is_no_part_of_the_order_before(self, order: Order, others: Order, fay: User) -> None:
        part = come_in(order, 2000)
        arrivals.match(part, by=fay, reference=others.number)
        assert not arrivals._is_part(Arrival.objects.hold(part.pk), order)
        assert arrivals._is_part(Arrival.objects.hold(part.pk), others)
        assert state_of(come_in(order, 2999)) == ("unmatched", "short")
        assert state_of(come_in(others, 1000)) == ("booked", "")
        assert books_hold()

    def test_is_taken_back_where_it_was_told(self, order: Order, others: Order, fay: User) -> None:
        part = come_in(order, 2000)
        arrivals.match(part, by=fay, reference=others.number)
        (taken_back,) = Mail.objects.filter(key__startswith="arrival-moved:")
        assert taken_back.to == order.buyer.email
        assert order.number in taken_back.text + taken_back.subject

    def test_tells_of_its_payer_only_who_it_is(self, order: Order, others: Order, fay: User, lin: User) -> None:
        part = come_in(order, 2000, payer="Cole Young")
        arrivals.match(part, by=fay, reference=others.number)
        assert privacy.tell(lin).tables["arrivals"] == []
        forget_buyer(lin)
        assert Arrival.objects.get().payer.name == "Cole Young"
        assert [row["payer__name"] for row in privacy.tell(others.buyer).tables["arrivals"]] == ["Cole Young"]
        forget_buyer(others.buyer)
        assert Arrival.objects.get().payer.name == ""


def test_of_a_deleted_buyer_no_payer_is_kept(order: Order, lin: User) -> None:
    end(order)
    AccountDeletion.objects.create(user=lin)
    come_in(order)
    payer = Arrival.objects.get().payer
    assert (payer.name, payer.text) == ("", "")


class TestPartThatIsLeftOver:
    def test_is_named_to_buyer_and_finance(self, order: Order, fay: User) -> None:
        come_in(order, 2000, bank_reference="PART-1")
        end(order)
        assert "PART-1" in Mail.objects.get(key=f"by-hand-expired:{order.number}").text
        (told,) = Mail.objects.filter(key__startswith=f"by-hand-left-over:{order.number}:")
        assert told.to == fay.email
        assert "PART-1" in told.text
        (shown,) = desk.waiting()
        assert shown.is_short
        assert shown.is_over

    def test_is_told_when_she_cancels_or_pays_otherwise(
        self, order: Order, lin: User, fay: User, way: PaymentWay, courses: list[Course]
    ) -> None:
        come_in(order, 2000)
        waiting.cancel(order, by=lin)
        second = wait_for(lin, courses, way)
        come_in(second, 2000)
        again.pay_otherwise(second, way="")
        assert Mail.objects.filter(key__startswith="by-hand-left-over:").count() == 2

    def test_is_not_told_where_nothing_came(self, order: Order, fay: User) -> None:
        end(order)
        assert not Mail.objects.filter(key__startswith="by-hand-left-over:").exists()


class TestLateSale:
    def test_lets_her_other_orders_of_the_courses_go(
        self, order: Order, lin: User, fay: User, courses: list[Course], way: PaymentWay
    ) -> None:
        end(order)
        second = wait_for(lin, courses[:1], way)
        arrivals.give_effect(come_in(order), by=fay, reason="A holiday between")
        second.refresh_from_db()
        order.refresh_from_db()
        assert (order.state, second.state) == ("paid", "expired")
        assert books_hold()

    def test_waits_for_the_end_of_an_order_on_the_page(
        self, order: Order, lin: User, fay: User, courses: list[Course]
    ) -> None:
        end(order)
        shop.start(lin, courses)
        arrival = come_in(order)
        with pytest.raises(again.OtherOrderOpen):
            arrivals.give_effect(arrival, by=fay, reason="x")
        assert state_of(arrival) == ("unmatched", "ended")


class TestNewOrder:
    def test_is_begun_where_banks_would_come_too_late(
        self, order: Order, lin: User, courses: list[Course], way: PaymentWay
    ) -> None:
        clock.advance(timedelta(days=4))
        assert wait_for(lin, courses, way) == order
        clock.advance(timedelta(days=1, hours=1))
        shop.sweep_orders()
        order.refresh_from_db()
        assert order.is_open  # its time is not over
        newer = wait_for(lin, courses, way)
        assert newer != order
        assert newer.expires_at - clock.now() > timedelta(days=6)

    def test_is_not_begun_once_she_said_that_it_is_sent(
        self, order: Order, lin: User, courses: list[Course], way: PaymentWay
    ) -> None:
        waiting.say_sent(order, by=lin)
        clock.advance(timedelta(days=6))
        assert wait_for(lin, courses, way) == order

    def test_is_refused_beside_too_many(self, lin: User, way: PaymentWay) -> None:
        price, most = Money(2000, "USD"), waiting.MOST_WAITING
        *courses, last = [make_course(price=price, lessons=1, title=f"Bowls {n}") for n in range(most + 1)]
        first, *_rest = [wait_for(lin, [course], way) for course in courses]
        with pytest.raises(waiting.TooManyWaiting):
            wait_for(lin, [last], way)
        assert wait_for(lin, courses[:1], way) == first


def test_a_day_that_has_not_come_is_refused_where_a_refund_is_sent() -> None:
    told = {"bank_reference": "O-1", "sent_on": timezone.localdate() + timedelta(days=1)}
    assert not PayBackForm(told).is_valid()
    assert not PayBackSerializer(data=told).is_valid()
    assert PayBackForm({**told, "sent_on": timezone.localdate()}).is_valid()


def test_who_gains_by_a_sale_are_its_buyer_and_all_with_a_share(order: Order, courses: list[Course]) -> None:
    people = {course.creator.user_id for course in courses}
    assert second_look.gainers(order) == {order.buyer_id, *people}
