"""What pages say of tax before a purchase: by the installation's rule to everybody, by her country to who is known."""

import json
import re
from typing import Any

import pytest
from django.test import Client
from rest_framework.test import APIClient

from accounts.models import User
from courses.models import Course
from marketplace.lib import window
from payments import checkout
from payments.models import Billing, Order, TaxRate
from tests.payments import shop

pytestmark = pytest.mark.django_db

ON_TOP_FOR_ALL = "plus the tax of your country"
ON_TOP_FOR_HER = "plus 19 % VAT for Germany, $3.80: $23.79 in all"
INCLUDED_FOR_HER = "19 % VAT for Germany included: $3.19"


@pytest.fixture
def courses() -> list[Course]:
    return shop.two_courses()


@pytest.fixture
def rates(settings: Any, fay: User) -> None:
    settings.KEZHAN_TAX, settings.KEZHAN_SELLER_COUNTRY = "table", "IE"
    for country, bps in [("DE", 1900), ("IE", 2300)]:
        TaxRate.objects.introduce(country, name="VAT", bps=bps, by=fay, reason="the law")


@pytest.fixture
def on_top(rates: None, settings: Any) -> None:
    settings.KEZHAN_PRICES_INCLUDE_TAX = False
    window.change()


@pytest.fixture
def german(lin: User, courses: list[Course], rates: None) -> Client:
    """Lin, who named Germany when she began to buy another course."""
    checkout.start(buyer=lin, courses=courses[1:], billing=Billing(country="DE"))
    client = Client()
    client.force_login(lin)
    return client


def text_of(client: Client, address: str, language: str = "en") -> str:
    client.cookies["django_language"] = language
    page = re.sub(r"<[^>]*>", " ", client.get(address).content.decode().replace("&#x27;", "'"))
    return " ".join(page.split())


def structured(course: Course) -> dict[str, Any]:
    page = Client().get(course.get_absolute_url()).content.decode()
    found = re.search(r'<script type="application/ld\+json"[^>]*>(.*?)</script>', page, re.DOTALL)
    assert found
    return json.loads(found[1])["offers"][0]


class TestOnTop:
    def test_a_course_s_page_says_it_to_all_visitors_alike(
        self, courses: list[Course], on_top: None, german: Client
    ) -> None:
        address = courses[0].get_absolute_url()
        first = text_of(Client(), address)
        assert ON_TOP_FOR_ALL in first
        assert "$19.99 plus tax" in first  # the bar of small screens
        assert ON_TOP_FOR_HER in text_of(german, address)
        assert text_of(Client(), address) == first

    def test_who_is_known_reads_what_it_comes_to_in_her_country(
        self, courses: list[Course], on_top: None, german: Client
    ) -> None:
        assert ON_TOP_FOR_HER in text_of(german, courses[0].get_absolute_url())
        assert "另加 19 % VAT" in text_of(german, courses[0].get_absolute_url(), "zh-hans")

    def test_a_country_without_a_rate_bears_none(self, lin: User, courses: list[Course], on_top: None) -> None:
        checkout.start(buyer=lin, courses=courses[1:], billing=Billing(country="CH"))
        client = Client()
        client.force_login(lin)
        assert "No tax is charged for Switzerland." in text_of(client, courses[0].get_absolute_url())
        client.post("/cart/add/", {"course": courses[0].slug})
        assert "Tax, Switzerland none Total $19.99" in text_of(client, "/cart/")

    @pytest.mark.parametrize(("language", "words"), [("en", "$19.99 plus tax"), ("zh-hans", "US$19.99 另加税")])
    @pytest.mark.parametrize("address", ["/courses/", "/"])
    def test_cards_say_so(self, courses: list[Course], on_top: None, address: str, language: str, words: str) -> None:
        assert words in text_of(Client(), address, language)

    def test_a_card_drawn_under_the_other_rule_is_not_shown(
        self, courses: list[Course], rates: None, settings: Any
    ) -> None:
        assert "plus tax" not in text_of(Client(), "/courses/")
        settings.KEZHAN_PRICES_INCLUDE_TAX = False
        window.change()
        assert "$19.99 plus tax" in text_of(Client(), "/courses/")

    def test_the_cart_adds_it_by_the_seller_s_country_until_another_is_named(
        self, courses: list[Course], on_top: None
    ) -> None:
        visitor = Client()
        visitor.post("/cart/add/", {"course": courses[0].slug})
        cart = text_of(visitor, "/cart/")
        assert "Courses $19.99 VAT 23 %, Ireland $4.60 Total $24.59" in cart
        assert "Tax as for Ireland." in cart

    def test_a_line_of_the_cart_has_the_price_of_the_course_s_page(self, courses: list[Course], on_top: None) -> None:
        visitor = Client()
        visitor.post("/cart/add/", {"course": courses[0].slug})
        assert "Take out Pottery from the first bowl $19.99" in text_of(visitor, "/cart/")

    def test_cart_checkout_and_order_have_one_exact_sum(
        self, courses: list[Course], on_top: None, german: Client
    ) -> None:
        german.post("/cart/add/", {"course": courses[0].slug})
        for page in [text_of(german, "/cart/"), text_of(german, f"/checkout/?course={courses[0].slug}")]:
            assert "VAT 19 %, Germany $3.80 Total $23.79" in page
        form = {"course": courses[0].slug, "total": 2379, "currency": "USD", "country": "DE"}
        assert "/sandbox/checkout/" in german.post("/checkout/", form)["Location"]
        order = text_of(german, f"/orders/{latest()}/")
        assert "$19.99 At list prices $19.99 VAT, Germany $3.80 Total $23.79" in order

    def test_search_engines_are_told(self, courses: list[Course], on_top: None) -> None:
        assert structured(courses[0])["priceSpecification"]["valueAddedTaxIncluded"] is False

    def test_the_api_says_it_of_courses_and_reckons_the_cart_for_a_country(
        self, lin: User, courses: list[Course], on_top: None
    ) -> None:
        client = APIClient()
        assert client.get(f"/api/v1/courses/{courses[0].slug}/").json()["price_tax"] == "on_top"
        client.force_authenticate(lin)
        client.post("/api/v1/cart/", {"course": courses[0].slug})
        told = [client.get("/api/v1/cart/", {"country": country}).json()["groups"][0] for country in ("", "de", "xx")]
        assert [one["total"]["minor"] for one in told] == ["2459", "2379", "1999"]
        assert (told[1]["tax_name"], told[1]["tax_bps"], told[1]["tax_country"]) == ("VAT", 1900, "DE")
        assert told[1]["is_tax_inclusive"] is False


