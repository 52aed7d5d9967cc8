"""Random lives of money through the real functions and the sandbox, against the model: the same after every step.

A short profile runs with all tests; the whole one (2,000 lives of 50 steps) by
`KEZHAN_LIVES=2000 KEZHAN_LIFE_STEPS=50 bin/test tests/payments/test_money_machine.py`, as `.ci/nightly` does. Many
lives are lived in seasons, so that each core has some.
"""

import os
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from hypothesis import HealthCheck, Phase, seed
from hypothesis import settings as profile
from hypothesis import strategies as st
from hypothesis.stateful import initialize, multiple, rule, run_state_machine_as_test

from marketplace.lib import clock, work
from marketplace.lib.money import CURRENCIES, Money, from_provider_amount
from payments import bookings, disputes, payouts, quotes, refunds, releases, transfers
from payments.models import Dispute, Order, OrderItem, Payout, PayoutRun, Refund
from payments.sandbox import desk
from payments.sandbox.models import SandboxDispute, SandboxFault, SandboxPayment, SandboxTransaction
from tests.faults import rows
from tests.payments.life import MONEY, sales
from tests.payments.life_of_coupons import LifeOfCoupons
from tests.payments.life_of_reversals import LifeOfReversals
from tests.payments.life_of_tax import LifeOfTax
from tests.payments.money_model import Sale, spread

LIVES = int(os.environ.get("KEZHAN_LIVES", "6"))
STEPS = int(os.environ.get("KEZHAN_LIFE_STEPS", "18"))
SEASON = 100
SEASONS = [min(SEASON, LIVES - before) for before in range(0, LIVES, SEASON)]

bearers = st.sampled_from(["", quotes.BY_CREATOR, quotes.BY_PLATFORM])
bps = st.sampled_from([0, 1, 300, 1_000, 2_500, 3_333, 9_999])
taxes = st.sampled_from([0, 0, 700, 1_900, 2_550])


