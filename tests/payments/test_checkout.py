"""Checkout: who may buy, what an order is, and what a payment leads to."""

from datetime import timedelta

import pytest

from courses.models import Course
from learners.models import Enrollment
from learners.models.enrollment import AlreadyEnrolled, OwnCourse
from marketplace.lib import clock
from marketplace.lib.emails import Mail
from marketplace.lib.money import Money
from payments import checkout, ledger
from payments.gateway import GatewayRefused, GatewayUnknown
from payments.models import AccountKind, CartItem, Order, RevenueRule
from payments.sandbox import cashier, oracle
from payments.sandbox.models import SandboxFault, SandboxSession
from tests import cast
from tests.courses.factories import make_course
from tests.payments import shop
from tests.payments.sales import place
from tests.payments.test_refund_rule import introduce


@pytest.fixture
def courses(db: None) -> list[Course]:
    return shop.two_courses()


def test_two_courses_of_two_creators_are_one_payment_and_two_shares(lin, courses) -> None:
    CartItem.objects.put(lin, [course.pk for course in courses])
    order = shop.buy(lin, courses)
    assert order.state == Order.State.PAID
    assert oracle.charges() == {order.charge_id: 4999}
    assert {e.course for e in Enrollment.objects.of(lin).active()} == set(courses)
    shares = [ledger.balance(AccountKind.CREATOR_PENDING, c.creator_id, "USD", "sandbox").minor for c in courses]
    assert shares == [1499, 2250]
    assert ledger.balance(AccountKind.PLATFORM_REVENUE, None, "USD", "sandbox").minor == 500 + 750
    assert ledger.balance(AccountKind.STRIPE_CLEARING, None, "USD", "sandbox").minor == oracle.balance()["USD"]
    assert all(book.difference == Money.zero("USD") for book in ledger.trial_balance())
    assert not CartItem.objects.filter(owner=lin).exists()


def test_the_buyer_gets_one_receipt_and_each_creator_one_notice(lin, courses) -> None:
    order = shop.buy(lin, courses)
    shop.deliver_all(times=2)
    assert Mail.objects.get(key=f"receipt:{order.number}").to == lin.email
    assert "$49.99" in Mail.objects.get(key=f"receipt:{order.number}").text
    assert Mail.objects.filter(key__startswith=f"sale:{order.pk}:").count() == 2


def test_yen_are_charged_as_they_are_written(lin, ada) -> None:
    order = shop.buy(lin, [make_course(price=Money(1000, "JPY"), lessons=1)])
    assert oracle.charges() == {order.charge_id: 1000}
    assert order.total.format("en") == "¥1,000"


def test_the_hold_lasts_a_day_longer_than_refunds_by_the_clock_of_money(lin, courses) -> None:
    order = shop.buy(lin, courses[:1])
    assert order.items.get().hold_until - order.paid_at == timedelta(days=31)


def test_invoice_numbers_have_no_gaps(lin, cole, courses) -> None:
    first, second = shop.buy(lin, courses[:1]), shop.buy(cole, courses)
    year = clock.now().year
    assert [first.invoice_number, second.invoice_number] == [f"TEST-{year}-000001", f"TEST-{year}-000002"]


def test_a_second_click_on_pay_leads_to_the_same_page(lin, courses) -> None:
    first, second = shop.start(lin, courses), shop.start(lin, list(reversed(courses)))
    assert first.pk == second.pk
    assert first.checkout_url == second.checkout_url
    assert SandboxSession.objects.count() == 1


def test_pay_clicked_after_paying_shows_the_paid_order(lin, courses) -> None:
    order = shop.start(lin, courses)
    shop.pay(order)
    again = shop.start(lin, courses)
    assert again.pk == order.pk
    assert again.is_paid


def test_what_is_owned_cannot_be_bought(lin, courses) -> None:
    shop.buy(lin, courses[:1])
    with pytest.raises(AlreadyEnrolled):
        shop.start(lin, courses)


def test_a_creator_does_not_buy_from_herself(ada, courses) -> None:
    with pytest.raises(OwnCourse):
        shop.start(ada, courses[:1])


def test_nothing_and_free_courses_and_two_currencies_are_refused(lin, ada, courses) -> None:
    with pytest.raises(checkout.NothingToBuy):
        shop.start(lin, [])
    with pytest.raises(checkout.CourseIsFree):
        shop.start(lin, [make_course(price=Money(0, "USD"), lessons=1)])
    with pytest.raises(checkout.MixedCurrencies):
        shop.start(lin, [courses[0], make_course(price=Money(9900, "CNY"), lessons=1)])


def test_a_course_taken_down_is_not_sold(lin, sam, courses) -> None:
    courses[0].take_down(by=sam, rule_code="other", reason="a test")
    with pytest.raises(checkout.CourseNotOnSale):
        shop.start(lin, list(Course.objects.filter(pk=courses[0].pk).select_related("creator")))


def test_a_price_that_changed_since_it_was_seen_is_refused(lin, courses) -> None:
    with pytest.raises(checkout.PriceChanged):
        checkout.start(buyer=lin, courses=courses, expected=Money(4998, "USD"))


def test_a_new_price_makes_a_new_order_and_closes_the_old_page(lin, ada, courses) -> None:
    old = shop.start(lin, courses[:1])
    courses[0].set_price(Money(2500, "USD"), by=ada)
    new = shop.start(lin, courses[:1])
    old.refresh_from_db()
    assert (old.state, new.state, new.total) == ("expired", "pending", Money(2500, "USD"))
    assert SandboxSession.objects.get(pk=old.checkout_session_id).status == "expired"


