"""Who may be the second person for money that came in, and what she is shown."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.models import User
from courses.models import Course
from marketplace.lib import clock
from marketplace.lib.emails import Mail
from payments import refunds
from payments.hand import arrivals, refunding, ways
from payments.models import Arrival, Order, PaymentWay, Refund
from tests import cast
from tests.payments import shop
from tests.payments.by_hand import DAY, TOLD, come_in, gil, state_of, wait_for, way_for
from tests.payments.test_by_hand_pages import client_of, page

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def low_limit(settings) -> None:
    settings.KEZHAN_PAYOUT_APPROVAL_MINOR = 4000


@pytest.fixture
def courses() -> list[Course]:
    return shop.two_courses()


@pytest.fixture
def order(lin: User, courses: list[Course]) -> Order:
    return wait_for(lin, courses, way_for())


def hal() -> User:
    return cast.person("Hal", role="finance")


def test_is_not_who_noted_what_somebody_else_matched(order: Order, fay: User) -> None:
    arrival = come_in(order, text="no words")
    arrivals.match(arrival, by=gil(), reference=order.number)
    assert state_of(arrival)[0] == "waiting"
    for person in (fay, gil()):
        with pytest.raises(arrivals.OwnArrival):
            arrivals.confirm(arrival, by=person)
    arrivals.confirm(arrival, by=hal())
    assert state_of(arrival)[0] == "booked"


def test_is_not_who_noted_what_somebody_else_gave_effect(order: Order, fay: User) -> None:
    clock.advance(timedelta(days=8))
    shop.sweep_orders()
    arrival = come_in(order)
    arrivals.give_effect(arrival, by=gil(), reason="A holiday between")
    with pytest.raises(arrivals.OwnArrival):
        arrivals.confirm(arrival, by=fay)
    arrivals.confirm(arrival, by=hal())
    order.refresh_from_db()
    assert order.state == "paid"


def test_is_not_who_noted_a_part_of_it(order: Order, fay: User) -> None:
    part = come_in(order, 4000)
    assert state_of(part) == ("unmatched", "short")
    rest = come_in(order, 999, by=gil())
    assert state_of(rest)[0] == "waiting"
    with pytest.raises(arrivals.OwnArrival):
        arrivals.confirm(rest, by=fay)
    assert [state_of(one)[0] for one in (part, rest)] == ["unmatched", "waiting"]
    arrivals.confirm(rest, by=hal())
    assert [state_of(one)[0] for one in (part, rest)] == ["booked", "booked"]


def test_is_shown_and_mailed_every_part(order: Order, fay: User) -> None:
    third = hal()
    come_in(order, 4000, bank_reference="PART-1")
    rest = come_in(order, 999, by=gil())
    confirm = reverse("payments:confirm_arrival", args=[rest.pk])
    shown = page(client_of(third), reverse("payments:arrivals"))
    assert confirm in shown
    waits = shown.split('id="waiting"')[1].split('id="open"')[0]
    assert "PART-1" in waits
    assert confirm not in page(client_of(fay), reverse("payments:arrivals"))
    (mail,) = Mail.objects.filter(key__startswith="arrival-to-confirm:")
    assert mail.to == third.email
    assert "PART-1" in mail.text


class TestWhoEarnsByIt:
    @pytest.fixture
    def ada_of_finance(self, ada: User, order: Order) -> User:
        """The creator of one of its courses."""
        cast.give_role(ada, "finance")
        return User.objects.get(pk=ada.pk)

    def test_notes_and_matches_nothing_for_it(self, order: Order, ada_of_finance: User) -> None:
        with pytest.raises(arrivals.OwnArrival):
            come_in(order, by=ada_of_finance)
        arrival = come_in(order, text="no words")
        with pytest.raises(arrivals.OwnArrival):
            arrivals.match(arrival, by=ada_of_finance, reference=order.number)
        assert state_of(arrival) == ("unmatched", "no_order")

    def test_confirms_nothing_for_it(self, order: Order, ada_of_finance: User) -> None:
        arrival = come_in(order)
        with pytest.raises(arrivals.OwnArrival):
            arrivals.confirm(arrival, by=ada_of_finance)
        confirm = reverse("payments:confirm_arrival", args=[arrival.pk])
        assert confirm not in page(client_of(ada_of_finance), reverse("payments:arrivals"))
        assert not Mail.objects.filter(key__startswith="arrival-to-confirm:", to=ada_of_finance.email).exists()

    def test_gives_it_no_effect(self, order: Order, ada_of_finance: User) -> None:
        clock.advance(timedelta(days=8))
        shop.sweep_orders()
        arrival = come_in(order)
        with pytest.raises(arrivals.OwnArrival):
            arrivals.give_effect(arrival, by=ada_of_finance, reason="x")
        assert Arrival.objects.count() == 1


class TestWay:
    def test_each_version_is_told_to_all_of_finance(self, fay: User) -> None:
        people = {fay.email, gil().email}
        way = ways.set_up(by=fay, kind="bank_transfer", currency="USD", reason="Asked for", **TOLD)
        other = "GB82WEST12345698765432"
        newer = ways.change(way, by=fay, reason="Another bank", account=other)
        assert {mail.to for mail in Mail.objects.filter(key__startswith=f"payment-way:{way.pk}:")} == people
        told = list(Mail.objects.filter(key__startswith=f"payment-way:{newer.pk}:"))
        assert {mail.to for mail in told} == people
        assert all("GB82 WEST" in mail.text and "Another bank" in mail.text for mail in told)

    def test_is_told_from_page_and_api_too(self, fay: User) -> None:
        form = {**TOLD, "kind": "bank_transfer", "currency": "EUR", "is_on": "on", "reason": "Asked for"}
        client_of(fay).post(reverse("payments:payment_ways"), form)
        way = PaymentWay.objects.get()
        change = {**TOLD, "holder": "Kezhan GmbH", "reason": "Renamed", "version": "1"}
        client_of(fay).post(reverse("payments:payment_way", args=[way.code]), change)
        body = {"version": 2, "reason": "y", "holder": "Kezhan Ltd"}
        address = reverse("api-finance-way", args=[way.code])
        assert client_of(fay).patch(address, body, "application/json").status_code == 200
        wrong = client_of(fay).patch(address, {**body, "version": 3, "bank_code": "!"}, "application/json")
        assert wrong.status_code == 400
        assert Mail.objects.filter(key__startswith="payment-way:").count() == 3

    def test_of_a_wallet_shows_its_account_as_it_is(self) -> None:
        assert PaymentWay(kind="alipay", account="pay@kezan.example").account_in_groups == "pay@kezan.example"
        assert PaymentWay(kind="bank_transfer", account="DE8937040044").account_in_groups == "DE89 3704 0044"


class TestWhatGoesBack:
    def test_is_noted_as_sent_by_somebody_else_than_who_decided_it(self, order: Order, fay: User) -> None:
        arrival = come_in(order, 6000)
        arrivals.send_back(arrival, by=fay, reason="Too much")
        address = reverse("payments:note_arrival_sent_back", args=[arrival.pk])
        assert address not in page(client_of(fay), reverse("payments:arrivals"))
        assert address in page(client_of(gil()), reverse("payments:arrivals"))
        with pytest.raises(arrivals.OwnArrival):
            arrivals.note_sent_back(arrival, by=fay, bank_reference="O-1")
        assert state_of(arrival)[0] == "to_send_back"
        arrivals.note_sent_back(arrival, by=gil(), bank_reference="O-1")
        assert state_of(arrival)[0] == "sent_back"

    def test_of_less_than_the_limit_is_one_person_s(self, order: Order, fay: User) -> None:
        arrival = come_in(order, 3999)
        arrivals.send_back(arrival, by=fay, reason="Too little")
        arrivals.note_sent_back(arrival, by=fay, bank_reference="O-1")
        assert state_of(arrival)[0] == "sent_back"

    @pytest.fixture
    def paid(self, order: Order) -> Order:
        arrivals.confirm(come_in(order), by=hal())
        return Order.objects.get(pk=order.pk)

    def test_as_a_refund_is_sent_by_somebody_else_than_who_gave_it(self, paid: Order, fay: User) -> None:
        refund = refunds.refund(paid, by=fay, reason="asked")
        address, told = reverse("payments:pay_refund_back", args=[refund.pk]), {"sent_on": DAY}
        assert address not in page(client_of(fay), reverse("payments:arrivals"))
        assert client_of(fay).post(address, {"bank_reference": "O-1", "sent_on": "2026-11-02"}).status_code == 403
        with pytest.raises(refunding.OwnRefund):
            refunding.pay_back(refund, by=fay, bank_reference="O-1", **told)
        assert address in page(client_of(gil()), reverse("payments:arrivals"))
        refunding.pay_back(refund, by=gil(), bank_reference="O-1", **told)
        assert Refund.objects.get().state == "done"

    def test_as_a_small_refund_is_one_person_s(self, paid: Order, fay: User, courses: list[Course]) -> None:
        small = refunds.refund(paid.items.get(course=courses[0]), by=fay, reason="asked")
        refunding.pay_back(small, by=fay, bank_reference="O-1", sent_on=DAY)
        assert Refund.objects.get(pk=small.pk).state == "done"

    def test_by_the_api_is_refused_in_the_same_words(self, paid: Order, fay: User) -> None:
        refund = refunds.refund(paid, by=fay, reason="asked")
        answer = client_of(fay).post(
            f"/api/v1/finance/hand-refunds/{refund.pk}/sent/", {"bank_reference": "O-1", "sent_on": "2026-11-02"}
        )
        assert (answer.status_code, answer.json()["code"]) == (403, "second_person_needed")