class Lives(LifeOfCoupons, LifeOfReversals, LifeOfTax):
    """Sales of every kind, refunds, disputes, releases and payouts; coupons, reversals and taxes by inheritance."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: set[str] = set()  # movements of disputes that the model has taken in
        self.waiting_run: PayoutRun | None = None

    @initialize(money=st.sampled_from(MONEY), has_a_past=st.booleans())
    def begin(self, money: str, *, has_a_past: bool) -> None:
        """Half of the lives begin where somebody was paid already: steps are few, and that takes four of them."""
        if has_a_past:
            for n in (0, 1):
                self.sell(money, n, 10**4, 0, "", 1_000 * n, 0, 0, inclusive=True, two=False)
            self.wait(settings.KEZHAN_HOLD_DAYS + 1)
            self.pay_out("")

    @rule(
        target=sales, money=st.sampled_from(MONEY), n=st.integers(0, 2), steps=st.integers(1, 10**6),
        off=st.integers(0, 9),
        bearer=bearers, affiliate_bps=bps, coauthor_bps=bps, tax_bps=taxes, inclusive=st.booleans(),
        two=st.booleans(),
    )  # fmt: skip
    def sell(
        self, money: str, n: int, steps: int, off: int, bearer: str, affiliate_bps: int, coauthor_bps: int,
        tax_bps: int, *, inclusive: bool, two: bool,
    ) -> Any:  # fmt: skip
        """One order of one course or two, with a coupon, a promoter, a co-author, tax or none of them."""
        step = CURRENCIES[money].charge_multiple
        shown = steps * step
        discount = shown * off // 10 // step * step if bearer else 0
        affiliate_bps = min(affiliate_bps, 10_000 - self.organic.platform_bps)  # no rule gives more
        rule_id = self.rule_of(self.organic.platform_bps, affiliate_bps)
        owners = [self.creators[n], self.creators[(n + 1) % 3]][: 1 + two]
        lines = [
            quotes.Line(
                course_id=self.courses[owner.pk, money].pk, creator_id=owner.pk, list=Money(shown, money),
                discount=Money(discount, money), bearer=bearer if discount else "",
                platform_bps=self.organic.platform_bps, affiliate_bps=affiliate_bps,
                affiliate_id=self.creators[(n + 2) % 3].pk if affiliate_bps else None,
                coauthors=((self.creators[(n + 2) % 3].pk, coauthor_bps),) if coauthor_bps else (),
                tax_bps=tax_bps, is_tax_inclusive=inclusive, rule_id=rule_id,
            )
            for owner in owners
        ]  # fmt: skip
        order = Order.objects.place(buyer=self.lin, quote=self.quoted(lines), language="en")
        return multiple(*self.sold(order, lines))

    @rule(
        target=sales, money=st.sampled_from(MONEY), n=st.integers(0, 2), steps=st.integers(1, 10**4),
        coauthor_bps=bps, tax_bps=taxes, inclusive=st.booleans(),
    )  # fmt: skip
    def tip(self, money: str, n: int, steps: int, coauthor_bps: int, tax_bps: int, *, inclusive: bool) -> Any:
        """Somebody gives a creator, and perhaps her co-author, a tip. What happens to it afterwards is as of a sale."""
        owner, other = self.creators[n], self.creators[(n + 1) % 3]
        line = quotes.Line(
            course_id=self.courses[owner.pk, money].pk, creator_id=owner.pk,
            list=Money(steps * CURRENCIES[money].charge_multiple, money), discount=Money.zero(money),
            platform_bps=self.tips.platform_bps, coauthors=((other.pk, coauthor_bps),) if coauthor_bps else (),
            tax_bps=tax_bps, is_tax_inclusive=inclusive, rule_id=self.tips.pk, is_tip=True,
        )  # fmt: skip
        order = Order.objects.place(buyer=self.lin, quote=self.quoted([line]), language="en")
        return multiple(*self.sold(order, [line]))

    @rule(pk=sales, tenths=st.integers(1, 10), ends=st.booleans())
    def give_back(self, pk: int, tenths: int, *, ends: bool) -> None:
        """A part of what is left, or all of it; asked for, sent, settled, booked."""
        item = OrderItem.objects.select_related("order").get(pk=pk)
        step = CURRENCIES[item.order.currency].charge_multiple
        amount = item.left.minor * tenths // 10 // step * step
        if not amount or item.order.disputes.filter(closed_at=None).exists():
            return
        ends = ends and item.refunded_at is None  # a right ends once; money may follow later
        refund = Refund.objects.ask(
            item.order, [(item, amount)], by=self.fay, reason="asked", cause=Refund.Cause.GOODWILL, ends_access=ends
        )
        work.run(Refund, refund.pk, refunds.send)
        refund.refresh_from_db()
        if refund.state == Refund.State.FAILED:
            # The provider gives nothing back of a charge that its bank has judged already.
            assert item.order.disputes.filter(outcome=Dispute.Outcome.LOST).exists()
            return
        assert refund.state == Refund.State.DONE
        self.model.give_back(self.by_item[pk], amount)

    @rule(pk=sales)
    def say_again(self, pk: int) -> None:
        """A sale that is booked again is booked once."""
        order = OrderItem.objects.select_related("order").get(pk=pk).order
        bookings.book_sale(order, order.charge_id)

    @rule(days=st.integers(1, 45))
    def wait(self, days: int) -> None:
        clock.advance(timedelta(days=days))
        due = self.due()
        assert releases.release_due() == len(due)
        self.release(due)

    @rule(pk=sales, tenths=st.integers(1, 10))
    def dispute(self, pk: int, tenths: int) -> None:
        """The buyer's bank takes money away, before anybody has decided anything."""
        order = OrderItem.objects.select_related("order").get(pk=pk).order
        payment = SandboxPayment.objects.filter(charge_id=order.charge_id).first()
        if payment is None or order.disputes.filter(closed_at=None).exists():
            return
        amount = payment.amount * tenths // 10
        opened = amount and desk.on_charge(payment.charge_id, "dispute", amount=amount)
        if opened:
            self._take(opened.pk)

    @rule(pk=sales, outcome=st.sampled_from(["win", "lose"]))
    def decide(self, pk: int, outcome: str) -> None:
        """The bank says who was right. What it keeps every party gives up, as far as there is something left."""
        order = OrderItem.objects.select_related("order").get(pk=pk).order
        standing = order.disputes.filter(closed_at=None).first()
        if standing is None:
            return
        if SandboxDispute.objects.get(pk=standing.provider_dispute_id).due_by <= clock.now():
            outcome = "lose"  # nobody answered in time; we hear of it when we ask
        else:
            desk.on_dispute(standing.provider_dispute_id, outcome)
        self._take(standing.provider_dispute_id)
        if outcome == "lose":
            self._lose(
                [self.by_item[item] for item in order.items.order_by("pk").values_list("pk", flat=True)], standing
            )

    def _take(self, dispute_id: str) -> None:
        """Whatever moved at the provider moves between the same two pockets in the model."""
        disputes.take(dispute_id)
        for moved in SandboxTransaction.objects.filter(source=dispute_id).exclude(pk__in=self.seen):
            self.seen.add(moved.pk)
            amount, fee = (from_provider_amount(minor, moved.currency) for minor in (moved.amount, moved.fee))
            self.model.move("stripe_clearing", None, amount.currency, amount.minor - fee.minor)
            self.model.move("dispute_hold", None, amount.currency, -amount.minor)
            self.model.move("dispute_fees", None, amount.currency, fee.minor)

    def _lose(self, sales: list[Sale], dispute: Dispute) -> None:
        lefts = [sale.left for sale in sales]
        # The bank took no more than was not refunded before, whatever it asked for.
        moved = SandboxTransaction.objects.filter(source=dispute.provider_dispute_id)
        amount = -sum(from_provider_amount(move.amount, move.currency).minor for move in moved)
        if amount >= sum(lefts):
            parts = lefts
        elif amount in lefts:
            nth = lefts.index(amount)
            parts = [left if n == nth else 0 for n, left in enumerate(lefts)]
        else:
            parts = spread(amount, lefts)
        for sale, minor in zip(sales, parts, strict=True):
            if minor:
                self.model.give_back(sale, minor, out_of="dispute_hold")
        excess = amount - sum(parts)
        self.model.move("dispute_hold", None, dispute.currency, -excess)
        self.model.move("refund_expense", None, dispute.currency, excess)

    @rule()
    def begin_run(self) -> None:
        """Its worker comes with the next run that is paid out; what happens until then is no concern of its day."""
        if self.waiting_run is None:
            self.waiting_run = payouts.start(None)

    @rule(trouble=st.sampled_from(["", "", "400", "500", "timeout_before", "timeout_after"]))
    def pay_out(self, trouble: str) -> None:
        """A run; whatever becomes of its calls, each payout is sent, withdrawn, or looked up by the next run."""
        this_run, self.waiting_run = self.waiting_run or payouts.start(None), None
        due = self.due(this_run.as_of)  # it releases first, and a dispute that has ended since frees its sales
        work.run(PayoutRun, this_run.pk, payouts.carry_out)
        begun = this_run.payouts.all()
        self.release(due)
        for payout in begun:
            self._shift(payout, "creator_available", "payout_in_transit")
            if payout.state == Payout.State.WAITING:
                payouts.approve(payout, by=self.fay, reason="looked at")
        if trouble:
            SandboxFault.objects.plan("transfers.create", trouble)
        self.send()

    def send(self) -> None:
        """Whatever waits is asked for, or looked up when nobody knows what became of it."""
        Payout.objects.hurry()
        for payout in Payout.open_work():
            work.run(Payout, payout.pk, transfers.submit)
            payout.refresh_from_db()
            if payout.state == Payout.State.SENT:
                self._shift(payout, "payout_in_transit", "")
                self.model.move("stripe_clearing", None, payout.currency, -payout.amount_minor)
            elif payout.state == Payout.State.VOID:
                self._shift(payout, "payout_in_transit", "creator_available")

    def _shift(self, payout: Payout, away: str, to: str) -> None:
        self.model.move(away, payout.creator_id, payout.currency, -payout.amount_minor)
        if to:
            self.model.move(to, payout.creator_id, payout.currency, payout.amount_minor)


@pytest.mark.django_db
@pytest.mark.parametrize("season", range(len(SEASONS)))
def test_every_life_of_money_ends_as_the_model_says(
    season: int, record_property: Callable[[str, object], None]
) -> None:
    """A red season is had again by its seed: `KEZHAN_FAULT_SEED`, and the season's number in the test's name."""
    if not season:
        record_property("fault", f"F2: {LIVES} lives of {STEPS} steps")

    class LivesOfThisSeason(Lives):
        pass

    run_state_machine_as_test(
        seed(rows.SEED * 1_000 + season)(LivesOfThisSeason),
        settings=profile(
            max_examples=SEASONS[season],
            stateful_step_count=STEPS,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
