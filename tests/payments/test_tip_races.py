"""Tips and several at once, and a process that dies in the middle: one tip, one taking back, the day's limit holds."""

import pytest

from accounts.models import User
from learners.models import Enrollment
from payments import checkout
from payments.models import Order, Refund, Tip
from payments.sandbox.models import SandboxSession
from payments.tips import giving, taking_back
from tests.faults.taken_away import meeting, taken_away
from tests.payments import shop
from tests.payments.crash import dies_at
from tests.payments.crowd import at_once
from tests.payments.held import all_holds
from tests.payments.sales import only_item
from tests.payments.test_tips import FIVE, tip, with_course

pytestmark = pytest.mark.django_db(transaction=True)
AT_ORDERS = meeting("payments_order")


def test_many_clicks_are_one_tip(lin: User) -> None:
    course = with_course(lin)
    orders = at_once(lambda _n: giving.start(lin, course, FIVE), 5)
    assert len({order.pk for order in orders}) == 1
    shop.pay(orders[0])
    at_once(lambda _n: checkout.complete(orders[0].checkout_session_id), 4)
    shop.deliver_all()
    assert (Order.objects.get().state, Tip.objects.count()) == ("paid", 1)
    assert only_item(orders[0]).creator_minor == 475
    assert all_holds()


def in_a_day(lin: User, settings, *, without_locks: bool = False) -> int:
    """How many of three at once are placed where one is the day's limit."""
    settings.TIPS_A_DAY = 1
    courses = [with_course(lin, title=f"Course {n}") for n in range(3)]
    with taken_away(AT_ORDERS):
        at_once(lambda n: giving.start(lin, courses[n], FIVE), 3, without_locks=without_locks)
        return Order.objects.count()


def test_no_two_of_one_person_slip_past_the_days_limit(lin: User, settings) -> None:
    assert in_a_day(lin, settings) == 1


def test_without_the_lock_on_the_giver_they_would(lin: User, settings) -> None:
    assert in_a_day(lin, settings, without_locks=True) > 1


def test_two_clicks_take_it_back_once(lin: User) -> None:
    order = tip(lin, with_course(lin))
    found = at_once(lambda _n: taking_back.take_back(order, by=lin), 4)
    assert sum(isinstance(one, Refund) for one in found) == Refund.objects.count() == 1
    shop.send_refunds()
    assert all_holds()


@pytest.mark.parametrize("place", ["checkout.before_session", "checkout.after_session"])
def test_a_start_that_dies_is_gone_on_with_by_the_next_click(lin: User, place: str) -> None:
    course = with_course(lin)
    assert dies_at(place, lambda: giving.start(lin, course, FIVE, shows_name=True))
    order = giving.start(lin, course, FIVE, shows_name=True)
    assert (Order.objects.count(), SandboxSession.objects.count(), Tip.objects.count()) == (1, 1, 1)
    shop.pay(order)
    assert checkout.settle(order).is_paid


@pytest.mark.parametrize("place", ["checkout.before_paid", "checkout.before_commit"])
def test_a_payment_that_dies_half_booked_is_booked_once(lin: User, place: str) -> None:
    order = giving.start(lin, with_course(lin), FIVE)
    shop.pay(order)
    assert dies_at(place, lambda: checkout.settle(order))
    shop.deliver_all()
    assert Order.objects.get().state == "paid"
    assert Enrollment.objects.count() == 1, "the one that she had"
    assert all_holds()


@pytest.mark.parametrize("place", ["refund.before_call", "refund.after_call", "refund.before_commit"])
def test_a_taking_back_that_dies_is_one_refund(lin: User, place: str) -> None:
    order = tip(lin, with_course(lin))
    taking_back.take_back(order, by=lin)
    assert dies_at(place, shop.send_refunds)
    Refund.objects.update(due_at=order.placed_at, lease_until=None)
    shop.send_refunds()
    assert Refund.objects.get().state == "done"
    assert all_holds()
