"""Months of memberships when many come at once, and when processes die at named places: each month is taken once."""

from contextlib import suppress

import pytest
from django.db import IntegrityError

from accounts.models import User
from learners.models import Enrollment
from marketplace.lib import clock, work
from payments import kept_charging
from payments.memberships import canceling, charging, paying, taking_back
from payments.models import Membership, MembershipCharge, MembershipMonth, Order
from payments.sandbox import oracle
from payments.sandbox.models import SandboxKey
from tests.faults.taken_away import index, lingering, taken_away
from tests.payments import shop
from tests.payments.crash import dies_at
from tests.payments.crowd import at_once
from tests.payments.held import books_hold
from tests.payments.in_parts import banks_answer
from tests.payments.membered import (
    NINE,
    charge_all,
    club,
    comes,
    due_again,
    fresh,
    join,
    offer_of,
    open_course,
    start,
    work_off,
)

INDEXES = (index("one_open_order_a_membership"), index("one_open_order_a_basket"))
pytestmark = pytest.mark.django_db(transaction=True)


def due(lin: User) -> Membership:
    membership = join(lin, club()[0])
    comes(membership)
    return fresh(membership)


def carry_out_first() -> None:
    work.run(MembershipCharge, MembershipCharge.objects.values_list("pk", flat=True)[0], charging.carry_out)


class TestAtOnce:
    def test_chargers_begin_one_try(self, ada: User, lin: User) -> None:
        membership = due(lin)
        assert sum(at_once(lambda _n: charging.look_after(), 4)) == 1
        work_off()
        assert fresh(membership).last_month == 2
        assert len(oracle.charges()) == 2
        assert books_hold()

    def test_workers_ask_once(self, ada: User, lin: User) -> None:
        due(lin)
        charging.look_after()
        at_once(lambda _n: carry_out_first(), 4)
        shop.deliver_all()
        assert list(oracle.charges().values()) == [900, 900]
        assert books_hold()

    def test_the_member_at_her_page_and_the_charger_never_take_one_month_twice(self, ada: User, lin: User) -> None:
        membership = due(lin)
        answers = at_once(lambda n: charging.look_after() if n % 2 else paying.pay(membership, by=lin), 4)
        order = membership.orders.get(state="pending")
        if order.checkout_session_id:
            shop.pay(order)
        else:
            assert any(isinstance(answer, paying.next_payment.BeingCharged) for answer in answers)
        work_off()
        shop.deliver_all()
        assert fresh(membership).last_month == 2
        assert len(oracle.charges()) == 2
        assert books_hold()

    def test_canceling_against_the_charger_takes_nothing_that_is_kept(self, ada: User, lin: User) -> None:
        membership = due(lin)
        at_once(lambda n: charging.look_after() if n else canceling.cancel(membership, by=lin), 2)
        work_off()
        shop.send_refunds()
        membership = fresh(membership)
        charge_all()
        membership = fresh(membership)
        assert (membership.state, membership.end_reason) == ("ended", "canceled")
        kept = sum(oracle.charges().values()) - sum(oracle.refunds().values())
        assert kept == 900 * membership.months.count()
        assert books_hold()

    def test_giving_back_against_a_renewal_keeps_one_or_the_other(self, ada: User, lin: User) -> None:
        membership = due(lin)
        charging.look_after()

        def act(n: int) -> object:
            if n:
                return work_off()
            return taking_back.take_back(membership, by=lin, expected=NINE)

        [answer, _none] = at_once(act, 2)
        work_off()
        shop.send_refunds()
        membership = fresh(membership)
        kept = sum(oracle.charges().values()) - sum(oracle.refunds().values())
        if isinstance(answer, taking_back.MonthStays):  # the first month's days are over; the second has come
            assert (membership.is_live, kept) == (True, 1_800)
        else:
            assert (membership.end_reason, kept) == ("refunded", 900)
        assert books_hold()

    def test_two_first_months_at_once_are_one_membership(self, ada: User, lin: User) -> None:
        offer, _course = club()
        first = start(lin, offer)
        Order.objects.filter(pk=first.pk).update(checkout_session_id=first.checkout_session_id)
        newer = offer_of(offer.creator, NINE, name="Another")
        shop.pay(first)
        second = start(lin, newer)
        if second.is_open:
            shop.pay(second)
        at_once(lambda _n: shop.deliver_all(), 2)
        shop.deliver_all()
        shop.send_refunds()
        assert Membership.objects.running().count() == 1
        assert MembershipMonth.objects.count() == 1
        assert sum(oracle.charges().values()) - sum(oracle.refunds().values()) == 900
        assert books_hold()

    def test_openings_give_one_right(self, ada: User, lin: User) -> None:
        offer, course = club()
        join(lin, offer)
        at_once(lambda _n: open_course(lin, course), 4)
        assert Enrollment.objects.of(lin).active().count() == 1

    def test_without_the_lock_they_meet_at_the_index(self, ada: User, lin: User) -> None:
        membership = due(lin)
        with suppress(IntegrityError):  # unless they came one after the other
            at_once(lambda _n: charging.begin(membership.pk), 2, without_locks=True)
        assert membership.orders.filter(state="pending").count() == 1
        work_off()
        assert len(oracle.charges()) == 2

    def test_the_control_without_lock_and_index_a_month_is_asked_for_twice(self, ada: User, lin: User) -> None:
        membership = due(lin)
        with taken_away(*INDEXES, lingering("payments_membershipcharge")):
            at_once(lambda _n: charging.begin(membership.pk), 2, without_locks=True)
            assert membership.orders.filter(state="pending").count() == 2
            work_off()
            assert len(oracle.charges()) == 3

    def test_the_control_with_the_lock_the_lingering_harms_nothing(self, ada: User, lin: User) -> None:
        membership = due(lin)
        with taken_away(*INDEXES, lingering("payments_membershipcharge")):
            assert sum(at_once(lambda _n: charging.begin(membership.pk), 2)) == 1
            assert membership.orders.filter(state="pending").count() == 1


