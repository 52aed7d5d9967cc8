"""The gateway and the sandbox against Stripe's own OpenAPI file: every call, every answer, every event."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest

from marketplace.lib import clock
from marketplace.lib.money import Money
from payments.gateway import GatewayRefused, StripeGateway
from payments.sandbox.models import SandboxAccount, SandboxCustomer, SandboxDispute, SandboxSession
from payments.sandbox.operations.registry import OPERATIONS
from tests.payments import stripe_file, stripe_spec, stripe_types


class WatchedGateway(StripeGateway):
    """Remembers which of its calls were made."""

    def __init__(self, transport: stripe_spec.ContractTransport) -> None:
        super().__init__(transport, "sk_test_contract")
        self.called: set[str] = set()

    def __getattribute__(self, name: str) -> Any:
        if name in CALLS:
            self.called.add(name)
        return super().__getattribute__(name)


CALLS = {name for name in dir(StripeGateway) if not name.startswith("_")}


@pytest.fixture
def contract(db: None) -> tuple[WatchedGateway, stripe_spec.ContractTransport]:
    transport = stripe_spec.ContractTransport()
    return WatchedGateway(transport), transport


PRICE = Money(1999, "USD")


def open_session(
    stripe: StripeGateway, amount: Money = PRICE, key: str = "checkout:1", tax_behavior: str = "", **kept: Any,
) -> str:  # fmt: skip
    return stripe.create_checkout_session(
        lines=[("Pottery", amount)], reference="order-1", email="lin@example.com", language="zh-hans",
        success_url="https://kezhan.example/checkout/return/?session_id={CHECKOUT_SESSION_ID}",
        cancel_url="https://kezhan.example/cart/", expires_at=clock.now() + timedelta(hours=2),
        transfer_group="order_1", idempotency_key=key, tax_behavior=tax_behavior, **kept,
    ).id  # fmt: skip


class Ada:
    """What a recipient is made of."""

    pk, name, country = 7, "Ada Lin Studio", "GB"

    class user:
        email = "ada@example.com"


def test_every_request_and_answer_is_as_stripe_says(contract) -> None:
    stripe, transport = contract
    session_id = open_session(stripe)
    assert stripe.retrieve_session(session_id).status == "open"
    SandboxSession.objects.get(pk=session_id).pay("card")
    session = stripe.retrieve_session(session_id)
    assert session.is_paid
    assert session.amount == Money(1999, "USD")
    assert session.charge.balance_transaction.fee == Money(88, "USD")
    refund = stripe.create_refund(
        charge_id=session.charge.id, amount=Money(500, "USD"), idempotency_key="refund:1", metadata={"refund": "1"}
    )
    assert stripe.retrieve_refund(refund.id) == refund
    assert stripe.find_refunds(session.charge.id) == [refund]
    assert stripe.retrieve_charge(session.charge.id).amount_refunded == Money(500, "USD")
    abandoned = open_session(stripe, Money(2000, "JPY"), "checkout:2")
    assert stripe.expire_session(abandoned).status == "expired"
    with pytest.raises(GatewayRefused):
        stripe.expire_session(session_id)
    account = stripe.create_recipient(Ada())
    assert stripe.recipient_status(account) == "restricted"
    assert "/sandbox/onboarding/" in stripe.onboarding_link(
        account, return_url="https://k.example/", refresh_url="https://k.example/"
    )
    SandboxAccount.objects.get(pk=account).become("active")
    assert stripe.recipient_status(account) == "active"
    assert account in stripe.dashboard_link(account)
    clock.advance(timedelta(days=3))
    sent = stripe.create_transfer(Money(900, "USD"), account, "payout_1", "payout:1:1", {"payout": "1"})
    assert stripe.find_transfers("payout_1") == [sent] == [stripe.retrieve_transfer(sent.id)]
    assert stripe.balance().available["USD"] == Money(1999 - 88 - 500 - 900, "USD")
    since = clock.now() - timedelta(days=4)
    assert [row.type for row in stripe.list_balance_transactions(created_since=since)] == [
        "transfer",
        "refund",
        "charge",
    ]
    (newest, *_older) = stripe.list_balance_transactions(created_since=since)
    assert stripe.retrieve_balance_transaction(newest.id) == newest
    disputes(stripe)
    kept_means(stripe)
    events = stripe.list_events(created_since=since)
    assert {"checkout.session.completed", "charge.dispute.funds_withdrawn"} <= {event["type"] for event in events}
    for event in events:
        stripe_spec.check_thing(event["data"]["object"])
    assert CALLS - stripe.called == set(), "a call of the gateway that this test does not make"


def disputes(stripe: StripeGateway) -> None:
    """One that is answered and won, one that is accepted."""
    for nth in (1, 2):
        session_id = open_session(stripe, PRICE, f"checkout:disputed:{nth}")
        SandboxSession.objects.get(pk=session_id).pay("card")
        payment = SandboxSession.objects.get(pk=session_id).payment
        dispute = SandboxDispute.objects.open(payment)
        asked = stripe.retrieve_dispute(dispute.pk)
        assert [asked] == stripe.list_disputes(charge_id=payment.charge_id)
        assert asked in stripe.list_disputes(created_since=clock.now() - timedelta(days=1))
        if nth == 1:
            fields = {"uncategorized_text": "winning_evidence", "customer_name": "Lin"}
            answered = stripe.submit_evidence(
                dispute.pk, fields, idempotency_key="evidence:1", metadata={"evidence": "1"}
            )
            assert (answered.status, answered.metadata) == ("won", {"evidence": "1"})
        else:
            assert stripe.accept_dispute(dispute.pk, idempotency_key="accepted:1").status == "lost"


def kept_means(stripe: StripeGateway) -> None:
    """Kept by one page and used by another, charged without the buyer, declined, and forgotten."""
    first = open_session(stripe, key="checkout:kept:1", keeps=True)
    SandboxSession.objects.get(pk=first).pay("card")
    charge = stripe.retrieve_session(first).charge
    again = open_session(stripe, key="checkout:kept:2", keeps=True, customer=charge.customer_id)
    SandboxSession.objects.get(pk=again).pay("card")
    means = {"customer": charge.customer_id, "method": stripe.retrieve_session(again).charge.method_id}
    assert means["method"] != charge.method_id
    asked = {**means, "reference": "order-2", "transfer_group": "order_2"}
    made = stripe.charge_kept(PRICE, **asked, idempotency_key="instalment:1")
    assert (made.status, made.amount, made.reference) == ("succeeded", PRICE, "order-2")
    assert stripe.charge_kept(PRICE, **asked, idempotency_key="instalment:1") == made
    assert stripe.retrieve_charge(made.charge_id).is_paid
    SandboxCustomer.objects.update(answer="authentication_required")
    with pytest.raises(GatewayRefused) as refused:
        stripe.charge_kept(PRICE, **asked, idempotency_key="instalment:2")
    assert refused.value.provider_code == "authentication_required"
    declined, *_before = stripe.find_intents(charge.customer_id)
    assert (declined.status, declined.error) == ("requires_payment_method", "authentication_required")
    assert stripe.forget_customer(charge.customer_id)
    with pytest.raises(GatewayRefused):
        stripe.charge_kept(PRICE, **asked, idempotency_key="instalment:3")


def test_every_operation_of_the_sandbox_is_one_of_stripes() -> None:
    missing = [
        (method, path)
        for method, path in stripe_file.of_the_sandbox()
        if not any(
            pattern.match(path.replace("{id}", "x")) and method in operations
            for pattern, operations in stripe_spec._patterns()
        )
    ]
    assert not missing


def test_what_the_pinned_version_asks_for_besides_is_of_that_version(settings) -> None:
    assert settings.STRIPE_VERSION == stripe_types.PINNED, "look what version two asks for now"


def test_every_operation_of_version_two_has_its_types() -> None:
    ours = [(one.method, one.pattern.pattern) for one in OPERATIONS if "/v2/" in one.pattern.pattern]
    assert ours
    for method, pattern in ours:
        path = re.sub(r"\(\?P<\w+>[^)]*\)", "acct_1", pattern.strip("^$"))
        assert any(name == method and known.match(path) for name, known, *_types in stripe_types.CALLS), path


RECIPIENT = {"recipient": {"capabilities": {"stripe_balance": {"stripe_transfers": {"requested": True}}}}}


@pytest.mark.parametrize(
    ("path", "body", "said"),
    [
        ("accounts", {"dashbord": "express"}, "dashbord is unknown"),
        ("accounts", {"dashboard": "standard"}, "none of"),
        ("accounts", {"configuration": {"recipient": {"capabilites": {}}}}, "capabilites is unknown"),
        (
            "accounts",
            {"defaults": {"responsibilities": {"fees_collector": "application"}}},
            "losses_collector is missing",
        ),
        ("accounts", {"contact_email": 7}, "no str"),
        ("accounts", {"metadata": {"creator": 7}}, "no str"),
        ("accounts", {"include": ["configuration.receiver"]}, "none of"),
        ("account_links", {"account": "acct_1"}, "use_case is missing"),
        (
            "account_links",
            {
                "account": "acct_1",
                "use_case": {"type": "account_onboarding", "account_onboarding": {"refresh_url": "x"}},
            },
            "configurations is missing",
        ),
        ("account_links", {"account": "acct_1", "use_case": {"type": "account_boarding"}}, "none of"),
        ("account_tokens", {}, "no call"),
    ],
)
def test_the_judge_of_version_two_sees_what_is_wrong(path: str, body: dict[str, Any], said: str) -> None:
    stripe_types.check_request(
        "post", "https://api.stripe.com/v2/core/accounts", json.dumps({"configuration": RECIPIENT})
    )
    with pytest.raises(stripe_spec.ContractBroken, match=said):
        stripe_types.check_request("post", f"https://api.stripe.com/v2/core/{path}", json.dumps(body))


@pytest.mark.parametrize("change", [{"transfers": "ready"}, {"dashboard": "standard"}])
def test_the_judge_of_version_two_sees_a_wrong_answer(contract, change: dict[str, str]) -> None:
    stripe, _transport = contract
    account = stripe.create_recipient(Ada())
    SandboxAccount.objects.update(**change)
    with pytest.raises(stripe_spec.ContractBroken, match="none of"):
        stripe.recipient_status(account)


def test_the_file_is_of_the_version_that_we_send(settings) -> None:
    assert stripe_spec.spec()["info"]["version"] == settings.STRIPE_VERSION


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/checkout/sessions", "mode=payments"),
        ("/v1/checkout/sessions", "payment_intent_data[transfer_grp]=x"),
        ("/v1/transfers", "amount=1&currency=usd"),
        ("/v1/refunds", "charge=ch_1&reason=because"),
        ("/v1/refunds", "charge=ch_1&amount=1.5"),
        ("/v1/sessions", "mode=payment"),
        ("/v1/disputes/du_1", "evidence[proof]=x"),
        ("/v1/disputes/du_1", "submit=maybe"),
    ],
)  # fmt: skip
def test_the_judge_sees_what_is_wrong(contract, path: str, body: str) -> None:
    with pytest.raises(stripe_spec.ContractBroken):
        stripe_spec.check_request("post", f"https://api.stripe.com{path}", body)


def test_the_judge_sees_a_key_that_is_not_ours(contract) -> None:
    stripe, _transport = contract
    with pytest.raises(stripe_spec.ContractBroken, match="not ours"):
        stripe._client.v1.refunds.create({"charge": "ch_1"})
