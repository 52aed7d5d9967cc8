"""Memberships as creators and finance see them: a mail a day, figures without what went back, the sale of a month,
finance's list, what waits for a dispute, and the pass that two people set up at once.
"""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from accounts.models import User
from creators.models import Suspension
from marketplace.lib import clock
from marketplace.lib.emails import Mail
from marketplace.lib.money import Money
from payments import refunds
from payments.memberships import canceling, daily, ending, figures, taking_back
from payments.models import Dispute, Membership, MembershipOffer, Order, OrderItem, Refund
from payments.sandbox import desk, oracle
from tests.faults.taken_away import lingering, taken_away
from tests.payments import shop
from tests.payments.crowd import at_once
from tests.payments.held import books_hold
from tests.payments.membered import NINE, charge_all, club, comes, fresh, join, next_month, offer_of, open_course

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=user.pk))
    return client


def api_of(user: User) -> APIClient:
    client = APIClient()
    client.force_authenticate(User.objects.get(pk=user.pk))
    return client


def days_told() -> list[Mail]:
    return list(Mail.objects.filter(key__startswith="membership-day:").order_by("key"))


class TestTheDay:
    def test_is_one_mail_however_many_months(self, ada: User, lin: User, cole: User) -> None:
        offer, _course = club()
        join(lin, offer)
        canceling.cancel(join(cole, offer), by=cole)
        daily.tell_creators()
        assert not days_told()  # it is not over
        clock.advance(DAY)
        daily.tell_creators()
        daily.tell_creators()
        [mail] = days_told()
        assert "Months paid: 2, $18.00 in all. Your part of it is $16.20." in mail.text
        assert "New members: 2" in mail.text
        assert "Members now: 2" in mail.text
        assert str(lin) not in mail.text
        assert lin.email not in mail.text

    def test_says_who_left(self, ada: User, lin: User) -> None:
        membership = join(lin, club()[0])
        canceling.cancel(membership, by=lin)
        clock.advance(DAY)
        daily.tell_creators()
        comes(membership)
        charge_all()
        clock.advance(DAY)
        daily.tell_creators()
        assert "Members who have left: 1" in days_told()[-1].text
        assert "Members now: 0" in days_told()[-1].text
        assert len(days_told()) == 2

    def test_nothing_happened_is_no_mail(self, ada: User, lin: User) -> None:
        club()
        clock.advance(3 * DAY)
        assert daily.tell_creators() == 0


class TestTheFigures:
    def test_leave_out_what_went_back(self, ada: User, lin: User, cole: User) -> None:
        offer, _course = club()
        join(lin, offer)
        taking_back.take_back(join(cole, offer), by=cole, expected=NINE)
        assert offer.creator
        [line] = figures.of(offer.creator).months
        assert (line.count, line.paid, line.returned) == (2, Money(1_800, "USD"), NINE)
        assert line.share == Money(810, "USD")
        page = client_of(ada).get(reverse("payments:offer_membership")).content.decode()
        assert "$8.10" in page

    def test_the_sale_says_what_a_month_is(self, ada: User, lin: User) -> None:
        join(lin, club()[0])
        item = OrderItem.objects.get()
        page = client_of(ada).get(reverse("payments:sale", args=[item.pk])).content.decode()
        assert "No part of it, and nothing afterwards." in page
        assert "completed the course" not in page
        told = api_of(ada).get(reverse("api-earnings-sale", args=[item.pk])).json()
        assert told["part_until"] is None
        assert told["whole_until"]


class TestFinance:
    def test_lists_all_by_filter(self, ada: User, lin: User, fay: User) -> None:
        offer, _course = club()
        membership = join(lin, offer)
        assert offer.creator
        client, address = api_of(fay), reverse("api-finance-memberships")

        def tokens(**asked: str) -> list[str]:
            return [one["token"] for one in client.get(address, asked).json()["results"]]

        assert tokens() == []
        assert tokens(show="running") == [str(membership.token)]
        assert tokens(show="running", creator=offer.creator.slug) == [str(membership.token)]
        assert tokens(show="running", creator="nobody") == []
        canceling.cancel(membership, by=lin)
        comes(membership)
        charge_all()
        assert tokens(show="running") == []
        assert tokens(show="ended") == [str(membership.token)]
        page = client_of(fay).get(reverse("payments:finance_memberships"), {"show": "ended"}).content.decode()
        assert "You canceled it." in page or "canceled" in page

    def test_reads_the_pass(self, ada: User, fay: User) -> None:
        address = reverse("api-finance-pass")
        assert api_of(fay).get(address).status_code == 409
        offer_of(None, NINE, name="The pass", opens="marked")
        assert api_of(fay).get(address).json()["name"] == "The pass"

    def test_the_members_page_in_the_api_says_until_when(self, ada: User, lin: User) -> None:
        membership = join(lin, club()[0])
        address = reverse("api-membership", args=[membership.token])
        told = api_of(lin).get(address).json()
        assert told["refund_until"]
        assert (told["closes_at"], told["may_resume"]) == (None, False)
        canceling.cancel(membership, by=lin)
        ending.announce(ada.creator, clock.now() + 60 * DAY, by=ada)
        told = api_of(lin).get(address).json()
        assert told["closes_at"]
        assert told["may_resume"]


