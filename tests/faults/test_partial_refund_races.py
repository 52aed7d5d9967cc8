"""C4: many wishes for parts of one sale at once give back no more than was paid, and no party more than its share."""

import random

import pytest
from django.db import transaction

from marketplace.lib import clock, work
from payments import refunds, releases
from payments.models import AccountKind, ItemShare, Order, OrderItem, Refund
from payments.sandbox import oracle
from tests import cast
from tests.faults.taken_away import REFUND_RULES, taken_away
from tests.payments import shop
from tests.payments.books import stands
from tests.payments.crowd import at_once
from tests.payments.held import all_holds

pytestmark = pytest.mark.django_db(transaction=True)
CROWD = 50


@pytest.fixture
def order(settings) -> Order:
    return shop.buy(cast.lin(), shop.two_courses())


@transaction.atomic
def ask(order: Order, n: int) -> Refund:
    """One wish: some of one or both courses."""
    dice = random.Random(n)
    held = Order.objects.hold(pk=order.pk)
    assert held is not None
    items = dice.sample(list(held.items.all()), dice.choice([1, 2]))
    asked = [(item, dice.randint(1, 400)) for item in items]
    return Refund.objects.ask(held, asked, by=None, reason=f"part {n}", cause=Refund.Cause.GOODWILL, ends_access=False)


def test_fifty_wishes_for_parts_give_back_no_more_than_was_paid(order) -> None:
    answers = at_once(lambda n: ask(order, n), CROWD)
    asked = [answer for answer in answers if isinstance(answer, Refund)]
    assert 0 < len(asked) < CROWD
    at_once(lambda n: work.run(Refund, asked[n].pk, refunds.send), len(asked))
    given = sum(refund.amount_minor for refund in asked)
    assert oracle.refunds() == {order.charge_id: given}
    assert given <= order.total_minor
    assert all(share.left_minor >= 0 for share in ItemShare.objects.with_left())
    assert stands(AccountKind.STRIPE_CLEARING, None) == oracle.balance()["USD"]
    assert all_holds()


def test_without_lock_and_rule_the_same_wishes_give_back_more(order) -> None:
    """The negative control."""
    with taken_away(*REFUND_RULES):
        at_once(lambda n: whole(order, n), 8, without_locks=True)
        asked = OrderItem.objects.filter(order=order).values_list("refund_asked_minor", "price_minor")
        assert any(minor > price for minor, price in asked)


@transaction.atomic
def whole(order: Order, n: int) -> Refund:
    item = order.items.first()
    return Refund.objects.ask(
        order, [(item, item.price_minor)], by=None, reason=f"all {n}", cause=Refund.Cause.GOODWILL, ends_access=False
    )


def test_parts_and_the_release_at_once_leave_exact_books(order) -> None:
    now = order.items.first().hold_until
    assert now > clock.now()

    def act(n: int) -> object:
        return releases.release_due(now) if n % 3 == 0 else ask(order, n)

    answers = at_once(act, 24)
    for refund in (answer for answer in answers if isinstance(answer, Refund)):
        work.run(Refund, refund.pk, refunds.send)
    releases.release_due(now)
    creators = {item.creator_id for item in order.items.all()}
    for owner in creators:
        left = sum(s.left_minor for s in ItemShare.objects.filter(owner=owner).with_left())
        assert stands(AccountKind.CREATOR_PENDING, owner) + stands(AccountKind.CREATOR_AVAILABLE, owner) == left
        assert stands(AccountKind.CREATOR_PENDING, owner) == 0
    assert all_holds()
