"""Refunds that fail after they succeeded: the money is with us again, and still the buyer's."""

from datetime import timedelta

import pytest

from learners.models import Enrollment
from marketplace.lib import clock
from marketplace.lib.emails import Mail
from payments import invariants, ledger, order_flags, refund_answers, refunds
from payments.models import AccountKind, Order, ReconBreak
from payments.reconciliation import by_hand, running
from payments.sandbox import desk, oracle
from payments.sandbox.desk import NotAtTheDesk
from tests.payments import shop
from tests.payments.test_coupon_pages import api_of, client_of

pytestmark = pytest.mark.django_db

TOTAL = 4999


@pytest.fixture
def order(lin, fay) -> Order:
    """Given back whole, and sent back by the bank."""
    order = shop.buy(lin, shop.two_courses())
    refunds.refund(order, by=fay, reason="She asked")
    shop.send_refunds()
    desk.on_charge(order.charge_id, "fail_refund")
    shop.deliver_all()
    order.refresh_from_db()
    return order


def clearing() -> int:
    return ledger.balance(AccountKind.STRIPE_CLEARING, None, "USD", "sandbox").minor


def test_it_is_found_and_the_buyer_and_finance_are_told_once(order, fay, lin) -> None:
    shop.deliver_all(times=5, seed=3)
    refund = order.refunds.get()
    assert (refund.state, refund.came_back_at is not None) == ("done", True)
    assert "came back" in order.flag_reason
    row = ReconBreak.objects.open().get(key=refund.provider_refund_id)
    assert (row.kind, row.amount) == (ReconBreak.Kind.EVENT, refund.amount)
    assert Mail.objects.filter(key=f"break:{row.pk}:{fay.pk}").count() == 1
    assert Mail.objects.filter(key=f"refund-came-back:{refund.pk}", to=lin.email).count() == 1


def test_shares_and_rights_stay_as_the_refund_left_them(order, lin, fay) -> None:
    """She wanted her money and not the course; that it must be sent another way takes nothing from anybody."""
    assert order.state == Order.State.REFUNDED
    assert not Enrollment.objects.of(lin).active().exists()
    with pytest.raises(refunds.NothingToRefund):
        refunds.refund(order, by=fay, reason="again, to the same card")
    assert not any(invariants.breaks().values())


def test_it_is_settled_when_finance_has_paid_from_the_bank(order, fay) -> None:
    assert oracle.balance()["USD"] == clearing() + TOTAL, "the control: the provider has more than our books say"
    clock.advance(timedelta(hours=2))
    assert running.run().breaks == {"event": 1, "unbooked": 1, "balance": 1}
    moved = ReconBreak.objects.open().get(kind=ReconBreak.Kind.UNBOOKED)
    assert "refund_failure" in moved.note
    by_hand.book(moved, AccountKind.BANK, by=fay, note="Sent by bank transfer K7")
    ReconBreak.objects.open().get(kind=ReconBreak.Kind.EVENT).resolve(by=fay, note="Sent by bank transfer K7")
    order_flags.settle_flag(order, by=fay, reason="Sent by bank transfer K7")
    assert running.run().breaks == {}
    assert ledger.balance(AccountKind.BANK, None, "USD", "sandbox").minor == -TOTAL
    assert clearing() == oracle.balance()["USD"]
    assert not any(invariants.breaks(ask_provider=True).values())


def test_the_order_says_so_until_it_is_settled(order, lin, fay) -> None:
    address = order.get_absolute_url()
    assert "Your bank sent $49.99 back to us." in client_of(lin).get(address).content.decode()
    assert api_of(lin).get(f"/api/v1/orders/{order.number}/").json()["refunds"][0]["came_back_at"]
    order_flags.settle_flag(order, by=fay, reason="Sent by bank transfer K7")
    assert "Your bank sent" not in client_of(lin).get(address).content.decode()


def test_the_sandbox_sends_back_what_was_given_and_nothing_else(order, fay) -> None:
    assert oracle.refunds() == {}
    with pytest.raises(NotAtTheDesk):
        desk.on_charge(order.charge_id, "fail_refund")
    page = client_of(fay).get("/sandbox/").content.decode()
    assert "fail_refund" not in page, "nothing of this charge is with its buyer"


def test_a_refund_that_fails_before_it_happened_is_asked_for_again_as_ever(lin, fay) -> None:
    order = shop.buy(lin, shop.two_courses())
    refund = refunds.refund(order, by=fay, reason="She asked")
    refund_answers._give_up(refund, "the provider says failed")
    refund.refresh_from_db()
    assert (refund.state, refund.came_back_at) == ("failed", None)
    assert refunds.refund(order, by=fay, reason="again").state == "requested"
