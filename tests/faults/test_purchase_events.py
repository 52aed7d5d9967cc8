"""Events that come a hundred times, in any order, or not at all lead to the same end."""

import json
import random
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from courses.models import Course
from marketplace.lib.money import Money
from payments import payouts
from payments.gateway import gateway
from payments.models import (
    Dispute,
    InstalmentCharge,
    InstalmentPlan,
    Order,
    Payout,
    PayoutAccount,
    ProviderEvent,
)
from payments.sandbox import delivery, desk
from payments.sandbox.models import SandboxEvent, SandboxTransfer
from tests import cast
from tests.faults.rows import ROUNDS, seeds
from tests.faults.taken_away import ENTRY_KEY, take_away
from tests.payments import in_parts, shop
from tests.payments.held import all_holds
from tests.payments.sales import pass_hold, ready_account, submit_all
from tests.payments.test_webhook import event as thin_body
from tests.payments.test_webhook import sign


@pytest.fixture
def courses(db: None) -> list[Course]:
    return shop.two_courses()


def purchase_and_refund(buyer: User, courses: list[Course]) -> Order:
    """At the provider everything has happened: paid, and one of two courses given back at its own desk."""
    order = shop.start(buyer, courses)
    shop.pay(order)
    charge = gateway().retrieve_session(order.checkout_session_id).charge
    gateway().create_refund(
        charge_id=charge.id, amount=Money(1999, "USD"), idempotency_key=f"desk:{order.number}", metadata={}
    )
    return order


def reference(buyer: User, courses: list[Course]) -> tuple[Order, dict[str, Any]]:
    order = purchase_and_refund(buyer, courses)
    shop.deliver_all()
    order.refresh_from_db()
    return order, shop.state_of_everything()


@pytest.mark.parametrize("seed", seeds(3))
def test_a_hundred_shuffled_repeats_change_nothing(lin, courses, seed) -> None:
    _order, once = reference(lin, courses)
    assert once["orders"][0][1] == "paid"
    assert once["refunds"][0][1:] == ("done", 1999)
    shop.deliver_all(times=100, seed=seed)
    assert shop.state_of_everything() == once
    assert all_holds()


@pytest.mark.parametrize("seed", seeds(3))
def test_repeats_that_are_worked_on_again_change_nothing(lin, courses, seed) -> None:
    _order, once = reference(lin, courses)
    for round_ in range(4):
        ProviderEvent.objects.all().delete()  # as if nothing had been noted: every effect happens anew
        shop.deliver_all(seed=seed * 100 + round_)
    assert shop.state_of_everything() == once
    assert all_holds()


def whole_life(lin: User, courses: list[Course]) -> None:
    """All that events tell of: bought and given back in part; two disputes, lost and won; a price in parts, of which
    the second is taken with the kept card; paid out, and some of that come back.
    """
    purchase_and_refund(lin, courses)
    for name, end in (("Dan", "lose"), ("Eve", "win")):
        order = shop.buy(cast.person(name), courses)
        dispute: Any = desk.on_charge(order.charge_id or "", "dispute")
        shop.deliver_all()
        desk.on_dispute(dispute.pk, end)
    plan = in_parts.begin(cast.person("Kim"), in_parts.course_in_parts(2, title="Kilns"))
    in_parts.take_next(plan)
    ready_account(courses[0].creator)
    pass_hold()
    payouts.run(None)
    submit_all()
    SandboxTransfer.objects.get().take_back(500, {})
    shop.deliver_all()
    in_parts.work_off()


def everything() -> dict[str, Any]:
    return shop.state_of_everything() | {
        "disputes": sorted(Dispute.objects.values_list("order__number", "state", "settled_at")),
        "payouts": sorted(Payout.objects.values_list("token", "state", "returned_minor", "flag_reason")),
        "plans": sorted(InstalmentPlan.objects.values_list("token", "state", "paid_parts")),
        "charges": sorted(InstalmentCharge.objects.values_list("pk", "state")),
        "accounts": sorted(PayoutAccount.objects.values_list("pk", "state")),
    }


