"""Prices in parts where something goes wrong twice: one part, one charge; what came beside it is seen and goes back."""

from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest

from accounts.models import User
from learners import rights
from learners.models import Enrollment
from marketplace.lib import clock, work
from payments import gateway as gateways
from payments import kept_charging, refunds
from payments.instalments import charging, paying
from payments.models import InstalmentCharge, InstalmentPlan, Order, Refund
from payments.sandbox import desk, oracle
from payments.sandbox.models import SandboxCustomer, SandboxFault
from tests import cast
from tests.payments import shop
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

pytestmark = pytest.mark.django_db


def paused(lin: User) -> InstalmentPlan:
    plan = begin(lin, course_in_parts(3))
    banks_answer("card_declined")
    for _try in range(3):
        take_next(plan)
    assert plan.is_paused
    return plan


def charged_beside(plan: InstalmentPlan, order: Order) -> None:
    """The provider takes the part of an order once more."""
    plan.refresh_from_db()
    gateways.gateway().charge_kept(
        order.total, customer=plan.customer_id, method=plan.method_id, reference=order.reference,
        transfer_group=order.transfer_group, idempotency_key="another",
    )  # fmt: skip


def test_an_old_order_is_charged_once_however_long_the_look_up_lags(lin: User, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = begin(lin, course_in_parts(2))
    a_month_passes(plan)
    charging.begin_due()
    clock.advance(timedelta(hours=2))
    SandboxFault.objects.plan("payment_intents.create", "timeout_after", times=2)
    monkeypatch.setattr(kept_charging, "found_of", lambda order: [])
    for _attempt in range(3):
        due_again()
        for pk in InstalmentCharge.open_work().values_list("pk", flat=True):
            with suppress(gateways.GatewayUnknown):
                work.run(InstalmentCharge, pk, charging.carry_out)
    assert sorted(oracle.charges().values()) == [5000, 5000]


def test_a_second_charge_of_a_part_is_flagged(lin: User) -> None:
    plan = begin(lin, course_in_parts(3))
    take_next(plan)
    order = plan.orders.latest("pk")
    charged_beside(plan, order)
    shop.deliver_all()
    order.refresh_from_db()
    assert order.flagged_at
    assert "second charge" in order.flag_reason


def test_two_payments_that_a_look_up_finds_are_told_apart(lin: User, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = begin(lin, course_in_parts(3))
    a_month_passes(plan)
    SandboxFault.objects.plan("payment_intents.create", "timeout_after")
    charging.begin_due()
    monkeypatch.setattr(shop, "deliver_all", lambda: None)
    work_off()
    order = plan.orders.latest("pk")
    charged_beside(plan, order)
    due_again()
    work_off()
    order.refresh_from_db()
    assert order.is_paid
    assert order.flagged_at


def test_after_a_takedown_nothing_is_paid_by_hand(lin: User) -> None:
    plan = begin(lin, course_in_parts(3))
    fresh(plan.course).take_down(by=cast.sam(), rule_code="copyright", reason="stolen")
    with pytest.raises(paying.NothingIsDue):
        paying.pay(plan, by=lin)
    plan.refresh_from_db()
    assert plan.end_reason == "course_gone"
    assert Order.objects.filter(plan=plan).count() == 1


def test_a_paused_plan_ends_with_its_right_or_its_course(lin: User) -> None:
    plan = paused(lin)
    fresh(plan.course).take_down(by=cast.sam(), rule_code="copyright", reason="stolen")
    charge_all()
    plan.refresh_from_db()
    assert (plan.state, plan.end_reason) == ("ended", "course_gone")
    assert not SandboxCustomer.objects.exists()


def test_a_right_that_ended_while_paused_ends_the_plan(lin: User) -> None:
    plan = paused(lin)
    Enrollment.objects.active().of(lin).get().end(Enrollment.EndReason.REFUNDED, by=None)
    charge_all()
    plan.refresh_from_db()
    assert (plan.state, plan.end_reason) == ("ended", "right_ended")


def duplicate(plan: InstalmentPlan, lin: User) -> Order:
    """Part 2 is paid at her page, which was closed, after the card brought it."""
    first = plan.orders.earliest("pk")
    a_month_passes(plan)
    order = paying.pay(plan, by=lin)
    Order.objects.filter(pk=order.pk).update(state="expired")
    charge_all()
    shop.pay(order)
    shop.deliver_all()
    order.refresh_from_db()
    assert order.is_paid
    assert first.pk != order.pk
    return order


def test_money_that_came_twice_goes_back_and_the_plan_goes_on(lin: User) -> None:
    plan = begin(lin, course_in_parts(3))
    order = duplicate(plan, lin)
    dispute = desk.on_charge(order.charge_id, "dispute")
    desk.on_dispute(dispute.pk, "lose")
    shop.deliver_all()
    plan.refresh_from_db()
    assert (plan.state, plan.paid_parts) == ("running", 2)
    assert rights.enrollment_of(lin, plan.course_id) is not None


def test_after_one_part_went_back_with_the_course_it_can_be_bought_again(lin: User) -> None:
    plan = begin(lin, course_in_parts(3))
    take_next(plan)
    refunds.refund(plan.orders.latest("pk"), by=cast.fay(), reason="asked")
    shop.send_refunds()
    assert not Enrollment.objects.active().of(lin).exists()
    assert begin(lin, plan.course).pk != plan.pk
    assert Refund.objects.count() == 1
    assert books_hold()


def test_she_pays_by_hand_though_the_provider_has_lost_her_card(lin: User) -> None:
    plan = paused(lin)
    SandboxCustomer.objects.all().delete()
    shop.pay(paying.pay(plan, by=lin))
    shop.deliver_all()
    plan.refresh_from_db()
    assert (plan.state, plan.paid_parts) == ("running", 2)
    assert SandboxCustomer.objects.filter(pk=plan.customer_id).exists()
    take_next(plan)
    assert plan.state == "done"


def test_without_kept_means_a_try_is_a_clear_no(lin: User) -> None:
    plan = begin(lin, course_in_parts(3))
    plan.forget_means()
    take_next(plan)
    assert plan.failed_tries == 1
    assert InstalmentCharge.objects.get().reason == "no_means"


def test_plans_of_the_other_book_are_left_alone(lin: User, settings: Any) -> None:
    plan = begin(lin, course_in_parts(3))
    a_month_passes(plan)
    settings.PAYMENTS_BOOK = "live" if plan.book == "sandbox" else "sandbox"
    assert charging.begin_due() == 0
    assert not InstalmentPlan.objects.live().exists()
    with pytest.raises(paying.NothingIsDue):
        paying.pay(plan, by=lin)


def test_plans_that_wait_for_their_creator_hold_nobody_up(lin: User) -> None:
    plan = begin(lin, course_in_parts(3))
    a_month_passes(plan)
    type(plan.course.creator).objects.update(suspended_at=clock.now())
    before = clock.now()
    assert charging.begin_due() == 0
    plan.refresh_from_db()
    assert plan.next_at > before + timedelta(hours=23)


def test_a_first_part_of_a_plan_that_has_ended_gives_no_course(lin: User) -> None:
    course = course_in_parts(3)
    order = start(lin, course)
    InstalmentPlan.objects.update(state="ended", ended_at=clock.now(), end_reason="forgotten")
    shop.pay(order)
    shop.deliver_all()
    shop.send_refunds()
    assert not Enrollment.objects.active().of(lin).exists()
    assert oracle.refunds() == oracle.charges()
    assert books_hold()
