"""Many clicks, devices and workers at one purchase: the money moves once. Each rule has its negative control."""

import pytest
from django.db import IntegrityError
from django.test import Client

from courses.models import Course
from learners.models import Enrollment
from marketplace.lib import work
from marketplace.lib.errors import DomainError
from payments import after_sale, checkout, refunds
from payments.models import Order, Refund
from payments.sandbox import cashier, oracle
from payments.sandbox.models import SandboxSession
from tests import cast
from tests.faults.one_right import without_one_right
from tests.faults.taken_away import ASKED_BACK, REFUND_RULES, in_place, index, taken_away
from tests.payments import shop
from tests.payments.crowd import at_once
from tests.payments.held import all_holds
from tests.payments.sales import place

pytestmark = pytest.mark.django_db(transaction=True)
CROWD = 50


@pytest.fixture
def courses() -> list[Course]:
    return shop.two_courses()


def test_fifty_clicks_on_buy_are_one_order_one_charge_and_one_right(courses) -> None:
    lin = cast.lin()
    orders = at_once(lambda _n: shop.start(lin, courses[:1]), CROWD)
    assert {order.pk for order in orders} == {Order.objects.get().pk}
    session = SandboxSession.objects.get()
    assert {order.checkout_url for order in orders} == {orders[0].checkout_url}
    paid_by_a_crowd(session)


def test_fifty_clicks_on_the_page_of_the_checkout_are_one_order_one_charge_and_one_right(courses) -> None:
    lin, clients = cast.lin(), [Client() for _n in range(CROWD)]
    for client in clients:
        client.force_login(lin)
    form = {"course": courses[0].slug, "total": 1999, "currency": "USD"}
    answers = at_once(lambda n: clients[n].post("/checkout/", form), CROWD)
    assert {(answer.status_code, answer.headers["Location"]) for answer in answers} == {
        (302, Order.objects.get().pay_address)
    }
    paid_by_a_crowd(SandboxSession.objects.get())


def paid_by_a_crowd(session: SandboxSession) -> None:
    pressed = at_once(lambda _n: cashier.act(session.pk, "pay"), CROWD)
    assert sum(not isinstance(answer, DomainError) for answer in pressed) == 1
    at_once(lambda _n: checkout.complete(session.pk), CROWD)
    assert list(oracle.charges().values()) == [1999]
    assert Enrollment.objects.count() == 1
    assert not Refund.objects.exists()
    assert all_holds()


def test_without_the_index_the_same_crowd_makes_more_orders_than_one(courses) -> None:
    lin = cast.lin()
    with taken_away(index("one_open_order_a_basket")):
        at_once(lambda _n: place(lin, courses[:1]), 12)
        assert Order.objects.count() > 1


def settle_or_say(order: Order) -> Order | IntegrityError:
    try:
        return checkout.settle(order)
    except IntegrityError as error:
        return error


def test_without_the_orders_lock_the_same_crowd_takes_one_payment_for_two(courses) -> None:
    order = shop.start(cast.lin(), courses[:1])
    shop.pay(order)
    answers = at_once(lambda _n: settle_or_say(order), 8, without_locks=True)
    assert Refund.objects.exists() or any(isinstance(answer, IntegrityError) for answer in answers)


def two_pages_paid(courses: list[Course]) -> list[Order]:
    """Lin has paid on both: one page for both courses, one for the first of them."""
    lin = cast.lin()
    orders = [checkout.with_page(place(lin, basket)) for basket in (courses, courses[:1])]
    for order in orders:
        shop.pay(order)
    return orders


def test_two_devices_that_pay_two_pages_for_one_course_pay_once(courses) -> None:
    orders = two_pages_paid(courses)
    at_once(lambda n: checkout.settle(orders[n]), 2)
    shop.send_refunds()
    assert sorted(oracle.refunds().values()) == [1999]
    assert Enrollment.objects.active().count() == 2
    assert all_holds()


def test_without_one_right_a_course_both_payments_are_kept(courses) -> None:
    orders = two_pages_paid(courses)
    with without_one_right():
        at_once(lambda n: checkout.settle(orders[n]), 2)
        shop.send_refunds()
        assert oracle.refunds() == {}
        assert Enrollment.objects.active().filter(course=courses[0]).count() == 2


def test_fifty_wishes_to_give_back_are_one_refund(courses) -> None:
    fay, order = cast.fay(), shop.buy(cast.lin(), courses)
    answers = at_once(lambda _n: refunds.refund(order, by=fay, reason="She asked"), CROWD)
    assert sum(isinstance(answer, Refund) for answer in answers) == 1
    refund = Refund.objects.get()
    at_once(lambda _n: work.run(Refund, refund.pk, refunds.send), 8)
    assert oracle.refunds() == {order.charge_id: 4999}
    assert all_holds()


def test_without_the_lock_and_the_rules_the_same_wishes_are_more_refunds_than_one(courses) -> None:
    fay, order = cast.fay(), shop.buy(cast.lin(), courses)
    with taken_away(*REFUND_RULES, index("a_right_ends_once")):
        with in_place(ASKED_BACK):
            at_once(lambda _n: refunds.refund(order, by=fay, reason="She asked"), 3, without_locks=True)
        assert sum(refund.amount_minor for refund in Refund.objects.all()) > order.total_minor


def test_one_order_each_for_many_buyers_gives_numbers_without_gaps(courses) -> None:
    buyers = [cast.person(f"Buyer{n}") for n in range(12)]
    orders = [shop.start(buyer, courses) for buyer in buyers]
    for order in orders:
        shop.pay(order)
    at_once(lambda n: checkout.settle(orders[n]), len(orders))
    at_once(lambda _n: after_sale.catch_up(), 4)
    numbers = sorted(Order.objects.values_list("invoice_number", flat=True))
    assert [int(number[-6:]) for number in numbers] == list(range(1, 13))
    assert Course.objects.get(pk=courses[0].pk).learners_count == 12
    assert all_holds()
