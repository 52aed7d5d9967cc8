"""The provider's silence is no try: what it is silent of is asked about until it answers, once an hour at last."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from importlib import import_module

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.models import User
from marketplace.lib import clock, work
from payments import settling, sweeps, watch
from payments.gateway import GatewayUnknown
from payments.models import Inquiry, Order, ProviderEvent
from payments.models.asked import LONGEST_PAUSE, Asked
from payments.sandbox.models import SandboxFault
from tests.payments import shop
from tests.payments.waiting import keep_events

pytestmark = pytest.mark.django_db
LONG = 14  # tries: an event would have died of ten, an inquiry of eight
SESSION = "checkout.sessions.retrieve"


def meet_silence(row: Asked, ask: Callable[[], object]) -> timedelta:
    """One try, as when its time has come, that is not answered. How long the row is left alone after it."""
    kind = type(row)
    kind._default_manager.filter(pk=row.pk).update(due_at=datetime(2020, 1, 1, tzinfo=UTC))
    SandboxFault.objects.plan(SESSION, "500", 1)
    with pytest.raises(GatewayUnknown):
        ask()
    assert SandboxFault.objects.get().remaining == 0, "the provider was asked, once"
    SandboxFault.objects.all().delete()
    row.refresh_from_db()
    return row.due_at - timezone.now()


@pytest.fixture
def order(lin: User) -> Order:
    """Paid on the provider's page, which nobody has told us yet, and open for so long that a sweep has found it."""
    found = shop.start(lin, shop.two_courses())
    shop.pay(found)
    clock.advance(timedelta(minutes=11))
    sweeps.open_orders()
    return found


@pytest.fixture
def inquiry(order: Order) -> Inquiry:
    return Inquiry.objects.get(subject=Inquiry.Subject.ORDER)


class TestAPaidOrder:
    def test_of_which_event_and_sweep_met_a_long_silence_comes_on_by_itself(self, order, inquiry) -> None:
        (event,) = keep_events()
        for _try in range(LONG):
            meet_silence(event, lambda: settling.take_event(str(event.pk)))
            meet_silence(inquiry, lambda: shop.look_again(inquiry))
        assert not [row for row in (event, inquiry) if row.dead_at]
        assert order.state == "pending"
        Inquiry.objects.update(due_at=timezone.now())  # an hour later at most, and the provider answers again
        sweeps.open_orders()
        shop.work_off_inquiries()
        order.refresh_from_db()
        assert order.state == "paid"
        ProviderEvent.objects.update(due_at=timezone.now())
        shop.work_off_events()
        event.refresh_from_db()
        assert (event.outcome, event.dead_at) == ("paid", None)

    def test_comes_on_by_its_event_alone(self, order) -> None:
        Inquiry.objects.get().bury("of something else")
        (event,) = keep_events()
        for _try in range(LONG):
            meet_silence(event, lambda: settling.take_event(str(event.pk)))
        ProviderEvent.objects.update(due_at=timezone.now())
        shop.work_off_events()
        order.refresh_from_db()
        assert order.state == "paid"

    def test_taken_along_with_others_spends_no_try_either(self, order, cole) -> None:
        other = shop.start(cole, shop.two_courses())
        shop.pay(other)
        SandboxFault.objects.plan(SESSION, "500", 1)
        first, _second = keep_events()
        settling.take_event(str(first.pk))
        told = ProviderEvent.objects.order_by("pk").values_list("attempts", "silences", "finished_at")
        assert list(told) == [(1, 1, None), (1, 1, None)]


class TestPauses:
    def test_grow_to_an_hour_and_stay_there(self, inquiry) -> None:
        pauses = [meet_silence(inquiry, lambda: shop.look_again(inquiry)) for _try in range(LONG)]
        assert pauses[0] > timedelta(seconds=9)
        assert sorted(pauses[:9]) == pauses[:9]
        assert all(LONGEST_PAUSE - timedelta(seconds=60) < pause <= LONGEST_PAUSE for pause in pauses[9:])

    def test_are_not_cut_short_by_the_sweeps(self, inquiry) -> None:
        meet_silence(inquiry, lambda: shop.look_again(inquiry))
        SandboxFault.objects.plan(SESSION, "500", 9)
        for _sweep in range(6):
            sweeps.open_orders()
            shop.work_off_inquiries()
        assert SandboxFault.objects.get().remaining == 9, "nobody was asked"

    def test_begin_anew_when_the_provider_has_answered(self, inquiry) -> None:
        for _try in range(3):
            meet_silence(inquiry, lambda: shop.look_again(inquiry))
        inquiry.reopen()
        assert (inquiry.tries, inquiry.silences) == (0, 0)


class TestWhatIsNoSilence:
    def test_still_comes_to_an_end_and_waits_for_a_person(self, order, inquiry) -> None:
        """The control: a row may die, of so many tries as ever, however many silences were between them."""
        Inquiry.objects.filter(pk=inquiry.pk).update(key="0")  # no such order
        for _try in range(5):
            Inquiry.objects.update(due_at=timezone.now())
            with pytest.raises(Order.DoesNotExist):
                shop.look_again(inquiry)
        Inquiry.objects.filter(pk=inquiry.pk).update(key=str(order.pk))
        meet_silence(inquiry, lambda: shop.look_again(inquiry))
        Inquiry.objects.filter(pk=inquiry.pk).update(key="0")
        for _try in range(Inquiry.MAX_ATTEMPTS - 5):
            Inquiry.objects.update(due_at=timezone.now())
            with pytest.raises(Order.DoesNotExist):
                shop.look_again(inquiry)
        inquiry.refresh_from_db()
        assert inquiry.dead_at is not None
        assert (inquiry.attempts, inquiry.silences) == (Inquiry.MAX_ATTEMPTS + 1, 1)
        assert Inquiry.objects.raise_for(Inquiry.Subject.ORDER, ["0"]) == 0


class TestWhatDiedOfItBefore:
    """The version before gave up what the provider was silent of; the migration asks again."""

    @pytest.fixture
    def again(self) -> str:
        migration = import_module("payments.migrations.0022_what_died_of_silence_is_asked_again")
        return str(migration.ASK_AGAIN.format(table="payments_inquiry"))

    @pytest.mark.parametrize(
        ("error", "is_dead"),
        [(GatewayUnknown(), False), (Order.DoesNotExist("none"), True), ("the worker died each time", True)],
    )
    def test_is_asked_about_again_and_nothing_else(self, order, inquiry, again, error, is_dead) -> None:
        inquiry.bury(error)
        with connection.cursor() as cursor:
            cursor.execute(again)
        inquiry.refresh_from_db()
        assert (inquiry.dead_at is not None) == is_dead
        shop.work_off_inquiries()
        order.refresh_from_db()
        assert order.state == ("pending" if is_dead else "paid")


def test_the_figures_tell_of_a_long_silence(inquiry) -> None:
    assert watch.silences()["payments.inquiry"] == 0
    for _try in range(3):
        meet_silence(inquiry, lambda: shop.look_again(inquiry))
    text = Client().get("/metrics").content.decode()
    assert 'kezhan_provider_silences{kind="payments.inquiry"} 3.0' in text
    assert 'kezhan_provider_silences{kind="payments.providerevent"} 0.0' in text
    Inquiry.objects.update(due_at=timezone.now())
    shop.look_again(inquiry)
    assert watch.silences()["payments.inquiry"] == 0


def test_all_that_sweeps_raise_is_asked_so() -> None:
    assert {kind for kind in work.kinds() if issubclass(kind, Asked)} == {Inquiry, ProviderEvent}
