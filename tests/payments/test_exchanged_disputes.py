"""Disputes of charges that the provider settles in another currency: a case like any other, and exact in both."""

from datetime import timedelta

import pytest

from courses.models import Course
from learners.models import Enrollment
from marketplace.lib import clock
from marketplace.lib.emails import Mail
from marketplace.lib.money import Money
from payments import disputes, finance, invariants, ledger, refunds, releases, sweeps
from payments.models import AccountKind, Dispute, Inquiry, Order, ReconBreak, Refund
from payments.models.refund import OrderDisputed
from payments.reconciliation import running
from payments.sandbox import desk, oracle
from payments.sandbox.models import SandboxDispute
from tests.courses.factories import make_course
from tests.payments import shop
from tests.payments.sales import pass_hold
from tests.payments.test_disputes import decide, open_dispute, send_answers

pytestmark = pytest.mark.django_db

PRICE, SETTLED = 1999, 2159  # at 1.08
HELD, BETWEEN = AccountKind.DISPUTE_HOLD, AccountKind.FX_CLEARING


@pytest.fixture(autouse=True)
def _settled_in_dollars(settings) -> None:
    settings.SANDBOX_SETTLEMENT = "EUR=USD@1.08"


@pytest.fixture
def course() -> Course:
    return make_course(title="In euros", price=Money(PRICE, "EUR"), lessons=1)


@pytest.fixture
def order(lin, course) -> Order:
    return shop.buy(lin, [course])


def stands(kind: AccountKind, currency: str, owner: int | None = None) -> int:
    return ledger.balance(kind, owner, currency, "sandbox").minor


def books_agree() -> None:
    """Clearing in each currency is what the provider holds, its list is matched whole, and every invariant holds."""
    charged = oracle.charges()
    assert all(gone <= charged[charge] for charge, gone in oracle.returned().items())
    clock.advance(timedelta(hours=2))
    assert running.run().breaks == {}
    assert stands(AccountKind.STRIPE_CLEARING, "USD") == oracle.balance()["USD"]
    assert stands(AccountKind.STRIPE_CLEARING, "EUR") == 0
    assert not any(invariants.breaks(ask_provider=True).values())
    assert all(not agreement.difference for agreement in finance.agreements(finance.books()))


