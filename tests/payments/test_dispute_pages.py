"""Finance's pages of disputes and their API: what is due, the case, the draft, the one answer."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils.html import escape

from marketplace.lib import clock
from payments import disputes
from payments.models import Dispute, DisputeEvidence, Order
from payments.sandbox import desk
from tests.payments import shop
from tests.payments.test_refund_rule import introduce


@pytest.fixture
def dispute(lin) -> Dispute:
    order = shop.buy(lin, shop.two_courses())
    desk.on_charge(order.charge_id, "dispute", reason="duplicate")
    shop.deliver_all()
    return Dispute.objects.get()


@pytest.fixture
def desk_of_fay(fay) -> Client:
    client = Client()
    client.force_login(fay)
    return client


def shown(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_list_says_what_is_due_and_what_banks_hold(desk_of_fay, dispute) -> None:
    for show in ("open", "due", "all"):
        assert dispute.order.number in shown(desk_of_fay, f"/finance/disputes/?show={show}")
    assert "$49.99" in shown(desk_of_fay, "/finance/disputes/")


def test_the_time_that_is_left_is_by_the_clock_of_money(desk_of_fay, dispute) -> None:
    clock.advance(dispute.evidence_due_at - clock.now() - timedelta(days=1, hours=12))
    assert "(in 1\xa0day, 1" in shown(desk_of_fay, dispute.get_absolute_url())


def test_an_empty_list_says_so(desk_of_fay) -> None:
    assert "No disputes" in shown(desk_of_fay, "/finance/disputes/")


def test_the_case_comes_with_a_draft_out_of_our_own_records(desk_of_fay, dispute, lin) -> None:
    draft = disputes.draft(dispute)
    assert dispute.order.number in draft["uncategorized_text"]
    assert "14 days" in draft["refund_policy_disclosure"]
    assert draft["customer_email_address"] == lin.email
    assert "no other payment" in draft["duplicate_charge_explanation"]
    assert escape(draft["product_description"].splitlines()[0]) in shown(desk_of_fay, dispute.get_absolute_url())


def test_the_bank_is_told_the_rule_that_the_order_was_placed_under(dispute, fay) -> None:
    """A rule that began between the order and its payment is not the one that the buyer was shown."""
    later = introduce(fay, whole_days=7)
    Order.objects.filter(pk=dispute.order_id).update(paid_at=later.starts_at + timedelta(minutes=5))
    dispute.order.refresh_from_db()
    assert "14 days" in disputes.draft(dispute)["refund_policy_disclosure"]


def test_evidence_is_sent_once(desk_of_fay, dispute) -> None:
    address = f"{dispute.get_absolute_url()}answer/"
    assert desk_of_fay.post(address, {"uncategorized_text": "She watched it."}).status_code == 302
    assert DisputeEvidence.objects.get().fields == {"uncategorized_text": "She watched it."}
    assert desk_of_fay.post(address, {"uncategorized_text": "again"}).status_code == 409
    assert desk_of_fay.post(address, {"uncategorized_text": "x" * 20_001}).status_code == 422
    assert "She watched it." in shown(desk_of_fay, dispute.get_absolute_url())


def test_the_buyer_may_be_right(desk_of_fay, dispute) -> None:
    address = f"{dispute.get_absolute_url()}accept/"
    assert desk_of_fay.post(address, {"reason": ""}).status_code == 422
    assert desk_of_fay.post(address, {"reason": "She is"}).status_code == 302
    assert DisputeEvidence.objects.get().kind == "accepted"


def test_the_same_over_the_api(desk_of_fay, dispute, lin) -> None:
    def call(method: str, path: str, **body: Any) -> Any:
        address = f"/api/v1/disputes/{path}"
        return getattr(desk_of_fay, method)(address, *([body, "application/json"] if body else []))

    (row,) = call("get", "?show=due").json()["results"]
    assert (row["order"], row["amount"], row["state"]) == (
        dispute.order.number, {"minor": "4999", "currency": "USD"}, "needs_response",
    )  # fmt: skip
    draft = call("get", f"{dispute.pk}/evidence/").json()
    assert draft["customer_email_address"] == lin.email
    assert call("post", f"{dispute.pk}/evidence/", uncategorized_text="x" * 20_001).status_code == 400
    assert call("post", f"{dispute.pk}/evidence/", **draft).status_code == 202
    assert call("post", f"{dispute.pk}/accept/", reason="x").status_code == 409
    assert call("get", f"{dispute.pk}/").json()["answers"][0]["kind"] == "evidence"
    client = Client()
    client.force_login(lin)
    assert client.get("/api/v1/disputes/").status_code == 403


def test_the_orders_page_says_it_to_the_buyer_and_leads_finance_to_the_case(desk_of_fay, dispute, lin) -> None:
    client = Client()
    client.force_login(lin)
    address = dispute.order.get_absolute_url()
    assert "Your bank disputes this payment" in shown(client, address)
    assert dispute.get_absolute_url() not in shown(client, address)
    assert dispute.get_absolute_url() in shown(desk_of_fay, address)
    desk.on_dispute(dispute.provider_dispute_id, "win")
    shop.deliver_all()
    assert "Your bank" not in shown(client, address)
