"""Coupons on pages and over the API: the creator's, the buyer's and finance's view of one code."""

import pytest
from django.test import Client
from rest_framework.test import APIClient

from accounts.models import User
from courses.models import Course
from payments.models import Coupon, Order
from tests.payments import shop
from tests.payments.test_checkout_pages import client_of, put
from tests.payments.test_coupons import coupon_of, platform_coupon, seats

pytestmark = pytest.mark.django_db


@pytest.fixture
def courses(ada: User) -> list[Course]:
    return shop.two_courses()


def api_of(person: User) -> APIClient:
    api = APIClient()
    api.force_authenticate(person)
    return api


class TestMakingPages:
    FORM = {"kind": "percent", "percent": "12.5", "code": "spring", "min_courses": "1", "cap_person": "1"}
    LIMIT = {"most": "80", "most_currency": "USD", "cap_total": "500"}

    def test_a_creator_makes_one_and_reads_its_terms(self, ada, courses) -> None:
        form = {**self.FORM, "courses": [courses[0].slug], "cap_total": "50", "ends_at": "2099-01-01T10:00"}
        page = client_of(ada).post("/studio/coupons/", form, follow=True).content.decode()
        assert "SPRING" in page
        assert "12.5% off" in page
        assert courses[0].title in page
        coupon = Coupon.objects.get()
        assert (coupon.value, coupon.cap_total, coupon.cap_person, coupon.bearer) == (1250, 50, 1, "creator")

    @pytest.mark.parametrize(
        ("changes", "said"),
        [
            ({"percent": ""}, "Say how many percent."),
            ({"percent": "much"}, "Write a percentage"),
            ({"percent": "100"}, "less than 100 percent"),
            ({"kind": "amount", "amount": "5"}, "Choose the currency"),
            ({"kind": "amount", "amount": "five", "currency": "USD"}, "not an amount of money"),
            ({"kind": "fixed_price", "amount": "0.10", "currency": "USD"}, "From $0.50"),
            ({"minimum": "-1", "currency": "USD"}, "not an amount of money"),
            ({"code": "a!"}, "4 to 24 letters"),
            ({"starts_at": "2030-01-02T00:00", "ends_at": "2030-01-01T00:00"}, "It ends before it begins."),
            ({"courses": ["glazes"]}, "glazes"),
        ],
    )
    def test_what_does_not_fit_is_said_beside_its_field(self, ada, courses, changes, said) -> None:
        answer = client_of(ada).post("/studio/coupons/", {**self.FORM, **changes})
        assert answer.status_code == 422
        assert said in answer.content.decode()
        assert not Coupon.objects.exists()

    def test_a_code_that_is_taken_is_refused_in_the_form(self, ada, courses) -> None:
        coupon_of(ada, code="SPRING")
        answer = client_of(ada).post("/studio/coupons/", self.FORM)
        assert (answer.status_code, Coupon.objects.count()) == (422, 1)

    def test_what_another_kind_needs_is_not_read(self, ada, courses) -> None:
        client_of(ada).post("/studio/coupons/", {**self.FORM, "kind": "free", "amount": "5"})
        assert (Coupon.objects.get().kind, Coupon.objects.get().value) == ("free", 0)

    def test_finance_makes_one_of_the_platform_for_chosen_courses(self, fay, courses) -> None:
        slugs = " \n".join(course.slug for course in courses)
        form = {**self.FORM, "kind": "fixed_price", "amount": "9", "currency": "USD", "courses": slugs} | self.LIMIT
        page = client_of(fay).post("/finance/coupons/", form, follow=True).content.decode()
        assert "$9.00 a course, at most $80.00 off an order" in page
        assert Coupon.objects.get().courses.count() == 2
        wrong = client_of(fay).post("/finance/coupons/", {**form, "code": "OTHER", "courses": "nothing-here"})
        assert "There is no course nothing-here." in wrong.content.decode()

    def test_the_platforms_says_what_one_order_may_cost(self, fay) -> None:
        answer = client_of(fay).post("/finance/coupons/", {**self.FORM, **self.LIMIT, "most": ""})
        assert answer.status_code == 422
        assert "at most, and in which currency" in answer.content.decode()
        amount = {**self.FORM, "kind": "amount", "amount": "5", "currency": "USD"}
        page = client_of(fay).post("/finance/coupons/", {**amount, **self.LIMIT}, follow=True).content.decode()
        assert "$80.00" not in page  # of an amount the amount is the most
        assert Coupon.objects.get().most == Coupon.objects.get().amount

    def test_the_platforms_says_for_how_many_orders(self, fay) -> None:
        answer = client_of(fay).post("/finance/coupons/", {**self.FORM, **self.LIMIT, "cap_total": ""})
        assert answer.status_code == 422
        assert not Coupon.objects.exists()

    def test_the_page_shows_uses_and_what_they_brought(self, ada, lin, courses) -> None:
        coupon = coupon_of(ada)
        client = client_of(lin)
        put(client, *courses)
        pay_with(client, courses, coupon)
        page = client_of(ada).get(f"/studio/coupons/{coupon.pk}/").content.decode()
        assert "$14.99" in page
        assert "−$5.00" in page
        assert lin.email not in page

    def test_ending_is_said_once(self, ada, courses) -> None:
        coupon = coupon_of(ada)
        client = client_of(ada)
        assert "has ended" in client.post(f"/studio/coupons/{coupon.pk}/end/", follow=True).content.decode()
        assert client.post(f"/studio/coupons/{coupon.pk}/end/").status_code == 409


