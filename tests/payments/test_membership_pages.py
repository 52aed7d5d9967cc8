"""Pages and API of memberships: agreeing, one's own, the studio, the course's page, the library, finance."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from accounts.models import User
from marketplace.lib import clock
from payments.models import Membership, MembershipCourse, MembershipOffer, Order, PassListing
from payments.sandbox import desk
from tests.courses.factories import make_course
from tests.payments import shop
from tests.payments.held import books_hold
from tests.payments.in_parts import banks_answer
from tests.payments.membered import charge_all, club, comes, fresh, join, next_month, open_course

pytestmark = pytest.mark.django_db


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def api_of(user: User) -> APIClient:
    client = APIClient()
    client.force_login(user)
    return client


def text(client: Client, name: str, *args: object, **kwargs: object) -> str:
    answer = client.get(reverse(name, args=args), **kwargs)
    assert answer.status_code == 200, answer
    return answer.content.decode()


class TestAgreeing:
    def test_the_page_says_all_of_it_before(self, ada: User, lin: User) -> None:
        offer, course = club()
        page = text(client_of(lin), "payments:join_membership", offer.creator.slug)
        for said in ("$9.00", "cancel at any time", "does not rise", course.title, "Within 14 days", "Next one"):
            assert said in page, said

    def test_without_a_yes_nothing_begins(self, ada: User, lin: User) -> None:
        offer, _course = club()
        told = {"total": 900, "currency": "USD", "first_on": clock.now().date().isoformat()}
        answer = client_of(lin).post(reverse("payments:join_membership", args=[offer.creator.slug]), told)
        assert answer.status_code == 422
        assert not Order.objects.exists()

    def test_a_yes_leads_to_the_provider(self, ada: User, lin: User) -> None:
        offer, _course = club()
        told = {"total": 900, "currency": "USD", "first_on": clock.now().date().isoformat(), "agrees": "1"}
        answer = client_of(lin).post(reverse("payments:join_membership", args=[offer.creator.slug]), told)
        assert answer.status_code == 302
        assert Order.objects.get().is_open

    def test_another_price_is_shown_again(self, ada: User, lin: User) -> None:
        offer, _course = club()
        told = {"total": 800, "currency": "USD", "first_on": clock.now().date().isoformat(), "agrees": "1"}
        answer = client_of(lin).post(reverse("payments:join_membership", args=[offer.creator.slug]), told)
        assert answer.status_code == 409
        assert "$9.00" in answer.content.decode()

    def test_the_pass_is_closed_until_finance_opens_it(self, ada: User, lin: User, fay: User) -> None:
        course = make_course()
        address = reverse("payments:join_pass")
        assert client_of(lin).get(address).status_code == 404
        told = {"name": "Kezhan pass", "amount": "20", "currency": "USD", "is_open": "on"}
        assert client_of(fay).post(reverse("payments:offer_pass"), told).status_code == 302
        PassListing.objects.place(course, by=ada)
        assert "Kezhan pass" in client_of(lin).get(address).content.decode()


class TestHerOwn:
    def test_stands_in_her_list_and_on_its_page(self, ada: User, lin: User) -> None:
        offer, course = club()
        membership = join(lin, offer)
        open_course(lin, course)
        assert offer.name in text(client_of(lin), "payments:memberships")
        page = text(client_of(lin), "payments:membership", membership.token)
        for said in ("Next payment", "Cancel the membership", "Not for you?", course.title, "$9.00"):
            assert said in page, said

    def test_chinese(self, ada: User, lin: User) -> None:
        membership = join(lin, club()[0])
        lin.language = "zh-hans"
        lin.save(update_fields=["language"])
        page = text(client_of(lin), "payments:membership", membership.token, headers={"accept-language": "zh-hans"})
        assert "取消会员" in page
        assert "Cancel the membership" not in page

    def test_is_canceled_resumed_and_given_back(self, ada: User, lin: User) -> None:
        membership = join(lin, club()[0])
        client = client_of(lin)
        client.post(reverse("payments:cancel_membership", args=[membership.token]))
        assert "Go on after all" in text(client, "payments:membership", membership.token)
        client.post(reverse("payments:resume_membership", args=[membership.token]))
        assert fresh(membership).canceled_at is None
        client.post(reverse("payments:take_month_back", args=[membership.token]), {"amount": "900"})
        assert fresh(membership).end_reason == "refunded"
        assert text(client, "payments:membership", membership.token)

    def test_what_did_not_come_is_paid_there(self, ada: User, lin: User) -> None:
        offer, course = club()
        membership = join(lin, offer)
        open_course(lin, course)
        banks_answer("card_declined")
        membership = next_month(membership)
        assert "could not be taken" in text(client_of(lin), "payments:membership", membership.token)
        clock.advance(timedelta(days=3))
        charge_all()
        page = text(client_of(lin), "learners:library")
        assert "A month of your membership did not come." in page
        answer = client_of(lin).post(reverse("payments:pay_month", args=[membership.token]))
        assert answer.status_code == 302


class TestTheCoursesPage:
    def test_says_what_opens_it(self, ada: User, lin: User) -> None:
        offer, course = club()
        address = course.get_absolute_url()
        assert "Included in" in Client().get(address).content.decode()
        join(lin, offer)
        page = client_of(lin).get(address).content.decode()
        assert "opens this course" in page
        assert client_of(lin).post(reverse("payments:open_by_membership", args=[course.slug])).status_code == 302
        assert "opens this course" not in client_of(lin).get(address).content.decode()

    def test_the_creators_page_too(self, ada: User, lin: User) -> None:
        offer, _course = club()
        assert offer.name in Client().get(offer.creator.get_absolute_url()).content.decode()

    def test_switched_off_it_says_nothing(self, ada: User, settings) -> None:
        _offer, course = club()
        settings.KEZHAN_MEMBERSHIPS = False
        assert "Included in" not in Client().get(course.get_absolute_url()).content.decode()


class TestTheStudio:
    def test_sets_it_up(self, ada: User) -> None:
        course = make_course()
        client = client_of(ada)
        told = {"name": "Kiln club", "description": "All of it", "amount": "9.00", "currency": "USD",
                "opens": "marked", "is_open": "on"}  # fmt: skip
        assert client.post(reverse("payments:offer_membership"), told).status_code == 302
        assert MembershipOffer.objects.present(ada.creator).name == "Kiln club"
        client.post(reverse("payments:mark_course", args=[course.slug]), {"on": "1"})
        assert MembershipCourse.objects.open().filter(course=course).exists()
        assert "Take it out" in text(client, "payments:offer_membership")
        assert client.post(reverse("payments:offer_membership"), told | {"amount": "0.10"}).status_code == 422

    def test_shows_counts_and_no_names(self, ada: User, lin: User) -> None:
        join(lin, club()[0])
        page = text(client_of(ada), "payments:offer_membership")
        assert "$8.10" in page
        assert lin.email not in page
        assert lin.name not in page

    def test_her_earnings_say_it(self, ada: User, lin: User) -> None:
        join(lin, club()[0])
        page = text(client_of(ada), "payments:earnings")
        assert "A month of “The kiln club”" in page
        assert "Memberships and the pass" in page

    def test_ends_it_for_members(self, ada: User, lin: User) -> None:
        join(lin, club()[0])
        day = (clock.now() + timedelta(days=40)).date().isoformat()
        client_of(ada).post(reverse("payments:close_membership"), {"ends_on": day})
        assert not MembershipOffer.objects.open().exists()


class TestTheApi:
    def test_goes_all_the_way(self, ada: User, lin: User) -> None:
        offer, course = club()
        api = api_of(lin)
        shown = api.get(reverse("api-creator-membership", args=[offer.creator.slug])).json()
        assert shown["total"] == {"minor": "900", "currency": "USD"}
        told = {"creator": offer.creator.slug, "total": shown["total"], "first_on": shown["first_on"], "agrees": True}
        made = api.post(reverse("api-memberships"), told)
        assert made.status_code == 201, made.json()
        shop.pay(Order.objects.get())
        shop.deliver_all()
        [mine] = api.get(reverse("api-memberships")).json()["results"]
        assert (mine["state"], mine["last_month"]) == ("running", 1)
        assert api.post(reverse("api-open-by-membership", args=[course.slug])).status_code == 204
        one = api.get(reverse("api-membership", args=[mine["token"]])).json()
        assert one["courses"] == {course.slug: True}
        assert one["refund"] == {"minor": "900", "currency": "USD"}
        assert len(one["months"]) == 1
        assert api.post(reverse("api-membership-pay", args=[mine["token"]])).json()["code"] == "too_early_to_pay"
        assert api.post(reverse("api-membership-cancel", args=[mine["token"]])).json()["canceled_at"]
        assert api.post(reverse("api-membership-resume", args=[mine["token"]])).json()["canceled_at"] is None
        back = api.post(reverse("api-membership-take-back", args=[mine["token"]]), {"amount": one["refund"]})
        assert back.status_code == 201, back.json()
        order = api.get(reverse("api-order", args=[Order.objects.order_by("pk")[0].number])).json()
        assert order["items"][0]["course"] is None

    def test_a_creator_sets_it_up(self, ada: User) -> None:
        course = make_course()
        api = api_of(ada)
        told = {"name": "Club", "price": {"minor": "900", "currency": "USD"}, "opens": "marked", "is_open": True}
        assert api.put(reverse("api-studio-membership"), told).json()["courses"] == []
        marked = api.put(reverse("api-studio-membership-course", args=[course.slug]), {"in_membership": True})
        assert marked.json() == {"in_membership": True, "in_pass": False}
        assert api.get(reverse("api-studio-membership")).json()["courses"] == [course.slug]


class TestFinance:
    def test_sees_what_did_not_come(self, ada: User, lin: User, fay: User) -> None:
        membership = join(lin, club()[0])
        assert lin.email not in text(client_of(fay), "payments:finance_memberships")
        banks_answer("card_declined")
        next_month(membership)
        assert str(lin) in text(client_of(fay), "payments:finance_memberships")

    def test_a_dispute_stops_the_next_month_and_lost_it_ends(self, ada: User, lin: User) -> None:
        offer, course = club()
        membership = join(lin, offer)
        open_course(lin, course)
        comes(membership)
        dispute = desk.on_charge(Order.objects.get().charge_id, "dispute")
        shop.deliver_all()
        charge_all()
        assert Membership.objects.get().last_month == 1
        desk.on_dispute(dispute.pk, "lose")
        shop.deliver_all()
        membership = fresh(membership)
        assert membership.end_reason == "disputed"
        assert not membership.orders.filter(state="pending").exists()
        assert books_hold()

    def test_the_pass_is_its_own_offer(self, ada: User, fay: User) -> None:
        assert "The pass" in text(client_of(fay), "payments:offer_pass")
