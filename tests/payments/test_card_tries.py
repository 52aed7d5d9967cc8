"""Tries to pay by card leave a hashed trace: by the provider's signed events, once each, for half a year."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import AccountDeletion, User
from payments import card_tries, privacy
from payments.models import CardTrace, Order, ProviderEvent
from payments.models.card_trace import card_name
from payments.sandbox import cashier
from payments.sandbox.models import SandboxEvent
from tests.courses.factories import make_course
from tests.payments import shop

pytestmark = pytest.mark.django_db


@pytest.fixture
def order(lin: User) -> Order:
    """Declined twice, then paid."""
    order = shop.start(lin, [make_course(title="Glazes", lessons=1)])
    for _twice in range(2):
        cashier.act(order.checkout_session_id, "decline")
    shop.pay(order)
    shop.deliver_all()
    order.refresh_from_db()
    return order


def test_each_try_is_kept_with_its_outcome_and_one_name_for_one_card(order: Order, lin: User) -> None:
    assert order.is_paid
    rows = CardTrace.objects.of(lin)
    assert sorted(rows.values_list("is_declined", flat=True)) == [False, True, True]
    assert len(set(rows.values_list("card", flat=True))) == 1
    assert set(rows.values_list("order", flat=True)) == {order.pk}


def test_told_again_and_out_of_order_nothing_is_counted_twice(order: Order) -> None:
    shop.deliver_all(times=2, seed=3)
    assert CardTrace.objects.count() == 3


def test_the_provider_s_own_print_is_not_kept(order: Order) -> None:
    printed = json.loads(SandboxEvent.objects.get(type="charge.succeeded").body)["data"]["object"]
    card_print = printed["payment_method_details"]["card"]["fingerprint"]
    assert not CardTrace.objects.filter(card__contains=card_print).exists()
    assert CardTrace.objects.filter(card=card_name(card_print)).exists()


def test_two_people_s_cards_are_two(order: Order, cole: User) -> None:
    shop.buy(cole, [make_course(title="Kilns", lessons=1)])
    assert len(set(CardTrace.objects.values_list("card", flat=True))) == 2


@pytest.mark.parametrize("body", [
    {}, {"data": None}, {"data": {"object": None}}, {"data": {"object": {"transfer_group": "order_nothing"}}},
    {"data": {"object": {"transfer_group": 7, "last_payment_error": None}}, "created": "soon"},
])  # fmt: skip
def test_what_names_no_order_of_ours_leaves_nothing(body: dict[str, object]) -> None:
    event = ProviderEvent.objects.take_in(
        book="sandbox", event_id="evt_odd", type="payment_intent.payment_failed", object_id="pi_1", body=body
    )
    card_tries.note(event)
    assert not CardTrace.objects.exists()


def test_a_try_without_a_card_is_a_try(order: Order) -> None:
    told = {"transfer_group": order.transfer_group, "last_payment_error": {"payment_method": {"type": "alipay"}}}
    event = ProviderEvent.objects.take_in(
        book="sandbox", event_id="evt_wallet", type="payment_intent.payment_failed", object_id="pi_1",
        body={"data": {"object": told}, "created": 1_790_000_000},
    )  # fmt: skip
    card_tries.note(event)
    assert CardTrace.objects.get(event_id="evt_wallet").card == ""


def test_is_in_her_record_and_goes_with_her_account(order: Order, lin: User) -> None:
    assert len(privacy.tell(lin).tables["card_tries"]) == 3
    AccountDeletion.objects.create(user=lin)
    privacy.forget_buyer(lin)
    assert not CardTrace.objects.exists()


def test_goes_after_half_a_year(order: Order) -> None:
    CardTrace.objects.filter(is_declined=True).update(tried_at=timezone.now() - timedelta(days=181))
    assert CardTrace.objects.expire() == 2
    assert CardTrace.objects.count() == 1
