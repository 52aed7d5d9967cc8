"""The last seats of a coupon and many buyers at once (fault C3): exactly as many are used as there are. With the lock
and the database's own limit taken away, more are.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import OperationalError, connection

from accounts.models import User
from courses.models import Course
from payments import checkout, taking
from payments.models import Coupon, CouponUse, Order
from payments.models.coupon_use import CouponNotValid
from payments.sandbox import oracle
from tests import cast
from tests.faults.taken_away import MEETING_PLACE, constraint, in_place, meeting, taken_away
from tests.payments import shop
from tests.payments.crowd import at_once
from tests.payments.held import all_holds
from tests.payments.test_coupons import coupon_of, platform_coupon
from tests.payments.waiting import payments_of

pytestmark = pytest.mark.django_db(transaction=True)


def crowd(count: int) -> list[User]:
    return [cast.person(f"Buyer{n}") for n in range(count)]


def go_and_pay(buyer: User, courses: list[Course], coupon: Coupon) -> Order:
    order = checkout.start(buyer=buyer, courses=courses, coupon_code=coupon.code)
    shop.pay(order)
    return checkout.settle(order)


@pytest.mark.parametrize("seats", [1, 3])
def test_fifty_buyers_at_once_use_exactly_the_seats_that_there_are(ada: User, seats: int) -> None:
    coupon, courses, buyers = coupon_of(ada, cap_total=seats), shop.two_courses()[:1], crowd(50)
    answers = at_once(lambda n: go_and_pay(buyers[n], courses, coupon), 50)
    won = [answer for answer in answers if isinstance(answer, Order)]
    assert len(won) == seats
    assert sum(isinstance(answer, CouponNotValid) for answer in answers) == 50 - seats
    assert CouponUse.objects.filter(state="used", is_beyond_cap=False).count() == seats
    assert Coupon.objects.get().seats_taken == seats
    assert sorted(oracle.charges()) == sorted(order.charge_id for order in won)
    assert all_holds()


def test_one_buyer_with_many_tabs_takes_one_seat(ada: User, lin: User) -> None:
    coupon, courses = coupon_of(ada, cap_total=10), shop.two_courses()[:1]
    orders = at_once(lambda _n: checkout.start(buyer=lin, courses=courses, coupon_code=coupon.code), 12)
    assert len({order.pk for order in orders}) == 1
    assert Coupon.objects.get().seats_taken == CouponUse.objects.count() == 1


def test_seats_given_back_and_taken_at_once_are_never_lost_or_doubled(ada: User) -> None:
    coupon, courses, buyers = coupon_of(ada, cap_total=4), shop.two_courses()[:1], crowd(16)
    leaving = [checkout.start(buyer=buyer, courses=courses, coupon_code=coupon.code) for buyer in buyers[:4]]

    def act(n: int) -> object:
        if n < 4:
            return checkout.withdraw(leaving[n])
        return checkout.start(buyer=buyers[n], courses=courses, coupon_code=coupon.code)

    at_once(act, 16)
    standing = CouponUse.objects.standing().count()
    assert Coupon.objects.get().seats_taken == standing <= 4
    assert CouponUse.objects.filter(state="released").count() == 4
    assert all_holds()


def test_without_the_lock_and_the_limit_the_same_crowd_takes_more_seats_than_there_are(ada: User) -> None:
    courses, buyers = shop.two_courses()[:1], crowd(6)
    with taken_away(constraint("payments_coupon", "coupon_seats_within_cap"), meeting("payments_couponuse")):
        coupon = coupon_of(ada, cap_total=1)
        at_once(
            lambda n: checkout.start(buyer=buyers[n], courses=courses, coupon_code=coupon.code), 6, without_locks=True
        )
        assert CouponUse.objects.standing().count() > 1


@contextmanager
def coupons_locked_slowly(descending: bool) -> Iterator[None]:
    """This thread locks coupons one after the other and waits in between; `descending`: the wrong way round."""

    def slowed(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        if sql.endswith('FOR NO KEY UPDATE OF "payments_coupon"'):
            sql = sql.replace(' FROM "payments_coupon"', ', meet_here() FROM "payments_coupon"')
            if descending:
                sql = sql.replace('"payments_coupon"."id" ASC', '"payments_coupon"."id" DESC')
        return execute(sql, params, many, context)

    with connection.execute_wrapper(slowed):
        yield


def batches_of_two_coupons(fay: User, *, crosswise: bool) -> list[object]:
    """Two workers at once, each with a creator of its own, so that nothing but the two coupons makes them wait."""
    coupons, courses, buyers = [platform_coupon(fay), platform_coupon(fay)], shop.two_courses(), crowd(5)
    go_and_pay(buyers.pop(), courses, coupons[0])  # the ledger's accounts are there: nobody waits for a new one
    orders = [
        checkout.start(buyer=buyer, courses=[courses[n // 2]], coupon_code=coupons[n % 2].code)
        for n, buyer in enumerate(buyers)
    ]
    for order in orders:
        shop.pay(order)
    payments = payments_of(orders)

    def act(n: int) -> object:
        try:
            with coupons_locked_slowly(descending=crosswise and n == 1):
                return taking.take_all(payments[2 * n : 2 * n + 2])
        except OperationalError as error:
            return error

    with in_place(MEETING_PLACE):
        return at_once(act, 2)


def test_two_batches_that_use_the_same_coupons_do_not_wait_in_a_circle(fay: User) -> None:
    answers = batches_of_two_coupons(fay, crosswise=False)
    assert not [answer for answer in answers if isinstance(answer, Exception)]
    assert CouponUse.objects.filter(state="used").count() == 5
    assert all_holds()


def test_if_coupons_were_locked_in_no_order_the_same_two_batches_would(fay: User) -> None:
    answers = batches_of_two_coupons(fay, crosswise=True)
    assert "deadlock detected" in " ".join(str(answer) for answer in answers)