def is_whole(once: dict[str, Any]) -> bool:
    """What is repeated has happened."""
    assert sorted(state for _number, state, _at in once["disputes"]) == ["lost", "won"]
    assert [(state, back) for _token, state, back, _why in once["payouts"]] == [("sent", 500)]
    assert [(state, parts) for _token, state, parts in once["plans"]] == [("done", 2)]
    assert {row[1:] for row in once["refunds"]} >= {("done", 1999)}
    told = set(SandboxEvent.objects.values_list("type", flat=True))
    assert told >= {"charge.dispute.closed", "transfer.reversed", "payment_intent.succeeded", "charge.refunded"}
    return True


# A hundred times each where bin/faults asks; with all other tests a tenth of that.
TIMES = 100 if ROUNDS > 1 else 10


@pytest.mark.parametrize("seed", seeds()[:3])
def test_shuffled_repeats_of_a_whole_life_change_nothing(lin, courses, seed) -> None:
    whole_life(lin, courses)
    once = everything()
    assert is_whole(once)
    shop.deliver_all(times=TIMES, seed=seed)
    assert everything() == once
    assert all_holds()


@pytest.mark.parametrize("seed", seeds()[:3])
def test_a_whole_life_that_is_worked_on_again_changes_nothing(lin, courses, seed) -> None:
    whole_life(lin, courses)
    once = everything()
    for round_ in range(3):
        ProviderEvent.objects.all().delete()
        shop.deliver_all(seed=seed * 100 + round_)
    assert everything() == once
    assert all_holds()


def test_without_an_entrys_own_key_a_whole_life_that_is_worked_on_again_is_booked_again(lin, courses) -> None:
    whole_life(lin, courses)
    once = everything()
    take_away(ENTRY_KEY)
    ProviderEvent.objects.all().delete()
    shop.deliver_all()
    assert everything()["book"] != once["book"]


def test_without_an_entrys_own_key_the_same_repeats_book_again(lin, courses) -> None:
    _order, once = reference(lin, courses)
    take_away(ENTRY_KEY)
    ProviderEvent.objects.all().delete()
    shop.deliver_all()
    assert shop.state_of_everything()["book"] != once["book"]


def paid_and_told_in_both_forms(buyer: User, courses: list[Course]) -> list[bytes]:
    """The bodies of one event: whole, and thin under a name of its own."""
    shop.pay(shop.start(buyer, courses))
    whole = SandboxEvent.objects.get(type="checkout.session.completed")
    related = {"id": whole.subject_id, "type": "checkout.session"}
    thin = thin_body(object="v2.core.event", type=f"v1.{whole.type}", related_object=related, data={})
    assert json.loads(thin)["id"] != whole.pk
    return [whole.body.encode(), thin]


def tell(body: bytes) -> dict[str, Any]:
    """What is true of everything once the event has been worked on."""
    assert shop.post_event(Client(), body, sign(body)) == 200
    shop.work_off_events()
    return shop.state_of_everything()


@pytest.mark.parametrize("order_of", [1, -1], ids=["whole first", "thin first"])
def test_the_thin_and_the_whole_form_of_an_event_have_one_effect(lin, courses, order_of) -> None:
    first, second = paid_and_told_in_both_forms(lin, courses)[::order_of]
    once = tell(first)
    assert [row[1] for row in once["orders"]] == ["paid"]
    assert tell(second) == once
    assert ProviderEvent.objects.count() == 2
    assert all_holds()


def test_without_an_entrys_own_key_the_two_forms_of_an_event_book_twice(lin, courses) -> None:
    first, second = paid_and_told_in_both_forms(lin, courses)
    once = tell(first)
    take_away(ENTRY_KEY)
    assert tell(second)["book"] != once["book"]


@pytest.mark.parametrize("seed", [1, 2, 3, 4, 5])
def test_events_in_any_order_with_a_third_lost_lead_to_the_same_end(lin, courses, seed) -> None:
    order = purchase_and_refund(lin, courses)
    events = list(SandboxEvent.objects.all())
    chance = random.Random(seed)
    kept = [event for event in events if event.type == "charge.refunded" or chance.random() > 0.3]
    chance.shuffle(kept)
    for event in kept:
        shop.post_event(Client(), *delivery.signed(event))
        shop.work_off_events()
    order.refresh_from_db()
    state = shop.state_of_everything()
    assert [row[1] for row in state["orders"]] == ["paid"]
    assert [row[1:] for row in state["refunds"]] == [("done", 1999)]
    assert state["rights"] == [("lin@example.com", courses[1].slug)]
    assert all_holds()
