"""Under which key a refund is asked for when a call was not answered: the money goes back once, however late."""

from datetime import timedelta

import pytest
from django.db.models.functions import Now
from django.utils import timezone

from accounts.models import User
from marketplace.lib import clock, work
from marketplace.lib.money import Money
from payments import exceptions, refunds
from payments.gateway import GatewayUnknown
from payments.models import Order, Refund
from payments.models.under_key import SETTLES_WITHIN
from payments.sandbox import oracle
from payments.sandbox.models import SandboxFault, SandboxKey, SandboxLate
from tests.payments import shop
from tests.payments.held import all_holds

pytestmark = pytest.mark.django_db
PART = Money(700, "USD")


@pytest.fixture
def order(lin: User) -> Order:
    return shop.buy(lin, shop.two_courses()[:1])


@pytest.fixture
def refund(order: Order, fay: User) -> Refund:
    """Of a part: of the whole the provider would refuse a second one."""
    return refunds.refund(order.items.get(), by=fay, reason="Sorry", amount=PART, ends_access=False)


def send(refund: Refund) -> Refund:
    """The worker, whenever it is due; what is unknown it tries again."""
    Refund.objects.filter(pk=refund.pk).update(due_at=Now(), lease_until=None)
    try:
        work.run(Refund, refund.pk, refunds.send)
    except GatewayUnknown:
        pass
    refund.refresh_from_db()
    return refund


def fails(refund: Refund, mode: str) -> Refund:
    SandboxFault.objects.plan("refunds.create", mode)
    return send(refund)


class TestOneThatTakesEffectLate:
    @pytest.fixture
    def aged(self, refund: Refund) -> Refund:
        """Asked for in vain from the first minute on, and last an hour later: that call is still under way."""
        fails(refund, "500")  # which the provider keeps under the key
        clock.advance(timedelta(minutes=58))
        SandboxKey.objects.prune()
        assert fails(refund, "late").state == Refund.State.REQUESTED
        clock.advance(timedelta(minutes=3))
        return refund

    def test_is_not_asked_for_anew_before_it_is_settled(self, order: Order, aged: Refund) -> None:
        seen = send(aged)
        assert (seen.state, seen.key_no, seen.attempts) == (Refund.State.REQUESTED, 1, 2), "no try was spent"
        assert seen.due_at > timezone.now() + timedelta(minutes=50)
        clock.advance(SETTLES_WITHIN)
        seen = send(aged)
        assert (seen.state, seen.key_no) == (Refund.State.DONE, 1)
        assert oracle.refunds() == {order.charge_id: PART.minor}
        shop.deliver_all(times=2, seed=5)
        assert all_holds()

    def test_by_the_button_likewise(self, order: Order, aged: Refund, fay: User) -> None:
        aged.bury("silence")
        exceptions.try_again("payments.refund", str(aged.pk), by=fay)
        for _press in range(3):
            assert send(aged).key_no == 1
        clock.advance(SETTLES_WITHIN)
        assert send(aged).state == Refund.State.DONE
        assert oracle.refunds() == {order.charge_id: PART.minor}

    def test_asked_for_anew_at_once_gives_the_money_twice(
        self, order: Order, aged: Refund, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The control."""
        monkeypatch.setattr(Refund, "settles_in", lambda *_asked: timedelta(0))
        assert send(aged).key_no == 2
        clock.advance(SETTLES_WITHIN)
        shop.sweep()
        assert oracle.refunds() == {order.charge_id: 2 * PART.minor}

    def test_under_its_own_key_is_answered_that_it_is_under_way(self, order: Order, refund: Refund) -> None:
        fails(refund, "late")
        assert send(refund).state == Refund.State.REQUESTED
        assert oracle.refunds() == {}
        clock.advance(timedelta(minutes=11))
        assert send(refund).state == Refund.State.DONE
        assert (oracle.refunds(), SandboxLate.objects.exists()) == ({order.charge_id: PART.minor}, False)

    def test_has_its_effect_with_whatever_is_asked_next(self, order: Order, refund: Refund) -> None:
        fails(refund, "late")
        clock.advance(timedelta(minutes=11))
        shop.sweep()
        shop.deliver_all()
        refund.refresh_from_db()
        assert refund.state == Refund.State.DONE


class TestAFailureThatTheProviderKeeps:
    def test_is_got_past_by_another_key_once_the_last_call_is_settled(self, order: Order, refund: Refund) -> None:
        fails(refund, "500")
        for _minutes in range(3):
            clock.advance(timedelta(minutes=19))
            assert send(refund).key_no == 1
        clock.advance(timedelta(minutes=19))  # the key has aged, its last call has not
        assert (send(refund).key_no, refund.state) == (1, Refund.State.REQUESTED)
        clock.advance(SETTLES_WITHIN)
        assert (send(refund).key_no, refund.state) == (2, Refund.State.DONE)
        assert oracle.refunds() == {order.charge_id: PART.minor}

    def test_after_a_long_pause_is_got_past_at_once(self, refund: Refund) -> None:
        fails(refund, "500")
        clock.advance(timedelta(hours=3))
        assert (send(refund).key_no, refund.state) == (2, Refund.State.DONE)


def test_a_refund_that_waited_long_for_its_first_try_has_its_first_key(refund: Refund) -> None:
    """Nothing was asked for, so nothing can have happened."""
    clock.advance(timedelta(days=2))
    assert (send(refund).state, refund.key_no, refund.attempts) == (Refund.State.DONE, 1, 1)


def test_the_call_is_noted_before_it_is_made(refund: Refund) -> None:
    """Whoever dies in it leaves a row that is looked up first."""
    fails(refund, "timeout_after")
    assert refund.asked_at is not None
    SandboxKey.objects.prune()
    assert send(refund).state == Refund.State.DONE
    assert sum(oracle.refunds().values()) == PART.minor
