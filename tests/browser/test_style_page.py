from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.chromium import assert_accessible, speak

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.urls("tests.browser.style_urls")]


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("width", [360, 1280])
def test_every_component_is_accessible(open_browser: Callable[..., Page], width: int, language: str) -> None:
    page = open_browser(width=width)
    speak(page, language)
    page.goto("/style/")
    assert_accessible(page)


def test_the_theme_switch_turns_the_page_and_is_remembered(browser_page: Page) -> None:
    browser_page.goto("/style/")
    with browser_page.expect_response("**/account/theme/"):
        browser_page.get_by_role("button", name="Dark").click()
    expect(browser_page.locator("html")).to_have_attribute("data-theme", "dark")
    browser_page.reload()
    expect(browser_page.locator("html")).to_have_attribute("data-theme", "dark")


def test_a_menu_closes_on_escape_and_gives_the_focus_back(browser_page: Page) -> None:
    browser_page.goto("/style/")
    summary = browser_page.locator("main details.menu > summary")
    summary.click()
    browser_page.keyboard.press("Escape")
    expect(browser_page.locator("main details.menu")).not_to_have_attribute("open", "")
    expect(summary).to_be_focused()


def test_a_dialog_opens_by_its_button(browser_page: Page) -> None:
    browser_page.goto("/style/")
    browser_page.get_by_role("button", name="Dialog").click()
    expect(browser_page.get_by_role("dialog")).to_be_visible()
    browser_page.get_by_role("button", name="Keep", exact=True).last.click()
    expect(browser_page.get_by_role("dialog")).to_be_hidden()
