"""The sweeps: whatever is lost on its way is found by asking, and one failure stops none of the others."""

import random
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.test import Client

from accounts.models import User
from learners.models import Enrollment
from marketplace.lib import clock
from payments import refunds, sweeps
from payments.gateway import GatewayUnknown
from payments.models import Inquiry, Order, ProviderCursor, ProviderEvent, Refund
from payments.sandbox import delivery
from payments.sandbox.models import SandboxEvent, SandboxFault, SandboxRefund
from tests import cast
from tests.payments import shop
from tests.payments.held import all_holds

pytestmark = pytest.mark.django_db


def deliver_but(lost: float, seed: int) -> int:
    """Every event through the webhook's door but a share that is lost on its way. Returns how many were lost."""
    draw, gone = random.Random(seed), 0
    for event in SandboxEvent.objects.order_by("created", "pk"):
        if draw.random() < lost:
            event.drop()
            gone += 1
        else:
            assert shop.post_event(Client(), *delivery.signed(event)) == 200
            shop.work_off_events()
    return gone


def life_of_a_shop(lin: User, cole: User) -> None:
    """Two people buy, one is given everything back, one leaves her page alone."""
    courses = shop.two_courses()
    orders = [shop.start(lin, courses), shop.start(cole, courses[:1])]
    for order in orders:
        shop.pay(order)
    shop.start(cole, courses[1:])


def give_all_back(number: str) -> None:
    refunds.refund(Order.objects.get(number=number), by=cast.fay(), reason="Asked")
    shop.send_refunds()


class TestLostEvents:
    @pytest.mark.parametrize("seed", [1, 2, 3])
    def test_a_third_lost_and_swept_ends_as_if_none_was(self, lin, cole, seed) -> None:
        life_of_a_shop(lin, cole)
        gone = deliver_but(0.3, seed)
        assert gone
        shop.sweep()
        paid = Order.objects.filter(buyer=cole, state="paid").get()
        give_all_back(paid.number)
        gone += deliver_but(0.3, seed + 100)
        clock.advance(timedelta(minutes=20))
        shop.sweep()
        swept = shop.state_of_everything()
        shop.deliver_all()  # whatever was lost now comes after all, and everything else again
        assert shop.state_of_everything() == swept
        assert all_holds()
        assert {order.state for order in Order.objects.filter(buyer=cole)} == {"refunded", "pending"}
        assert Enrollment.objects.of(lin).active().count() == 2

    def test_without_the_sweep_a_lost_event_is_missed(self, lin, cole) -> None:
        """The control: the events are really lost, and it is the sweep that mends it."""
        life_of_a_shop(lin, cole)
        deliver_but(1.0, 1)
        assert not Order.objects.exclude(state="pending").exists()
        shop.sweep()
        assert Order.objects.filter(state="paid").count() == 2

    def test_are_asked_for_since_the_last_sweep_only(self, lin) -> None:
        shop.buy(lin, shop.two_courses())
        shop.sweep()
        through = ProviderCursor.objects.get(name="events").through
        clock.advance(timedelta(hours=5))
        assert sweeps.lost_events() == 0
        since = ProviderCursor.objects.since("events", "sandbox", overlap=sweeps.OVERLAP, first=sweeps.EVENTS_AT_FIRST)
        assert since == through - sweeps.OVERLAP

    def test_are_not_given_up_while_the_provider_is_silent(self, lin) -> None:
        order = shop.start(lin, shop.two_courses())
        shop.pay(order)
        SandboxFault.objects.plan("events.list", "500", 1)
        with pytest.raises(GatewayUnknown):
            sweeps.lost_events()
        assert not ProviderCursor.objects.exists()
        assert sweeps.lost_events() == SandboxEvent.objects.count()


class TestOpenOrders:
    def test_one_that_fails_stops_none_of_the_others(self, lin, cole) -> None:
        courses = shop.two_courses()
        first, second = shop.start(lin, courses[:1]), shop.start(cole, courses[1:])
        shop.pay(first)
        shop.pay(second)
        clock.advance(timedelta(minutes=11))
        sweeps.open_orders()
        SandboxFault.objects.plan("checkout.sessions.retrieve", "500", 1)
        failed, asked = Inquiry.objects.order_by("pk")
        with pytest.raises(GatewayUnknown):
            shop.look_again(failed)
        shop.look_again(asked)
        assert [Order.objects.get(pk=order.pk).state for order in (first, second)] == ["pending", "paid"]
        failed.refresh_from_db()
        assert "GatewayUnknown" in failed.last_error
        assert failed.finished_at is None
        Inquiry.objects.filter(pk=failed.pk).update(due_at=clock.now() - timedelta(days=1))
        shop.look_again(failed)
        assert Order.objects.get(pk=first.pk).state == "paid"

    def test_swept_again_it_is_the_same_row(self, lin) -> None:
        shop.start(lin, shop.two_courses())
        clock.advance(timedelta(minutes=11))
        for _time in range(3):
            shop.sweep_orders()
        assert Inquiry.objects.get().rounds == 2

    def test_one_that_was_given_up_waits_for_a_person(self, lin) -> None:
        shop.start(lin, shop.two_courses())
        clock.advance(timedelta(minutes=11))
        sweeps.open_orders()
        Inquiry.objects.get().bury("tried for long")
        assert sweeps.open_orders() == 0


class TestPendingRefunds:
    @pytest.fixture
    def left_pending(self, lin) -> Refund:
        order = shop.buy(lin, shop.two_courses())
        row = refunds.refund(order, by=cast.fay(), reason="Asked")
        SandboxFault.objects.plan("refunds.create", "timeout_after", 1)
        with pytest.raises(GatewayUnknown):
            shop.send_refunds()
        SandboxRefund.objects.get().become("pending")
        Refund.objects.filter(pk=row.pk).update(due_at=clock.now() - timedelta(days=1))
        shop.send_refunds()
        row.refresh_from_db()
        return row

    def test_are_asked_about_until_the_bank_has_answered(self, left_pending) -> None:
        assert (left_pending.state, left_pending.finished_at is not None) == ("requested", True)
        clock.advance(timedelta(minutes=11))
        sweeps.pending_refunds()
        shop.work_off_inquiries()
        left_pending.refresh_from_db()
        assert left_pending.state == "requested"
        SandboxRefund.objects.update(status="succeeded")  # and the event of it is lost
        sweeps.pending_refunds()
        shop.work_off_inquiries()
        left_pending.refresh_from_db()
        assert left_pending.state == "done"
        assert left_pending.order.refunds.count() == 1


def test_the_books_hold_after_a_sweep(lin, cole) -> None:
    life_of_a_shop(lin, cole)
    deliver_but(0.5, 9)
    shop.sweep()
    assert not ProviderEvent.open_work().exists()
    call_command("ledger", "check", "--ask-provider", verbosity=0)