def pay_with(client: Client, courses: list[Course], coupon: Coupon) -> Order:
    """Type the code, look at the checkout, press pay, and let the provider's events come."""
    client.post("/cart/code/", {"code": coupon.code})
    bill = client.get("/checkout/").context["bill"]
    form = {
        "course": [course.slug for course in bill.courses], "total": bill.quote.total.minor,
        "currency": bill.quote.currency, "code": bill.code,
    }  # fmt: skip
    client.post("/checkout/", form)
    order = Order.objects.latest("id")
    shop.pay(order)
    shop.deliver_all()
    order.refresh_from_db()
    return order


class TestBuyer:
    def test_the_discount_stands_in_the_cart_at_the_checkout_and_on_the_order(self, ada, lin, courses) -> None:
        coupon, client = coupon_of(ada, code="SPRING"), client_of(lin)
        put(client, *courses)
        back = client.post("/cart/code/", {"code": " spring ", "back": "/cart/"}, follow=True).content.decode()
        assert "SPRING" in back
        assert "−$5.00" in back
        assert "$44.99" in back
        assert "$44.99" in client.get("/checkout/").content.decode()
        order = pay_with(client, courses, coupon)
        assert (order.state, order.total.minor) == ("paid", 4499)
        page = client.get(order.get_absolute_url()).content.decode()
        assert "$44.99" in page
        assert "$5.00" in page

    def test_a_visitor_may_type_a_code_before_she_logs_in(self, client, ada, courses) -> None:
        coupon_of(ada, code="SPRING")
        put(client, *courses)
        assert "−$5.00" in client.post("/cart/code/", {"code": "SPRING"}, follow=True).content.decode()

    def test_a_wrong_code_is_refused_in_words_and_changes_nothing(self, lin, courses) -> None:
        client = client_of(lin)
        put(client, *courses)
        page = client.post("/cart/code/", {"code": "NOTHING"}, follow=True).content.decode()
        assert "This code is not valid" in page
        assert "$49.99" in page

    def test_a_code_is_taken_off_again(self, ada, lin, courses) -> None:
        coupon_of(ada, code="SPRING")
        client = client_of(lin)
        put(client, *courses)
        client.post("/cart/code/", {"code": "SPRING"})
        assert "$49.99" in client.post("/cart/code/", {}, follow=True).content.decode()

    def test_a_code_for_other_courses_says_so_beside_the_field(self, ada, lin, courses) -> None:
        coupon_of(ada, code="SPRING")
        client = client_of(lin)
        put(client, courses[1])
        page = client.post("/cart/code/", {"code": "SPRING"}, follow=True).content.decode()
        assert "This code is for other courses" in page

    def test_a_code_that_has_ended_meanwhile_leads_back_to_the_checkout(self, ada, lin, courses) -> None:
        coupon, client = coupon_of(ada), client_of(lin)
        put(client, *courses)
        form = {"course": [c.slug for c in courses], "total": 4499, "currency": "USD", "code": coupon.code}
        client.post("/cart/code/", {"code": coupon.code})
        coupon.end(by=ada)
        page = client.post("/checkout/", form, follow=True).content.decode()
        assert "This code is not valid" in page
        assert "$49.99" in page
        assert not Order.objects.exists()

    def test_the_way_back_leads_to_no_other_site(self, lin, courses) -> None:
        answer = client_of(lin).post("/cart/code/", {"code": "", "back": "https://evil.example/"})
        assert answer.url == "/cart/"


