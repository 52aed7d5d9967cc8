"""Invoices and credit notes: once each, numbered without gaps, and for ever as they were issued."""

import io
from typing import Any

import pypdf
import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError
from django.test import Client
from rest_framework.test import APIClient

from accounts.models import User
from courses.models import Course
from marketplace.lib.money import Money
from payments import checkout, invoices, refunds
from payments.hand import refunding
from payments.models import Billing, CreditNote, Invoice, InvoiceSeries, Order, TaxRate
from payments.sandbox import cashier
from tests.courses.factories import make_course
from tests.payments import shop
from tests.payments.by_hand import DAY, come_in, wait_for, way_for
from tests.payments.test_coupons import platform_coupon

pytestmark = pytest.mark.django_db

COMPANY = Billing("林小雨", "上海陶艺文化有限公司", "91310000MA1FL5L03A", "南京西路 1266 号\n上海", "CN")


@pytest.fixture
def seller(settings: Any) -> None:
    settings.KEZHAN_SELLER_NAME = "Kezhan Learning Ltd"
    settings.KEZHAN_SELLER_ADDRESS = ["12 Harbor Street", "Dublin D02 X285"]
    settings.KEZHAN_SELLER_COUNTRY = "IE"
    settings.KEZHAN_SELLER_TAX_ID = "IE1234567X"


@pytest.fixture
def taxed(settings: Any, fay: User) -> None:
    settings.KEZHAN_TAX = "table"
    TaxRate.objects.introduce("CN", name="VAT", bps=600, by=fay, reason="the law")


@pytest.fixture
def courses() -> list[Course]:
    return shop.two_courses()


def buy(lin: User, courses: list[Course], billing: Billing | None = None) -> Order:
    order = checkout.start(buyer=lin, courses=courses, billing=billing)
    cashier.act(order.checkout_session_id or "", "pay")
    shop.deliver_all()
    return Order.objects.get(pk=order.pk)


def give_back(order: Order, fay: User) -> CreditNote:
    refunds.refund(order, by=fay, reason="asked")
    shop.send_refunds()
    return CreditNote.objects.get(refund__order=order)


def text_of(pdf: bytes) -> str:
    """In one line, with plain spaces."""
    return " ".join(" ".join(page.extract_text().split()) for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)


def in_english(document: Invoice | CreditNote) -> str:
    return text_of(invoices.pdf(document, "en"))


HOW = {
    "provider": ("Paid in full through our payment provider", "已通过支付渠道全额付清"),
    "hand": ("directly to us and not through a payment provider", "款项直接付至我方账户"),
    "nothing": ("There was nothing to pay.", "本单无需付款。"),
    "unsaid": ("Paid in full; nothing is left to pay.", "已全额付清，无需再付款。"),
}


def says_how(invoice: Invoice) -> str:
    """By which way, in both languages; it says exactly one."""
    english, chinese = (text_of(invoices.pdf(invoice, lang)) for lang in ("en", "zh-hans"))
    (said,) = [how for how, words in HOW.items() if words[0] in english and words[1] in chinese.replace(" ", "")]
    assert sum(words[0] in english for words in HOW.values()) == 1
    return said