class TestIncluded:
    def test_a_course_s_page_says_that_it_is_in_the_price(
        self, courses: list[Course], rates: None, german: Client
    ) -> None:
        window.change()
        visitor = text_of(Client(), courses[0].get_absolute_url())
        assert "$19.99 Tax included" in visitor
        assert "plus" not in visitor.split("Buy this course")[0].split("$19.99")[-1]
        assert INCLUDED_FOR_HER in text_of(german, courses[0].get_absolute_url())
        assert "已含" in text_of(german, courses[0].get_absolute_url(), "zh-hans")

    def test_cart_checkout_and_order_say_how_much(self, courses: list[Course], german: Client) -> None:
        german.post("/cart/add/", {"course": courses[0].slug})
        for page in [text_of(german, "/cart/"), text_of(german, f"/checkout/?course={courses[0].slug}")]:
            assert "Total $19.99 VAT 19 %, Germany, included $3.19" in page
        form = {"course": courses[0].slug, "total": 1999, "currency": "USD", "country": "DE"}
        german.post("/checkout/", form)
        assert "Total $19.99 VAT included, Germany $3.19" in text_of(german, f"/orders/{latest()}/")

    def test_search_engines_and_the_api_are_told(self, courses: list[Course], rates: None) -> None:
        window.change()
        assert structured(courses[0])["priceSpecification"]["valueAddedTaxIncluded"] is True
        assert APIClient().get(f"/api/v1/courses/{courses[0].slug}/").json()["price_tax"] == "included"


class TestByTheProvider:
    @pytest.mark.parametrize(
        ("inclusive", "said"),
        [(True, "Tax included; the payment page says how much"), (False, "Tax on the next page Total $19.99")],
    )
    def test_the_cart_says_when_the_sum_is_known(
        self, courses: list[Course], settings: Any, inclusive: bool, said: str
    ) -> None:
        settings.KEZHAN_TAX, settings.KEZHAN_PRICES_INCLUDE_TAX = "stripe", inclusive
        visitor = Client()
        visitor.post("/cart/add/", {"course": courses[0].slug})
        assert said in text_of(visitor, "/cart/")


def test_without_a_tax_nothing_is_said_of_one(courses: list[Course]) -> None:
    for address in (courses[0].get_absolute_url(), "/courses/"):
        assert not re.search(r"\btax\b", text_of(Client(), address), re.IGNORECASE)
    assert "priceSpecification" not in structured(courses[0])
    assert APIClient().get(f"/api/v1/courses/{courses[0].slug}/").json()["price_tax"] == "none"


def latest() -> str:
    return Order.objects.latest("pk").number