class TestAnExchangedDispute:
    def test_is_a_case_with_a_deadline_that_holds_the_money_of_its_order(self, order, fay, lin) -> None:
        dispute = open_dispute(order)
        assert (dispute.amount, dispute.held) == (Money(PRICE, "EUR"), Money(SETTLED, "USD"))
        assert dispute.is_answerable
        assert dispute.evidence_due_at is not None
        assert disputes.draft(dispute)["uncategorized_text"]
        assert Mail.objects.filter(key__startswith=f"dispute:{dispute.pk}:opened").count() == 2
        with pytest.raises(OrderDisputed):
            refunds.refund(order, by=fay, reason="She asked")
        pass_hold()
        assert releases.release_due() == 0
        assert not ReconBreak.objects.exists()
        assert (stands(HELD, "USD"), disputes.figures().held) == (SETTLED, [Money(SETTLED, "USD")])

    def test_that_is_answered_in_time_is_answered_at_the_provider(self, order, fay) -> None:
        dispute = open_dispute(order)
        disputes.submit(dispute, by=fay, fields={"uncategorized_text": "winning_evidence"})
        send_answers()
        shop.deliver_all()
        dispute.refresh_from_db()
        assert (dispute.outcome, bool(dispute.settled_at)) == ("won", True)
        books_agree()

    def test_that_is_lost_takes_every_share_in_the_orders_own_currency(self, order, lin, course) -> None:
        dispute = decide(open_dispute(order), "lose")
        order.refresh_from_db()
        assert (dispute.outcome, dispute.lost, order.state) == ("lost", Money(SETTLED, "USD"), "refunded")
        assert stands(AccountKind.CREATOR_PENDING, "EUR", course.creator_id) == 0
        assert stands(AccountKind.PLATFORM_REVENUE, "EUR") == 0
        # The charge and its dispute went at one rate: nothing is left between the currencies.
        assert [stands(kind, money) for kind in (HELD, BETWEEN) for money in ("EUR", "USD")] == [0, 0, 0, 0]
        assert not Enrollment.objects.of(lin).active().exists()
        books_agree()

    def test_that_is_lost_at_another_rate_leaves_what_the_rate_made(self, order, settings) -> None:
        settings.SANDBOX_SETTLEMENT = "EUR=USD@1.2"
        dispute = decide(open_dispute(order), "lose")
        assert dispute.lost == Money(2399, "USD")
        assert (stands(BETWEEN, "EUR"), stands(BETWEEN, "USD")) == (0, 2399 - SETTLED)
        books_agree()

    @pytest.mark.parametrize(("rate", "back"), [("1.08", 2159), ("1.2", 2399), ("1.0", 1999)])
    @pytest.mark.parametrize("end", ["win", "prevent"])
    def test_whose_money_comes_back_is_over_whatever_the_rate(self, order, settings, rate, back, end, lin) -> None:
        dispute = open_dispute(order)
        settings.SANDBOX_SETTLEMENT = f"EUR=USD@{rate}"
        dispute = decide(dispute, end)
        assert (bool(dispute.settled_at), dispute.held.minor, stands(HELD, "USD")) == (True, 0, 0)
        assert stands(BETWEEN, "USD") == -SETTLED + SETTLED - back
        assert (order.open_dispute, Enrollment.objects.of(lin).active().count()) == (None, 1)
        books_agree()

    def test_of_a_part_takes_that_part(self, order, lin) -> None:
        dispute = decide(open_dispute(order, amount=1000), "lose")
        assert (dispute.lost, order.items.get().refunded_minor) == (Money(1080, "USD"), 1000)
        assert Enrollment.objects.of(lin).active().exists()
        books_agree()

    def test_after_a_refund_of_a_part_takes_what_is_left(self, order, fay) -> None:
        refunds.refund(order.items.get(), by=fay, reason="A part", amount=Money(999, "EUR"), ends_access=False)
        shop.send_refunds()
        shop.deliver_all()
        decide(open_dispute(order, amount=PRICE), "lose")
        assert order.items.get().refunded_minor == PRICE
        books_agree()

    def test_that_asks_first_may_become_one_and_be_lost(self, order) -> None:
        dispute = decide(open_dispute(order, act="inquiry"), "escalate", "lose")
        assert (dispute.is_inquiry, dispute.lost) == (False, Money(SETTLED, "USD"))
        books_agree()

    def test_is_found_by_the_sweep_when_its_events_are_lost(self, order) -> None:
        desk.on_charge(order.charge_id, "dispute")
        assert sweeps.unheard_disputes() == 1
        for pk in Inquiry.open_work().values_list("key", flat=True):
            disputes.take(pk)
        assert Dispute.objects.get().is_open


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("end", ["win", "lose", "prevent"])
def test_its_events_twenty_fold_and_in_any_order_lead_to_the_same(order, settings, end, seed) -> None:
    dispute = decide(open_dispute(order, act="inquiry"), "escalate")
    settings.SANDBOX_SETTLEMENT = "EUR=USD@1.1"
    decide(dispute, end)
    expected = shop.state_of_everything()
    shop.deliver_all(times=20, seed=seed)
    assert shop.state_of_everything() == expected
    books_agree()


def test_what_the_sandbox_took_of_a_charge_is_in_the_charges_currency(order) -> None:
    """The oracle: it judges the books where the two currencies meet, so it must not mix them itself."""
    dispute = open_dispute(order)
    assert oracle.disputed() == {order.charge_id: PRICE}
    decide(dispute, "win")
    moves = [move.amount for move in SandboxDispute.objects.get()._moves()]
    assert (moves, oracle.disputed()) == ([-SETTLED, SETTLED], {order.charge_id: 0})
    assert Refund.objects.count() == 0