class TestInvoice:
    def test_says_who_sold_what_to_whom_for_how_much(
        self, lin: User, courses: list[Course], seller: None, taxed: None
    ) -> None:
        order = buy(lin, courses, COMPANY)
        text = in_english(order.invoice)
        for said in [
            "Invoice", order.invoice_number, order.number, "Kezhan Learning Ltd", "12 Harbor Street", "Ireland",
            "IE1234567X", COMPANY.company, "林小雨", "91310000MA1FL5L03A", "南京西路 1266 号", "China",
            "Pottery from the first bowl", "Glazes", "$18.86", "6 %", "$1.13", "$19.99", "$28.30", "$1.70",
            "VAT 6 % on $47.16", "$2.83", "$49.99", "sandbox",
        ]:  # fmt: skip
            assert said in text, said

    def test_can_be_had_in_chinese(self, lin: User, courses: list[Course], seller: None) -> None:
        order = buy(lin, courses, COMPANY)
        pdf = invoices.pdf(order.invoice, "zh-hans")
        assert COMPANY.company in text_of(pdf)
        assert "US$49.99" in text_of(pdf)
        for label in ("发票", "开具日期", "课程", "合计", "税号"):
            assert label in text_of(pdf).replace(" ", ""), text_of(pdf)

    def test_names_the_account_when_nothing_else_was_said(self, lin: User, courses: list[Course]) -> None:
        order = buy(lin, courses)
        assert str(lin) in in_english(order.invoice)
        assert lin.email in in_english(order.invoice)
        assert "No tax is charged." in in_english(order.invoice)

    def test_says_truly_how_it_was_paid(self, lin: User, cole: User, fay: User, courses: list[Course]) -> None:
        by_card = buy(lin, courses[:1]).invoice
        waits = wait_for(lin, courses[1:], way_for())
        come_in(waits)
        by_hand = invoices.of(waits)
        free = checkout.start(
            buyer=cole, courses=courses[:1], coupon_code=platform_coupon(fay, kind="free", value=0).code
        )
        for_nothing = invoices.of(free)
        assert [says_how(paper) for paper in (by_card, by_hand, for_nothing)] == ["provider", "hand", "nothing"]

    def test_of_the_time_before_that_was_taken_down_says_what_is_true_of_all(
        self, lin: User, courses: list[Course]
    ) -> None:
        invoice = buy(lin, courses).invoice
        del invoice.snapshot["paid_through"]
        assert says_how(invoice) == "unsaid"

    def test_shows_list_price_and_discount(self, lin: User, courses: list[Course]) -> None:
        order = buy(lin, courses)
        snapshot = order.invoice.snapshot
        for line in snapshot["lines"]:
            line.update(list=line["price"] + 500, discount=500)
        order.invoice.snapshot = {**snapshot, "subtotal": 5999, "discount": 1000}
        text = in_english(order.invoice)
        for said in ["List price", "$24.99", "−$5.00", "$59.99", "−$10.00", "$49.99"]:
            assert said in text, said

    def test_writes_yen_without_and_dinars_with_three_decimals(self, lin: User) -> None:
        yen = make_course(title="Kumihimo", price=Money(2000, "JPY"), lessons=1)
        dinars = make_course(title="Kilns", price=Money(12_340, "KWD"), lessons=1)
        assert "¥2,000" in in_english(buy(lin, [yen]).invoice)
        assert "12.340" in in_english(buy(lin, [dinars]).invoice)

    def test_stays_as_it_was_whatever_changes_afterwards(
        self, lin: User, courses: list[Course], seller: None, settings: Any
    ) -> None:
        invoice = buy(lin, courses, COMPANY).invoice
        before = invoices.pdf(invoice, "en")
        settings.KEZHAN_SELLER_NAME = "Somebody else Ltd"
        courses[0].creator.edit({"name": "Another name"})
        assert invoices.pdf(Invoice.objects.get(), "en") == before

    def test_is_never_changed(self, lin: User, courses: list[Course]) -> None:
        buy(lin, courses)
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE payments_invoice SET number = 'x'")

    def test_is_issued_once_however_often_it_is_asked_for(self, lin: User, courses: list[Course]) -> None:
        order = buy(lin, courses)
        assert {invoices.of(order).pk for _time in range(3)} == {order.invoice.pk}
        assert InvoiceSeries.objects.get().last == 1

    def test_somebody_who_is_faster_than_the_worker_gets_it(self, lin: User, courses: list[Course]) -> None:
        order = checkout.start(buyer=lin, courses=courses)
        cashier.act(order.checkout_session_id or "", "pay")
        order = checkout.settle(order)
        assert order.is_paid
        assert not Invoice.objects.exists()
        client = Client()
        client.force_login(lin)
        answer = client.get(f"/orders/{order.number}/invoice.pdf")
        assert answer.content.startswith(b"%PDF-")
        assert Invoice.objects.get().number.endswith("-000001")

    def test_there_is_none_before_the_money(self, lin: User, courses: list[Course]) -> None:
        order = checkout.start(buyer=lin, courses=courses)
        with pytest.raises(invoices.NotBilled):
            invoices.of(order)
        client = Client()
        client.force_login(lin)
        assert client.get(f"/orders/{order.number}/invoice.pdf").status_code == 404


