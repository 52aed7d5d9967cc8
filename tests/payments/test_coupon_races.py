"""The last seats of a coupon and many buyers at once (fault C3): exactly as many are used as there are. With the lock
and the database's own limit taken away, more are.
"""

import pytest

from accounts.models import User
from courses.models import Course
from payments import checkout
from payments.models import Coupon, CouponUse, Order
from payments.models.coupon_use import CouponNotValid
from payments.sandbox import oracle
from tests import cast
from tests.faults.taken_away import constraint, taken_away
from tests.payments import shop
from tests.payments.crowd import at_once
from tests.payments.test_coupons import coupon_of

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


def test_without_the_lock_and_the_limit_the_same_crowd_takes_more_seats_than_there_are(ada: User) -> None:
    courses, buyers = shop.two_courses()[:1], crowd(96)
    with taken_away(constraint("payments_coupon", "coupon_seats_within_cap")):
        # Whether two of a crowd really meet is chance: some crowds come, each for a coupon of its own.
        for first in range(0, 96, 12):
            coupon = coupon_of(ada, cap_total=1)
            at_once(
                lambda n, coupon=coupon, first=first: checkout.start(
                    buyer=buyers[first + n], courses=courses, coupon_code=coupon.code
                ),
                12,
                without_locks=True,
            )
            if CouponUse.objects.standing().filter(coupon=coupon).count() > 1:
                return
    pytest.fail("no two of any crowd met")
