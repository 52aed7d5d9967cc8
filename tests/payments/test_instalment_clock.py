"""What the clock does of plans besides taking parts: reminders, pauses that end, customers that are forgotten."""

from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from rest_framework.test import APIClient

from accounts.models import User
from learners import rights
from learners.models import Enrollment
from marketplace.lib import clock, work
from marketplace.lib.emails import Mail
from payments import gateway as gateways
from payments.instalments import charging, forgetting, looking_after, paying, schedule
from payments.models import CustomerRelease, InstalmentCharge, InstalmentPlan, Order, OrderItem, PlanPause, Refund
from payments.sandbox import desk, oracle
from payments.sandbox.models import SandboxCustomer, SandboxFault
from tests import cast
from tests.faults.taken_away import lingering, taken_away
from tests.payments import shop
from tests.payments.crash import dies_at
from tests.payments.crowd import at_once
from tests.payments.held import books_hold
from tests.payments.in_parts import (
    a_month_passes,
    banks_answer,
    begin,
    charge_all,
    course_in_parts,
    due_again,
    fresh,
    start,
    take_next,
    work_off,
)
from tests.payments.test_instalment_returns import client_of

pytestmark = pytest.mark.django_db


def paused(lin: User) -> InstalmentPlan:
    plan = begin(lin, course_in_parts(3))
    banks_answer("card_declined")
    for _try in range(3):
        take_next(plan)
    assert plan.is_paused
    return plan


def until_before(plan: InstalmentPlan, days: int) -> None:
    """So many days, less an hour, before the next part."""
    plan.refresh_from_db()
    assert plan.next_at is not None
    clock.advance(plan.next_at - clock.now() - timedelta(days=days, hours=-1))


def told(start_of_key: str) -> list[Mail]:
    return list(Mail.objects.filter(key__startswith=start_of_key).order_by("pk"))


def warned(plan: InstalmentPlan) -> PlanPause:
    """She was told that the plan ends."""
    clock.advance(schedule.PAUSE_LASTS - schedule.LAPSE_TOLD)
    looking_after.look_after()
    return plan.pauses.get()


class TestAReminder:
    def test_comes_three_days_before_each_part_and_once(self, lin: User) -> None:
        plan = begin(lin, course_in_parts(3))
        until_before(plan, 4)
        looking_after.look_after()
        assert told("instalment-soon") == []
        clock.advance(timedelta(days=1))
        for _again in range(2):
            looking_after.look_after()
        [mail] = told("instalment-soon")
        assert "Part 2 of 3" in mail.subject
        assert "$33.33 from Visa" in mail.text
        assert plan.get_absolute_url() in mail.text
        take_next(plan)
        until_before(plan, 3)
        looking_after.look_after()
        assert "Part 3 of 3" in told("instalment-soon")[1].subject

    def test_does_not_come_for_what_failed_is_disputed_is_being_paid_or_is_over(self, lin: User) -> None:
        plan = begin(lin, course_in_parts(3))
        until_before(plan, 2)
        order = paying.pay(plan, by=lin)
        looking_after.look_after()
        Order.objects.get(pk=order.pk).expire()
        desk.on_charge(plan.orders.earliest("pk").charge_id, "dispute")
        shop.deliver_all()
        looking_after.look_after()
        InstalmentPlan.objects.update(failed_tries=1)
        plan.orders.earliest("pk").items.free_from_dispute()
        looking_after.look_after()
        InstalmentPlan.objects.update(failed_tries=0)
        fresh(plan.course).take_down(by=cast.sam(), rule_code="copyright", reason="stolen")
        looking_after.look_after()
        assert told("instalment-soon") == []

    def test_of_a_part_that_was_put_off_the_new_day_is_said_before_it_is_taken(self, lin: User) -> None:
        plan = begin(lin, course_in_parts(3))
        until_before(plan, 1)
        looking_after.look_after()
        type(plan.course.creator).objects.update(suspended_at=clock.now())
        for _day in range(10):
            clock.advance(timedelta(days=1, minutes=1))
            charge_all()
        assert len(told("instalment-soon")) == 1
        type(plan.course.creator).objects.update(suspended_at=None)
        charge_all()
        assert len(told("instalment-soon")) == 2
        plan.refresh_from_db()
        assert plan.paid_parts == 1
        assert plan.next_at > clock.now() + timedelta(days=2, hours=23)
        take_next(plan)
        assert plan.paid_parts == 2
        assert len(told("instalment-soon")) == 2

    def test_a_bell_that_was_missed_for_days_tells_before_it_takes(self, lin: User) -> None:
        plan = begin(lin, course_in_parts(3))
        a_month_passes(plan)
        clock.advance(timedelta(days=5))
        assert charging.begin_due() == 0
        assert len(told("instalment-soon")) == 1
        take_next(plan)
        assert plan.paid_parts == 2

    @pytest.mark.parametrize("why", ["no live version", "no right", "no card"])
    def test_nothing_is_said_where_nothing_can_be_taken(self, lin: User, why: str) -> None:
        plan = begin(lin, course_in_parts(3))
        until_before(plan, 2)
        if why == "no live version":
            type(plan.course).objects.filter(pk=plan.course_id).update(live_version=None)
        elif why == "no right":
            Enrollment.objects.active().of(lin).get().end("withdrawn")
        else:
            plan.forget_means()
        looking_after.remind_all()
        assert told("instalment-soon") == []


