"""Parts of a price when many come at once, and when processes die at named places: each part is taken once."""

from contextlib import suppress

import pytest
from django.db import IntegrityError

from accounts.models import User
from marketplace.lib import work
from marketplace.lib.errors import DomainError
from payments import kept_charging, meter
from payments.instalments import charging, paying
from payments.models import InstalmentCharge, InstalmentPlan, MeansRelease
from payments.sandbox import oracle
from payments.sandbox.models import SandboxCustomer
from tests.faults.taken_away import index, lingering, taken_away
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
    right_of,
    take_next,
    work_off,
)

INDEXES = (index("one_open_order_a_plan"), index("one_open_order_a_basket"))
pytestmark = pytest.mark.django_db(transaction=True)


def due_plan(lin: User, months: int = 3) -> InstalmentPlan:
    plan = begin(lin, course_in_parts(months))
    a_month_passes(plan)
    return plan


def carry_out_first() -> None:
    work.run(InstalmentCharge, InstalmentCharge.objects.values_list("pk", flat=True)[0], charging.carry_out)


class TestAtOnce:
    def test_chargers_begin_one_try(self, lin: User) -> None:
        plan = due_plan(lin)
        began = at_once(lambda _n: charging.begin_due(), 4)
        assert sum(began) == 1
        work_off()
        plan.refresh_from_db()
        assert plan.paid_parts == 2
        assert len(oracle.charges()) == 2
        assert books_hold()

    def test_workers_ask_once(self, lin: User) -> None:
        due_plan(lin)
        charging.begin_due()
        at_once(lambda _n: carry_out_first(), 4)
        shop.deliver_all()
        assert sorted(oracle.charges().values()) == [3333, 3334]
        assert books_hold()

    @pytest.mark.parametrize("rest", [False, True])
    def test_a_buyer_at_her_page_and_the_charger_never_take_one_part_twice(self, lin: User, rest: bool) -> None:
        plan = due_plan(lin)

        def act(n: int) -> object:
            if n % 2:
                return charging.begin_due()
            return paying.pay(plan, by=lin, rest=rest)

        answers = at_once(act, 4)
        assert plan.orders.filter(state="pending").count() == 1
        order = plan.orders.get(state="pending")
        if order.checkout_session_id:
            shop.pay(order)
        else:
            assert any(isinstance(answer, paying.BeingCharged) for answer in answers)
        work_off()
        shop.deliver_all()
        plan.refresh_from_db()
        assert plan.paid_parts in (2, 3)
        assert sum(oracle.charges().values()) == plan.paid.minor
        assert books_hold()

    def test_without_the_lock_they_meet_at_the_index(self, lin: User) -> None:
        plan = due_plan(lin)
        with suppress(IntegrityError):  # unless they came one after the other
            at_once(lambda _n: charging.begin(plan.pk), 2, without_locks=True)
        assert plan.orders.filter(state="pending").count() == 1
        work_off()
        assert len(oracle.charges()) == 2

    def test_the_control_without_lock_and_index_a_part_is_taken_twice(self, lin: User) -> None:
        plan = due_plan(lin)
        with taken_away(*INDEXES, lingering("payments_instalmentcharge")):
            at_once(lambda _n: charging.begin(plan.pk), 2, without_locks=True)
            assert plan.orders.filter(state="pending").count() == 2
            work_off()
            assert sorted(oracle.charges().values()) == [3333, 3333, 3334]

    def test_the_control_with_the_lock_the_lingering_harms_nothing(self, lin: User) -> None:
        plan = due_plan(lin)
        with taken_away(*INDEXES, lingering("payments_instalmentcharge")):
            assert sum(at_once(lambda _n: charging.begin(plan.pk), 2)) == 1
            assert plan.orders.filter(state="pending").count() == 1

    def test_giving_back_while_a_part_is_charged_ends_with_all_money_back(self, lin: User) -> None:
        plan = begin(lin, course_in_parts(3))
        item = plan.orders.get().items.get()
        order = paying.pay(plan, by=lin)
        shop.pay(order)

        def act(n: int) -> object:
            if n:
                shop.deliver_all()
                return None
            try:
                return meter.take_back(item, by=lin, expected=item.price)
            except DomainError as refusal:
                return refusal

        [answer, _none] = at_once(act, 2)
        if isinstance(answer, DomainError):
            assert isinstance(answer, meter.MeterMoved)
            meter.take_back(item, by=lin, expected=meter.of(item).offer.amount)
        shop.deliver_all()
        shop.send_refunds()
        assert oracle.refunds() == oracle.charges()
        assert right_of(lin).ended_at
        assert books_hold()


class TestKilled:
    def test_before_the_try_is_written(self, lin: User) -> None:
        due_plan(lin)
        assert dies_at("instalment.before_begin_commit", charging.begin_due)
        assert not InstalmentCharge.objects.exists()
        charge_all()
        assert len(oracle.charges()) == 2
        assert books_hold()

    @pytest.mark.parametrize(
        "place",
        ["kept_charge.before_call", "kept_charge.after_call", "checkout.before_commit", "kept_charge.after_taken"],
    )
    def test_while_it_is_taken(self, lin: User, place: str) -> None:
        plan = due_plan(lin)
        charging.begin_due()
        assert dies_at(place, carry_out_first)
        charging.begin_due()
        due_again()
        work_off()
        plan.refresh_from_db()
        assert plan.paid_parts == 2
        assert sorted(oracle.charges().values()) == [3333, 3334]
        assert InstalmentCharge.objects.get().state == "paid"
        assert books_hold()

    def test_while_a_no_is_written_down(self, lin: User) -> None:
        plan = due_plan(lin)
        banks_answer("card_declined")
        charging.begin_due()
        assert dies_at("kept_charge.before_fail_commit", carry_out_first)
        due_again()
        work_off()
        plan.refresh_from_db()
        assert plan.failed_tries == 1
        assert len(oracle.charges()) == 1
        assert books_hold()

    def test_without_looking_up_first_a_lost_answer_would_take_the_part_twice(
        self, lin: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The negative control of the look-up: a provider that has forgotten our key takes it again."""
        due_plan(lin)
        charging.begin_due()
        assert dies_at("kept_charge.after_call", carry_out_first)
        forget_keys()
        due_again()
        monkeypatch.setattr(kept_charging, "found_of", lambda order: [])
        work_off()
        assert sorted(oracle.charges().values()) == [3333, 3333, 3334]

    def test_with_the_look_up_it_is_taken_once_even_so(self, lin: User) -> None:
        due_plan(lin)
        charging.begin_due()
        assert dies_at("kept_charge.after_call", carry_out_first)
        forget_keys()
        due_again()
        work_off()
        assert sorted(oracle.charges().values()) == [3333, 3334]
        assert books_hold()


def forget_keys() -> None:
    from payments.sandbox.models import SandboxKey

    SandboxKey.objects.all().delete()


def test_the_means_are_forgotten_once_and_for_good(lin: User) -> None:
    plan = begin(lin, course_in_parts(2))
    take_next(plan)
    assert not SandboxCustomer.objects.exists()
    MeansRelease.objects.update(finished_at=None)
    due_again()
    work_off()
    assert not MeansRelease.open_work().exists()
