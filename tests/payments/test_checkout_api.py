"""Buying over the API."""

import pytest
from rest_framework.test import APIClient

from courses.models import Course
from marketplace.lib.money import Money
from payments import meter
from payments.models import Order
from tests.courses.factories import make_course
from tests.payments import shop


@pytest.fixture
def courses(db: None) -> list[Course]:
    return shop.two_courses()


def api(person) -> APIClient:
    client = APIClient()
    client.force_authenticate(person)
    return client


def order(client: APIClient, *slugs: str, **more: object):
    return client.post("/api/v1/orders/", {"courses": list(slugs), **more}, format="json")


def test_an_order_is_started_paid_and_read(lin, courses) -> None:
    client = api(lin)
    started = order(client, *(c.slug for c in courses), currency="USD")
    assert started.status_code == 201
    assert started.data["total"] == {"minor": "4999", "currency": "USD"}
    assert started.data["state"] == "pending"
    assert "/sandbox/checkout/cs_" in started.data["checkout_url"]
    shop.pay(Order.objects.get())
    shop.deliver_all()
    read = client.get(f"/api/v1/orders/{started.data['number']}/").data
    assert (read["state"], read["checkout_url"]) == ("paid", None)
    assert [item["course"] for item in read["items"]] == [c.slug for c in courses]
    assert len(client.get("/api/v1/orders/").data["results"]) == 1


def test_the_same_order_asked_for_again_is_the_same_order(lin, courses) -> None:
    client = api(lin)
    assert order(client, courses[0].slug).data["number"] == order(client, courses[0].slug).data["number"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"courses": []}, 400),
        ({"courses": ["no-such-course"]}, 400),
        ({"courses": "all"}, 400),
        ({"courses": ["glazes"], "currency": "EUR"}, 400),
        ({"courses": ["glazes"], "currency": "XXX"}, 400),
        ({"courses": ["glazes"], "total": {"minor": "-3000", "currency": "USD"}}, 409),
        ({"courses": ["glazes"], "total": {"minor": "1e309", "currency": "USD"}}, 400),
        ({"courses": ["glazes"], "total": {"minor": 30.0, "currency": "USD"}}, 400),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(lin, courses, body, status) -> None:
    answer = api(lin).post("/api/v1/orders/", body, format="json")
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    assert not Order.objects.exists()


def test_refusals_carry_their_code(lin, ada, courses) -> None:
    shop.buy(lin, courses[:1])
    assert order(api(lin), courses[0].slug).data["code"] == "already_enrolled"
    assert order(api(ada), courses[0].slug).data["code"] == "own_course"
    yen = make_course(title="Kumihimo", price=Money(2000, "JPY"), lessons=1)
    assert order(api(lin), courses[1].slug, yen.slug).data["code"] == "mixed_currencies"


def test_orders_are_for_people_who_are_known_and_their_own(client, lin, cole, fay, courses) -> None:
    number = shop.buy(lin, courses).number
    assert client.get("/api/v1/orders/").status_code in (401, 403)
    assert api(cole).get(f"/api/v1/orders/{number}/").status_code == 404
    assert api(fay).get(f"/api/v1/orders/{number}/").status_code == 200


def test_a_refund_is_asked_for_by_finance(lin, fay, courses) -> None:
    number = shop.buy(lin, courses).number
    path = f"/api/v1/orders/{number}/refund/"
    assert api(lin).post(path, {"reason": "mine"}).status_code == 403
    assert api(fay).post(path, {}).status_code == 400
    asked = api(fay).post(path, {"reason": "She asked"}, format="json")
    assert (asked.status_code, asked.data["amount"]["minor"]) == (202, "4999")
    assert api(fay).post(path, {"reason": "Again"}).status_code == 409
    shop.send_refunds()
    assert api(lin).get(f"/api/v1/orders/{number}/").data["state"] == "refunded"


def test_the_cart_is_filled_read_and_emptied(lin, courses) -> None:
    client = api(lin)
    assert client.post("/api/v1/cart/", {"course": courses[0].slug}).status_code == 201
    filled = client.post("/api/v1/cart/", {"course": courses[1].slug}).data
    assert filled["groups"][0]["total"] == {"minor": "4999", "currency": "USD"}
    left = client.delete(f"/api/v1/cart/?course={courses[0].slug}").data
    assert [c["slug"] for c in left["groups"][0]["courses"]] == [courses[1].slug]
    assert client.post("/api/v1/cart/", {"course": "no-such"}).status_code == 404


def test_the_clock_is_moved_by_finance_and_only_forward(lin, fay) -> None:
    before = api(fay).get("/api/v1/sandbox/clock/").data["now"]
    assert api(lin).post("/api/v1/sandbox/clock/", {"advance_seconds": 60}).status_code == 403
    assert api(fay).post("/api/v1/sandbox/clock/", {"advance_seconds": -60}).status_code == 400
    assert api(fay).post("/api/v1/sandbox/clock/", {"advance_seconds": 86400}).data["now"] > before


def test_how_money_would_come_back_is_told_before_the_purchase(lin, courses) -> None:
    slug = courses[0].slug
    told = APIClient().get(f"/api/v1/courses/{slug}/refund-rule/").json()
    assert told["rule"] == {"whole_days": 14, "whole_bps": 3000, "part_days": 30, "part_bps": 6000}
    assert (told["course"], told["kind"], told["amount"]) == (slug, "whole", {"minor": "1999", "currency": "USD"})
    client = api(lin)
    for course in courses:
        client.post("/api/v1/cart/", {"course": course.slug})
    (group,) = client.get("/api/v1/cart/").json()["groups"]
    assert [(one["course"], one["kind"]) for one in group["refunds"]] == [(c.slug, "whole") for c in courses]
    assert group["refunds"][0]["rule"] == told["rule"]


def test_and_is_different_for_who_took_the_course_back_once(lin, courses) -> None:
    bought = shop.buy(lin, courses[:1])
    meter.take_back(bought.items.get(), by=lin, expected=bought.total)
    shop.send_refunds()
    told = api(lin).get(f"/api/v1/courses/{courses[0].slug}/refund-rule/").json()
    assert (told["kind"], told["reason"]) == ("none", "refunded_before")


def test_what_is_not_sold_has_no_such_promise(ada, db) -> None:
    free = make_course(title="Free", price=Money(0, "USD"), lessons=1)
    for slug in (free.slug, "no-such"):
        assert APIClient().get(f"/api/v1/courses/{slug}/refund-rule/").status_code == 404