class TestCreditNote:
    def test_names_its_invoice_and_what_is_given_back_with_its_tax(
        self, lin: User, fay: User, courses: list[Course], taxed: None, seller: None
    ) -> None:
        order = buy(lin, courses, COMPANY)
        note = give_back(order, fay)
        text = in_english(note)
        for said in ["Credit note", note.number, order.invoice_number, COMPANY.company, "$47.16", "$2.83", "$49.99"]:
            assert said in text, said
        assert note.number.startswith("TEST-CN-")

    def test_says_truly_how_the_money_went_back(self, lin: User, fay: User, courses: list[Course]) -> None:
        assert "went back the way it was paid" in in_english(give_back(buy(lin, courses[:1]), fay))
        waits = wait_for(lin, courses[1:], way_for())
        come_in(waits)
        refund = refunds.refund(waits.items.get(), by=fay, reason="asked")
        refunding.pay_back(refund, by=fay, bank_reference="O-1", sent_on=DAY)
        invoices.catch_up()
        note = CreditNote.objects.get(refund=refund)
        assert "We sent the money back ourselves." in in_english(note)
        assert "我方已自行将款项退回" in text_of(invoices.pdf(note, "zh-hans")).replace(" ", "")

    def test_of_what_cost_nothing_says_that_no_money_went_back(
        self, lin: User, fay: User, courses: list[Course]
    ) -> None:
        code = platform_coupon(fay, kind="free", value=0).code
        note = give_back(checkout.start(buyer=lin, courses=courses[:1], coupon_code=code), fay)
        assert "Nothing had been paid, so no money went back." in in_english(note)

    def test_has_a_series_of_its_own(self, lin: User, fay: User, courses: list[Course]) -> None:
        first = buy(lin, courses[:1])
        note = give_back(first, fay)
        second = buy(lin, courses[1:])
        assert note.number.endswith("-000001")
        assert str(second.invoice_number).endswith("-000002")

    def test_is_issued_once_and_only_for_what_is_done(self, lin: User, fay: User, courses: list[Course]) -> None:
        order = buy(lin, courses)
        refund = refunds.refund(order, by=fay, reason="asked")
        assert invoices.issue_credit_note(refund) is None
        shop.send_refunds()
        note = CreditNote.objects.get()
        assert invoices.issue_credit_note(refund) == note
        assert invoices.catch_up() == 0


class TestPagesAndApi:
    def test_the_order_s_page_and_list_link_to_both_documents(
        self, lin: User, fay: User, courses: list[Course]
    ) -> None:
        order = buy(lin, courses)
        note = give_back(order, fay)
        client = Client()
        client.force_login(lin)
        for page in ["/orders/", f"/orders/{order.number}/"]:
            text = client.get(page).content.decode()
            assert f"/orders/{order.number}/invoice.pdf" in text
            assert f"/orders/{order.number}/credit-notes/{note.number}.pdf" in text
        answer = client.get(f"/orders/{order.number}/credit-notes/{note.number}.pdf?lang=zh-hans")
        assert answer["Content-Type"] == "application/pdf"
        assert note.number in answer["Content-Disposition"]

    def test_strangers_get_neither(self, lin: User, cole: User, fay: User, courses: list[Course]) -> None:
        order = buy(lin, courses)
        note = give_back(order, fay)
        client = Client()
        client.force_login(cole)
        assert client.get(f"/orders/{order.number}/invoice.pdf").status_code == 404
        assert client.get(f"/orders/{order.number}/credit-notes/{note.number}.pdf").status_code == 404

    def test_a_note_is_found_below_its_own_order_only(self, lin: User, fay: User, courses: list[Course]) -> None:
        note = give_back(buy(lin, courses[:1]), fay)
        other = buy(lin, courses[1:])
        client = Client()
        client.force_login(lin)
        assert client.get(f"/orders/{other.number}/credit-notes/{note.number}.pdf").status_code == 404

    def test_the_api_takes_billing_and_tells_documents(self, lin: User, fay: User, courses: list[Course]) -> None:
        client = APIClient()
        client.force_authenticate(lin)
        body = {"courses": [courses[0].slug], "billing": {"company": "Lin GmbH", "country": "DE"}}
        number = client.post("/api/v1/orders/", body, format="json").json()["number"]
        order = Order.objects.get(number=number)
        assert client.get(f"/api/v1/orders/{number}/invoice.pdf").status_code == 404
        shop.pay(order)
        shop.deliver_all()
        note = give_back(order, fay)
        told = client.get(f"/api/v1/orders/{number}/").json()
        assert told["billing"]["company"] == "Lin GmbH"
        assert told["invoice_url"].endswith(f"/api/v1/orders/{number}/invoice.pdf")
        assert [each["number"] for each in told["credit_notes"]] == [note.number]
        assert client.get(f"/api/v1/orders/{number}/invoice.pdf").content.startswith(b"%PDF-")
        assert client.get(f"/api/v1/orders/{number}/credit-notes/{note.number}.pdf").content.startswith(b"%PDF-")
