"""Prices in parts on pages and over the API: the offer, the plan before and after, paying by hand, finance's list."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from accounts.models import User
from courses.models import Course
from marketplace.lib import clock
from marketplace.lib.money import Money
from payments.models import InstalmentOffer, InstalmentPlan, Order
from payments.proof import papers, seals, statement
from tests import cast
from tests.payments import shop
from tests.payments.books import BOOK
from tests.payments.in_parts import banks_answer, begin, charge_all, course_in_parts, plan_of, take_next
from tests.payments.statements import today, verifier

pytestmark = pytest.mark.django_db


@pytest.fixture
def course(db: None) -> Course:
    return course_in_parts(3)


def client_of(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def api_of(person: User) -> APIClient:
    client = APIClient()
    client.force_authenticate(person)
    return client


def read(client: Client, address: str, **headers: str) -> str:
    return client.get(address, headers=headers).content.decode()


class TestBuying:
    def test_the_course_says_it_and_the_plan_shows_every_day_and_amount(self, lin: User, course: Course) -> None:
        client, address = client_of(lin), reverse("payments:start_instalments", args=[course.slug])
        assert "Or pay in 3 monthly parts: $33.34 today" in read(client, course.get_absolute_url())
        page = read(client, address)
        assert page.count("$33.33") == 2
        assert "no fee and no interest" in page
        assert "The refund rule counts from the first part" in page

    def test_nothing_begins_without_her_consent_or_at_another_total(self, lin: User, course: Course) -> None:
        client, address = client_of(lin), reverse("payments:start_instalments", args=[course.slug])
        said = {"total": 10_000, "currency": "USD", "months": 3, "first_on": clock.now().date().isoformat()}
        refused = client.post(address, said)
        assert refused.status_code == 422
        assert "only the whole price can be paid at once" in refused.content.decode()
        assert client.post(address, {**said, "total": 9_999, "agrees": "1"}).status_code == 409
        assert client.post(address, {**said, "months": 2, "agrees": "1"}).status_code == 409
        assert client.post(address, {**said, "first_on": "2020-01-31", "agrees": "1"}).status_code == 409
        assert client.post(address, {"agrees": "1"}).status_code == 422
        assert not Order.objects.exists()
        answer = client.post(address, {**said, "agrees": "1"})
        assert "/sandbox/checkout/" in answer.url
        assert Order.objects.get().total == Money(3334, "USD")

    def test_a_course_that_is_not_offered_so_says_it(self, lin: User, course: Course) -> None:
        InstalmentOffer.objects.choose(course, 0, by=course.creator.user)
        client = client_of(lin)
        assert client.get(reverse("payments:start_instalments", args=[course.slug])).status_code == 409
        assert "monthly parts" not in read(client, course.get_absolute_url())

    def test_the_plan_is_hers_and_leads_to_pay_the_next_part_or_the_rest(self, lin: User, course: Course) -> None:
        plan = begin(lin, course)
        page = read(client_of(lin), plan.get_absolute_url())
        assert "Pay part 2 now: $33.33" in page
        assert "Pay all the rest: $66.66" in page
        assert client_of(cast.cole()).get(plan.get_absolute_url()).status_code == 404
        address = reverse("payments:pay_instalments", args=[plan.token])
        assert client_of(cast.cole()).post(address).status_code == 404
        answer = client_of(lin).post(address, {"rest": "1"})
        assert "/sandbox/checkout/" in answer.url
        assert plan.get_absolute_url() in read(client_of(lin), plan.orders.earliest("pk").get_absolute_url())
        assert plan.get_absolute_url() in read(client_of(lin), reverse("payments:instalment_plans"))

    def test_a_paused_course_says_what_to_do(self, lin: User, course: Course) -> None:
        plan = paused(lin, course)
        client, lesson = client_of(lin), course.live_lessons().last()
        refused = client.get(reverse("learners:lesson", args=[course.slug, lesson.key]))
        assert refused.status_code == 403
        assert "The course is paused" in refused.content.decode()
        assert plan.get_absolute_url() in refused.content.decode()
        assert course.title in read(client, reverse("learners:library")), "it stays in her library"
        client.post(reverse("payments:pay_instalments", args=[plan.token]))
        shop.pay(plan.orders.get(state="pending"))
        shop.deliver_all()
        assert client.get(reverse("learners:lesson", args=[course.slug, lesson.key])).status_code == 200


class TestSwitchedOff:
    def test_nobody_is_offered_it(self, lin: User, course: Course, settings: Any) -> None:
        settings.KEZHAN_INSTALMENTS = False
        client, ada = client_of(lin), client_of(course.creator.user)
        assert client.get(reverse("payments:start_instalments", args=[course.slug])).status_code == 409
        assert "monthly parts" not in read(client, course.get_absolute_url())
        assert "Payment in parts" not in read(ada, reverse("studio:pricing", args=[course.slug]))
        ada.post(reverse("payments:offer_instalments", args=[course.slug]), {"months": "6"})
        assert InstalmentOffer.objects.months_of(course) == 3
        assert api_of(lin).get(reverse("api-course-instalments", args=[course.slug])).status_code == 409

    def test_what_was_agreed_goes_on(self, lin: User, course: Course, settings: Any) -> None:
        plan = begin(lin, course)
        settings.KEZHAN_INSTALMENTS = False
        take_next(plan)
        assert plan.paid_parts == 2


class TestTheDesks:
    def test_a_creator_offers_it_and_ends_it(self, course: Course) -> None:
        client = client_of(course.creator.user)
        address = reverse("payments:offer_instalments", args=[course.slug])
        assert "Payment in parts" in read(client, reverse("studio:pricing", args=[course.slug]))
        client.post(address, {"months": "6"})
        assert InstalmentOffer.objects.months_of(course) == 6
        client.post(address, {"months": "9"})
        client.post(address, {"months": "0"})
        assert InstalmentOffer.objects.months_of(course) == 0
        assert client_of(cast.cole()).post(address, {"months": "2"}).status_code in (302, 404)
        assert InstalmentOffer.objects.months_of(course) == 0

    def test_her_sale_says_which_part_it_is_and_of_what(self, lin: User, course: Course) -> None:
        plan = begin(lin, course)
        item = plan.orders.get().items.get()
        page = read(client_of(course.creator.user), reverse("payments:sale", args=[item.pk]))
        assert "Of $100.00 in 3 parts" in page
        assert "(1/3)" in page

    def test_finance_sees_what_did_not_come_and_what_is_open(self, lin: User, course: Course) -> None:
        plan = begin(lin, course)
        fay, address = client_of(cast.fay()), reverse("payments:finance_instalments")
        assert "No part is missing" in read(fay, address)
        assert "$66.66" in read(fay, address)
        assert plan.get_absolute_url() in read(fay, address + "?all=1")
        banks_answer("card_declined")
        take_next(plan)
        assert plan.get_absolute_url() in read(fay, address)
        assert fay.get(plan.get_absolute_url()).status_code == 200
        assert "Pay part" not in read(fay, plan.get_absolute_url())


class TestTheApi:
    def test_from_the_offer_to_the_last_part(self, lin: User, course: Course) -> None:
        ada, buyer = api_of(course.creator.user), api_of(lin)
        offer = reverse("api-studio-instalments", args=[course.slug])
        assert ada.put(offer, {"months": 2}, format="json").json()["is_possible"] is True
        assert ada.put(offer, {"months": 1}, format="json").status_code == 409
        assert buyer.put(offer, {"months": 2}, format="json").status_code == 403
        told = buyer.get(reverse("api-course-instalments", args=[course.slug])).json()
        assert [part["amount"]["minor"] for part in told["parts"]] == ["5000", "5000"]
        asked: dict[str, Any] = {"course": course.slug, "total": told["total"], "agrees": True, "months": 2}
        asked["first_on"] = told["parts"][0]["due_on"]
        plans = reverse("api-instalments")
        assert buyer.post(plans, {**asked, "agrees": False}, format="json").status_code == 400
        assert buyer.post(plans, {**asked, "months": 3}, format="json").status_code == 409
        order = buyer.post(plans, asked, format="json")
        assert order.status_code == 201
        shop.pay(Order.objects.get(number=order.json()["number"]))
        shop.deliver_all()
        [plan] = buyer.get(plans).json()["results"]
        assert (plan["state"], plan["open"]["minor"]) == ("running", "5000")
        pay = reverse("api-instalment-pay", args=[plan["token"]])
        assert api_of(cast.cole()).post(pay).status_code == 404
        second = buyer.post(pay, {"rest": True}, format="json").json()
        shop.pay(Order.objects.get(number=second["number"]))
        shop.deliver_all()
        assert buyer.get(reverse("api-instalment", args=[plan["token"]])).json()["state"] == "done"
        assert buyer.post(pay, format="json").status_code == 409

    def test_finance_lists_plans_in_trouble(self, lin: User, course: Course) -> None:
        plan = begin(lin, course)
        banks_answer("card_declined")
        take_next(plan)
        [found] = api_of(cast.fay()).get(reverse("api-finance-instalments")).json()["results"]
        assert (found["failed_tries"], found["buyer"]) == (1, lin.email)


def paused(lin: User, course: Course) -> InstalmentPlan:
    plan = begin(lin, course)
    banks_answer("card_declined")
    for _try in range(3):
        take_next(plan)
    return plan_of(lin)


class TestTheStatement:
    def files(self, folder: Path, course: Course) -> list[Path]:
        seals.seal_closed_days(BOOK, through=clock.now().date())
        day = today()
        paths = [folder / "seals.json", folder / "statement.json"]
        paths[0].write_bytes(b"".join(papers.seals(BOOK)))
        paths[1].write_bytes(b"".join(statement.month(course.creator, day.year, day.month)))
        return paths

    def wrong(self, paths: list[Path]) -> str:
        verify = verifier()
        try:
            head, days = verify.read_seals(paths[0])
            verify.check_statement(paths[1], head, days, None)
        except verify.Wrong as wrong:
            return str(wrong)
        return ""

    def test_the_verifier_reckons_each_part_anew(self, lin: User, course: Course, tmp_path: Path) -> None:
        plan = begin(lin, course)
        take_next(plan)
        charge_all()
        assert self.wrong(self.files(tmp_path, course)) == ""

    def test_the_control_a_cent_moved_between_parts_is_seen(self, lin: User, course: Course, tmp_path: Path) -> None:
        begin(lin, course)
        verify = verifier()
        told = json.loads(self.files(tmp_path, course)[1].read_text())
        [part] = next(line["parts"] for line in told["lines"] if line["entry"]["kind"] == "sale")
        whole = int(part["amount"])
        verify.in_parts(part, whole)
        for moved in ({"amounts": ["3000", "3667", "3333"]}, {"to": 2}, {"amount": "1"}):
            with pytest.raises(verify.Wrong):
                verify.in_parts({**part, "parts": {**part["parts"], **moved}}, whole)
