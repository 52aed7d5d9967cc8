"""Bundles in Chromium: from a course to the receipt, and a creator's editor, accessible in both languages."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from payments import after_sale
from payments.models import Bundle
from tests.browser.chromium import assert_accessible, login, speak
from tests.payments.bundles import bundle_of, courses_at

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def bundle(live_server: Any, settings: Any, ada: User) -> Bundle:
    settings.KEZHAN_BASE_URL = live_server.url  # the provider's page leads back there
    words = "From the first bowl to the first firing: three courses that follow one another."
    return bundle_of(courses_at(2000, 3000, 2500), 5900, title="All of clay", words=words)


def test_a_learner_finds_a_bundle_beside_a_course_and_buys_it(browser_page: Page, lin: User, bundle: Bundle) -> None:
    page = browser_page
    login(page, lin)
    page.goto(bundle.courses[0].get_absolute_url())
    page.get_by_role("link", name="All of clay").click()
    expect(page.locator("#buy")).to_contain_text("You save $16.00 (21 %)")
    page.get_by_role("button", name="Put in the cart").click()
    expect(page.get_by_role("region", name="All of clay")).to_contain_text("$59.00")
    page.get_by_role("link", name="Go on to pay").click()
    page.get_by_role("button", name="Pay $59.00").click()
    page.wait_for_url("**/sandbox/checkout/**")
    page.get_by_role("button", name="Pay $59.00").click()
    page.wait_for_url("**/orders/**")
    after_sale.catch_up()
    expect(page.get_by_text("In the bundle “All of clay”")).to_have_count(3)
    page.goto(bundle.get_absolute_url())
    expect(page.get_by_text("All of it is in your library")).to_be_visible()


@pytest.mark.parametrize(("language", "width"), [("en", 360), ("zh-hans", 1280)])
def test_the_pages_of_bundles_are_accessible(
    open_browser: Callable[..., Page], ada: User, lin: User, bundle: Bundle, language: str, width: int
) -> None:
    page = open_browser(width=width)
    edit = f"/studio/bundles/{bundle.slug}/"
    for person, paths in (
        (lin, [bundle.get_absolute_url(), bundle.courses[0].get_absolute_url(), ada.creator.get_absolute_url(),
               f"/checkout/?bundle={bundle.slug}"]),
        (ada, ["/studio/bundles/", "/studio/bundles/create/", edit]),
    ):  # fmt: skip
        login(page, person)
        speak(page, language)
        for path in paths:
            assert page.goto(path).status == 200
            assert_accessible(page)


def test_on_a_phone_the_price_is_in_sight_from_the_first_line(
    open_browser: Callable[..., Page], lin: User, bundle: Bundle
) -> None:
    page = open_browser(width=390)
    login(page, lin)
    page.goto(bundle.get_absolute_url())
    bar = page.locator(".buy-bar")
    expect(bar).to_be_in_viewport()
    expect(bar).to_contain_text("$59.00")
    bar.get_by_role("link", name="Buy this bundle").click()
    page.wait_for_url("**/checkout/?bundle=*")