class TestADispute:
    def disputed(self, lin: User, days: int = 0) -> Membership:
        membership = join(lin, club()[0])
        if days:
            clock.advance(days * DAY)
        desk.on_charge(Order.objects.get().charge_id, "dispute")
        shop.deliver_all()
        return membership

    def decide(self, how: str) -> None:
        from payments.sandbox.models import SandboxDispute

        desk.on_dispute(SandboxDispute.objects.get().pk, how)
        shop.deliver_all()

    def test_won_the_membership_goes_on(self, ada: User, lin: User) -> None:
        membership = self.disputed(lin, days=27)
        comes(membership)
        charge_all()
        assert fresh(membership).last_month == 1
        self.decide("win")
        assert fresh(membership).is_live
        charge_all()
        assert fresh(membership).last_month == 2
        assert list(oracle.charges().values()) == [900, 900]
        assert books_hold()

    @pytest.mark.parametrize(("how", "given"), [("win", 1), ("lose", 0)])
    def test_the_rest_of_what_ended_for_nothing_waits_for_it(
        self, ada: User, lin: User, sam: User, how: str, given: int
    ) -> None:
        membership = self.disputed(lin)
        Suspension.objects.suspend(creator=ada.creator, by=sam, rule_code="x", reason="y")
        clock.advance(3 * DAY)
        charge_all()
        assert fresh(membership).end_reason == "creator_gone"
        assert not Refund.objects.exists()
        clock.advance(2 * DAY)
        self.decide(how)
        charge_all()
        charge_all()
        shop.send_refunds()
        assert Dispute.objects.get().settled_at
        backs = list(Refund.objects.filter(cause="month"))
        assert len(backs) == given
        for back in backs:  # by the days that were to come when it ended
            assert 780 < back.amount_minor < 830
        charge_all()
        assert Refund.objects.filter(cause="month").count() == given
        assert books_hold()

    def test_a_creator_gives_a_month_back_by_hand(self, ada: User, lin: User) -> None:
        membership = join(lin, club()[0])
        next_month(membership)
        order = Order.objects.get(month=2)
        refunds.refund(order.items.get(), by=ada, reason="Sorry", amount=Money(300, "USD"), ends_access=False)
        shop.send_refunds()
        assert fresh(membership).is_live
        assert books_hold()


class TestOneThatHasEnded:
    def test_leads_to_a_new_one_while_it_is_offered(self, ada: User, lin: User) -> None:
        offer, _course = club()
        membership = join(lin, offer)
        canceling.cancel(membership, by=lin)
        comes(membership)
        charge_all()
        assert "Begin it again" in client_of(lin).get(membership.get_absolute_url()).content.decode()
        offer.close(by=ada)
        assert "Begin it again" not in client_of(lin).get(membership.get_absolute_url()).content.decode()

    def test_its_order_says_until_when_a_month_is_paid(self, ada: User, lin: User) -> None:
        join(lin, club()[0])
        page = client_of(lin).get(Order.objects.get().get_absolute_url()).content.decode()
        assert "Open the courses that you want" in page
        assert "Your courses are in your library" not in page


@pytest.mark.django_db(transaction=True)
class TestThePassAtOnce:
    def choose(self, fay: User) -> list[object]:
        told = {"name": "The pass", "description": "", "is_open": False, "price": NINE}
        return at_once(lambda _n: MembershipOffer.objects.choose(None, by=fay, **told).pk, 3)

    def test_is_one_version(self, fay: User) -> None:
        with taken_away(lingering("payments_membershipoffer")):
            assert len(set(self.choose(fay))) == 1
            assert MembershipOffer.objects.count() == 1

    def test_the_control_without_the_lock_it_is_several(self, fay: User, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(type(MembershipOffer.objects.all()), "hold", lambda _self, _creator: None)
        with taken_away(lingering("payments_membershipoffer")):
            assert len(set(self.choose(fay))) > 1


@pytest.mark.django_db(transaction=True)
class TestInACircle:
    """Rights of two members, a purchase of each and a month of each, in two batches that meet crosswise."""

    def test_a_refund_of_a_lent_course_and_a_month_wait_for_each_other_in_one_order(self, ada: User, lin: User) -> None:
        offer, course = club()
        membership = join(lin, offer)
        open_course(lin, course)
        order = shop.buy(lin, [course])
        comes(membership)
        from payments.memberships import charging
        from tests.payments.membered import work_off

        charging.look_after()
        refunds.refund(order.items.get(), by=ada, reason="Sorry")

        def act(n: int) -> object:
            return shop.send_refunds() if n else work_off()

        at_once(act, 2)
        shop.send_refunds()
        work_off()
        assert fresh(membership).last_month == 2
        mine = lin.enrollments.active().get(course=course)
        assert (mine.source, mine.is_paused) == ("membership", False)
        assert books_hold()
