"""Paying by hand on the pages: what a buyer sees and presses, and finance's desk of arrivals."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import User
from courses.models import Course
from marketplace.lib import clock
from marketplace.lib.money import Money
from payments import privacy, refunds
from payments.models import Arrival, ArrivalPayer, HandPayment, Order, PaymentWay
from payments.models.forgetting import forget_buyer
from tests.courses.factories import make_course
from tests.payments import shop
from tests.payments.by_hand import DAY, IBAN, TOLD, approved, come_in, gil, picture, state_of, wait_for, way_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def course() -> Course:
    return make_course(price=Money(4999, "EUR"), lessons=1)


@pytest.fixture
def way() -> PaymentWay:
    return way_for("EUR")


def client_of(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def page(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def checkout_of(course: Course) -> str:
    return reverse("payments:checkout", query={"course": course.slug})


def pay(client: Client, course: Course, way: str = "", **told: str) -> str:
    """Presses Pay; where that leads."""
    form = {"course": course.slug, "total": "4999", "currency": "EUR", "way": way, **told}
    return client.post(checkout_of(course), form).headers.get("Location", "")


class TestBuyer:
    def test_sees_nothing_of_it_where_no_way_is_set_up(self, lin: User, course: Course, fay: User) -> None:
        assert "How do you want to pay?" not in page(client_of(lin), checkout_of(course))
        assert "Arrivals" not in page(client_of(fay), reverse("payments:finance"))

    def test_chooses_and_is_told_how_to_pay(self, lin: User, course: Course, way: PaymentWay) -> None:
        lins = client_of(lin)
        assert "How do you want to pay?" in page(lins, checkout_of(course))
        where = pay(lins, course, way.code)
        shown = page(lins, where)
        hand = HandPayment.objects.get()
        for words in ("€49.99", hand.reference_in_groups, "Kezhan Ltd", "DE89 3704 0044 0532 0130 00", "<svg"):
            assert words in shown
        assert "Write the reference into the transfer." in shown

    def test_in_another_currency_is_not_offered_it(self, lin: User, way: PaymentWay) -> None:
        dollars = make_course(price=Money(2000, "USD"), lessons=1)
        assert "How do you want to pay?" not in page(client_of(lin), checkout_of(dollars))

    def test_goes_on_to_the_provider_without_choosing(self, lin: User, course: Course, way: PaymentWay) -> None:
        assert "/sandbox/checkout/" in pay(client_of(lin), course)

    def test_says_that_she_has_sent_it(self, lin: User, course: Course, way: PaymentWay) -> None:
        lins, order = client_of(lin), wait_for(lin, [course], way)
        lins.post(reverse("payments:say_sent", args=[order.number]))
        assert HandPayment.objects.get().sent_at
        assert "that you have sent it" in page(lins, order.get_absolute_url())

    def test_changes_to_the_provider(self, lin: User, course: Course, way: PaymentWay) -> None:
        order = wait_for(lin, [course], way)
        answer = client_of(lin).post(reverse("payments:pay_otherwise", args=[order.number]), {"way": ""})
        assert "/sandbox/checkout/" in answer.headers["Location"]
        order.refresh_from_db()
        assert order.state == "expired"
        assert "send no money" in page(client_of(lin), order.get_absolute_url())

    def test_cancels(self, lin: User, course: Course, way: PaymentWay) -> None:
        order = wait_for(lin, [course], way)
        client_of(lin).post(reverse("payments:cancel_order", args=[order.number]))
        order.refresh_from_db()
        assert order.state == "expired"
        answer = client_of(lin).post(reverse("payments:cancel_order", args=[order.number]))
        assert answer.status_code == 409

    def test_a_way_that_is_none_is_refused(self, lin: User, course: Course, way: PaymentWay) -> None:
        answer = client_of(lin).post(
            checkout_of(course), {"course": course.slug, "total": "4999", "currency": "EUR", "way": "x\x00"}
        )
        assert answer.status_code in (302, 409)
        assert not Order.objects.filter(hand_payment__isnull=False).exists()

    def test_finds_by_what_it_was_paid_on_her_receipt(self, lin: User, course: Course, way: PaymentWay) -> None:
        order = wait_for(lin, [course], way)
        come_in(order)
        shop.work_off_events()
        lins = client_of(lin)
        assert "Bank transfer" in page(lins, order.get_absolute_url())
        assert lins.get(reverse("payments:receipt", args=[order.number])).status_code == 200

    def test_takes_it_back_by_the_meter(self, lin: User, course: Course, way: PaymentWay, fay: User) -> None:
        order = wait_for(lin, [course], way)
        come_in(order)
        shop.work_off_events()
        item = order.items.get()
        address = reverse("payments:take_back", args=[order.number, item.pk])
        assert "the account from which you paid" in page(client_of(lin), address)
        client_of(lin).post(address, {"amount": "4999", "currency": "EUR"})
        refund = order.refunds.get()
        shop.send_refunds()
        assert "Refunds to be sent from the bank" in page(client_of(fay), reverse("payments:arrivals"))
        told = {"bank_reference": "OUT-9", "sent_on": str(DAY)}
        client_of(fay).post(reverse("payments:pay_refund_back", args=[refund.pk]), told)
        shop.send_refunds()
        refund.refresh_from_db()
        assert refund.state == "done"
        assert "OUT-9" not in page(client_of(lin), order.get_absolute_url())


class TestDesk:
    def note(self, client: Client, way: PaymentWay, **told: str) -> Arrival:
        form = {
            "way": way.code, "received_on": str(DAY), "amount": "49.99", "currency": "EUR", "bank_reference": "B-1",
        }  # fmt: skip
        answer = client.post(reverse("payments:note_arrival"), {**form, **told})
        assert answer.status_code == 302, answer.content.decode()
        return Arrival.objects.latest("pk")

    def test_sets_up_a_way_and_changes_it(self, fay: User) -> None:
        fays = client_of(fay)
        form = {**TOLD, "kind": "bank_transfer", "currency": "EUR", "is_on": "on", "reason": "Asked for"}
        assert fays.post(reverse("payments:payment_ways"), {**form, "account": IBAN[:-1] + "1"}).status_code == 422
        assert fays.post(reverse("payments:payment_ways"), form).status_code == 302
        way = approved(PaymentWay.objects.get())
        change = {**TOLD, "holder": "Kezhan GmbH", "reason": "Renamed", "version": "1"}
        address = reverse("payments:payment_way", args=[way.code])
        assert fays.post(address, change).status_code == 302
        assert fays.post(address, change).status_code == 409  # somebody looked at the first version
        newest = PaymentWay.objects.standing().get()
        assert (newest.holder, newest.is_on, newest.version) == ("Kezhan GmbH", False, 2)
        assert "Renamed" in page(fays, address)

    def test_takes_the_picture_of_a_wallets_code(self, fay: User) -> None:
        fays = client_of(fay)
        form = {**TOLD, "account": "", "bank_code": "", "kind": "alipay", "currency": "CNY", "reason": "x"}
        assert fays.post(reverse("payments:payment_ways"), form).status_code == 422
        not_one = SimpleUploadedFile("code.png", b"no picture")
        assert fays.post(reverse("payments:payment_ways"), {**form, "qr": not_one}).status_code == 422
        upload = SimpleUploadedFile("code.png", picture().read())
        assert fays.post(reverse("payments:payment_ways"), {**form, "qr": upload}).status_code == 302
        with PaymentWay.objects.get().qr.open() as file:
            assert file.read(4) == b"RIFF"

    def test_notes_what_came_in(self, fay: User, lin: User, course: Course, way: PaymentWay) -> None:
        order = wait_for(lin, [course], way)
        assert order.number in page(client_of(fay), reverse("payments:arrivals"))
        self.note(client_of(fay), way, text=order.hand.reference)
        order.refresh_from_db()
        assert order.state == "paid"
        assert "Dealt with lately" in page(client_of(fay), reverse("payments:arrivals"))

    def test_says_beside_the_field_what_is_wrong(self, fay: User, lin: User, course: Course, way: PaymentWay) -> None:
        come_in(wait_for(lin, [course], way), 100, bank_reference="B-1")
        form = {"way": way.code, "received_on": str(DAY), "amount": "1.00", "currency": "EUR"}
        address = reverse("payments:note_arrival")
        again = client_of(fay).post(address, {**form, "bank_reference": "b-1"})
        unknown = client_of(fay).post(address, {**form, "bank_reference": "B-2", "reference": "K0000000000"})
        assert (again.status_code, unknown.status_code) == (422, 422)
        assert "noted this arrival already" in again.content.decode()
        assert "No order has this reference" in unknown.content.decode()
        assert Arrival.objects.count() == 1

    def test_a_day_has_come_by_the_clock_of_money(self, fay: User, lin: User, course: Course, way: PaymentWay) -> None:
        order = wait_for(lin, [course], way)
        clock.advance(timedelta(days=3))
        today = timezone.localdate(clock.now())
        self.note(client_of(fay), way, text=order.hand.reference, received_on=str(today))
        assert Arrival.objects.get().received_on == today

    def test_shows_what_does_not_fit_and_sends_it_back(
        self, fay: User, lin: User, course: Course, way: PaymentWay
    ) -> None:
        order, fays = wait_for(lin, [course], way), client_of(fay)
        arrival = self.note(fays, way, amount="60.00", reference=order.number)
        assert "It is more than the order costs." in page(fays, reverse("payments:arrivals"))
        fays.post(reverse("payments:send_arrival_back", args=[arrival.pk]), {"reason": "Too much"})
        fays.post(reverse("payments:note_arrival_sent_back", args=[arrival.pk]), {"bank_reference": "OUT-1"})
        assert state_of(arrival) == ("sent_back", "")

    def test_matches_and_withdraws(self, fay: User, lin: User, course: Course, way: PaymentWay) -> None:
        order, fays = wait_for(lin, [course], way), client_of(fay)
        wrong = self.note(fays, way)
        fays.post(reverse("payments:withdraw_arrival", args=[wrong.pk]), {"reason": "Another day"})
        right = self.note(fays, way)
        fays.post(reverse("payments:match_arrival", args=[right.pk]), {"reference": order.number})
        order.refresh_from_db()
        assert order.state == "paid"

    def test_a_second_person_confirms(self, fay: User, lin: User, course: Course, way: PaymentWay, settings) -> None:
        settings.KEZHAN_PAYOUT_APPROVAL_MINOR = 4000
        order = wait_for(lin, [course], way)
        arrival = self.note(client_of(fay), way, text=order.hand.reference)
        confirm = reverse("payments:confirm_arrival", args=[arrival.pk])
        assert confirm not in page(client_of(fay), reverse("payments:arrivals"))
        assert client_of(fay).post(confirm).status_code == 403
        assert confirm in page(client_of(gil()), reverse("payments:arrivals"))
        client_of(gil()).post(confirm)
        order.refresh_from_db()
        assert order.state == "paid"

    @pytest.mark.parametrize(
        "wrong",
        [{"amount": "0"}, {"amount": "1.999"}, {"amount": ""}, {"received_on": "2999-01-01"}, {"bank_reference": " "},
         {"way": "none"}],
    )  # fmt: skip
    def test_refuses_what_cannot_be(self, fay: User, way: PaymentWay, wrong: dict[str, str]) -> None:
        form = {
            "way": way.code, "received_on": str(DAY), "amount": "1.00", "currency": "EUR", "bank_reference": "B",
        }  # fmt: skip
        assert client_of(fay).post(reverse("payments:note_arrival"), {**form, **wrong}).status_code == 422
        assert not Arrival.objects.exists()


class TestApi:
    @pytest.fixture
    def lins(self, lin: User) -> APIClient:
        client = APIClient()
        client.force_authenticate(lin)
        return client

    @pytest.fixture
    def fays(self, fay: User) -> APIClient:
        client = APIClient()
        client.force_login(fay)
        return client

    def test_starts_an_order_by_a_way(self, lins: APIClient, course: Course, way: PaymentWay) -> None:
        (offered,) = lins.get(reverse("api-payment-ways"), {"currency": "eur"}).json()["results"]
        assert (offered["code"], offered["account"]) == (way.code, IBAN)
        assert lins.get(reverse("api-payment-ways"), {"currency": "\x00"}).json()["results"] == []
        order = lins.post(reverse("api-orders"), {"courses": [course.slug], "way": way.code}).json()
        assert order["checkout_url"] is None
        assert order["by_hand"]["reference"] == HandPayment.objects.get().reference
        sent = lins.post(reverse("api-order-sent", args=[order["number"]])).json()
        assert sent["by_hand"]["sent_at"]
        other = lins.post(reverse("api-order-other-way", args=[order["number"]]), {"way": ""}).json()
        assert other["checkout_url"]
        assert other["by_hand"] is None
        gone = lins.post(reverse("api-order-cancel", args=[order["number"]]))
        assert (gone.status_code, gone.json()["code"]) == (409, "order_not_waiting")

    def test_keeps_the_desk(self, fays: APIClient, lin: User, course: Course, fay: User) -> None:
        way = fays.post(
            reverse("api-finance-ways"), {**TOLD, "kind": "bank_transfer", "currency": "EUR", "reason": "x"}
        ).json()
        changed = fays.patch(
            reverse("api-finance-way", args=[way["code"]]), {"version": 1, "reason": "y", "holder": "Kezhan GmbH"}
        ).json()
        assert (changed["version"], changed["holder"], changed["account"]) == (2, "Kezhan GmbH", IBAN)
        assert fays.patch(reverse("api-finance-way", args=[way["code"]]), {"holder": "X"}).status_code == 400
        waits = fays.get(reverse("api-finance-ways")).json()[0]
        assert (waits["version"], waits["waits"]) == (2, True)
        assert not PaymentWay.objects.standing().exists()
        approve, told = reverse("api-finance-way-approve", args=[way["code"]]), {"version": 2}
        refused = fays.post(approve, told)
        assert (refused.status_code, refused.json()["code"]) == (403, "second_person_needed")
        gils = APIClient()
        gils.force_login(gil())
        assert gils.post(reverse("api-finance-way-decline", args=[way["code"]]), told).status_code == 400
        address = reverse("api-finance-way", args=[way["code"]])
        for lost in (gils.post(approve, {"version": 9}), gils.patch(address, {"version": 9, "reason": "y"})):
            assert (lost.status_code, lost.json()["code"]) == (409, "payment_way_changed")
        assert gils.post(reverse("api-finance-way-approve", args=["none"]), told).status_code == 404
        assert gils.post(approve, told).json()["waits"] is False
        again = gils.post(approve, told)
        assert (again.status_code, again.json()["code"]) == (409, "payment_way_decided")
        order = wait_for(lin, [course], PaymentWay.objects.standing().get())
        amount = {"minor": "4999", "currency": "EUR"}
        told = {"way": way["code"], "received_on": str(DAY), "amount": amount, "bank_reference": "B-1"}
        came = fays.post(reverse("api-arrivals"), told).json()
        assert (came["state"], came["why"]) == ("unmatched", "no_order")
        assert [one["id"] for one in fays.get(reverse("api-arrivals")).json()] == [came["id"]]
        booked = fays.post(reverse("api-arrival-match", args=[came["id"]]), {"reference": order.number}).json()
        assert (booked["state"], booked["order"]) == ("booked", order.number)
        again = fays.post(reverse("api-arrivals"), told)
        assert (again.status_code, again.json()["code"]) == (409, "arrival_noted")
        order.refresh_from_db()
        refund = refunds.refund(order, by=fay, reason="asked")
        assert [one["id"] for one in fays.get(reverse("api-hand-refunds")).json()["results"]] == [refund.pk]
        sent = fays.post(
            reverse("api-hand-refund-sent", args=[refund.pk]), {"bank_reference": "O-1", "sent_on": str(DAY)}
        )
        assert sent.status_code == 200
        refund.refresh_from_db()
        assert refund.state == "done"


def test_what_is_known_of_it_is_told_and_forgotten(lin: User, course: Course, way: PaymentWay) -> None:
    order = wait_for(lin, [course], way)
    come_in(order)
    tables = privacy.tell(lin).tables
    assert not privacy.holds(lin)
    come_in(order, 100)
    assert len(privacy.holds(lin)) == 1
    assert [row["payer__name"] for row in tables["arrivals"]] == ["Lin Chen"]
    assert [row["way_code"] for row in tables["paid_by_hand"]] == [way.code]
    forget_buyer(lin)
    assert {(payer.name, payer.text) for payer in ArrivalPayer.objects.all()} == {("", "")}
