"""The sandbox's console: what each knob does to events, calls, charges and what the provider remembers."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from marketplace.lib import clock, work
from marketplace.lib.money import Money
from payments.gateway import GatewayRefused, GatewayUnknown, gateway
from payments.models import Order
from payments.sandbox import cashier, console, delivery, desk, oracle
from payments.sandbox.models import (
    SandboxDispute,
    SandboxEvent,
    SandboxFault,
    SandboxKey,
    SandboxWeather,
)
from tests.payments import shop
from tests.payments.test_gateway_contract import Ada


@pytest.fixture
def order(lin) -> Order:
    return shop.buy(lin, shop.two_courses())


@pytest.fixture
def fays(fay, order) -> Client:
    client = Client()
    client.force_login(fay)
    return client


def press(client: Client, address: str, **typed: object) -> int:
    return client.post(f"/sandbox/{address}/", typed).status_code


def test_the_page_shows_what_is_there_and_what_is_planned(fays, order) -> None:
    console.plan_fault("disputes.update", "timeout_after", 2)
    console.change_weather(drop_percent=30, copies=2, delay_s=0, is_shuffled=True)
    desk.on_charge(order.charge_id, "inquiry")
    shown = fays.get("/sandbox/").content.decode()
    for words in (order.charge_id, "disputes.update", "30 of a hundred", "sent 2 times", "Make it a dispute"):
        assert words in shown
    assert order.charge_id in fays.get("/sandbox/", {"q": "lin@"}).content.decode()
    assert order.charge_id not in fays.get("/sandbox/", {"q": "nobody@"}).content.decode()


def test_what_a_bank_has_yet_to_decide_stands_first(lin, cole) -> None:
    courses = shop.two_courses()
    first, second = shop.buy(lin, courses), shop.buy(cole, courses)
    assert [p.charge_id for p in console.view()["charges"]] == [second.charge_id, first.charge_id]
    dispute = desk.on_charge(first.charge_id, "dispute")
    assert [p.charge_id for p in console.view()["charges"]] == [first.charge_id, second.charge_id]
    desk.on_dispute(dispute.pk, "win")
    assert [p.charge_id for p in console.view()["charges"]] == [second.charge_id, first.charge_id]


class TestACharge:
    def test_is_disputed_for_a_part_and_won(self, fays, order) -> None:
        press(fays, f"charges/{order.charge_id}/dispute", amount="12.50", reason="product_not_received")
        dispute = SandboxDispute.objects.get()
        assert (dispute.amount, dispute.reason, oracle.disputed()) == (
            1250, "product_not_received", {order.charge_id: 1250},
        )  # fmt: skip
        assert press(fays, f"disputes/{dispute.pk}/win") == 302
        assert oracle.disputed() == {order.charge_id: 0}
        assert press(fays, f"disputes/{dispute.pk}/lose") == 409

    def test_is_asked_about_then_disputed_then_lost(self, fays, order) -> None:
        press(fays, f"charges/{order.charge_id}/inquiry")
        dispute = SandboxDispute.objects.get()
        for act in ("escalate", "lose"):
            press(fays, f"disputes/{dispute.pk}/{act}")
        assert oracle.returned() == {order.charge_id: order.total_minor}

    def test_is_refunded_at_the_providers_desk(self, fays, order) -> None:
        press(fays, f"charges/{order.charge_id}/refund", amount="10")
        assert oracle.refunds() == {order.charge_id: 1000}

    @pytest.mark.parametrize("typed", ["ten", "1.234", "100000"])
    def test_takes_no_amount_that_it_has_not(self, fays, order, typed) -> None:
        press(fays, f"charges/{order.charge_id}/dispute", amount=typed)
        assert not SandboxDispute.objects.exists()

    @pytest.mark.parametrize("path", ["charges/ch_none/dispute", "disputes/du_none/win", "transfers/tr_none/reverse"])
    def test_that_is_not_there_is_not_found(self, fays, path) -> None:
        assert press(fays, path) == 404

    def test_knows_no_other_buttons(self, fays, order) -> None:
        assert press(fays, f"charges/{order.charge_id}/burn") == 409


class TestEvents:
    def test_are_lost_by_chance(self, order) -> None:
        console.change_weather(drop_percent=100, copies=1, delay_s=0, is_shuffled=False)
        desk.on_charge(order.charge_id, "inquiry")
        assert SandboxEvent.objects.get(type="charge.dispute.created").dropped_at

    def test_come_late_and_several_times(self, order) -> None:
        console.change_weather(drop_percent=0, copies=4, delay_s=60, is_shuffled=False)
        desk.on_charge(order.charge_id, "inquiry")
        late = SandboxEvent.objects.get(type="charge.dispute.created")
        assert late.copies == 4
        assert late.due_at > timezone.now() + timedelta(seconds=50)
        assert not work.run(SandboxEvent, late.pk, delivery.deliver)

    def test_overtake_each_other_within_the_delay(self, order) -> None:
        console.change_weather(drop_percent=0, copies=1, delay_s=300, is_shuffled=True)
        for _nth in range(4):
            dispute = desk.on_charge(order.charge_id, "dispute")
            desk.on_dispute(dispute.pk, "win")
        ours = SandboxEvent.objects.filter(type__startswith="charge.dispute").order_by("created")
        due = list(ours.values_list("due_at", flat=True))
        assert due != sorted(due)

    def test_travel_fair_again_when_it_is_cleared(self, fays, order) -> None:
        press(fays, "weather", drop_percent=100, copies=1, delay_s=0)
        press(fays, "weather", clear=1)
        assert SandboxWeather.objects.current() is None

    def test_a_weather_that_cannot_be_is_refused(self, fays) -> None:
        assert press(fays, "weather", drop_percent=101, copies=1, delay_s=0) == 422

    def test_are_handled_one_by_one_ticked_or_all_of_a_state(self, fays) -> None:
        first, second, *_rest = SandboxEvent.objects.order_by("pk")
        press(fays, f"events/{first.pk}/drop")
        press(fays, "events/drop", event=[second.pk])
        assert set(console.events("lost")) == {first, second}
        press(fays, "events/resend", every="lost")
        assert not console.events("lost").exists()
        press(fays, "events/delay", every="waiting")
        assert not SandboxEvent.due_work().exists()
        press(fays, "events/shuffle", event=[first.pk, second.pk])
        assert SandboxEvent.due_work().count() == 2
        assert console.event_counts() == {
            "all": SandboxEvent.objects.count(), "waiting": SandboxEvent.objects.count(), "lost": 0, "delivered": 0,
        }  # fmt: skip

    def test_know_no_other_act(self, fays) -> None:
        assert press(fays, "events/burn") == 404


class TestACall:
    def test_that_was_planned_to_fail_can_be_let_off(self, fays) -> None:
        press(fays, "faults", operation="balance.retrieve", mode="timeout_before", times=5)
        press(fays, f"faults/{SandboxFault.objects.get().pk}/remove")
        assert gateway().balance()
        assert press(fays, "faults", operation="balance.burn", mode="timeout_before", times=1) == 422

    @pytest.mark.parametrize(
        ("mode", "error", "took_effect"),
        [
            ("timeout_before", GatewayUnknown, False),
            ("timeout_after", GatewayUnknown, True),
            ("slow_after", GatewayUnknown, True),
            ("broken_after", GatewayUnknown, True),
            ("500_after", GatewayUnknown, True),
            ("late", GatewayUnknown, False),
            ("500", GatewayUnknown, False),
            ("409", GatewayUnknown, False),
            ("429", GatewayUnknown, False),
            ("402", GatewayRefused, False),
            ("400", GatewayRefused, False),
        ],
    )
    def test_goes_wrong_as_it_was_asked_to(self, order, mode, error, took_effect) -> None:
        assert mode in SandboxFault.Mode.values
        console.plan_fault("refunds.create", mode, 1)
        with pytest.raises(error):
            gateway().create_refund(
                charge_id=order.charge_id, amount=Money(100, "USD"), idempotency_key="refund:x", metadata={}
            )
        assert bool(oracle.refunds()) == took_effect

    def test_every_way_to_fail_is_tried_above(self) -> None:
        tried = type(self).test_goes_wrong_as_it_was_asked_to.pytestmark[0].args[1]
        assert {mode for mode, _error, _effect in tried} == set(SandboxFault.Mode.values)


def test_forgotten_keys_let_a_careless_second_try_act_again(fays, order) -> None:
    def pay_back() -> str:
        amount = Money(100, "USD")
        return gateway().create_refund(
            charge_id=order.charge_id, amount=amount, idempotency_key="refund:x", metadata={}
        ).id  # fmt: skip

    assert pay_back() == pay_back()
    press(fays, "keys/forget")
    assert not SandboxKey.objects.exists()
    pay_back()
    assert oracle.refunds() == {order.charge_id: 200}


def test_a_transfer_is_taken_back(fays, order) -> None:
    account = gateway().create_recipient(Ada())
    cashier.onboard(account)
    clock.advance(timedelta(days=3))
    sent = gateway().create_transfer(Money(900, "USD"), account, "payout_1", "payout:1:1", {})
    assert press(fays, f"transfers/{sent.id}/reverse") == 302
    assert oracle.transfers() == {"payout_1": 0}
    assert press(fays, f"transfers/{sent.id}/reverse") == 409


@pytest.mark.parametrize(("typed", "moved"), [({"hours": 25}, 25), ({"days": 2}, 48)])
def test_the_clock_goes_forward_by_hours_or_days(fays, typed, moved) -> None:
    before = clock.now()
    press(fays, "clock", **typed)
    assert timedelta(0) <= clock.now() - before - timedelta(hours=moved) < timedelta(minutes=1)
    assert press(fays, "clock") == 422


def test_the_same_over_the_api(fays, order) -> None:
    def post(path: str, **body: object) -> Any:
        return fays.post(f"/api/v1/sandbox/{path}/", body, "application/json")

    amount = {"minor": "1000", "currency": "USD"}
    foreign = {**amount, "currency": "EUR"}
    assert post(f"charges/{order.charge_id}", act="inquiry", amount=foreign).status_code == 400
    asked = post(f"charges/{order.charge_id}", act="inquiry", amount=amount).json()
    assert asked["status"] == "warning_needs_response"
    assert post(f"disputes/{asked['id']}", act="escalate").json()["status"] == "needs_response"
    assert post(f"disputes/{asked['id']}", act="lose").json()["status"] == "lost"
    assert oracle.returned() == {order.charge_id: 1000}
    assert post(f"charges/{order.charge_id}", act="refund").status_code == 409
    assert post("disputes/du_none", act="win").status_code == 404
    planned = post("faults", operation="refunds.create", mode="400").json()
    assert fays.get("/api/v1/sandbox/faults/").json() == [planned]
    assert post("faults", operation="refunds.burn", mode="400").status_code == 400
    assert fays.delete(f"/api/v1/sandbox/faults/{planned['id']}/").status_code == 204
    assert fays.get("/api/v1/sandbox/faults/").json() == []
    post("weather", drop_percent=40)
    assert SandboxWeather.objects.current().drop_percent == 40
    post("weather")
    assert SandboxWeather.objects.current() is None
