"""Payment by hand and several at once, or one who dies in the middle: money that came in pays one order once."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError

from accounts.models import User
from courses.models import Course
from learners.models.enrollment import AlreadyEnrolled
from marketplace.lib import clock
from marketplace.lib.emails import Mail
from marketplace.lib.errors import DomainError
from payments import after_sale, checkout, refunds
from payments.gateway import gateway
from payments.hand import again, arrivals, refunding, waiting
from payments.models import AccountKind, Arrival, ArrivalStep, HandRefund, LedgerEntry, Order, PaymentWay
from tests import cast
from tests.faults.meeting import wait_for_somebody_inside
from tests.faults.taken_away import constraint, index, meeting, taken_away
from tests.payments import shop
from tests.payments.books import stands
from tests.payments.by_hand import DAY, come_in, gil, state_of, wait_for, way_for
from tests.payments.crash import dies_at
from tests.payments.crowd import at_once
from tests.payments.held import books_hold

pytestmark = pytest.mark.django_db(transaction=True)
AT_STEPS = meeting("payments_arrivalstep")
ENDS_ONCE = index("an_arrival_ends_once")
ONE_REFERENCE = index("one_arrival_a_bank_reference")


def waiting_order(settings: Any = None) -> Order:
    if settings is not None:
        settings.KEZHAN_PAYOUT_APPROVAL_MINOR = 4000
    return wait_for(cast.lin(), shop.two_courses(), way_for())


def fresh(order: Order) -> Order:
    return Order.objects.get(pk=order.pk)


def caught(act: Callable[[], Any]) -> Any:
    """What it gave, or what the database itself refused."""
    try:
        return act()
    except IntegrityError as no:
        return no


def confirm_at_once(arrival: Arrival, **how: Any) -> list[Any]:
    people = [gil(), cast.person("Hal", role="finance")]
    return at_once(lambda n: caught(lambda: arrivals.confirm(arrival, by=people[n])), 2, **how)


class TestTwoWhoConfirm:
    def test_book_it_once(self, settings) -> None:
        order = waiting_order(settings)
        arrival = come_in(order)
        with taken_away(AT_STEPS):
            answers = confirm_at_once(arrival)
            assert [type(one) for one in answers].count(arrivals.ArrivalDecided) == 1
            assert ArrivalStep.objects.filter(state="booked").count() == 1
            assert fresh(order).state == "paid"
            assert stands(AccountKind.BANK, None) == 4999
            assert books_hold()

    def test_without_the_locks_meet_the_databases_own_rule(self, settings) -> None:
        arrival = come_in(waiting_order(settings))
        with taken_away(AT_STEPS):
            assert any(isinstance(one, IntegrityError) for one in confirm_at_once(arrival, without_locks=True))
            assert ArrivalStep.objects.filter(state="booked").count() == 1

    def test_without_lock_and_rule_still_sell_it_once(self, settings) -> None:
        """The order's work after the sale has one row, the ledger one entry: the second one is undone whole."""
        arrival = come_in(waiting_order(settings))
        with taken_away(AT_STEPS, ENDS_ONCE):
            assert any(isinstance(one, IntegrityError) for one in confirm_at_once(arrival, without_locks=True))
            assert LedgerEntry.objects.filter(kind="sale").count() == 1


class TestTheSameNotedByMany:
    def note(self, order: Order, **how: Any) -> None:
        fay = cast.fay()
        at_once(lambda _n: caught(lambda: come_in(order, 100, bank_reference="B-1", by=fay)), 4, **how)

    def test_is_one(self) -> None:
        order = waiting_order()
        with taken_away(meeting("payments_arrival")):
            self.note(order)
            assert Arrival.objects.count() == 1

    def test_without_the_rule_is_several(self) -> None:
        order = waiting_order()
        with taken_away(meeting("payments_arrival"), ONE_REFERENCE):
            self.note(order)
            assert Arrival.objects.count() > 1

    def test_after_a_mistake_is_noted_anew_once(self) -> None:
        order, fay = waiting_order(), cast.fay()
        arrivals.withdraw(come_in(order, 100, bank_reference="B-1"), by=fay, reason="x")
        with taken_away(meeting("payments_arrival")):
            self.note(order)
            assert Arrival.objects.count() == 2