class TestKilled:
    def test_before_the_try_is_written(self, ada: User, lin: User) -> None:
        due(lin)
        assert dies_at("month.before_begin_commit", charging.look_after)
        assert not MembershipCharge.objects.exists()
        charge_all()
        assert len(oracle.charges()) == 2
        assert books_hold()

    @pytest.mark.parametrize(
        "place",
        ["kept_charge.before_call", "kept_charge.after_call", "checkout.before_commit", "kept_charge.after_taken"],
    )
    def test_while_it_is_taken(self, ada: User, lin: User, place: str) -> None:
        membership = due(lin)
        charging.look_after()
        assert dies_at(place, carry_out_first)
        charging.look_after()
        due_again()
        work_off()
        assert fresh(membership).last_month == 2
        assert list(oracle.charges().values()) == [900, 900]
        assert MembershipCharge.objects.get().state == "paid"
        assert books_hold()

    def test_while_a_no_is_written_down(self, ada: User, lin: User) -> None:
        membership = due(lin)
        banks_answer("card_declined")
        charging.look_after()
        assert dies_at("kept_charge.before_fail_commit", carry_out_first)
        due_again()
        work_off()
        assert fresh(membership).failed_tries == 1
        assert len(oracle.charges()) == 1
        assert books_hold()

    def test_without_looking_up_first_a_lost_answer_would_take_the_month_twice(
        self, ada: User, lin: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The negative control of the look-up: a provider that has forgotten our key takes it again."""
        due(lin)
        charging.look_after()
        assert dies_at("kept_charge.after_call", carry_out_first)
        SandboxKey.objects.all().delete()
        due_again()
        monkeypatch.setattr(kept_charging, "found_of", lambda order: [])
        work_off()
        assert len(oracle.charges()) == 3

    def test_with_the_look_up_it_is_taken_once_even_so(self, ada: User, lin: User) -> None:
        due(lin)
        charging.look_after()
        assert dies_at("kept_charge.after_call", carry_out_first)
        SandboxKey.objects.all().delete()
        due_again()
        work_off()
        assert len(oracle.charges()) == 2
        assert books_hold()


class TestEvents:
    def test_one_that_comes_first_brings_the_month_in(self, ada: User, lin: User) -> None:
        membership = due(lin)
        charging.look_after()
        assert dies_at("kept_charge.after_call", carry_out_first)
        shop.deliver_all()
        assert fresh(membership).last_month == 2
        due_again()
        work_off()
        assert len(oracle.charges()) == 2
        assert books_hold()

    def test_again_and_shuffled_change_nothing(self, ada: User, lin: User) -> None:
        membership = due(lin)
        charge_all()
        shop.deliver_all(times=2, seed=7)
        assert fresh(membership).last_month == 2
        assert MembershipMonth.objects.count() == 2
        assert clock.now() < fresh(membership).paid_until
        assert books_hold()