class TestApi:
    def test_a_creator_makes_lists_reads_and_ends_her_coupons(self, ada, courses) -> None:
        api = api_of(ada)
        body = {"kind": "amount", "amount": {"minor": "500", "currency": "USD"}, "courses": [courses[0].slug]}
        made = api.post("/api/v1/coupons/", body)
        assert made.status_code == 201, made.json()
        pk = made.json()["id"]
        assert made.json()["words"] == "$5.00 off"
        assert [row["id"] for row in api.get("/api/v1/coupons/").json()["results"]] == [pk]
        assert api.get(f"/api/v1/coupons/{pk}/").json()["brought"] == []
        assert api.post(f"/api/v1/coupons/{pk}/end/", {}).json()["ended_at"]
        assert api.post(f"/api/v1/coupons/{pk}/end/", {}).json()["code"] == "coupon_ended"

    def test_wrong_terms_are_named_by_field(self, ada, courses) -> None:
        answer = api_of(ada).post("/api/v1/coupons/", {"kind": "percent"})
        assert (answer.status_code, list(answer.json()["errors"])) == (400, ["percent"])

    def test_another_creators_coupon_is_not_there(self, ada, courses) -> None:
        bea = courses[1].creator.user
        assert api_of(ada).get(f"/api/v1/coupons/{coupon_of(bea).pk}/").status_code == 404

    def test_finance_makes_one_of_the_platform(self, fay, courses) -> None:
        asked = {"kind": "percent", "percent_bps": 1000, "cap_total": 20}
        refused = api_of(fay).post("/api/v1/platform-coupons/", asked)
        assert refused.status_code == 400
        made = api_of(fay).post("/api/v1/platform-coupons/", asked | {"most": {"minor": "5000", "currency": "USD"}})
        assert (made.status_code, made.json()["bearer"], made.json()["creator"]) == (201, "platform", None)
        assert api_of(fay).post("/api/v1/platform-coupons/", {**asked, "cap_total": None}).status_code == 400
        assert made.json()["most"] == {"minor": "5000", "currency": "USD"}

    def test_the_cart_and_the_order_take_a_code(self, fay, lin, courses) -> None:
        coupon, api = platform_coupon(fay, cap_total=1), api_of(lin)
        for course in courses:
            api.post("/api/v1/cart/", {"course": course.slug})
        group = api.get(f"/api/v1/cart/?coupon_code={coupon.code}").json()["groups"][0]
        assert (group["discount"]["minor"], group["total"]["minor"]) == ("1250", "3749")
        assert api.get("/api/v1/cart/?coupon_code=NOTHING").json()["groups"][0]["coupon_refusal"]
        body = {"courses": [c.slug for c in courses], "coupon_code": coupon.code, "total": group["total"]}
        made = api.post("/api/v1/orders/", body)
        assert (made.status_code, seats(coupon)) == (201, 1)
        assert made.json()["total"]["minor"] == "3749"
        assert api.post("/api/v1/orders/", {**body, "coupon_code": "NOTHING"}).json()["code"] == "coupon_not_valid"
