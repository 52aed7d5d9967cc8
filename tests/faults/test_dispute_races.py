"""C6: a refund is asked for while a bank disputes the payment. Whichever comes first, the money is given up once.

The one that begins first stays inside its transaction until the other has come in between; with the locks and
the database's own rule taken away, the same two give up the same money twice.
"""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import transaction

from marketplace.lib import clock, work
from marketplace.lib.errors import DomainError
from payments import disputes, ledger, refunds, sweeps
from payments.models import AccountKind, Dispute, Inquiry, Order, OrderItem, Refund
from payments.sandbox import desk, oracle
from payments.sandbox.models import SandboxDispute
from tests import cast
from tests.faults.meeting import wait_for_somebody_inside
from tests.faults.rows import chance, seeds
from tests.faults.taken_away import ASKED_BACK, REFUND_RULES, in_place, taken_away
from tests.payments import shop
from tests.payments.crowd import at_once
from tests.payments.held import all_holds

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def order() -> Order:
    return shop.buy(cast.lin(), shop.two_courses())


@transaction.atomic
def ask(order: Order) -> Refund:
    """Everything back; the courses stay."""
    held = Order.objects.hold(pk=order.pk)
    assert held is not None
    parts = [(item, item.price_minor) for item in held.items.select_related("order")]
    return Refund.objects.ask(held, parts, by=None, reason="She asked", cause=Refund.Cause.GOODWILL, ends_access=False)


def lose(order: Order) -> None:
    """The bank has decided for the buyer; the news arrives."""
    disputes.take(SandboxDispute.objects.get().pk)


def both(order: Order, first: Callable[[Order], object], second: Callable[[Order], object], **how: bool) -> list:
    def act(n: int) -> object:
        if n:
            wait_for_somebody_inside()
        return (first, second)[n](order)

    return at_once(act, 2, **how)


def settle_everything() -> None:
    """The workers and sweepers, as often as it takes."""
    for _round in range(2):
        shop.send_refunds()
        shop.deliver_all()
        clock.advance(timedelta(minutes=11))
        sweeps.open_disputes()
        for pk in Inquiry.open_work().values_list("pk", flat=True):
            work.run(Inquiry, pk, sweeps.look_again)


def given_back_once(order: Order) -> None:
    assert oracle.returned() == {order.charge_id: order.total_minor}
    assert ledger.balance(AccountKind.STRIPE_CLEARING, None, "USD", "sandbox").minor == oracle.balance()["USD"]
    assert ledger.balance(AccountKind.DISPUTE_HOLD, None, "USD", "sandbox").minor == 0
    assert ledger.balance(AccountKind.REFUND_EXPENSE, None, "USD", "sandbox").minor == 0
    assert [item.left.minor for item in order.items.select_related("order")] == [0, 0]
    assert all_holds()


@pytest.mark.parametrize("refund_first", [True, False], ids=["refund first", "dispute first"])
def test_a_refund_and_a_lost_dispute_at_once_give_the_money_up_once(order, refund_first) -> None:
    desk.on_charge(order.charge_id, "dispute")
    desk.on_dispute(SandboxDispute.objects.get().pk, "lose")
    with in_place(ASKED_BACK):
        answers = both(order, *((ask, lose) if refund_first else (lose, ask)))
    assert any(isinstance(answer, DomainError) for answer in answers) is not refund_first
    settle_everything()
    assert Dispute.objects.get().lost == order.total
    given_back_once(order)


def test_without_locks_and_rule_the_same_two_give_it_up_twice(order) -> None:
    """The negative control."""
    desk.on_charge(order.charge_id, "dispute")
    desk.on_dispute(SandboxDispute.objects.get().pk, "lose")
    with taken_away(*REFUND_RULES):
        with in_place(ASKED_BACK):
            both(order, lose, ask, without_locks=True)
        asked = OrderItem.objects.filter(order=order).values_list("refund_asked_minor", "price_minor")
        assert all(minor == 2 * price for minor, price in asked)


@pytest.mark.parametrize("seed", seeds(2))
def test_a_crowd_of_refunds_banks_and_events_gives_the_money_back_once(order, fay, seed) -> None:
    desk.on_charge(order.charge_id, "inquiry")
    row = SandboxDispute.objects.get()
    acts: list[Callable[[], object]] = [
        *[lambda: refunds.refund(order, by=fay, reason="She asked")] * 4,
        *[shop.send_refunds] * 4,
        *[lambda: disputes.take(row.pk)] * 6,
        lambda: desk.on_dispute(row.pk, "escalate"),
        lambda: desk.on_dispute(row.pk, "lose"),
    ]
    chance(seed).shuffle(acts)
    at_once(lambda n: acts[n](), len(acts))
    for act in ("escalate", "lose"):
        if act == "lose" or SandboxDispute.objects.get().is_inquiry:
            finish(row.pk, act)
    settle_everything()
    assert oracle.returned()[order.charge_id] == order.total_minor
    given_back_once(order)


def finish(dispute_id: str, act: str) -> None:
    if not SandboxDispute.objects.get().is_closed:
        desk.on_dispute(dispute_id, act)
