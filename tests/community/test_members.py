"""What members say of courses that they have by a membership, and for whom they are no buyers."""

import pytest
from django.utils import timezone

from accounts.models import User
from community import reckoning
from community.models import Rating
from courses.models import Course
from discovery.matching import learning
from learners.models import Enrollment
from marketplace.lib.money import Money
from payments import refunds
from payments.memberships import canceling, taking_back
from payments.models import Order, OrderItem
from payments.sandbox import desk
from tests import cast
from tests.community.factories import rate
from tests.courses.factories import make_course
from tests.learners.factories import enroll
from tests.payments import shop
from tests.payments.membered import NINE, club, fresh, join, open_course

pytestmark = pytest.mark.django_db


def stars(course: Course) -> tuple[int, bool]:
    """How many count, and whether the one that was given stands apart."""
    course.refresh_from_db()
    return course.rating_count, Rating.objects.get(course=course).is_apart


def test_count_as_everybodys(ada: User, lin: User) -> None:
    offer, course = club()
    membership = join(lin, offer)
    open_course(lin, course)
    rate(lin, course, seen=10)
    assert stars(course) == (1, False)
    canceling.cancel(membership, by=lin)
    reckoning.reckon_all(timezone.now())
    assert stars(course) == (1, False)


def test_stand_apart_once_no_month_is_kept(ada: User, lin: User) -> None:
    offer, course = club()
    membership = join(lin, offer)
    open_course(lin, course)
    rate(lin, course, seen=10)
    taking_back.take_back(membership, by=lin, expected=NINE)
    shop.send_refunds()
    reckoning.reckon_all(timezone.now())
    assert stars(course) == (0, True)
    rate(lin, course, stars=1, seen=10)  # said anew it stays so
    assert stars(course) == (0, True)


def test_count_on_where_the_creator_gives_the_month_back(ada: User, lin: User) -> None:
    """Else she would silence whom she likes."""
    offer, course = club()
    join(lin, offer)
    open_course(lin, course)
    rate(lin, course, stars=1, seen=10)
    refunds.refund(OrderItem.objects.get(), by=ada, reason="Goodbye")
    shop.send_refunds()
    reckoning.reckon_all(timezone.now())
    assert stars(course) == (1, False)


def test_stand_apart_where_she_takes_what_the_creator_has_left(ada: User, lin: User) -> None:
    offer, course = club()
    membership = join(lin, offer)
    open_course(lin, course)
    rate(lin, course, seen=10)
    refunds.refund(OrderItem.objects.get(), by=ada, reason="Sorry", amount=Money(400, "USD"), ends_access=False)
    shop.send_refunds()
    reckoning.reckon_all(timezone.now())
    assert stars(course) == (1, False)
    taking_back.take_back(fresh(membership), by=lin, expected=Money(500, "USD"))
    shop.send_refunds()
    reckoning.reckon_all(timezone.now())
    assert stars(course) == (0, True)


@pytest.mark.parametrize(("how", "counted"), [("win", (1, False)), ("lose", (0, True))])
def test_stand_apart_where_a_dispute_is_lost(ada: User, lin: User, how: str, counted: tuple[int, bool]) -> None:
    offer, course = club()
    join(lin, offer)
    open_course(lin, course)
    rate(lin, course, seen=10)
    desk.on_dispute(desk.on_charge(Order.objects.get().charge_id, "dispute").pk, how)
    shop.deliver_all()
    reckoning.reckon_all(timezone.now())
    assert stars(course) == counted


def test_count_while_what_was_asked_for_is_not_given(ada: User, lin: User) -> None:
    """A refund that fails for good leaves the month paid."""
    offer, course = club()
    membership = join(lin, offer)
    open_course(lin, course)
    rate(lin, course, seen=10)
    taking_back.take_back(membership, by=lin, expected=NINE)
    reckoning.reckon_all(timezone.now())
    assert stars(course) == (1, False)


@pytest.mark.parametrize("again", ["buys", "joins"])
def test_that_stood_apart_count_again_once_she_pays(ada: User, lin: User, again: str) -> None:
    offer, course = club()
    membership = join(lin, offer)
    open_course(lin, course)
    rate(lin, course, seen=10)
    taking_back.take_back(membership, by=lin, expected=NINE)
    shop.send_refunds()
    reckoning.reckon_all(timezone.now())
    assert stars(course) == (0, True)
    if again == "buys":
        shop.buy(lin, [course])
    else:
        join(lin, offer)
    reckoning.reckon_all(timezone.now())
    assert stars(course) == (1, False)


def test_of_whom_staff_gave_the_course_stay_apart(ada: User, lin: User) -> None:
    offer, course = club()
    enroll(lin, course, source="staff")
    rate(lin, course, seen=10)
    join(lin, offer)
    reckoning.reckon_all(timezone.now())
    assert stars(course) == (0, True)


def test_of_who_buys_the_course_afterwards_count(ada: User, lin: User) -> None:
    offer, course = club()
    membership = join(lin, offer)
    open_course(lin, course)
    rate(lin, course, seen=10)
    shop.buy(lin, [course])
    taking_back.take_back(membership, by=lin, expected=NINE)
    shop.send_refunds()
    reckoning.reckon_all(timezone.now())
    assert stars(course) == (1, False)


def test_are_no_buyers_to_what_is_learned_of_buyers(ada: User) -> None:
    one, two = make_course(title="One"), make_course(title="Two")
    for n in range(4):
        person = cast.person(f"Buyer {n}")
        enroll(person, one)
        Enrollment.objects.grant(learner=person, course=two, source="membership", reference="f" * 32)
    assert learning._baskets([one.pk, two.pk]) == [[0]] * 4
