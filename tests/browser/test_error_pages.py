import pytest
from playwright.sync_api import Page, expect

from tests.browser.chromium import assert_accessible, speak

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_an_address_without_a_page_says_so_and_offers_a_way_on(browser_page: Page, language: str) -> None:
    speak(browser_page, language)
    answer = browser_page.goto("/no/such/place/")
    assert answer is not None
    assert answer.status == 404
    expect(browser_page.locator("main .button").first).to_be_visible()
    assert_accessible(browser_page)


def test_a_form_of_another_day_is_refused_with_a_reason(browser_page: Page) -> None:
    browser_page.goto("/accounts/login/")
    browser_page.context.clear_cookies()
    browser_page.get_by_label("Email").fill("lin@example.com")
    browser_page.get_by_label("Password").fill("anything at all")
    browser_page.locator("main").get_by_role("button", name="Log in").click()
    expect(browser_page.get_by_role("heading", level=1)).to_have_text("This form has grown old")