class TestMoneyThatComesWhile:
    def both(self, order: Order, act: Callable[[], Any], **how: Any) -> list[Any]:
        """The money is noted, and a moment later `act`."""
        fay = cast.fay()

        def one(n: int) -> Any:
            if n:
                wait_for_somebody_inside()
                return caught(act)
            return caught(lambda: come_in(order, by=fay))

        return at_once(one, 2, **how)

    def test_she_changes_to_the_providers_page_pays_it(self) -> None:
        order = waiting_order()
        with taken_away(AT_STEPS):
            _arrival, answer = self.both(order, lambda: again.pay_otherwise(fresh(order), way=""))
            assert isinstance(answer, AlreadyEnrolled)
            assert fresh(order).state == "paid"
            assert not Order.objects.filter(state="pending", checkout_session_id__isnull=False).exists()
            assert books_hold()

    def test_she_changes_without_locks_leaves_two_to_be_paid(self) -> None:
        order = waiting_order()
        with taken_away(AT_STEPS):
            self.both(order, lambda: again.pay_otherwise(fresh(order), way=""), without_locks=True)
            assert fresh(order).state == "paid"
            assert Order.objects.filter(state="pending", checkout_session_id__isnull=False).exists()

    def test_she_cancels_pays_it(self) -> None:
        order, lin = waiting_order(), cast.lin()
        with taken_away(AT_STEPS):
            _arrival, answer = self.both(order, lambda: waiting.cancel(fresh(order), by=lin))
            assert isinstance(answer, waiting.NotWaiting)
            assert fresh(order).state == "paid"

    def test_its_time_ends_pays_it(self) -> None:
        order = waiting_order()
        clock.advance(timedelta(days=8))
        with taken_away(AT_STEPS):
            self.both(order, lambda: waiting.expire(fresh(order)))
            assert fresh(order).state == "paid"
            assert not Mail.objects.filter(key__startswith="by-hand-expired").exists()
            assert books_hold()

    def test_its_time_ends_without_locks_says_both(self) -> None:
        order = waiting_order()
        clock.advance(timedelta(days=8))
        with taken_away(AT_STEPS):
            self.both(order, lambda: waiting.expire(fresh(order)), without_locks=True)
            assert fresh(order).state == "paid"
            assert Mail.objects.filter(key__startswith="by-hand-expired").exists()

    def test_it_had_ended_stands_as_open(self) -> None:
        order, lin = waiting_order(), cast.lin()
        paged = again.pay_otherwise(order, way="")
        arrival = come_in(order)
        assert state_of(arrival) == ("unmatched", "ended")
        shop.pay(paged)
        checkout.settle(paged)
        assert fresh(paged).state == "paid"
        with pytest.raises(AlreadyEnrolled):
            arrivals.give_effect(arrival, by=cast.fay(), reason="x")
        assert lin.orders.filter(state="paid").count() == 1
        assert books_hold()


