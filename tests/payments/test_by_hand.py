"""Orders that are paid by hand: how one waits, and how money that came in at the bank pays it, or does not."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from accounts.models import AuditEvent, Notice, User
from courses.models import Course
from learners.models import Enrollment
from learners.models.enrollment import AlreadyEnrolled
from marketplace.lib import clock
from marketplace.lib.emails import Mail
from marketplace.lib.errors import NotAllowed
from marketplace.lib.money import Money
from payments import after_sale, checkout, refunds, taking
from payments.closing import reckoning
from payments.hand import again, arrivals, checks, epc, references, refunding, waiting
from payments.models import (
    AccountKind,
    Arrival,
    ArrivalStep,
    CouponUse,
    HandPayment,
    LedgerEntry,
    Order,
    PaymentWay,
    Refund,
)
from payments.models.arrival import ArrivalNoted
from payments.models.payment_way import WayChanged
from tests import cast
from tests.courses.factories import make_course
from tests.payments import shop
from tests.payments.books import stands
from tests.payments.by_hand import DAY, IBAN, TOLD, approved, come_in, gil, picture, state_of, wait_for, way_for
from tests.payments.held import books_hold
from tests.payments.test_coupons import coupon_of

pytestmark = pytest.mark.django_db


def has(learner: User, course: Course) -> bool:
    return Enrollment.objects.of(learner).active().filter(course=course).exists()


@pytest.fixture
def courses() -> list[Course]:
    return shop.two_courses()


@pytest.fixture
def way() -> PaymentWay:
    return way_for()


@pytest.fixture
def order(lin: User, courses: list[Course], way: PaymentWay) -> Order:
    return wait_for(lin, courses, way)


class TestReference:
    def test_finds_its_order_however_it_was_typed(self) -> None:
        reference = references.of("K01AB23CD4")
        typed = f"order: {references.shown(reference).lower()}.".replace("0", "o").replace("1", "l")
        assert references.found_in(typed) == [reference]

    def test_one_wrong_sign_or_two_that_changed_places_do_not_fit(self) -> None:
        reference = references.of("K7Q2M9XTB4")
        assert references.fits(reference)
        for at in range(1, len(reference)):
            for sign in set(references.SIGNS) - {reference[at]}:
                assert not references.fits(reference[:at] + sign + reference[at + 1 :])
            swapped = reference[: at - 1] + reference[at] + reference[at - 1] + reference[at + 1 :]
            assert swapped == reference or not references.fits(swapped)


class TestCode:
    def test_is_what_banks_in_europe_read(self) -> None:
        told = {"holder": "Kezhan", "iban": IBAN, "bic": "", "reference": "K1"}
        assert epc.text(amount=Money(4999, "EUR"), **told) == (
            f"BCD\n002\n1\nSCT\n\nKezhan\n{IBAN}\nEUR49.99\n\n\nK1"
        )  # fmt: skip
        assert epc.text(amount=Money(4999, "USD"), **told) == ""


class TestWay:
    def test_is_versions_and_the_newest_stands(self, way: PaymentWay, fay: User, lin: User) -> None:
        newer = approved(PaymentWay.objects.change(way, by=fay, reason="Another bank", holder="Kezhan GmbH"))
        assert list(PaymentWay.objects.offered("USD")) == [newer]
        assert (newer.account, newer.version) == (IBAN, 2)
        with pytest.raises(WayChanged):
            PaymentWay.objects.change(way, by=gil(), reason="Too late", holder="X")
        with pytest.raises(NotAllowed):
            PaymentWay.objects.set_up(by=lin, kind="bank_transfer", currency="USD", reason="x", **TOLD)
        assert AuditEvent.objects.filter(verb="payment_way.set").count() == 2
        with pytest.raises(DatabaseError), transaction.atomic():
            PaymentWay.objects.update(account="X")

    def test_that_is_off_takes_no_new_orders_and_keeps_those_that_wait(
        self, order: Order, way: PaymentWay, fay: User, courses: list[Course], cole: User
    ) -> None:
        PaymentWay.objects.change(way, by=fay, reason="Closed", is_on=False)
        with pytest.raises(waiting.WayNotOffered):
            wait_for(cole, courses, way)
        come_in(order)
        order.refresh_from_db()
        assert order.state == "paid"

    def test_of_a_wallet_needs_its_picture(self) -> None:
        with pytest.raises(WayChanged):  # the database's own no
            way_for("CNY", kind="alipay", account="")
        assert way_for("CNY", kind="alipay", account="", qr=picture()).qr.name.endswith(".webp")


class TestWaiting:
    def test_has_no_page_and_tells_how_to_pay(self, order: Order) -> None:
        assert (order.state, order.checkout_session_id) == ("pending", None)
        assert order.expires_at - order.placed_at == timedelta(days=7)
        text = Mail.objects.get(key=f"by-hand:{order.number}").text
        assert order.hand.reference_in_groups in text
        assert "$49.99" in text
        assert "DE89 3704" in text
        assert shop.work_off_inquiries() is None
        assert not has(order.buyer, order.items.first().course)
        assert books_hold()

    def test_is_the_same_order_when_asked_again(
        self, order: Order, lin: User, courses: list[Course], way: PaymentWay
    ) -> None:
        assert wait_for(lin, courses, way) == order

    def test_never_gets_a_page_of_the_provider(self, order: Order) -> None:
        with pytest.raises(DatabaseError), transaction.atomic():
            order.attach_session("cs_1", "https://x.example")

    def test_an_order_with_a_page_never_waits_by_hand(self, lin: User, courses: list[Course], way: PaymentWay) -> None:
        paged = shop.start(lin, courses)
        with pytest.raises(DatabaseError), transaction.atomic():
            HandPayment.objects.begin(paged, way)

    def test_closes_the_page_before(self, lin: User, courses: list[Course], way: PaymentWay) -> None:
        paged = shop.start(lin, courses)
        order = wait_for(lin, courses, way)
        paged.refresh_from_db()
        assert (paged.state, order.state) == ("expired", "pending")

    def test_finds_the_page_paid_meanwhile(self, lin: User, courses: list[Course], way: PaymentWay) -> None:
        shop.pay(shop.start(lin, courses))
        with pytest.raises(AlreadyEnrolled):
            wait_for(lin, courses, way)
        assert not HandPayment.objects.exists()

    def test_is_changed_to_the_providers_page(self, order: Order) -> None:
        paged = again.pay_otherwise(order, way="")
        order.refresh_from_db()
        assert (order.state, paged.state, paged.hand) == ("expired", "pending", None)
        assert paged.checkout_url

    def test_a_price_that_changed_leaves_it_as_it_is(self, order: Order, courses: list[Course], ada: User) -> None:
        courses[0].set_price(Money(2500, "USD"), by=ada)
        with pytest.raises(checkout.PriceChanged):
            again.pay_otherwise(order, way="")
        order.refresh_from_db()
        assert order.is_open

    def test_her_word_that_she_sent_it_stands_once(self, order: Order, lin: User, cole: User) -> None:
        waiting.say_sent(order, by=lin)
        first = HandPayment.objects.get().sent_at
        clock.advance(timedelta(hours=1))
        waiting.say_sent(order, by=lin)
        assert HandPayment.objects.get().sent_at == first
        with pytest.raises(waiting.NotWaiting):
            waiting.say_sent(order, by=cole)

    def test_is_cancelled_by_its_buyer(self, order: Order, lin: User) -> None:
        waiting.cancel(order, by=lin)
        order.refresh_from_db()
        assert order.state == "expired"
        assert not Mail.objects.filter(key__startswith="by-hand-expired").exists()
        with pytest.raises(waiting.NotWaiting):
            waiting.cancel(order, by=lin)

    def test_ends_with_its_days_and_says_so(self, order: Order) -> None:
        clock.advance(timedelta(days=6, hours=23))
        shop.sweep_orders()
        order.refresh_from_db()
        assert order.is_open
        clock.advance(timedelta(hours=1, minutes=1))
        shop.sweep_orders()
        order.refresh_from_db()
        assert order.state == "expired"
        assert Mail.objects.filter(key=f"by-hand-expired:{order.number}").count() == 1

    def test_is_not_offered_where_the_provider_reckons_the_tax(
        self, lin: User, courses: list[Course], way: PaymentWay, settings
    ) -> None:
        settings.KEZHAN_TAX = "stripe"
        with pytest.raises(waiting.WayNotOffered):
            wait_for(lin, courses, way)


class TestArrival:
    def test_of_another_way_than_she_chose_says_how_it_came(self, order: Order) -> None:
        other = way_for(kind="alipay", qr=picture(), name_en="Alipay")
        assert state_of(come_in(order, way=other)) == ("booked", "")
        order.refresh_from_db()
        assert order.paid_with == "alipay"

    def test_of_the_right_amount_sells_the_order_against_the_bank(self, order: Order, courses: list[Course]) -> None:
        assert state_of(come_in(order)) == ("booked", "")
        after_sale.catch_up()
        order.refresh_from_db()
        assert (order.state, order.paid_with, order.is_paid_by_hand) == ("paid", "bank_transfer", True)
        assert all(has(order.buyer, course) for course in courses)
        assert (stands(AccountKind.BANK, None), stands(AccountKind.STRIPE_CLEARING, None)) == (4999, 0)
        assert stands(AccountKind.STRIPE_FEES, None) == 0
        assert [stands(AccountKind.CREATOR_PENDING, course.creator_id) for course in courses] == [1499, 2250]
        text = Mail.objects.get(key=f"receipt:{order.number}").text
        assert "Paid with Bank transfer" in text
        assert order.invoice_number
        assert books_hold()

    def test_is_noted_once(self, order: Order, way: PaymentWay) -> None:
        come_in(order, bank_reference="B 77")
        with pytest.raises(ArrivalNoted):
            come_in(order, bank_reference="b77")
        assert LedgerEntry.objects.filter(kind="sale").count() == 1

    def test_is_noted_by_finance_alone_and_not_by_the_buyer(self, order: Order, cole: User, lin: User) -> None:
        with pytest.raises(NotAllowed):
            come_in(order, by=cole)
        cast.give_role(lin, "finance")
        with pytest.raises(arrivals.OwnArrival):
            come_in(order, by=User.objects.get(pk=lin.pk))
        assert not Arrival.objects.exists() or order.is_open

    @pytest.mark.parametrize(("minor", "why"), [(4998, "short"), (5000, "over")])
    def test_of_a_wrong_amount_changes_nothing_and_is_told(self, order: Order, minor: int, why: str) -> None:
        arrival = come_in(order, minor)
        order.refresh_from_db()
        assert (state_of(arrival), order.state) == (("unmatched", why), "pending")
        assert not LedgerEntry.objects.exists()
        told = Mail.objects.get(key__startswith="arrival:")
        assert told.to == order.buyer.email
        assert "$49.99" in told.text
        assert books_hold()

    def test_of_a_wrong_currency_changes_nothing(self, order: Order) -> None:
        assert state_of(come_in(order, amount=Money(4999, "EUR"))) == ("unmatched", "currency")
        order.refresh_from_db()
        assert order.is_open
        assert not LedgerEntry.objects.exists()

    def test_of_the_rest_makes_up_the_sum(self, order: Order) -> None:
        first = come_in(order, 2000)
        second = come_in(order, 1000)
        third = come_in(order, 1999)
        order.refresh_from_db()
        assert order.state == "paid"
        assert [state_of(one)[0] for one in (first, second, third)] == ["booked"] * 3
        assert stands(AccountKind.BANK, None) == 4999
        assert books_hold()

    def test_of_the_whole_after_a_part_leaves_the_part(self, order: Order) -> None:
        part, whole = come_in(order, 2000), come_in(order)
        assert (state_of(part), state_of(whole)) == (("unmatched", "short"), ("booked", ""))
        assert books_hold()

    def test_of_no_reference_waits_to_be_matched(self, order: Order, fay: User) -> None:
        arrival = come_in(order, text="my courses")
        assert state_of(arrival) == ("unmatched", "no_order")
        with pytest.raises(arrivals.UnknownReference):
            arrivals.match(arrival, by=fay, reference="K000000000")
        arrivals.match(arrival, by=fay, reference=order.number)
        order.refresh_from_db()
        assert order.state == "paid"
        with pytest.raises(arrivals.ArrivalDecided):
            arrivals.match(arrival, by=fay, reference=order.number)

    def test_pays_no_order_that_is_on_the_providers_page(
        self, lin: User, courses: list[Course], way: PaymentWay, order: Order, fay: User
    ) -> None:
        arrival = come_in(order, text="")
        paged = again.pay_otherwise(order, way="")
        with pytest.raises(arrivals.OrderNotByHand):
            arrivals.match(arrival, by=fay, reference=paged.number)

    def test_a_second_one_does_not_pay_twice(self, order: Order) -> None:
        come_in(order)
        assert state_of(come_in(order)) == ("unmatched", "paid")
        assert stands(AccountKind.BANK, None) == 4999
        assert books_hold()

    def test_noted_by_mistake_is_noted_anew(self, order: Order, fay: User) -> None:
        wrong = come_in(order, 499, bank_reference="B-X")
        arrivals.withdraw(wrong, by=fay, reason="A digit was lost")
        assert Mail.objects.filter(key=f"arrival-withdrawn:{wrong.pk}").exists()
        right = come_in(order, bank_reference="B-X")
        assert right.replaces == wrong
        order.refresh_from_db()
        assert order.state == "paid"
        assert books_hold()
        with pytest.raises(arrivals.ArrivalDecided):
            arrivals.withdraw(right, by=fay, reason="x")

    def test_is_sent_back(self, order: Order, fay: User) -> None:
        arrival = come_in(order, 6000)
        arrivals.send_back(arrival, by=fay, reason="Too much")
        arrivals.note_sent_back(arrival, by=fay, bank_reference="OUT-1")
        assert state_of(arrival) == ("sent_back", "")
        with pytest.raises(arrivals.ArrivalDecided):
            arrivals.send_back(arrival, by=fay, reason="again")
        with pytest.raises(arrivals.ArrivalDecided):
            arrivals.match(arrival, by=fay, reference=order.number)
        assert books_hold()

    def test_and_its_steps_never_change(self, order: Order) -> None:
        come_in(order)
        for rows in (Arrival.objects.all(), ArrivalStep.objects.all()):
            with pytest.raises(DatabaseError), transaction.atomic():
                rows.update(currency="EUR") if rows.model is Arrival else rows.update(why="short")
            with pytest.raises(DatabaseError), transaction.atomic():
                rows._raw_delete(rows.db)

    @pytest.mark.parametrize(("currency", "minor"), [("JPY", 5000), ("KWD", 15000)])
    def test_in_other_currencies(self, lin: User, currency: str, minor: int) -> None:
        course = make_course(price=Money(minor, currency), lessons=1)
        order = wait_for(lin, [course], way_for(currency))
        come_in(order)
        order.refresh_from_db()
        assert order.state == "paid"
        assert stands(AccountKind.BANK, None, currency) == minor
        assert books_hold()


class TestSecondPerson:
    @pytest.fixture(autouse=True)
    def low_limit(self, settings) -> None:
        settings.KEZHAN_PAYOUT_APPROVAL_MINOR = 4000

    def test_confirms_what_is_above_the_limit(self, order: Order, fay: User) -> None:
        arrival = come_in(order)
        order.refresh_from_db()
        assert (state_of(arrival)[0], order.state) == ("waiting", "pending")
        assert Notice.objects.filter(key__startswith="arrival-waits:").count() == 1
        with pytest.raises(arrivals.OwnArrival):
            arrivals.confirm(arrival, by=fay)
        arrivals.confirm(arrival, by=gil())
        order.refresh_from_db()
        assert (state_of(arrival)[0], order.state) == ("booked", "paid")
        with pytest.raises(arrivals.ArrivalDecided):
            arrivals.confirm(arrival, by=gil())
        assert books_hold()

    def test_is_waited_for_though_its_time_is_over(self, order: Order, lin: User) -> None:
        come_in(order)
        clock.advance(timedelta(days=9))
        shop.sweep_orders()
        order.refresh_from_db()
        assert order.is_open
        with pytest.raises(waiting.MoneyIsThere):
            waiting.cancel(order, by=lin)
        with pytest.raises(waiting.MoneyIsThere):
            again.pay_otherwise(order, way="")
        order.refresh_from_db()
        assert order.is_open
        assert Order.objects.filter(state="pending").count() == 1

    def test_withdraws_what_is_not_there(self, order: Order) -> None:
        arrival = come_in(order)
        arrivals.withdraw(arrival, by=gil(), reason="Not at the bank")
        assert state_of(arrival)[0] == "withdrawn"
        order.refresh_from_db()
        assert order.is_open


class TestAfterTheEnd:
    @pytest.fixture
    def late(self, order: Order) -> Arrival:
        clock.advance(timedelta(days=8))
        shop.sweep_orders()
        return come_in(order)

    def test_money_changes_nothing(self, order: Order, late: Arrival) -> None:
        order.refresh_from_db()
        assert (state_of(late), order.state) == (("unmatched", "ended"), "expired")

    def test_finance_gives_it_its_effect(self, order: Order, late: Arrival, fay: User, courses: list[Course]) -> None:
        arrivals.give_effect(late, by=fay, reason="A holiday between")
        order.refresh_from_db()
        assert order.state == "paid"
        assert has(order.buyer, courses[0])
        assert books_hold()

    def test_not_at_another_price(
        self, order: Order, late: Arrival, fay: User, courses: list[Course], ada: User
    ) -> None:
        courses[0].set_price(Money(2500, "USD"), by=ada)
        with pytest.raises(checkout.PriceChanged):
            arrivals.give_effect(late, by=fay, reason="x")
        assert state_of(late) == ("unmatched", "ended")

    def test_not_when_she_has_it_by_now(self, order: Order, late: Arrival, fay: User, courses: list[Course]) -> None:
        shop.buy(order.buyer, courses[:1])
        with pytest.raises(AlreadyEnrolled):
            arrivals.give_effect(late, by=fay, reason="x")

    def test_above_the_limit_a_second_person_looks(self, order: Order, late: Arrival, fay: User, settings) -> None:
        settings.KEZHAN_PAYOUT_APPROVAL_MINOR = 4000
        arrivals.give_effect(late, by=fay, reason="A holiday between")
        assert state_of(late) == ("waiting", "ended")
        arrivals.confirm(late, by=gil())
        order.refresh_from_db()
        assert order.state == "paid"
        assert books_hold()


class TestCoupon:
    def test_keeps_its_seat_while_the_order_waits(
        self, ada: User, lin: User, courses: list[Course], way: PaymentWay
    ) -> None:
        coupon = coupon_of(ada, cap_total=1)
        order = wait_for(lin, courses[:1], way, coupon_code=coupon.code)
        assert CouponUse.objects.get().state == "reserved"
        paged = again.pay_otherwise(order, way="")
        assert CouponUse.objects.get(order=paged).state == "reserved"
        assert paged.total == order.total
        back = wait_for(lin, courses[:1], way, coupon_code=coupon.code)
        clock.advance(timedelta(days=8))
        shop.sweep_orders()
        assert CouponUse.objects.get(order=back).state == "released"
        assert books_hold()


class TestBooks:
    def test_a_months_figures_count_it(self, order: Order, fay: User, courses: list[Course]) -> None:
        come_in(order)
        order.refresh_from_db()
        refund = refunds.refund(order.items.get(course=courses[0]), by=fay, reason="asked")
        refunding.pay_back(refund, by=fay, bank_reference="O-1", sent_on=DAY)
        (month,) = reckoning.of_all("sandbox").values()
        (usd,) = reckoning.currencies({}, month)
        assert (usd["figures"]["gross_sales"], usd["figures"]["refunds"]) == ("4999", "1999")

    def test_a_check_names_what_was_booked_and_not_sold(self, order: Order, fay: User) -> None:
        arrival = come_in(order, 100)
        ArrivalStep.objects.take(arrival, "booked", by=fay, order=order)
        (found,) = checks.breaks()
        assert order.number in found

    def test_a_check_names_what_was_sold_and_did_not_come(self, order: Order) -> None:
        taking.take_by_hand(order.pk, "bank_transfer")
        (found,) = checks.breaks()
        assert found == f"order {order.number} is paid by hand with 0 of 4999"


class TestRefund:
    @pytest.fixture
    def paid(self, order: Order) -> Order:
        come_in(order)
        after_sale.catch_up()
        order.refresh_from_db()
        return order

    def test_waits_until_somebody_sent_it(self, paid: Order, fay: User, lin: User, courses: list[Course]) -> None:
        refund = refunds.refund(paid.items.get(course=courses[0]), by=fay, reason="asked")
        shop.send_refunds()
        shop.sweep()
        refund.refresh_from_db()
        assert refund.state == "requested"
        assert stands(AccountKind.BANK, None) == 4999
        with pytest.raises(NotAllowed):
            refunding.pay_back(refund, by=lin, bank_reference="O-1", sent_on=DAY)
        refunding.pay_back(refund, by=fay, bank_reference="O-1", sent_on=DAY)
        shop.send_refunds()
        refund.refresh_from_db()
        assert refund.state == "done"
        assert stands(AccountKind.BANK, None) == 3000
        assert not has(lin, courses[0])
        assert has(lin, courses[1])
        assert refund.credit_note
        assert books_hold()
        with pytest.raises(refunding.NothingToSendBack):
            refunding.pay_back(refund, by=fay, bank_reference="O-2", sent_on=DAY)

    def test_has_a_reference_of_its_own(self, paid: Order, fay: User) -> None:
        first, second = (refunds.refund(item, by=fay, reason="asked") for item in paid.items.order_by("pk"))
        refunding.pay_back(first, by=fay, bank_reference="O 1", sent_on=DAY)
        with pytest.raises(refunding.BankReferenceUsed):
            refunding.pay_back(second, by=fay, bank_reference="o1", sent_on=DAY)
        assert Refund.objects.get(pk=second.pk).state == "requested"
        assert books_hold()

    def test_of_a_page_is_the_providers(self, lin: User, fay: User, courses: list[Course]) -> None:
        refund = refunds.refund(shop.buy(lin, courses), by=fay, reason="asked")
        with pytest.raises(refunding.NothingToSendBack):
            refunding.pay_back(refund, by=fay, bank_reference="O-1", sent_on=DAY)
