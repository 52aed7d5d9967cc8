"""A price in parts: what falls into which part, and how a plan goes from its first part to its end."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.utils import DatabaseError
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from accounts.privacy import deleting
from learners import rights
from learners.models import Enrollment
from learners.models.enrollment import AlreadyEnrolled
from marketplace.lib import clock
from marketplace.lib.emails import Mail
from marketplace.lib.errors import NotAllowed
from marketplace.lib.money import CURRENCIES, Money
from payments import ledger, meter, privacy, refunds
from payments.disputes import prefilled
from payments.instalments import charging, paying, plans, schedule
from payments.instalments.plans import NotInParts
from payments.models import (
    Billing,
    Dispute,
    InstalmentCharge,
    InstalmentOffer,
    InstalmentPlan,
    Order,
    Refund,
    RevenueRule,
)
from payments.quotes import Line, quote
from payments.sandbox import desk, oracle
from payments.sandbox.models import SandboxCustomer, SandboxFault
from tests import cast
from tests.payments import shop
from tests.payments.books import BOOK
from tests.payments.held import books_hold
from tests.payments.in_parts import (
    PRICE,
    a_month_passes,
    banks_answer,
    begin,
    charge_all,
    course_in_parts,
    due_again,
    fresh,
    right_of,
    start,
    take_next,
    work_off,
)  # fmt: skip
from tests.payments.test_coupons import coupon_of
from tests.payments.test_tax import GERMAN, table

__all__ = ["table"]


def usd(minor: int) -> Money:
    return Money(minor, "USD")


class TestTheParts:
    def test_the_odd_cent_goes_first(self) -> None:
        assert [part.minor for part in schedule.amounts(usd(10_000), 3)] == [3334, 3333, 3333]
        assert [part.minor for part in schedule.amounts(usd(10_001), 3)] == [3334, 3334, 3333]
        assert [part.minor for part in schedule.amounts(Money(10_000, "JPY"), 6)] == [1667] * 4 + [1666] * 2
        assert [part.minor for part in schedule.amounts(Money(20_000, "KWD"), 3)] == [6670, 6670, 6660]
        assert [part.minor for part in schedule.amounts(Money(150_100, "TWD"), 2)] == [75_100, 75_000]

    @given(st.sampled_from(sorted(CURRENCIES)), st.data())
    def test_sum_exactly_can_each_be_charged_and_differ_by_one_step(self, currency: str, data: st.DataObject) -> None:
        known, least = CURRENCIES[currency], schedule.least_price(currency)
        steps = st.integers(least.minor // known.charge_multiple, known.max_charge // known.charge_multiple)
        total, count = Money(data.draw(steps) * known.charge_multiple, currency), data.draw(st.integers(2, 6))
        parts = schedule.amounts(total, count)
        assert Money.total(parts, currency) == total
        assert all(part.minor % known.charge_multiple == 0 and part.minor >= known.min_charge for part in parts)
        assert parts == sorted(parts, reverse=True)
        assert parts[0].minor - parts[-1].minor <= known.charge_multiple

    def test_are_due_on_the_same_day_of_each_month(self) -> None:
        assert schedule.days(date(2026, 10, 31), 5) == [
            date(2026, 10, 31), date(2026, 11, 30), date(2026, 12, 31), date(2027, 1, 31), date(2027, 2, 28)
        ]  # fmt: skip

    @given(st.sampled_from(["USD", "JPY", "KWD"]), st.booleans(), st.data())
    def test_every_partys_cents_are_those_of_the_whole_sale(
        self, currency: str, inclusive: bool, data: st.DataObject
    ) -> None:
        known, least = CURRENCIES[currency], schedule.least_price(currency)
        draw, bps = data.draw, st.integers(0, 10_000)
        price = Money(draw(st.integers(least.minor // known.charge_multiple, 90_000)) * known.charge_multiple, currency)
        line = Line(
            1, 1, price, Money.zero(currency), platform_bps=draw(bps), fixed_minor=draw(st.integers(0, 99)),
            affiliate_id=draw(st.sampled_from([None, 2])), affiliate_bps=draw(bps), coauthors=((3, draw(bps)),),
            tax_bps=draw(st.integers(0, 3_000)), is_tax_inclusive=inclusive,
        )  # fmt: skip
        whole, count = quote(line), draw(st.integers(2, 6))
        parts = schedule.amounts(whole.price, count)
        some = [schedule.of(whole, parts, n, n, is_tax_inclusive=inclusive) for n in range(1, count + 1)]
        cut = draw(st.integers(2, count))
        rest = [*some[: cut - 1], schedule.of(whole, parts, cut, count, is_tax_inclusive=inclusive)]
        for quoted in (some, rest):
            for name in ("list", "net", "tax", "price"):
                assert sum(getattr(one, name).minor for one in quoted) == getattr(whole, name).minor
            for n, share in enumerate(whole.shares):
                assert sum(one.shares[n].amount.minor for one in quoted) == share.amount.minor
            for one in quoted:
                assert one.price.minor == one.net.minor + one.tax.minor
                assert sum(share.amount.minor for share in one.shares) == one.net.minor
                assert min(share.amount.minor for share in one.shares) >= 0


@pytest.mark.django_db
class TestTheOffer:
    def test_is_off_until_the_creator_says_so_and_each_choice_is_a_row(self) -> None:
        course = course_in_parts(3)
        ada = course.creator.user
        assert plans.months_of(course) == 3
        assert not InstalmentOffer.objects.choose(course, 3, by=ada)
        assert InstalmentOffer.objects.choose(course, 0, by=ada)
        assert plans.months_of(course) == 0
        assert [(row.months, row.chosen_by) for row in InstalmentOffer.objects.order_by("pk")] == [(3, ada), (0, ada)]
        with pytest.raises(DatabaseError), transaction.atomic():
            InstalmentOffer.objects.update(months=2)

    def test_is_the_creators_alone_and_of_two_to_six(self) -> None:
        course = course_in_parts(2)
        with pytest.raises(NotAllowed):
            InstalmentOffer.objects.choose(course, 3, by=cast.cole())
        for months in (1, 7):
            with pytest.raises(NotInParts):
                InstalmentOffer.objects.choose(course, months, by=course.creator.user)

    def test_does_not_count_below_the_least_price_or_where_the_price_is_named(self) -> None:
        course = course_in_parts(2, price=usd(4999))
        assert plans.months_of(course) == 0
        course.set_price(usd(5000), by=course.creator.user)
        assert plans.months_of(fresh(course)) == 2
        course.set_price(usd(5000), by=course.creator.user, suggested=usd(6000))
        assert plans.months_of(fresh(course)) == 0

    def test_a_code_goes_with_the_whole_price_alone(self, lin: User) -> None:
        course = course_in_parts(2)
        coupon_of(course.creator.user, code="HALF")
        with pytest.raises(NotInParts):
            start(lin, course, coupon_code="HALF")
        assert not Order.objects.exists()


@pytest.mark.django_db
class TestThePlan:
    def test_goes_from_the_first_part_to_the_last(self, lin: User) -> None:
        plan = begin(lin, course_in_parts(3))
        assert (plan.state, plan.paid_parts, plan.paid, plan.open) == ("running", 1, usd(3334), usd(6666))
        assert rights.enrollment_of(lin, plan.course_id) is not None
        for paid in (2, 3):
            take_next(plan)
            assert plan.paid_parts == paid
        assert (plan.state, plan.open, plan.customer_id) == ("done", usd(0), "")
        assert not SandboxCustomer.objects.exists(), "the provider has forgotten the card"
        assert sorted(oracle.charges().values()) == [3333, 3333, 3334]
        orders = Order.objects.filter(buyer=lin).order_by("pk")
        assert [order.items.get().title[-5:] for order in orders] == ["(1/3)", "(2/3)", "(3/3)"]
        assert len({order.invoice_number for order in orders}) == 3
        assert Enrollment.objects.of(lin).count() == 1
        assert books_hold()

    def test_shares_of_all_parts_are_those_of_the_whole_price(self, lin: User) -> None:
        course = course_in_parts(6, price=usd(9_999))
        whole = quote(_line_of(course))
        plan = begin(lin, course)
        for _part in range(5):
            take_next(plan)
        owned = ledger.balances_of(course.creator_id, BOOK)
        assert sum(amount.minor for amount in owned.values()) == whole.shares[-1].amount.minor
        assert books_hold()

    def test_is_of_the_price_and_the_rule_of_its_day(self, lin: User) -> None:
        course = course_in_parts(2)
        plan = begin(lin, course)
        course.set_price(usd(90_000), by=course.creator.user)
        take_next(plan)
        assert plan.state == "done"
        assert plan.paid == PRICE

    def test_asked_for_twice_it_is_one_plan_and_one_order(self, lin: User) -> None:
        course = course_in_parts(2)
        assert start(lin, course) == start(lin, course)
        assert InstalmentPlan.objects.count() == 1

    def test_what_was_agreed_cannot_be_changed(self, lin: User) -> None:
        plan = begin(lin, course_in_parts(2))
        for changed in ({"total_minor": 1}, {"amounts_minor": [1, 2]}, {"terms": {}}):
            with pytest.raises(DatabaseError), transaction.atomic():
                InstalmentPlan.objects.filter(pk=plan.pk).update(**changed)
        with pytest.raises(DatabaseError), transaction.atomic():
            plan.orders.update(part=2, part_to=2)
        with pytest.raises(IntegrityError), transaction.atomic():
            InstalmentPlan.objects.filter(pk=plan.pk).update(paid_parts=2)

    def test_shows_nowhere_before_its_first_part_is_paid(self, lin: User) -> None:
        start(lin, course_in_parts(2))
        assert not InstalmentPlan.objects.of(lin).exists()
        assert not Enrollment.objects.of(lin).exists()

    def test_who_changes_her_mind_pays_all_at_once(self, lin: User) -> None:
        course = course_in_parts(2)
        part = start(lin, course)
        whole = shop.start(lin, [fresh(course)])
        part.refresh_from_db()
        assert part.state == "expired"
        shop.pay(whole)
        shop.deliver_all()
        with pytest.raises(AlreadyEnrolled):
            start(lin, course)

    @pytest.mark.parametrize(("currency", "price"), [("JPY", 10_000), ("KWD", 20_000)])
    def test_other_currencies(self, lin: User, currency: str, price: int) -> None:
        plan = begin(lin, course_in_parts(3, price=Money(price, currency)))
        take_next(plan)
        take_next(plan)
        assert plan.state == "done"
        assert plan.paid == Money(price, currency)
        assert books_hold()

    def test_every_invoice_is_made_out_to_whom_the_first_one_is(self, lin: User) -> None:
        plan = begin(lin, course_in_parts(2), billing=Billing(company="Kilns Ltd"))
        take_next(plan)
        assert [order.billed_to.company for order in plan.orders.order_by("pk")] == ["Kilns Ltd"] * 2

    def test_tax_is_that_of_the_whole_price_part_by_part(self, lin: User, table: None) -> None:
        plan = begin(lin, course_in_parts(3), billing=GERMAN)
        take_next(plan)
        take_next(plan)
        taxes = [order.tax_minor for order in Order.objects.order_by("pk")]
        assert sum(taxes) == plan.whole().tax.minor > 0
        assert max(taxes) - min(taxes) <= 2
        assert books_hold()


def _line_of(course) -> Line:
    rule = RevenueRule.objects.in_force("organic", at=clock.now())
    return Line(
        course.pk, course.creator_id, course.price, Money.zero(course.currency), platform_bps=rule.platform_bps,
        fixed_minor=rule.fixed_minor,
    )  # fmt: skip


@pytest.mark.django_db
class TestAPartThatDoesNotCome:
    @pytest.mark.parametrize("answer", ["card_declined", "authentication_required"])
    def test_is_tried_three_times_then_the_right_pauses(self, lin: User, answer: str) -> None:
        plan = begin(lin, course_in_parts(3))
        banks_answer(answer)
        lesson = plan.course.live_lessons().last()
        for tries in (1, 2):
            take_next(plan)
            assert (plan.state, plan.failed_tries) == ("running", tries)
            assert rights.may_watch(lin, lesson)
        take_next(plan)
        assert (plan.state, plan.next_at) == ("paused", None)
        assert plan.pauses.get().part == 2
        assert not rights.may_watch(lin, lesson)
        assert right_of(lin).is_active, "paused, not ended"
        assert list(InstalmentCharge.objects.values_list("reason", flat=True)) == [answer] * 3
        keys = Mail.objects.filter(key__startswith="instalment-failed").order_by("pk")
        assert [mail.text.count("three") + mail.subject.count("paused") for mail in keys] == [0, 0, 1]
        charge_all()
        assert len(oracle.charges()) == 1
        assert books_hold()

    def test_is_paid_by_hand_with_another_card_and_all_comes_back_at_once(self, lin: User) -> None:
        plan = _paused(lin)
        order = paying.pay(plan, by=lin)
        shop.pay(order)
        shop.deliver_all()
        plan.refresh_from_db()
        assert (plan.state, plan.paid_parts, plan.failed_tries) == ("running", 2, 0)
        assert rights.may_watch(lin, plan.course.live_lessons().last())
        assert plan.pauses.get().lifted_at
        take_next(plan)
        assert plan.state == "done", "the new card is used from then on"
        assert books_hold()

    def test_no_two_parts_are_taken_within_a_week(self, lin: User) -> None:
        plan = _paused(lin)
        clock.advance(timedelta(days=90))
        shop.pay(paying.pay(plan, by=lin))
        shop.deliver_all()
        plan.refresh_from_db()
        charge_all()
        plan.refresh_from_db()
        assert plan.paid_parts == 2
        take_next(plan)
        assert plan.paid_parts == 2, "nobody had told her of the day, which is late"
        take_next(plan)
        assert plan.paid_parts == 3

    def test_all_the_rest_may_be_paid_early_in_one(self, lin: User) -> None:
        course = course_in_parts(6, price=usd(9_999))
        plan = begin(lin, course)
        order = paying.pay(plan, by=lin, rest=True)
        assert (order.part, order.part_to, order.total) == (2, 6, usd(9_999 - 1_667))
        assert order.items.get().title.endswith("(2–6/6)")
        shop.pay(order)
        shop.deliver_all()
        work_off()
        plan.refresh_from_db()
        assert plan.state == "done"
        assert books_hold()

    def test_who_begins_to_pay_one_part_may_still_pay_all(self, lin: User) -> None:
        plan = begin(lin, course_in_parts(3))
        one = paying.pay(plan, by=lin)
        assert paying.pay(plan, by=lin) == one
        rest = paying.pay(plan, by=lin, rest=True)
        one.refresh_from_db()
        assert (one.state, rest.part_to) == ("expired", 3)

    def test_nobody_else_pays_it_and_nothing_is_paid_when_nothing_is_open(self, lin: User) -> None:
        plan = begin(lin, course_in_parts(2))
        with pytest.raises(NotAllowed):
            paying.pay(plan, by=cast.cole())
        take_next(plan)
        with pytest.raises(paying.NothingIsDue):
            paying.pay(plan, by=lin)


def _paused(buyer: User, months: int = 3) -> InstalmentPlan:
    plan = begin(buyer, course_in_parts(months))
    banks_answer("card_declined")
    for _try in range(3):
        take_next(plan)
    assert plan.is_paused
    return plan


@pytest.mark.django_db
class TestAnUnknownOutcome:
    @pytest.mark.parametrize("mode", ["timeout_before", "timeout_after", "500_after", "broken_after", "409", "429"])
    def test_is_looked_up_and_taken_once(self, lin: User, mode: str) -> None:
        plan = begin(lin, course_in_parts(2))
        a_month_passes(plan)
        SandboxFault.objects.plan("payment_intents.create", mode)
        charge_all()
        for _again in range(2):
            due_again()
            charge_all()
        plan.refresh_from_db()
        assert plan.state == "done"
        assert sorted(oracle.charges().values()) == [5000, 5000]
        assert books_hold()

    def test_a_500_that_is_kept_is_tried_under_another_key_once_nothing_is_found(self, lin: User) -> None:
        plan = begin(lin, course_in_parts(2))
        a_month_passes(plan)
        SandboxFault.objects.plan("payment_intents.create", "500")
        charge_all()
        clock.advance(timedelta(hours=2))
        due_again()
        charge_all()
        plan.refresh_from_db()
        assert plan.state == "done"
        assert len(oracle.charges()) == 2

    def test_a_decline_whose_answer_was_lost_is_found(self, lin: User) -> None:
        plan = begin(lin, course_in_parts(2))
        banks_answer("card_declined")
        a_month_passes(plan)
        SandboxFault.objects.plan("payment_intents.create", "timeout_after")
        charge_all()
        assert plan.orders.filter(state="pending").exists(), "unknown stays unknown"
        with pytest.raises(paying.BeingCharged):
            paying.pay(plan, by=lin)
        due_again()
        work_off()
        plan.refresh_from_db()
        assert (plan.failed_tries, plan.orders.filter(state="pending").count()) == (1, 0)
        assert InstalmentCharge.objects.get().reason == "card_declined"

    def test_what_we_asked_wrongly_closes_nobodys_lessons(self, lin: User) -> None:
        plan = begin(lin, course_in_parts(2))
        a_month_passes(plan)
        SandboxFault.objects.plan("payment_intents.create", "400", times=20)
        charge_all()
        for _again in range(12):
            due_again()
            charge_all()
        plan.refresh_from_db()
        assert (plan.state, plan.failed_tries) == ("running", 0)
        assert InstalmentCharge.objects.get().dead_at, "finance finds it among stuck work"

    def test_a_card_that_the_provider_does_not_know_any_more_is_a_part_that_does_not_come(self, lin: User) -> None:
        plan = begin(lin, course_in_parts(2))
        SandboxCustomer.objects.update(method_id="pm_gone")
        take_next(plan)
        assert plan.failed_tries == 1

    def test_no_sweeper_ends_an_order_of_which_nothing_is_known(self, lin: User) -> None:
        plan = begin(lin, course_in_parts(2))
        a_month_passes(plan)
        SandboxFault.objects.plan("payment_intents.create", "timeout_before", times=9)
        charge_all()
        clock.advance(timedelta(days=2))
        shop.sweep_orders()
        assert plan.orders.filter(state="pending").count() == 1

    def test_the_event_alone_brings_it_in(self, lin: User) -> None:
        plan = begin(lin, course_in_parts(2))
        a_month_passes(plan)
        SandboxFault.objects.plan("payment_intents.create", "timeout_after")
        charge_all()
        plan.refresh_from_db()
        assert plan.state == "done"
        due_again()
        work_off()
        assert InstalmentCharge.objects.get().state == "paid"
        assert books_hold()

    @pytest.mark.parametrize("seed", range(3))
    def test_events_again_and_in_any_order_change_nothing(self, lin: User, seed: int) -> None:
        plan = begin(lin, course_in_parts(3))
        take_next(plan)
        take_next(plan)
        before = shop.state_of_everything()
        shop.deliver_all(times=2, seed=seed)
        assert shop.state_of_everything() == before


@pytest.mark.django_db
class TestGivingBack:
    def test_what_was_paid_so_far_comes_back_and_the_open_parts_are_canceled(self, lin: User) -> None:
        plan = begin(lin, course_in_parts(3))
        item = plan.orders.get().items.get()
        shown = meter.of(item)
        assert (shown.offer.amount, shown.price) == (usd(3334), usd(3334))
        meter.take_back(item, by=lin, expected=usd(3334))
        plan.refresh_from_db()
        assert (plan.state, plan.end_reason, plan.open) == ("ended", "refunded", usd(0))
        assert rights.enrollment_of(lin, plan.course_id) is None
        shop.send_refunds()
        work_off()
        a_while()
        charge_all()
        assert list(oracle.charges().values()) == list(oracle.refunds().values()) == [3334]
        assert books_hold()

    def test_of_two_parts_each_gives_its_own_and_the_days_count_from_the_first(self, lin: User) -> None:
        plan = begin(lin, course_in_parts(3))
        shop.pay(paying.pay(plan, by=lin))
        shop.deliver_all()
        first, second = (order.items.get() for order in plan.orders.order_by("pk"))
        assert meter.of(second).offer.amount == usd(6667)
        meter.take_back(second, by=lin, expected=usd(6667))
        shop.send_refunds()
        assert sorted(Refund.objects.values_list("amount_minor", "state")) == [(3333, "done"), (3334, "done")]
        assert not Enrollment.objects.active().of(lin).exists()
        assert books_hold()
        clock.advance(timedelta(days=40))
        assert meter.of(first).offer.amount == usd(0)

    def test_after_the_window_of_the_first_nothing_of_the_second_comes_back(self, lin: User) -> None:
        plan = begin(lin, course_in_parts(3))
        take_next(plan)
        second = plan.orders.latest("pk").items.get()
        clock.advance(timedelta(days=2))
        with pytest.raises(meter.NothingOffered):
            meter.take_back(second, by=lin, expected=usd(6667))

    def test_money_that_comes_after_the_end_goes_back_by_itself(self, lin: User) -> None:
        plan = begin(lin, course_in_parts(3))
        order = paying.pay(plan, by=lin)
        item = plan.orders.earliest("pk").items.get()
        meter.take_back(item, by=lin, expected=usd(3334))
        shop.pay(order)
        shop.deliver_all()
        shop.send_refunds()
        assert oracle.refunds() == oracle.charges()
        assert not Enrollment.objects.active().of(lin).exists()
        assert books_hold()

    def test_a_try_that_was_not_sent_yet_is_not_sent_after_the_end(self, lin: User) -> None:
        plan = begin(lin, course_in_parts(3))
        a_month_passes(plan)
        assert charging.begin_due() == 1
        refunds.refund(plan.orders.earliest("pk"), by=cast.fay(), reason="asked")
        work_off()
        assert len(oracle.charges()) == 1
        assert InstalmentCharge.objects.get().reason == "ended"

    def test_the_card_is_forgotten_only_once_no_payment_is_unknown(self, lin: User) -> None:
        plan = begin(lin, course_in_parts(3))
        a_month_passes(plan)
        SandboxFault.objects.plan("payment_intents.create", "timeout_before", times=2)
        charging.begin_due()
        work_off()
        refunds.refund(plan.orders.earliest("pk"), by=cast.fay(), reason="asked")
        work_off()
        assert SandboxCustomer.objects.exists()
        for _again in range(2):
            due_again()
            work_off()
        assert not SandboxCustomer.objects.exists()
        assert len(oracle.charges()) == 1

    def test_finance_gives_one_part_back_and_the_right_ends_with_it(self, lin: User) -> None:
        plan = begin(lin, course_in_parts(3))
        take_next(plan)
        refunds.refund(plan.orders.latest("pk"), by=cast.fay(), reason="asked")
        shop.send_refunds()
        plan.refresh_from_db()
        assert plan.state == "ended"
        assert not Enrollment.objects.active().of(lin).exists()
        refunds.refund(plan.orders.earliest("pk"), by=cast.fay(), reason="asked")
        shop.send_refunds()
        assert books_hold()
        assert begin(lin, plan.course).pk != plan.pk, "she may buy it again"

    def test_a_goodwill_part_leaves_the_plan_running(self, lin: User) -> None:
        plan = begin(lin, course_in_parts(3))
        item = plan.orders.get().items.get()
        refunds.refund(item, by=cast.fay(), reason="kind", amount=usd(500), ends_access=False)
        shop.send_refunds()
        take_next(plan)
        assert (plan.state, plan.paid_parts) == ("running", 2)
        assert books_hold()

    def test_a_dispute_of_one_part_stops_the_plan_until_the_bank_has_decided(self, lin: User) -> None:
        plan = begin(lin, course_in_parts(3))
        a_month_passes(plan)
        dispute = desk.on_charge(plan.orders.get().charge_id, "dispute")
        shop.deliver_all()
        charge_all()
        plan.refresh_from_db()
        assert plan.paid_parts == 1
        desk.on_dispute(dispute.pk, "win")
        shop.deliver_all()
        charge_all()
        plan.refresh_from_db()
        assert plan.paid_parts == 2
        assert books_hold()

    def test_the_answer_to_a_bank_tells_what_was_agreed(self, lin: User) -> None:
        plan = begin(lin, course_in_parts(3))
        take_next(plan)
        desk.on_charge(plan.orders.latest("pk").charge_id, "dispute")
        shop.deliver_all()
        told = " ".join(prefilled.draft(Dispute.objects.get()).values())
        assert "agreed to, a plan of 3 parts: $33.34 on" in told
        assert "with the card that it agreed to keep" in told
        assert "Access to" in told

    def test_a_lost_dispute_ends_it(self, lin: User) -> None:
        plan = begin(lin, course_in_parts(3))
        dispute = desk.on_charge(plan.orders.get().charge_id, "dispute")
        desk.on_dispute(dispute.pk, "lose")
        shop.deliver_all()
        plan.refresh_from_db()
        assert (plan.state, plan.end_reason) == ("ended", "disputed")
        assert not Enrollment.objects.active().of(lin).exists()
        assert books_hold()

    def test_a_course_that_is_taken_down_takes_nothing_more(self, lin: User) -> None:
        plan = begin(lin, course_in_parts(3))
        fresh(plan.course).take_down(by=cast.sam(), rule_code="copyright", reason="stolen")
        take_next(plan)
        assert (plan.state, plan.end_reason) == ("ended", "course_gone")
        assert Mail.objects.filter(key__startswith="instalments-ended").exists()
        assert len(oracle.charges()) == 1

    def test_a_deleted_account_owes_nothing_more_and_its_card_is_forgotten(self, lin: User) -> None:
        plan = begin(lin, course_in_parts(3))
        told = privacy.tell(lin).tables["instalment_plans"]
        assert [row["paid_parts"] for row in told] == [1]
        deleting.delete(lin)
        work_off()
        plan.refresh_from_db()
        assert (plan.state, plan.end_reason, plan.customer_id) == ("ended", "forgotten", "")
        assert not SandboxCustomer.objects.exists()
        a_while()
        charge_all()
        assert len(oracle.charges()) == 1


def a_while() -> None:
    clock.advance(timedelta(days=70))