class TestAPauseEnds:
    def test_after_half_a_year_she_was_told_of_and_the_course_can_be_bought_again(self, lin: User) -> None:
        plan = paused(lin)
        pause = warned(plan)
        [warning] = told("instalments-lapse-soon")
        assert "end on" in warning.subject
        looking_after.look_after()
        assert len(told("instalments-lapse-soon")) == 1
        assert "the plan ends and your access with it" in client_of(lin).get(plan.get_absolute_url()).content.decode()
        api = APIClient()
        api.force_authenticate(lin)
        assert api.get(reverse("api-instalment", args=[plan.token])).json()["lapses_at"]
        clock.advance(pause.lapses_at - clock.now() - timedelta(minutes=1))
        looking_after.look_after()
        plan.refresh_from_db()
        assert plan.is_paused
        clock.advance(timedelta(minutes=2))
        looking_after.look_after()
        plan.refresh_from_db()
        assert (plan.state, plan.end_reason, plan.open.minor) == ("ended", "unpaid", 0)
        assert Enrollment.objects.of(lin).get().end_reason == "unpaid"
        assert rights.enrollment_of(lin, plan.course_id) is None
        assert len(told("instalments-lapsed")) == 1
        assert not Refund.objects.exists()
        assert books_hold()
        again = begin(lin, fresh(plan.course))
        assert again.pk != plan.pk
        assert rights.enrollment_of(lin, plan.course_id) is not None
        assert books_hold()

    def test_never_before_she_was_told(self, lin: User) -> None:
        plan = paused(lin)
        clock.advance(timedelta(days=400))
        looking_after.look_after()
        plan.refresh_from_db()
        assert plan.is_paused, "told just now"
        clock.advance(timedelta(days=13))
        looking_after.look_after()
        plan.refresh_from_db()
        assert plan.is_paused
        clock.advance(timedelta(days=1, minutes=1))
        looking_after.look_after()
        plan.refresh_from_db()
        assert plan.end_reason == "unpaid"

    def test_not_while_she_pays_and_paid_it_goes_on(self, lin: User) -> None:
        plan = paused(lin)
        warned(plan)
        clock.advance(schedule.LAPSE_TOLD - timedelta(minutes=10))
        order = paying.pay(plan, by=lin)
        clock.advance(timedelta(minutes=20))
        looking_after.lapse_all()
        plan.refresh_from_db()
        assert plan.is_paused
        shop.pay(order)
        shop.deliver_all()
        plan.refresh_from_db()
        assert (plan.state, plan.paid_parts) == ("running", 2)
        assert rights.enrollment_of(lin, plan.course_id) is not None

    def test_money_that_comes_after_it_goes_back(self, lin: User) -> None:
        plan = paused(lin)
        warned(plan)
        clock.advance(schedule.LAPSE_TOLD - timedelta(minutes=10))
        order = paying.pay(plan, by=lin)
        Order.objects.filter(pk=order.pk).update(state="expired")
        clock.advance(timedelta(minutes=20))
        looking_after.look_after()
        plan.refresh_from_db()
        assert plan.end_reason == "unpaid"
        shop.pay(order)
        shop.deliver_all()
        shop.send_refunds()
        work_off()
        order.refresh_from_db()
        assert oracle.refunds() == {order.charge_id: 3333}
        assert not SandboxCustomer.objects.exists()
        assert books_hold()


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def both(self, lin: User, *, without_locks: bool) -> tuple[InstalmentPlan, bool]:
        """The last day passes while she goes to pay. The plan, and whether an order of it is open."""
        plan = paused(lin)
        warned(plan)
        clock.advance(schedule.LAPSE_TOLD + timedelta(minutes=1))
        with taken_away(lingering("payments_order")):

            def act(n: int) -> Any:
                with suppress(gateways.GatewayError):
                    return looking_after.lapse(plan.pk) if n else paying.pay(plan, by=lin)

            at_once(act, 2, without_locks=without_locks)
            plan.refresh_from_db()
            return plan, plan.orders.filter(state="pending").exists()

    def test_she_pays_or_the_plan_ends_and_never_both(self, lin: User) -> None:
        plan, is_open = self.both(lin, without_locks=False)
        assert is_open == (plan.state == "paused")

    def test_the_control_without_the_lock_she_pays_for_a_plan_that_has_ended(self, lin: User) -> None:
        plan, is_open = self.both(lin, without_locks=True)
        assert is_open
        assert plan.state == "ended"

    def test_two_bells_remind_once(self, lin: User) -> None:
        plan = begin(lin, course_in_parts(3))
        until_before(plan, 2)
        assert sorted(at_once(lambda _n: looking_after.remind(plan.pk), 3)) == [False, False, True]
        assert len(told("instalment-soon")) == 1

    @pytest.mark.parametrize("place", ["instalment.before_reminder_commit", "instalment.before_lapse_commit"])
    def test_a_process_that_dies_has_told_and_done_nothing(self, lin: User, place: str) -> None:
        is_reminder = "reminder" in place
        plan = begin(lin, course_in_parts(3)) if is_reminder else paused(lin)
        if is_reminder:
            until_before(plan, 2)
        else:
            warned(plan)
            clock.advance(schedule.LAPSE_TOLD + timedelta(minutes=1))
        before = Mail.objects.count()
        assert dies_at(place, looking_after.look_after)
        assert Mail.objects.count() == before
        looking_after.look_after()
        assert Mail.objects.count() == before + 1
        assert books_hold()