class TestTwoTabs:
    def test_one_by_hand_and_one_on_the_page_leave_one_that_can_be_paid(self) -> None:
        lin, courses, way = cast.lin(), shop.two_courses(), way_for()
        for _round in range(4):
            at_once(lambda n: _start(lin, courses, way if n % 2 else None), 4)
            payable = [order for order in Order.objects.filter(buyer=lin, state="pending") if _can_be_paid(order)]
            assert len(payable) <= 1
            shut = Order.objects.filter(buyer=lin).exclude(state="pending").exclude(checkout_session_id=None)
            assert not [
                order for order in shut if gateway().retrieve_session(order.checkout_session_id).status == "open"
            ]
            assert books_hold()

    def test_the_control_without_closing_the_other_both_can_be_paid(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(checkout, "_close", lambda *_others: None)
        lin, courses, way = cast.lin(), shop.two_courses(), way_for()
        at_once(lambda n: _start(lin, courses, way if n % 2 else None), 2)
        payable = [order for order in Order.objects.filter(buyer=lin, state="pending") if _can_be_paid(order)]
        assert len(payable) == 2


def _start(buyer: User, courses: list[Course], way: PaymentWay | None) -> Order:
    mine = list(Course.objects.filter(pk__in=[course.pk for course in courses]).cards())
    return checkout.start(buyer=buyer, courses=mine, way=way.code if way else "")


def _can_be_paid(order: Order) -> bool:
    return bool(order.hand or order.checkout_session_id)


PLACES = ["arrival.noted", "arrival.before_sale", "checkout.before_paid", "checkout.before_commit"]


@pytest.mark.parametrize("place", PLACES)
def test_whoever_dies_while_noting_it_is_booked_once(place: str) -> None:
    order, fay = waiting_order(), cast.fay()
    assert dies_at(place, lambda: come_in(order, bank_reference="B-1", by=fay))
    assert (fresh(order).state, Arrival.objects.count(), LedgerEntry.objects.count()) == ("pending", 0, 0)
    come_in(order, bank_reference="B-1", by=fay)
    after_sale.catch_up()
    assert fresh(order).state == "paid"
    assert stands(AccountKind.BANK, None) == 4999
    assert books_hold()


def test_whoever_dies_before_she_is_told_how_to_pay_asks_again() -> None:
    lin, courses, way = cast.lin(), shop.two_courses(), way_for()
    assert dies_at("by_hand.before_told", lambda: _start(lin, courses, way))
    assert not Mail.objects.filter(key__startswith="by-hand:").exists()
    order = _start(lin, courses, way)
    assert Order.objects.get() == order
    assert Mail.objects.filter(key=f"by-hand:{order.number}").count() == 1
    assert books_hold()


def test_a_sweeper_that_dies_ends_it_the_next_time() -> None:
    order = waiting_order()
    clock.advance(timedelta(days=8))
    assert dies_at("by_hand.before_expired_commit", lambda: waiting.expire(order))
    assert fresh(order).is_open
    shop.sweep_orders()
    assert fresh(order).state == "expired"
    assert Mail.objects.filter(key__startswith="by-hand-expired").count() == 1
    assert books_hold()


class TestRefund:
    def test_is_sent_once_by_whoever_comes_first_and_whoever_dies(self) -> None:
        order, fay = waiting_order(), cast.fay()
        come_in(order)
        refund = refunds.refund(order, by=fay, reason="asked")
        shop.send_refunds()
        told = {"bank_reference": "O-1", "sent_on": DAY}
        assert dies_at("hand_refund.before_commit", lambda: refunding.pay_back(refund, by=fay, **told))
        assert not HandRefund.objects.exists()
        answers = at_once(lambda n: refunding.pay_back(refund, by=fay, bank_reference=f"O-{n}", sent_on=DAY), 4)
        assert sum(isinstance(one, DomainError) for one in answers) == 3
        shop.send_refunds()
        assert stands(AccountKind.BANK, None) == 0
        assert books_hold()

    def test_without_lock_and_rule_is_still_booked_once(self) -> None:
        order, fay = waiting_order(), cast.fay()
        come_in(order)
        refund = refunds.refund(order, by=fay, reason="asked")
        slow = meeting("payments_handrefund")

        def send(n: int) -> Any:
            return caught(lambda: refunding.pay_back(refund, by=fay, bank_reference=f"O-{n}", sent_on=DAY))

        with taken_away(slow, constraint("payments_handrefund", "payments_handrefund_pkey")):
            assert any(isinstance(one, IntegrityError) for one in at_once(send, 3, without_locks=True))
            assert LedgerEntry.objects.filter(kind="refund").count() == 1
