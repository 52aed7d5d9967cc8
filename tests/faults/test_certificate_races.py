"""A refund and a certificate at once: one of them wins. Without the locks both do, and the test would say so."""

from typing import Any

import pytest

from courses.models import Course
from learners.certificates import issuing
from learners.models import Certificate, WatchMeter
from marketplace.lib.money import Money
from payments import meter, refunds
from payments.models import OrderItem, Refund
from payments.refund_rule import Kind, Reason
from tests import cast
from tests.courses.factories import make_course
from tests.faults.meeting import wait_for_somebody_inside
from tests.faults.taken_away import ASKED_BACK, in_place
from tests.learners.certified import do_all
from tests.payments import shop
from tests.payments.crowd import at_once

pytestmark = pytest.mark.django_db(transaction=True)
PRICE = Money(2000, "USD")


@pytest.fixture
def item() -> OrderItem:
    """Every lesson done, of films that were replaced since: nothing of them is watched, so the whole price comes back,
    and the certificate is there for the asking."""
    lin, course = cast.lin(), make_course(price=PRICE)
    bought = shop.buy(lin, [course]).items.select_related("order__refund_rule", "course", "buyer").get()
    do_all(lin, course, covered_s=0)
    # Her meter is there: who makes it first would lock the other one out, and the control would say nothing.
    WatchMeter.objects.create(learner=lin)
    assert meter.of(bought).offer.kind == Kind.WHOLE
    return bought


def live(item: OrderItem) -> Course:
    return Course.objects.select_related("live_version").get(pk=item.course_id)


def take_back(item: OrderItem) -> Refund:
    return meter.take_back(item, by=item.buyer, expected=PRICE)


def ask(item: OrderItem) -> Certificate:
    return issuing.issue(item.buyer, live(item), "Lin")


def test_after_the_certificate_nothing_comes_back(item: OrderItem) -> None:
    ask(item)
    assert meter.of(item).offer.reason == Reason.COMPLETED
    with pytest.raises(meter.NothingOffered):
        take_back(item)


def test_bought_again_after_a_certificate_nothing_comes_back_either(item: OrderItem) -> None:
    ask(item)
    refunds.refund(item, by=cast.fay(), reason="The film was broken")
    shop.send_refunds()
    again = shop.buy(item.buyer, [live(item)]).items.get()
    assert meter.of(again).offer.reason == Reason.COMPLETED


def test_after_the_refund_there_is_no_certificate(item: OrderItem) -> None:
    take_back(item)
    with pytest.raises(issuing.NoRightToCourse):
        ask(item)


def both(item: OrderItem, *, first: Any, without_locks: bool = False) -> tuple[int, int]:
    """How many refunds and certificates there are when both are asked for and the refund stands in its middle."""

    def act(n: int) -> Any:
        if n == 0:
            return take_back(item)
        first()
        return ask(item)

    at_once(act, 2, without_locks=without_locks)
    return Refund.objects.count(), Certificate.objects.count()


def test_a_refund_in_its_middle_keeps_the_certificate_waiting_and_then_there_is_none(item: OrderItem) -> None:
    with in_place(ASKED_BACK):
        assert both(item, first=wait_for_somebody_inside) == (1, 0)


def test_without_the_locks_there_are_both(item: OrderItem) -> None:
    with in_place(ASKED_BACK):
        assert both(item, first=wait_for_somebody_inside, without_locks=True) == (1, 1)


def test_of_many_tries_at_once_one_kind_wins(item: OrderItem) -> None:
    at_once(lambda n: take_back(item) if n % 2 else ask(item), 12)
    assert sorted([Refund.objects.count(), Certificate.objects.count()]) == [0, 1]
