"""The checkout page's part on the invoice: whom it names, and the tax of a country before anybody pays."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from courses.models import Course
from payments.models import BillingDetails, Order, TaxRate
from tests.payments import shop

pytestmark = pytest.mark.django_db

COMPANY = {
    "company": "Lin's Pots GmbH",
    "tax_id": "DE123",
    "name": "Lin",
    "address": "Hafen 1\r\nHamburg",
    "country": "DE",
}


@pytest.fixture
def course() -> Course:
    return shop.two_courses()[0]


@pytest.fixture
def client(lin: User) -> Client:
    client = Client()
    client.force_login(lin)
    return client


@pytest.fixture
def on_top(settings: Any, fay: User) -> None:
    settings.KEZHAN_TAX, settings.KEZHAN_PRICES_INCLUDE_TAX = "table", False
    TaxRate.objects.introduce("DE", name="VAT", bps=1900, by=fay, reason="the law")


def press(client: Client, course: Course, total: int = 1999, **more: str) -> Any:
    form = {"course": course.slug, "total": total, "currency": "USD", **more}
    return client.post(f"/checkout/?course={course.slug}", form)


def test_what_the_buyer_says_goes_on_her_invoice_and_is_there_the_next_time(client: Client, course: Course) -> None:
    assert press(client, course, **COMPANY).status_code == 302
    details = BillingDetails.objects.get(order=Order.objects.get())
    assert (details.company, details.tax_id, details.country) == ("Lin's Pots GmbH", "DE123", "DE")
    assert "Lin&#x27;s Pots GmbH" in client.get(f"/checkout/?course={course.slug}").content.decode()


def test_a_person_says_nothing_and_pays(client: Client, course: Course) -> None:
    assert press(client, course).status_code == 302
    assert not BillingDetails.objects.exists()


def test_the_tax_of_a_country_is_shown_before_it_is_paid(client: Client, course: Course, on_top: None) -> None:
    looked = press(client, course, look="1", country="DE")
    text = looked.content.decode()
    assert looked.status_code == 200
    assert "$23.79" in text
    assert "$3.80" in text
    assert not Order.objects.exists()


def test_a_total_without_the_country_s_tax_is_shown_again_and_keeps_what_was_typed(
    client: Client, course: Course, on_top: None
) -> None:
    answer = press(client, course, **COMPANY)
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "A price changed since you looked" in text
    assert "$23.79" in text
    assert "DE123" in text
    assert press(client, course, 2379, **COMPANY).status_code == 302
    assert Order.objects.get().tax_minor == 380


def test_a_country_that_is_none_is_said_beside_its_field(client: Client, course: Course) -> None:
    answer = press(client, course, country="Atlantis")
    assert answer.status_code == 422
    assert not Order.objects.exists()


def test_with_stripe_tax_on_top_the_page_says_that_it_comes(client: Client, course: Course, settings: Any) -> None:
    settings.KEZHAN_TAX, settings.KEZHAN_PRICES_INCLUDE_TAX = "stripe", False
    assert "on the next page" in client.get(f"/checkout/?course={course.slug}").content.decode()
