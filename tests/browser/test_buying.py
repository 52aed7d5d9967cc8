"""Buying in Chromium: the way of a visitor from the cart to her receipt, and the pages of payments, accessible."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from courses.models import Course
from payments import after_sale, refunds
from payments.models import Order
from tests.browser.chromium import assert_accessible, login, speak
from tests.cast import PASSWORD
from tests.payments import shop

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def courses(live_server: Any, settings: Any) -> list[Course]:
    settings.KEZHAN_BASE_URL = live_server.url  # the provider's page leads back there
    return shop.two_courses()


def test_a_visitor_fills_her_cart_logs_in_and_pays(browser_page: Page, lin: User, courses: list[Course]) -> None:
    page = browser_page
    for course in courses:
        page.goto(course.get_absolute_url())
        page.locator("aside").get_by_role("button", name="Put in the cart").click()
    page.get_by_role("link", name="Go on to pay").click()
    page.locator("input[name=login]").fill(lin.email)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("main form button").first.click()
    page.get_by_role("button", name="Pay $49.99").click()
    page.wait_for_url("**/sandbox/checkout/**")
    expect(page.get_by_text("SANDBOX – no money moves")).to_be_visible()
    page.get_by_role("button", name="Card is declined").click()
    expect(page.get_by_role("alert")).to_contain_text("declined")
    page.get_by_label("Alipay").check()
    page.get_by_role("button", name="Pay $49.99").click()
    page.wait_for_url("**/orders/**")
    after_sale.catch_up()
    page.reload()
    number = page.get_by_role("definition").filter(has_text=Order.objects.get().invoice_number)
    expect(number).to_be_visible()
    page.goto(courses[0].get_absolute_url())
    expect(page.locator("aside").get_by_role("link", name="Start")).to_be_visible()


@pytest.mark.parametrize(("language", "width"), [("en", 360), ("zh-hans", 1280)])
def test_the_pages_of_buying_are_accessible(
    open_browser: Callable[..., Page], lin: User, fay: User, courses: list[Course], language: str, width: int
) -> None:
    bought = shop.buy(lin, courses[1:])
    refunds.refund(bought, by=fay, reason="She asked")
    shop.send_refunds()
    bought, waiting = shop.buy(lin, courses[1:]), shop.start(lin, courses[:1])
    page = open_browser(width=width)
    for person, paths in (
        (lin, ["/orders/", bought.get_absolute_url(), waiting.get_absolute_url(), waiting.checkout_url]),
        (fay, [bought.get_absolute_url(), "/sandbox/", "/finance/orders/"]),
    ):
        login(page, person)
        speak(page, language)
        for path in paths:
            assert page.goto(path).status == 200
            assert_accessible(page)