def test_an_order_of_before_a_new_refund_rule_is_not_taken_up_again(lin, fay, courses) -> None:
    """The page promises the rule of now, and an order keeps the rule of its placing."""
    old = shop.start(lin, courses)
    assert shop.start(lin, courses) == old, "the control: under the same rule it is the same order"
    later = introduce(fay, starts_at=clock.now() + timedelta(minutes=5), whole_days=7)
    clock.advance(timedelta(minutes=10))
    new = shop.start(lin, courses)
    old.refresh_from_db()
    assert (old.state, new.state, new.refund_rule) == ("expired", "pending", later)


def test_nor_one_of_before_a_new_rule_of_sharing(lin, fay, courses) -> None:
    old = shop.start(lin, courses)
    later = RevenueRule.objects.introduce(
        "organic", starts_at=clock.now() + timedelta(minutes=5), platform_bps=2000, by=fay, reason="Less"
    )
    clock.advance(timedelta(minutes=10))
    new = shop.start(lin, courses)
    assert new != old
    assert {item.rule for item in new.items.all()} == {later}


def test_a_course_paid_twice_is_given_back_at_once(lin, courses) -> None:
    both, single = shop.start(lin, courses), None
    # The second page is opened behind our back, as from another device at the same moment.
    single = place(lin, courses[:1])
    single = checkout.with_page(single)
    shop.pay(both)
    shop.pay(single)
    shop.deliver_all()
    shop.send_refunds()
    single.refresh_from_db()
    assert single.state == Order.State.REFUNDED
    assert oracle.refunds() == {single.charge_id: 1999}
    assert Enrollment.objects.of(lin).active().count() == 2
    assert ledger.balance(AccountKind.STRIPE_CLEARING, None, "USD", "sandbox").minor == oracle.balance()["USD"]


@pytest.mark.parametrize("changed", [{"amount": 1}, {"currency": "eur"}])
def test_another_amount_or_currency_grants_nothing_and_flags_the_order(lin, courses, changed) -> None:
    order = shop.start(lin, courses)
    SandboxSession.objects.filter(pk=order.checkout_session_id).update(**changed)
    shop.pay(order)
    shop.deliver_all()
    order.refresh_from_db()
    assert (order.state, bool(order.flagged_at)) == (Order.State.PENDING, True)
    assert not Enrollment.objects.of(lin).exists()
    assert ledger.trial_balance() == []


def test_a_declined_card_can_be_tried_again(lin, courses) -> None:
    order = shop.start(lin, courses)
    cashier.act(order.checkout_session_id, "decline")
    shop.deliver_all()
    order.refresh_from_db()
    assert order.is_open
    cashier.act(order.checkout_session_id, "challenge")
    cashier.act(order.checkout_session_id, "confirm")
    assert checkout.settle(order).is_paid


def test_money_that_comes_later_pays_the_order_when_it_comes(lin, courses) -> None:
    order = shop.start(lin, courses)
    cashier.act(order.checkout_session_id, "later", "alipay")
    shop.deliver_all()
    order.refresh_from_db()
    assert (order.state, bool(order.payment_started_at)) == ("pending", True)
    cashier.act(order.checkout_session_id, "later_paid")
    shop.deliver_all()
    order.refresh_from_db()
    assert order.state == "paid"


def test_money_that_does_not_come_fails_the_order_and_says_so_once(lin, courses) -> None:
    order = shop.start(lin, courses)
    cashier.act(order.checkout_session_id, "later", "wechat_pay")
    cashier.act(order.checkout_session_id, "later_failed")
    shop.deliver_all(times=2)
    order.refresh_from_db()
    assert order.state == "failed"
    assert Mail.objects.filter(key=f"payment-failed:{order.number}").count() == 1
    assert not Enrollment.objects.of(lin).exists()


def test_a_page_left_alone_expires_and_the_next_click_makes_a_new_order(lin, courses) -> None:
    order = shop.start(lin, courses)
    clock.advance(timedelta(hours=3))
    shop.sweep_orders()
    order.refresh_from_db()
    assert order.state == "expired"
    assert shop.start(lin, courses).number != order.number


def test_a_lost_event_costs_time_and_no_money(lin, courses) -> None:
    order = shop.start(lin, courses)
    shop.pay(order)
    shop.sweep_orders()
    order.refresh_from_db()
    assert order.state == "pending"  # younger than ten minutes
    clock.advance(timedelta(minutes=11))
    shop.sweep_orders()
    order.refresh_from_db()
    assert order.state == "paid"


@pytest.mark.parametrize("mode", ["timeout_before", "timeout_after", "broken_after", "500", "409", "429"])
def test_an_unknown_answer_leaves_the_order_open_and_the_next_click_goes_on(lin, courses, mode) -> None:
    SandboxFault.objects.plan("checkout.sessions.create", mode)
    with pytest.raises(GatewayUnknown):
        shop.start(lin, courses)
    if mode == "500":  # the provider replays a 500 under its key: the order must be begun anew
        clock.advance(timedelta(hours=2))
    order = shop.start(lin, courses)
    assert SandboxSession.objects.count() == 1
    shop.pay(order)
    assert checkout.settle(order).is_paid


def test_a_refusal_fails_the_order(lin, courses) -> None:
    SandboxFault.objects.plan("checkout.sessions.create", "400")
    with pytest.raises(GatewayRefused):
        shop.start(lin, courses)
    assert Order.objects.get().state == "failed"
    assert shop.start(lin, courses).is_open


def test_a_session_whose_id_never_reached_us_still_pays_its_order(lin, courses) -> None:
    SandboxFault.objects.plan("checkout.sessions.create", "timeout_after")
    with pytest.raises(GatewayUnknown):
        shop.start(lin, courses)
    session = SandboxSession.objects.get()
    cashier.act(session.pk, "pay")
    shop.deliver_all()
    assert Order.objects.get().state == "paid"
    assert cast.lin() == Order.objects.get().buyer
