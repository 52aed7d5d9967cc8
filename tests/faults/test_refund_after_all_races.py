"""A refund that was given up and has happened after all is taken in once, however many hear of it at once."""

import pytest
from django.db import IntegrityError

from payments import refunds
from payments.gateway import gateway
from payments.models import Order, ReconBreak, Refund
from tests import cast
from tests.faults.taken_away import meeting, taken_away
from tests.payments import shop
from tests.payments.crowd import at_once
from tests.payments.held import all_holds

pytestmark = pytest.mark.django_db(transaction=True)
CROWD = 6


@pytest.fixture
def order() -> Order:
    order, fay = shop.buy(cast.lin(), shop.two_courses()[:1]), cast.fay()
    refund = refunds.refund(order, by=fay, reason="She asked")
    assert refund.fail()
    made(order, refund)
    return order


def made(order: Order, refund: Refund) -> None:
    """By a call of which nobody knew."""
    gateway().create_refund(
        charge_id=order.charge_id or "", amount=refund.amount, idempotency_key="refund:unknown",
        metadata={"refund": refund.provider_name},
    )  # fmt: skip


def hear(order: Order) -> object:
    return refunds.take_charge_refunds(order.charge_id or "")


def test_heard_of_by_many_it_is_one_refund(order: Order) -> None:
    at_once(lambda _n: hear(order), CROWD)
    assert sorted(order.refunds.values_list("state", flat=True)) == ["done", "failed"]
    assert ReconBreak.objects.open().count() == 1
    ReconBreak.objects.get().resolve(by=cast.fay(), note="Seen")
    assert all_holds()


def test_without_the_lock_each_lays_one_down_and_only_the_databases_rules_refuse_them(order: Order) -> None:
    """The negative control."""
    with taken_away(meeting("payments_refund")):
        answers = at_once(lambda _n: _heard(order), CROWD, without_locks=True)
        assert sum(isinstance(answer, IntegrityError) for answer in answers) >= CROWD - 2


def _heard(order: Order) -> object:
    try:
        return hear(order)
    except IntegrityError as refused:
        return refused
