"""Prices that buyers name, in Chromium: a creator sets one, a buyer names hers and pays it, wrong amounts are said."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from courses.models import Course
from payments.models import Order
from tests.browser.chromium import assert_accessible, login, speak
from tests.payments.named import named_course, usd

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def course(live_server: Any, settings: Any, ada: User) -> Course:
    settings.KEZHAN_BASE_URL = live_server.url  # the provider's page leads back there
    return named_course()


def test_a_buyer_names_a_price_mends_it_and_pays_it(browser_page: Page, lin: User, course: Course) -> None:
    page = browser_page
    login(page, lin)
    page.goto(course.get_absolute_url())
    box = page.get_by_label("Your price, in USD")
    expect(box).to_have_value("20.00")
    box.fill("9")
    box.press("Enter")
    expect(page.get_by_text("Name an amount from $10.00 to $1,000.00.")).to_be_visible()
    expect(box).to_have_value("9")
    assert_accessible(page)
    box.fill("12.50")
    page.get_by_role("button", name="Put in the cart").click()
    expect(box).to_have_value("12.50")
    box.fill("15")
    page.get_by_role("button", name="Change the amount").click()
    page.get_by_role("link", name="Go on to pay").click()
    page.get_by_role("button", name="Pay $15.00").click()
    page.wait_for_url("**/sandbox/checkout/**")
    page.get_by_role("button", name="Pay $15.00").click()
    page.wait_for_url("**/orders/**")
    assert Order.objects.get().total == usd(1500)


@pytest.mark.parametrize(("language", "width"), [("en", 390), ("zh-hans", 1280)])
def test_its_pages_are_accessible(
    open_browser: Callable[..., Page], ada: User, lin: User, course: Course, language: str, width: int
) -> None:
    page = open_browser(width=width)
    for person, paths in (
        (lin, [course.get_absolute_url(), "/cart/", f"/checkout/?course={course.slug}"]),
        (ada, [f"/studio/courses/{course.slug}/pricing/", course.get_absolute_url()]),
    ):
        login(page, person)
        speak(page, language)
        if person == lin:
            page.goto(course.get_absolute_url())
            page.locator("#buy form button").nth(1).click()
        for path in paths:
            assert page.goto(path).status == 200
            assert_accessible(page)
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
