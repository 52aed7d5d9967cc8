"""Courses whose price the buyer names, and buying them."""

from typing import Any

from accounts.models import User
from courses.models import Course
from marketplace.lib.money import Money
from payments import checkout
from payments.models import Order
from tests import cast
from tests.courses.factories import make_course
from tests.payments import shop


def usd(minor: int) -> Money:
    return Money(minor, "USD")


def named_course(least: int = 1000, suggested: int = 2000, currency: str = "USD", **facts: Any) -> Course:
    """A course of Ada's from `least` on."""
    course = make_course(title="Kilns", lessons=1, price=Money(least, currency), **facts)
    course.set_price(Money(least, currency), by=cast.ada(), suggested=Money(suggested, currency))
    return fresh(course)


def fresh(course: Course) -> Course:
    return Course.objects.select_related("creator__user").get(pk=course.pk)


def start(buyer: User, course: Course, minor: int | None = None, **asked: Any) -> Order:
    """An order at what she names; at the least without."""
    named = {} if minor is None else {course.pk: Money(minor, course.currency)}
    return checkout.start(buyer=buyer, courses=[fresh(course)], named=named, **asked)


def buy(buyer: User, course: Course, minor: int | None = None) -> Order:
    order = start(buyer, course, minor)
    shop.pay(order)
    shop.deliver_all()
    order.refresh_from_db()
    return order