class TestTheProviderForgets:
    def test_the_card_as_soon_as_the_plan_pauses(self, lin: User) -> None:
        plan = paused(lin)
        assert (plan.customer_id, plan.method_id) == ("", "")
        assert not SandboxCustomer.objects.exists()
        shop.pay(paying.pay(plan, by=lin))
        shop.deliver_all()
        take_next(plan)
        assert plan.state == "done", "the card that she paid with by hand served the rest"
        assert not SandboxCustomer.objects.exists()

    def test_the_card_that_another_one_replaced(self, lin: User) -> None:
        plan = begin(lin, course_in_parts(3))
        before = plan.customer_id
        plan.forget_means()  # as where the provider did not know it for a moment
        InstalmentPlan.objects.update(customer_id="")
        order = paying.pay(plan, by=lin)
        InstalmentPlan.objects.update(customer_id=before, method_id="pm_old")
        shop.pay(order)
        shop.deliver_all()
        work_off()
        plan.refresh_from_db()
        assert plan.customer_id not in ("", before)
        assert list(SandboxCustomer.objects.values_list("pk", flat=True)) == [plan.customer_id]

    def test_the_customer_of_a_first_part_whose_plan_does_not_begin(self, lin: User) -> None:
        course = course_in_parts(3)
        order = start(lin, course)
        InstalmentPlan.objects.update(state="ended", ended_at=clock.now(), end_reason="forgotten")
        shop.pay(order)
        shop.deliver_all()
        assert SandboxCustomer.objects.count() == 1
        work_off()
        assert not SandboxCustomer.objects.exists()

    def test_who_has_the_course_already_is_given_all_back_and_forgotten(self, lin: User) -> None:
        course = course_in_parts(3)
        order = start(lin, course)
        Enrollment.objects.grant(learner=lin, course=fresh(course), source="staff")
        shop.pay(order)
        shop.deliver_all()
        shop.send_refunds()
        work_off()
        assert oracle.refunds() == oracle.charges()
        assert not SandboxCustomer.objects.exists()

    @pytest.mark.parametrize("mode", ["timeout_before", "timeout_after", "500", "429"])
    def test_it_is_asked_until_it_has(self, lin: User, mode: str) -> None:
        plan = begin(lin, course_in_parts(3))
        banks_answer("card_declined")
        for _try in range(2):
            take_next(plan)
        a_month_passes(plan)
        SandboxFault.objects.plan("customers.delete", mode)
        charging.begin_due()
        with suppress(gateways.GatewayError):
            work_off()
        due_again()
        with suppress(gateways.GatewayError):
            work_off()
        assert not SandboxCustomer.objects.exists()
        assert not CustomerRelease.open_work().exists()

    def test_not_of_the_other_book(self, lin: User, settings: Any) -> None:
        plan = begin(lin, course_in_parts(3))
        CustomerRelease.objects.begin(plan.customer_id, plan.book)
        settings.PAYMENTS_BOOK = "live" if plan.book == "sandbox" else "sandbox"
        work.run(CustomerRelease, plan.customer_id, forgetting.forget)
        assert SandboxCustomer.objects.exists()
        assert CustomerRelease.open_work().exists()


