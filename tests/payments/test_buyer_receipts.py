"""The buyer's receipt: by what, when and how much was paid, and what went back, as things are now."""

import io
from typing import Any

import pypdf
import pytest
from django.test import Client
from rest_framework.test import APIClient

from accounts.models import Notice, User
from marketplace.lib.emails import Mail
from marketplace.lib.money import Money
from payments import invoices, receipts, refunds
from payments.models import CreditNote, Order, Refund, TaxRate
from payments.provider_shapes import Charge
from tests.payments import shop

pytestmark = pytest.mark.django_db


@pytest.fixture
def order(lin: User, settings: Any, fay: User) -> Order:
    """Two courses, $49.99, with 23 % VAT of Ireland in it."""
    settings.KEZHAN_TAX, settings.KEZHAN_SELLER_COUNTRY = "table", "IE"
    TaxRate.objects.introduce("IE", name="VAT", bps=2300, by=fay, reason="the law")
    return shop.buy(lin, shop.two_courses())


def give_back(order: Order, fay: User, amount: int = 1000) -> Refund:
    item = order.items.get(course_title="Glazes")
    return refunds.refund(item, by=fay, reason="asked", amount=Money(amount, "USD"), ends_access=False)


def text_of(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text().split()) for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)


def said(order: Order, *words: str, lang: str = "en") -> None:
    text = text_of(receipts.pdf(order, lang))
    for one in words:
        assert one in text, (one, text)


def test_it_says_by_what_when_and_for_what_was_paid(order: Order, lin: User) -> None:
    assert order.paid_with == "card visa 4242"
    said(
        order, "Receipt", order.number, order.invoice_number or "", "Visa card ending in 4242", order.charge_id or "",
        "Pottery from the first bowl", "$19.99", "Glazes", "$30.00", "Total paid $49.99", "Tax in it $9.35", lin.email,
        "sandbox",
    )  # fmt: skip
    assert "Left paid" not in text_of(receipts.pdf(order, "en"))


def test_a_part_that_went_back_shows_with_its_credit_note(order: Order, fay: User) -> None:
    give_back(order, fay)
    shop.send_refunds()
    note = CreditNote.objects.get()
    said(
        order, "Refunded the way it was paid", f"Credit note {note.number}", note.refund.provider_refund_id or "",
        "Refunded so far −$10.00", "Left paid $39.99",
    )  # fmt: skip


def test_a_refund_on_its_way_is_not_told_as_done(order: Order, fay: User) -> None:
    give_back(order, fay)
    said(order, "Refund, on its way", "On its way back −$10.00", "Left paid $39.99")
    assert "Refunded so far" not in text_of(receipts.pdf(order, "en"))


def test_a_refund_that_failed_took_nothing(order: Order, fay: User) -> None:
    before = receipts.pdf(order, "en")
    assert give_back(order, fay).fail()
    assert receipts.pdf(order, "en") == before


def test_all_that_went_back_in_parts_leaves_nothing_paid(order: Order, fay: User) -> None:
    give_back(order, fay)
    shop.send_refunds()
    refunds.refund(order, by=fay, reason="the rest")
    shop.send_refunds()
    said(order, "Refunded so far −$49.99", "Left paid $0.00")


def test_it_can_be_had_in_chinese(order: Order, fay: User) -> None:
    give_back(order, fay)
    shop.send_refunds()
    text = text_of(receipts.pdf(order, "zh-hans")).replace(" ", "")
    for words in ("收据", "尾号4242的Visa卡", "付款方式", "已退款", "贷项通知单"):
        assert words in text, text


def test_until_money_moves_it_is_the_same_file(order: Order, fay: User) -> None:
    first = receipts.pdf(order, "en")
    assert receipts.pdf(order, "en") == first
    give_back(order, fay)
    assert receipts.pdf(order, "en") != first


def test_another_wallet_is_named_as_people_know_it(lin: User) -> None:
    order = shop.start(lin, shop.two_courses())
    shop.pay(order, "wechat_pay")
    shop.deliver_all()
    order.refresh_from_db()
    assert order.paid_with == "wechat_pay"
    said(order, "Paid with WeChat Pay")
    assert "微信支付" in text_of(receipts.pdf(order, "zh-hans"))


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ({"type": "card", "card": {"brand": "visa", "last4": "4242"}}, "card visa 4242"),
        ({"type": "card", "card": {"brand": "Evil\0<b>", "last4": "12 34"}}, "card evilb 1234"),
        ({"type": "alipay", "alipay": {}}, "alipay"),
        ({"type": "x" * 90}, "x" * 40),
        ({"type": None}, ""),
        (None, ""),
    ],
)
def test_what_the_provider_calls_it_is_read_with_care(told: Any, kept: str) -> None:
    raw = {
        "id": "ch_1", "amount": 100, "amount_refunded": 0, "currency": "usd", "paid": True,
        "balance_transaction": None, "payment_method_details": told,
    }  # fmt: skip
    assert Charge.read(raw).method == kept


class TestDoors:
    def test_page_list_and_api_lead_to_it(self, order: Order, lin: User) -> None:
        client = Client()
        client.force_login(lin)
        for page in ["/orders/", f"/orders/{order.number}/"]:
            assert f"/orders/{order.number}/receipt.pdf" in client.get(page).content.decode()
        answer = client.get(f"/orders/{order.number}/receipt.pdf?lang=zh-hans")
        assert (answer["Content-Type"], answer["Cache-Control"]) == ("application/pdf", "private, no-store")
        api = APIClient()
        api.force_authenticate(lin)
        told = api.get(f"/api/v1/orders/{order.number}/").json()
        assert (told["paid_with"], told["charge"], told["refunds"]) == ("card visa 4242", order.charge_id, [])
        assert told["receipt_url"].endswith(f"/api/v1/orders/{order.number}/receipt.pdf")
        assert api.get(f"/api/v1/orders/{order.number}/receipt.pdf").content.startswith(b"%PDF-")

    def test_nobody_else_gets_it(self, order: Order, cole: User) -> None:
        client, api = Client(), APIClient()
        client.force_login(cole)
        api.force_authenticate(cole)
        assert client.get(f"/orders/{order.number}/receipt.pdf").status_code == 404
        assert api.get(f"/api/v1/orders/{order.number}/receipt.pdf").status_code == 404

    def test_there_is_none_before_the_money(self, lin: User) -> None:
        open_order = shop.start(lin, shop.two_courses())
        with pytest.raises(invoices.NotBilled):
            receipts.pdf(open_order, "en")

    def test_mails_lead_to_it_and_notices_to_the_order(self, order: Order, fay: User, lin: User) -> None:
        give_back(order, fay)
        shop.send_refunds()
        address = f"/orders/{order.number}/receipt.pdf"
        for key in (f"receipt:{order.number}", f"refund:{order.refunds.get().pk}"):
            assert address in Mail.objects.get(key=key).text
        assert "Paid with Visa card ending in 4242." in Mail.objects.get(key=f"receipt:{order.number}").text
        assert not any(address in str(notice.words) for notice in Notice.objects.filter(person=lin))


def test_the_card_is_forgotten_with_its_owner(order: Order, lin: User) -> None:
    Order.objects.forget_cards(lin)
    order.refresh_from_db()
    assert order.paid_with == "card"
