"""What members say of courses that they have by a membership, and for whom they are no buyers."""

import pytest
from django.utils import timezone

from accounts.models import User
from community import reckoning
from community.models import Rating
from courses.models import Course
from discovery.matching import learning
from learners.models import Enrollment
from payments.memberships import canceling, taking_back
from tests import cast
from tests.community.factories import rate
from tests.courses.factories import make_course
from tests.learners.factories import enroll
from tests.payments import shop
from tests.payments.membered import NINE, club, join, open_course

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
