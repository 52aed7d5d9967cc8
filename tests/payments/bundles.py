"""Bundles for tests, through the same verbs that creators use."""

from typing import Any

from accounts.models import User
from courses.models import Course
from marketplace.lib.money import Money
from payments import checkout
from payments.models import Bundle, Order
from tests import cast
from tests.courses.factories import make_course
from tests.payments import shop


def courses_at(*minors: int, currency: str = "USD") -> list[Course]:
    """Courses of Ada's on sale at these prices."""
    return [make_course(title=f"Clay {n}", price=Money(m, currency), lessons=1) for n, m in enumerate(minors, 1)]


def bundle_of(courses: list[Course], minor: int, *, offered: bool = True, **told: Any) -> Bundle:
    """A bundle of Ada's. As `Bundle.objects.shown()` gives it."""
    ada = cast.ada()
    price = Money(minor, courses[0].currency)
    made = Bundle.objects.make(
        by=ada, creator=ada.creator, courses=courses, price=price, **{"title": "All of clay", **told}
    )
    if offered:
        made.offer(by=ada)
    return fresh(made)


def fresh(bundle: Bundle) -> Bundle:
    return Bundle.objects.shown().get(pk=bundle.pk)


def start(buyer: User, *bundles: Bundle, courses: list[Course] | None = None, **more: Any) -> Order:
    return checkout.start(buyer=buyer, courses=courses or [], bundles=[fresh(b) for b in bundles], **more)


def buy(buyer: User, *bundles: Bundle, **more: Any) -> Order:
    """From the wish to the paid order, by the events alone."""
    order = start(buyer, *bundles, **more)
    shop.pay(order)
    shop.deliver_all()
    order.refresh_from_db()
    return order
