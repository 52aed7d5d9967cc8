"""A way to pay by hand leads nobody's money anywhere before a second person said yes; until then the old one stands."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEvent, User
from courses.models import Course
from marketplace.lib import clock
from marketplace.lib.emails import Mail
from marketplace.lib.errors import NotAllowed
from payments.hand import checks, desk, waiting, ways
from payments.models import HandPayment, Order, PaymentWay, PaymentWayVerdict
from payments.models.payment_way_verdict import WayDecided
from tests import cast
from tests.courses.factories import make_course
from tests.faults.meeting import wait_for_somebody_inside
from tests.faults.taken_away import meeting, take_away, taken_away, triggers
from tests.payments.by_hand import IBAN, TOLD, come_in, gil, wait_for, way_for
from tests.payments.crowd import at_once

pytestmark = pytest.mark.django_db
OTHER = "GB82WEST12345698765432"


def asked_for(by: User, **told: Any) -> PaymentWay:
    return ways.set_up(by=by, kind="bank_transfer", currency="USD", reason="Asked for", **TOLD | told)


def offered() -> list[str]:
    return [way.account for way in PaymentWay.objects.offered("USD")]


def client_of(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


class TestANewWay:
    def test_is_seen_by_no_buyer_before_the_yes(self, fay: User, lin: User, ada: User) -> None:
        way, course = asked_for(fay), make_course()
        assert (way.waits, offered(), desk.is_used()) == (True, [], False)
        with pytest.raises(waiting.WayNotOffered):
            wait_for(lin, [course], way)
        ways.approve(way, by=gil(), reason="Our account")
        assert offered() == [IBAN]
        assert wait_for(lin, [course], way).hand

    def test_is_approved_by_another_of_finance_and_once(self, fay: User, lin: User) -> None:
        way = asked_for(fay)
        with pytest.raises(ways.OwnWay):
            ways.approve(way, by=fay)
        with pytest.raises(NotAllowed):
            ways.approve(way, by=lin)
        ways.approve(way, by=gil())
        for act in (ways.approve, ways.decline):
            with pytest.raises(WayDecided):
                act(way, by=gil(), reason="Again")
        assert AuditEvent.objects.filter(verb="payment_way.approve").count() == 1

    def test_that_was_declined_is_never_seen_and_may_be_asked_for_anew(self, fay: User) -> None:
        way = asked_for(fay, account=OTHER)
        ways.decline(way, by=gil(), reason="Not ours")
        assert (offered(), list(PaymentWay.objects.present())) == ([], [])
        newer = ways.change(way, by=fay, reason="Ours", account=IBAN)
        ways.approve(newer, by=gil())
        assert offered() == [IBAN]


class TestAChange:
    def test_keeps_the_one_before_until_the_yes(self, fay: User, lin: User, ada: User) -> None:
        way = way_for()
        newer = ways.change(way, by=fay, reason="Another bank", account=OTHER)
        assert offered() == [IBAN]
        order = wait_for(lin, [make_course()], way)
        assert order.hand.way_id == way.pk
        ways.approve(newer, by=gil())
        assert offered() == [OTHER]
        come_in(order)  # who was told of the old one pays by it
        order.refresh_from_db()
        assert order.state == "paid"
        assert not list(checks.breaks())

    def test_that_was_declined_leaves_the_one_before_for_good(self, fay: User) -> None:
        way = way_for()
        newer = ways.change(way, by=fay, reason="Another bank", account=OTHER)
        ways.decline(newer, by=gil(), reason="Nobody knows of it")
        assert offered() == [IBAN]
        third = ways.change(way, by=fay, reason="Renamed", holder="Kezhan GmbH")  # it goes on from what stands
        assert (third.version, third.account, third.holder) == (3, IBAN, "Kezhan GmbH")

    @pytest.mark.parametrize("is_on", [True, False])
    def test_is_not_approved_by_who_wrote_it_before_somebody_touched_it(self, fay: User, is_on: bool) -> None:
        hers = ways.change(way_for(), by=fay, reason="Mine", account=OTHER, is_on=is_on)
        touched = ways.change(hers, by=gil(), reason="A slip in the name", name_zh="转账", is_on=True)
        assert (touched.account, touched.set_by) == (OTHER, gil())
        with pytest.raises(ways.OwnWay):
            ways.approve(touched, by=fay)
        with pytest.raises(IntegrityError, match="another person"), transaction.atomic():
            PaymentWayVerdict.objects.create(way=touched, by=fay, at=clock.now(), approves=True)
        ways.approve(touched, by=cast.person("Hal", role="finance"))
        assert offered() == [OTHER]

    def test_is_approved_by_who_had_only_switched_it_off(self, fay: User) -> None:
        off = ways.change(way_for(), by=gil(), reason="Closed", is_on=False)
        ways.approve(ways.change(off, by=fay, reason="Open again", is_on=True), by=gil())
        assert offered() == [IBAN]

    def test_of_the_words_beside_the_account_alone_is_shown_and_told_whole(self, fay: User) -> None:
        astray = "Our account has moved: send it to GB82 instead."
        newer = ways.change(way_for(), by=fay, reason="Clearer", instructions_en=astray)
        shown = client_of(gil()).get(reverse("payments:payment_way", args=[newer.code])).content.decode()
        assert astray in shown
        assert "Write the reference into the transfer." in shown
        assert all(astray in mail.text for mail in Mail.objects.filter(key__startswith=f"payment-way:{newer.pk}:"))

    def test_that_was_replaced_meanwhile_takes_no_yes(self, fay: User) -> None:
        first = ways.change(way_for(), by=fay, reason="Another bank", account=OTHER)
        second = ways.change(first, by=fay, reason="A slip", account=IBAN)
        with pytest.raises(WayDecided):
            ways.approve(first, by=gil())
        ways.approve(second, by=gil())
        assert offered() == [IBAN]

    def test_that_only_switches_it_off_holds_at_once(self, fay: User) -> None:
        way = way_for()
        off = ways.change(way, by=fay, reason="Closed", is_on=False)
        assert offered() == []
        with pytest.raises(WayDecided):
            ways.approve(off, by=gil())
        on = ways.change(off, by=fay, reason="Open again", is_on=True)
        assert offered() == []
        ways.approve(on, by=gil())
        assert offered() == [IBAN]

    def test_that_switches_it_off_ends_what_waits(self, fay: User) -> None:
        evil = ways.change(way_for(), by=fay, reason="Mine", account=OTHER)
        ways.change(evil, by=gil(), reason="Not ours", is_on=False)
        with pytest.raises(WayDecided):
            ways.approve(evil, by=cast.person("Hal", role="finance"))
        assert offered() == []


class TestTheDatabase:
    def test_takes_no_yes_of_who_set_it_and_none_of_nobody(self, fay: User) -> None:
        way = asked_for(fay)
        for by in (fay, None):
            with pytest.raises(IntegrityError, match="another person"), transaction.atomic():
                PaymentWayVerdict.objects.create(way=way, by=by, at=clock.now(), approves=True)
        with pytest.raises(IntegrityError, match="declined_for_a_reason"), transaction.atomic():
            PaymentWayVerdict.objects.create(way=way, by=gil(), at=clock.now(), approves=False)

    def test_keeps_a_verdict_as_it_was(self, fay: User) -> None:
        ways.decline(asked_for(fay), by=gil(), reason="No")
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            PaymentWayVerdict.objects.update(approves=True)

    def test_leads_no_order_to_what_nobody_approved(self, fay: User, lin: User, ada: User) -> None:
        course, way = make_course(), way_for()
        order = wait_for(lin, [course], way)
        newer = ways.change(way, by=fay, reason="Mine", account=OTHER)
        with pytest.raises(IntegrityError, match="nobody said yes"), transaction.atomic():
            HandPayment.objects.create(order=order, way=newer, reference="K1", chosen_at=clock.now())

    def test_a_check_names_an_order_that_was_led_astray(self, fay: User, lin: User, ada: User) -> None:
        """The control of the rule: without it the books say so."""
        way = asked_for(fay)
        take_away(triggers("payments_handpayment"))
        order = Order.objects.get(pk=wait_for(lin, [make_course()], way_for()).pk)
        HandPayment.objects.filter(order=order).update(way=way)
        assert [line for line in checks.breaks() if "nobody said yes" in line]


class TestPages:
    def test_from_setting_it_to_the_yes(self, fay: User) -> None:
        way = way_for()
        fays, gils, address = client_of(fay), client_of(gil()), reverse("payments:payment_way", args=[way.code])
        change = {**TOLD, "account": OTHER, "is_on": "on", "reason": "Another bank", "version": "1"}
        assert fays.post(address, change).status_code == 302
        assert "Waits for a second person" in fays.get(reverse("payments:payment_ways")).content.decode()
        mine, theirs = (client.get(address).content.decode() for client in (fays, gils))
        approve = reverse("payments:approve_payment_way", args=[way.code])
        assert approve not in mine
        for words in (approve, "DE89 3704 0044", "GB82 WEST", "Another bank"):
            assert words in theirs
        assert fays.post(approve, {"version": "2"}).status_code == 403
        assert gils.post(approve, {"version": "7"}).status_code == 409
        assert gils.post(address, {**change, "version": "7"}).status_code == 409
        assert gils.post(reverse("payments:approve_payment_way", args=["none"]), {"version": "2"}).status_code == 404
        assert gils.post(approve, {"version": "2"}).status_code == 302
        assert offered() == [OTHER]
        assert "Gil said yes" in gils.get(address).content.decode()

    def test_a_no_needs_its_reason(self, fay: User) -> None:
        way = asked_for(fay)
        decline, gils = reverse("payments:decline_payment_way", args=[way.code]), client_of(gil())
        refused = gils.post(decline, {"version": "1"})
        assert (refused.status_code, "Say why, for the record." in refused.content.decode()) == (422, True)
        assert not PaymentWayVerdict.objects.exists()
        gils.post(decline, {"version": "1", "reason": "Not ours"})
        shown = gils.get(reverse("payments:payment_way", args=[way.code])).content.decode()
        assert "Gil said no" in shown
        assert "Not ours" in shown

    def test_a_yes_says_beside_its_field_what_is_wrong(self, fay: User) -> None:
        way = asked_for(fay)
        approve = reverse("payments:approve_payment_way", args=[way.code])
        refused = client_of(gil()).post(approve, {"version": "1", "reason": "x" * 501})
        shown = refused.content.decode()
        assert (refused.status_code, "has 501" in shown, "x" * 501 in shown) == (422, True, True)
        assert not PaymentWayVerdict.objects.exists()

    def test_all_of_finance_is_told_what_was_said(self, fay: User) -> None:
        people = {fay.email, gil().email}
        ways.approve(asked_for(fay), by=gil(), reason="I asked her on the phone")
        asked, said = (Mail.objects.filter(key__startswith=f"payment-way{which}:") for which in ("", "-decided"))
        assert {mail.to for mail in asked} == {mail.to for mail in said} == people
        assert all("before somebody else of finance says yes" in mail.text for mail in asked)
        assert all("I asked her on the phone" in mail.text and "DE89 3704" in mail.text for mail in said)


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def decide(self, way: PaymentWay, **how: bool) -> list[Any]:
        people = [gil(), cast.person("Hal", role="finance")]
        acts = [ways.approve, ways.decline]
        return at_once(lambda n: acts[n](way, by=people[n], reason="Seen"), 2, **how)

    def test_a_yes_and_a_no_are_one_of_them(self) -> None:
        way = asked_for(cast.fay())
        with taken_away(meeting("payments_paymentwayverdict")):
            assert sorted(type(one).__name__ for one in self.decide(way)) == ["PaymentWayVerdict", "WayDecided"]

    def change_beside(self, **how: bool) -> int:
        """A newer version is set while the one before is approved, which its second person has not seen."""
        fay = cast.fay()
        way = asked_for(fay)

        def act(n: int) -> Any:
            if n:
                wait_for_somebody_inside()
                return ways.approve(way, by=gil_, reason="Seen")
            return ways.change(way, by=fay, reason="A slip", account=OTHER)

        gil_ = gil()
        with taken_away(meeting("payments_paymentway")):
            at_once(act, 2, **how)
            return PaymentWayVerdict.objects.count()

    def test_a_change_that_comes_first_takes_its_place(self) -> None:
        assert self.change_beside() == 0

    def test_the_control_without_the_lock_the_one_before_is_approved(self) -> None:
        assert self.change_beside(without_locks=True) == 1


def test_a_course_without_a_way_that_stands_is_paid_on_the_page(fay: User, lin: User, ada: User) -> None:
    asked_for(fay)
    course: Course = make_course()
    shown = client_of(lin).get(reverse("payments:checkout", query={"course": course.slug})).content.decode()
    assert "How do you want to pay?" not in shown
