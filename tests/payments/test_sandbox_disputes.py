"""The sandbox's disputes: that the bank behaves as at the provider where money is concerned."""

from datetime import timedelta

import pytest

from marketplace.lib import clock
from marketplace.lib.money import Money
from payments.gateway import GatewayRefused, StripeGateway, gateway
from payments.sandbox import cashier, desk, oracle
from payments.sandbox.models import SandboxDispute, SandboxEvent, SandboxPayment
from tests.payments.test_gateway_contract import open_session

FEE = 1500


@pytest.fixture
def stripe(db: None) -> StripeGateway:
    return gateway()


@pytest.fixture
def payment(stripe) -> SandboxPayment:
    """19.99 USD, of which the provider kept 0.88."""
    session = cashier.act(open_session(stripe), "pay")
    return SandboxPayment.objects.get(session=session)


def dispute(payment: SandboxPayment, **how: object) -> SandboxDispute:
    return SandboxDispute.objects.open(SandboxPayment.objects.select_for_update().get(pk=payment.pk), **how)


def told() -> list[str]:
    types = SandboxEvent.objects.order_by("created", "pk").values_list("type", flat=True)
    return [type_.removeprefix("charge.dispute.") for type_ in types if type_.startswith("charge.dispute.")]


def test_a_dispute_takes_the_money_and_a_fee_at_once(stripe, payment) -> None:
    row = dispute(payment)
    said = stripe.retrieve_dispute(row.pk)
    assert (said.status, said.amount, said.charge_id) == ("needs_response", Money(1999, "USD"), payment.charge_id)
    assert [(move.type, move.net) for move in said.moves] == [("adjustment", Money(-1999 - FEE, "USD"))]
    assert oracle.balance()["USD"] == -88 - FEE
    assert sorted(told()) == ["created", "funds_withdrawn"]
    assert stripe.list_disputes(charge_id=payment.charge_id) == [said]


def test_won_the_money_comes_back_and_the_fee_does_not(stripe, payment) -> None:
    row = dispute(payment)
    row.win()
    said = stripe.retrieve_dispute(row.pk)
    assert (said.status, [move.amount.minor for move in said.moves]) == ("won", [-1999, 1999])
    assert oracle.balance()["USD"] == 1999 - 88 - FEE
    assert {"closed", "funds_reinstated"} <= set(told())


def test_lost_the_buyer_keeps_it(stripe, payment) -> None:
    dispute(payment).lose()
    assert oracle.returned() == {payment.charge_id: 1999}


def test_nobody_answered_in_time_and_so_it_is_lost_whatever_the_desk_is_asked_next(stripe, payment) -> None:
    row = dispute(payment)
    clock.advance(timedelta(days=30))
    with pytest.raises(desk.NotAtTheDesk, match="closed: lost"):
        desk.on_dispute(row.pk, "win")
    row.refresh_from_db()
    assert (row.status, oracle.returned()) == ("lost", {payment.charge_id: 1999})


def test_an_inquiry_moves_nothing_until_it_is_escalated(stripe, payment) -> None:
    row = dispute(payment, inquiry=True)
    assert stripe.retrieve_dispute(row.pk).moves == ()
    with pytest.raises(Exception, match="escalate it first"):
        row.lose()
    row.escalate()
    assert oracle.disputed() == {payment.charge_id: 1999}


@pytest.mark.parametrize(
    ("text", "inquiry", "status"),
    [
        ("winning_evidence", False, "won"),
        ("losing_evidence", False, "lost"),
        ("The log shows it.", False, "under_review"),
        ("winning_evidence", True, "warning_closed"),
        ("escalate_inquiry_evidence", True, "needs_response"),
    ],
)
def test_evidence_decides_as_the_providers_own_test_words_do(stripe, payment, text, inquiry, status) -> None:
    row = dispute(payment, inquiry=inquiry)
    fields = {"uncategorized_text": text}
    said = stripe.submit_evidence(row.pk, fields, idempotency_key="evidence:1", metadata={"evidence": "1"})
    assert (said.status, said.submissions) == (status, 1)


def test_evidence_is_taken_once_and_in_known_fields(stripe, payment) -> None:
    row = dispute(payment)
    with pytest.raises(Exception, match="unknown"):
        stripe.submit_evidence(row.pk, {"proof": "x"}, idempotency_key="evidence:0", metadata={})
    stripe.submit_evidence(row.pk, {"customer_name": "Lin"}, idempotency_key="evidence:1", metadata={})
    with pytest.raises(GatewayRefused):
        stripe.submit_evidence(row.pk, {"customer_name": "Cole"}, idempotency_key="evidence:2", metadata={})


def test_who_does_not_answer_in_time_has_lost(stripe, payment) -> None:
    row = dispute(payment)
    clock.advance(timedelta(days=15))
    assert [said.status for said in stripe.list_disputes()] == ["lost"]
    assert stripe.retrieve_dispute(row.pk).status == "lost"
    assert told().count("closed") == 1


def test_a_dispute_that_is_accepted_is_lost(stripe, payment) -> None:
    assert stripe.accept_dispute(dispute(payment).pk, idempotency_key="accepted:1").status == "lost"


@pytest.mark.parametrize("refunded", [500, 1999])
def test_no_more_is_taken_than_the_charge_has_left(stripe, payment, refunded) -> None:
    amount = Money(refunded, "USD")
    stripe.create_refund(charge_id=payment.charge_id, amount=amount, idempotency_key="refund:1", metadata={})
    dispute(payment, amount=1999).lose()
    assert oracle.returned() == {payment.charge_id: 1999}


def test_what_is_charged_back_is_not_refunded_too(stripe, payment) -> None:
    row, amount = dispute(payment), Money(100, "USD")
    for key in ("refund:1", "refund:2"):
        with pytest.raises(GatewayRefused) as refused:
            stripe.create_refund(charge_id=payment.charge_id, amount=amount, idempotency_key=key, metadata={})
        assert refused.value.provider_code == "charge_disputed"
        if key == "refund:1":
            row.lose()
    assert oracle.refunds() == {}


def test_an_inquiry_may_be_settled_by_a_refund(stripe, payment) -> None:
    row = dispute(payment, inquiry=True)
    stripe.create_refund(
        charge_id=payment.charge_id, amount=Money(1999, "USD"), idempotency_key="refund:1", metadata={}
    )
    row.refresh_from_db()
    SandboxDispute.objects.locked(row.pk).escalate()
    assert oracle.returned() == {payment.charge_id: 1999}


def test_a_charge_is_disputed_once_at_a_time(stripe, payment) -> None:
    dispute(payment)
    with pytest.raises(Exception, match="already"):
        dispute(payment)
    assert stripe.retrieve_charge(payment.charge_id).amount == Money(1999, "USD")
