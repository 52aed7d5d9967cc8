"""SIGKILL at every named place of a purchase and of a refund; what is done next brings it to its one end."""

import pytest

from courses.models import Course
from learners.models import Enrollment
from marketplace.lib.emails import Mail
from payments import checkout
from payments.models import Order
from payments.sandbox.models import SandboxSession
from tests import cast
from tests.payments import shop
from tests.payments.crash import dies_at
from tests.payments.held import all_holds

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def courses() -> list[Course]:
    return shop.two_courses()


@pytest.mark.parametrize("place", ["checkout.before_session", "checkout.after_session"])
def test_a_start_that_dies_is_gone_on_with_by_the_next_click(courses, place) -> None:
    lin = cast.lin()
    assert dies_at(place, lambda: shop.start(lin, courses))
    order = shop.start(lin, courses)
    assert (Order.objects.count(), SandboxSession.objects.count()) == (1, 1)
    shop.pay(order)
    assert checkout.settle(order).is_paid
    assert all_holds()


@pytest.mark.parametrize("place", ["checkout.before_paid", "checkout.before_commit"])
def test_a_payment_that_dies_half_booked_is_booked_once(courses, place) -> None:
    lin = cast.lin()
    order = shop.start(lin, courses)
    shop.pay(order)
    assert dies_at(place, lambda: checkout.settle(order))
    assert not Enrollment.objects.exists()
    assert not Mail.objects.filter(key__startswith="receipt:").exists()
    shop.deliver_all()
    assert Enrollment.objects.count() == 2
    assert Order.objects.get().invoice_number.endswith("-000001")
    assert all_holds()
