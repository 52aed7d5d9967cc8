"""Naming a price: the box beside the course, the cart, the way to pay, and the same over the API."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from accounts.models import User
from courses.models import Course
from payments import carts, privacy
from payments.models import CartItem, Order
from tests import cast
from tests.payments import shop
from tests.payments.bundles import bundle_of, courses_at
from tests.payments.named import fresh, named_course, usd

pytestmark = pytest.mark.django_db
ADD = reverse("payments:cart_add")
BAD = ["", "9.99", "abc", "15.001", "-15", "1e3", "15,00", "1000.01", "9" * 39, "0"]


@pytest.fixture
def course(db: None) -> Course:
    return named_course()


@pytest.fixture
def lins(lin: User) -> Client:
    client = Client()
    client.force_login(lin)
    return client


def read(client: Client, address: str, **headers: str) -> str:
    return client.get(address, headers=headers).content.decode()


def name(client: Client, course: Course, amount: str, **more: str) -> Any:
    return client.post(ADD, {"course": course.slug, "amount": amount, **more})


def press_pay(client: Client, course: Course, total: int) -> Any:
    asked = {"course": course.slug, "total": total, "currency": "USD"}
    return client.post(f"{reverse('payments:checkout')}?course={course.slug}", asked)


class TestTheBox:
    def test_says_the_least_and_holds_what_is_suggested(self, client: Client, course: Course) -> None:
        page = read(client, course.get_absolute_url())
        assert "from $10.00" in page
        assert 'value="20.00"' in page
        assert "You name the price, from $10.00 on. The creator suggests $20.00." in page
        assert f"/checkout/?course={course.slug}" not in page, "nobody pays past the box"

    def test_leads_on_to_pay_what_was_named(self, lins: Client, course: Course) -> None:
        answer = name(lins, course, "12.50", then="pay")
        assert answer.url == f"/checkout/?course={course.slug}"
        assert "$12.50" in read(lins, answer.url)
        assert press_pay(lins, course, 1250).status_code == 302
        assert Order.objects.get().total == usd(1250)

    def test_holds_what_she_named_before(self, lins: Client, course: Course) -> None:
        name(lins, course, "12.50")
        assert 'value="12.50"' in read(lins, course.get_absolute_url())

    @pytest.mark.parametrize("amount", BAD)
    def test_says_what_is_wrong_and_loses_nothing(self, lins: Client, course: Course, amount: str) -> None:
        name(lins, course, "12.50")
        answer = name(lins, course, amount, then="pay")
        page = answer.content.decode()
        assert answer.status_code == 422
        assert 'aria-invalid="true"' in page
        assert f'value="{amount}"' in page
        assert CartItem.objects.get().named_minor == 1250, "what she had named stands"

    def test_says_it_in_chinese(self, client: Client, course: Course) -> None:
        answer = client.post(ADD, {"course": course.slug, "amount": "9"}, headers={"accept-language": "zh-hans"})
        assert "请填写 US$10.00 至 US$1,000.00 之间的金额。" in answer.content.decode()

    def test_of_a_price_that_was_fixed_meanwhile_says_so(self, lins: Client, course: Course, ada: User) -> None:
        course.set_price(usd(1500), by=ada)
        answer = name(lins, course, "12.50")
        assert answer.status_code == 422
        assert "The price of this course is fixed: $15.00." in answer.content.decode()
        assert not CartItem.objects.exists()


class TestTheCart:
    def test_of_a_visitor_comes_with_what_she_named(self, client: Client, lin: User, course: Course) -> None:
        answer = name(client, course, "12.50", then="pay")
        login = client.get(answer.url).url
        answer = client.post(login, {"login": lin.email, "password": cast.PASSWORD})
        assert "$12.50" in read(client, answer.url)
        assert CartItem.objects.get(owner=lin).named_minor == 1250

    def test_lets_her_name_another_amount(self, lins: Client, course: Course) -> None:
        name(lins, course, "12.50")
        assert 'value="12.50"' in read(lins, "/cart/")
        name(lins, course, "30")
        page = read(lins, "/cart/")
        assert 'value="30.00"' in page
        assert CartItem.objects.count() == 1

    def test_without_an_amount_asks_for_the_least(self, lins: Client, course: Course) -> None:
        lins.post(ADD, {"course": course.slug})
        assert 'value="10.00"' in read(lins, "/cart/")

    def test_says_that_the_least_has_risen_and_asks_before_it_takes_more(
        self, lins: Client, course: Course, ada: User
    ) -> None:
        name(lins, course, "12.50")
        course.set_price(usd(1500), by=ada, suggested=usd(2000))
        assert "is not sold at $12.50, which you named, any more. It stands here at $15.00." in read(lins, "/cart/")
        answer = press_pay(lins, course, 1250)
        assert answer.status_code == 409
        assert "$15.00" in answer.content.decode()
        assert not Order.objects.exists()

    @pytest.mark.parametrize("is_hers", [True, False])
    def test_forgets_an_outgrown_amount_when_she_keeps_the_course_at_its_price(
        self, lins: Client, course: Course, ada: User, is_hers: bool
    ) -> None:
        client = lins if is_hers else Client()
        name(client, course, "12.50")
        course.set_price(usd(1500), by=ada, suggested=usd(2000))
        assert "Keep it at this price" in read(client, "/cart/")
        client.post(ADD, {"course": course.slug})
        assert "Keep it at this price" not in read(client, "/cart/")
        course.set_price(usd(1000), by=ada, suggested=usd(2000))
        assert 'value="10.00"' in read(client, "/cart/"), "it does not come back"

    @pytest.mark.parametrize("is_hers", [True, False])
    def test_put_in_again_keeps_an_amount_that_fits(self, lins: Client, course: Course, is_hers: bool) -> None:
        client = lins if is_hers else Client()
        name(client, course, "12.50")
        client.post(ADD, {"course": course.slug})
        assert 'value="12.50"' in read(client, "/cart/")

    def test_of_a_visitor_forgets_it_with_the_course(self, client: Client, course: Course) -> None:
        name(client, course, "12.50")
        client.post(reverse("payments:cart_remove"), {"course": course.slug})
        client.post(ADD, {"course": course.slug})
        assert 'value="10.00"' in read(client, "/cart/")

    def test_of_a_full_cart_can_still_be_named_anew(self, lins: Client, course: Course, monkeypatch: Any) -> None:
        name(lins, course, "12.50")
        monkeypatch.setattr(carts, "MOST", 1)
        assert name(lins, course, "13").status_code == 302
        assert CartItem.objects.get().named_minor == 1300

    def test_is_empty_when_it_is_paid(self, lins: Client, course: Course) -> None:
        name(lins, course, "12.50", then="pay")
        press_pay(lins, course, 1250)
        shop.pay(Order.objects.get())
        shop.deliver_all()
        assert not CartItem.objects.exists()
        assert "$12.50" in read(lins, Order.objects.get().get_absolute_url())

    def test_in_a_bundle_asks_for_the_part(self, lins: Client, ada: User) -> None:
        first, other = courses_at(2000, 3000)
        first.set_price(usd(1000), by=ada, suggested=usd(2000))
        bundle = bundle_of([fresh(first), other], 3000)
        name(lins, first, "12.50")
        lins.post(ADD, {"bundle": bundle.slug})
        page = lins.get("/cart/")
        assert page.context["bills"][0].quote.total == usd(3000)
        assert not page.context["bills"][0].named
        page = read(lins, first.get_absolute_url())
        assert "It stands in your cart as a part of a bundle, which has a price of its own." in page
        assert "Change it in your cart" not in page
        lins.post(reverse("payments:cart_remove"), {"course": other.slug})
        assert "Change it in your cart" in read(lins, first.get_absolute_url()), "the bundle does not stand any more"

    def test_in_a_bundle_says_nothing_of_an_outgrown_amount(self, lins: Client, ada: User) -> None:
        first, other = courses_at(2000, 3000)
        first.set_price(usd(1000), by=ada, suggested=usd(2000))
        bundle = bundle_of([fresh(first), other], 3000)
        name(lins, first, "12.50")
        first.set_price(usd(1500), by=ada, suggested=usd(2000))
        assert "Keep it at this price" in read(lins, "/cart/")
        lins.post(ADD, {"bundle": bundle.slug})
        assert "Keep it at this price" not in read(lins, "/cart/")

    def test_is_in_the_copy_of_her_data(self, lins: Client, lin: User, course: Course) -> None:
        name(lins, course, "12.50")
        (kept,) = privacy.tell(lin).tables["cart"]
        assert (kept["named_minor"], kept["named_currency"]) == (1250, "USD")


class TestTheApi:
    @pytest.fixture
    def api(self, lin: User) -> APIClient:
        client = APIClient()
        client.force_authenticate(lin)
        return client

    def order(self, api: APIClient, course: Course, **more: Any) -> Any:
        return api.post("/api/v1/orders/", {"courses": [course.slug], **more}, format="json")

    def test_names_an_amount_in_the_cart(self, api: APIClient, course: Course) -> None:
        asked = {"course": course.slug, "amount": usd(1250).as_json()}
        (group,) = api.post("/api/v1/cart/", asked, format="json").json()["groups"]
        assert group["named"] == [asked]
        assert group["total"] == usd(1250).as_json()
        assert group["courses"][0]["suggested_price"] == usd(2000).as_json()
        answer = api.post("/api/v1/cart/", {**asked, "amount": usd(999).as_json()}, format="json")
        assert (answer.status_code, answer.json()["code"]) == (400, "amount_refused")
        assert self.order(api, course).data["total"] == usd(1250).as_json()

    def test_names_an_amount_of_an_order(self, api: APIClient, course: Course) -> None:
        named = [{"course": course.slug, "amount": usd(3000).as_json()}]
        order = self.order(api, course, named=named, total=usd(3000).as_json()).data
        assert order["items"][0]["list_price"] == order["items"][0]["price"] == usd(3000).as_json()
        low = [{"course": course.slug, "amount": usd(999).as_json()}]
        assert self.order(api, course, named=low).json()["code"] == "amount_refused"
        other = [{"course": "another", "amount": usd(3000).as_json()}]
        assert "named" in self.order(api, course, named=other).json()["errors"]

    def test_says_what_comes_back_of_what_is_asked(self, api: APIClient, course: Course, ada: User) -> None:
        asked = {"course": course.slug, "amount": usd(3000).as_json()}
        (group,) = api.post("/api/v1/cart/", asked, format="json").json()["groups"]
        (back,) = group["refunds"]
        assert (back["price"], back["amount"]) == (usd(3000).as_json(), usd(3000).as_json())
        bundle = bundle_of(courses_at(2000, 3000), 4000)
        (group,) = api.post("/api/v1/cart/", {"bundle": bundle.slug}, format="json").json()["groups"]
        parts = [usd(1600).as_json(), usd(2400).as_json()]
        assert [one["amount"] for one in group["refunds"][1:]] == parts
        told = api.get(f"/api/v1/bundles/{bundle.slug}/").json()
        assert [one["amount"] for one in told["refunds"]] == parts

    @pytest.mark.parametrize("suggested", [2500, None])
    def test_asks_nobody_for_more_than_she_named_unseen(
        self, api: APIClient, course: Course, ada: User, suggested: int | None
    ) -> None:
        asked = {"course": course.slug, "amount": usd(1250).as_json()}
        api.post("/api/v1/cart/", asked, format="json")
        course.set_price(usd(2000), by=ada, suggested=usd(suggested) if suggested else None)
        assert api.get("/api/v1/cart/").json()["outgrown"] == [asked]
        assert self.order(api, course).json()["code"] == "price_changed"
        assert not Order.objects.exists()
        assert self.order(api, course, total=usd(2000).as_json()).data["total"] == usd(2000).as_json()
        if suggested:
            named = [{"course": course.slug, "amount": usd(2100).as_json()}]
            assert self.order(api, course, named=named).data["total"] == usd(2100).as_json()
        cart = api.post("/api/v1/cart/", {"course": course.slug}, format="json").json()
        assert cart["outgrown"] == []
        assert self.order(api, course).data["total"] == usd(2000).as_json()

    def test_gives_a_bundle_no_amount(self, api: APIClient, ada: User) -> None:
        bundle = bundle_of(courses_at(2000, 3000), 4000)
        asked = {"bundle": bundle.slug, "amount": usd(1250).as_json()}
        assert "amount" in api.post("/api/v1/cart/", asked, format="json").json()["errors"]