def test_a_try_that_is_out_of_attempts_is_looked_up_again_each_day(lin: User) -> None:
    plan = begin(lin, course_in_parts(3))
    a_month_passes(plan)
    SandboxFault.objects.plan("payment_intents.create", "400", times=12)
    charging.begin_due()
    for _attempt in range(13):
        with suppress(gateways.GatewayError):
            work_off()
        due_again()
    row = InstalmentCharge.objects.get()
    assert row.dead_at
    looking_after.look_after()
    row.refresh_from_db()
    assert row.dead_at, "not at once"
    InstalmentCharge.objects.update(dead_at=row.dead_at - timedelta(days=2))
    clock.advance(timedelta(days=2))
    looking_after.look_after()
    work_off()
    plan.refresh_from_db()
    assert plan.paid_parts == 2


def test_the_customer_of_a_second_charge_is_forgotten(lin: User) -> None:
    plan = begin(lin, course_in_parts(3))
    other = SandboxCustomer.objects.create(email=lin.email)
    other.keep_new_means()
    order = plan.orders.get()
    gateways.gateway().charge_kept(
        order.total, customer=other.pk, method=other.method_id, reference=order.reference,
        transfer_group=order.transfer_group, idempotency_key="another",
    )  # fmt: skip
    shop.deliver_all()
    work_off()
    order.refresh_from_db()
    assert order.flagged_at
    assert list(SandboxCustomer.objects.values_list("pk", flat=True)) == [plan.customer_id]


def test_who_lapsed_is_left_out_when_the_course_is_taken_from_everybody(lin: User) -> None:
    plan = paused(lin)
    warned(plan)
    assert OrderItem.objects.left_of(plan.course, plan.book).sales() == 1
    clock.advance(schedule.LAPSE_TOLD + timedelta(minutes=1))
    looking_after.look_after()
    assert OrderItem.objects.left_of(plan.course, plan.book).sales() == 0
    again = begin(lin, fresh(plan.course))
    left = OrderItem.objects.left_of(plan.course, plan.book)
    assert {item.order.plan_id for item in left} == {again.pk}


def test_one_kind_that_fails_holds_up_no_other(lin: User, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = begin(lin, course_in_parts(3))
    until_before(plan, 2)

    def fail(_most: int) -> list[int]:
        raise RuntimeError

    monkeypatch.setattr(looking_after.ending, "paused_for_nothing", fail)
    with pytest.raises(looking_after.sweeps.SweepFailed):
        looking_after.look_after()
    assert len(told("instalment-soon")) == 1
    charge_all_due(plan)


def charge_all_due(plan: InstalmentPlan) -> None:
    a_month_passes(plan)
    assert charging.begin_due() == 1, "what is due is taken all the same"
