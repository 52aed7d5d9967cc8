"""Earnings and finance in Chromium: accessible in both languages, narrow and wide, light and dark."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from accounts.models import User
from marketplace.lib.money import Money
from payments import payouts
from payments.models import ItemShare, PayoutHold
from tests.browser.chromium import assert_accessible, assert_no_sideways_scroll, login, speak
from tests.payments.sales import creator_named, give_back, only_item, pass_hold, ready_account, sell, submit_all

pytestmark = pytest.mark.django_db(transaction=True)


def busy_books(ada: User, fay: User) -> None:
    """Sales in every state, two currencies, a run with a payout and a skip, and a hold."""
    sell(ada.creator)
    sell(creator_named("Funder"))
    ready_account(ada.creator)
    pass_hold()
    payouts.run(fay)
    submit_all()
    sell(ada.creator)
    sell(ada.creator, price=Money(12800, "CNY"))
    order = sell(ada.creator)
    give_back(order, only_item(order))
    PayoutHold.objects.place(creator=creator_named("Funder"), by=fay, rule_code="risk", reason="Many sales at once")


@pytest.mark.parametrize(("language", "width", "scheme"), [("en", 360, "light"), ("zh-hans", 1280, "dark")])
def test_money_pages_are_accessible(
    open_browser: Callable[..., Page], ada: User, fay: User, language: str, width: int, scheme: str
) -> None:
    busy_books(ada, fay)
    sale = f"/studio/earnings/sales/{ItemShare.objects.filter(owner=ada.creator).latest('pk').item_id}/"
    preview = "/finance/rules/preview/?code=organic&starts_at=2040-01-01T00:00&platform_percent=30"
    for person, paths in (
        (ada, ["/studio/earnings/", sale, "/how-sales-are-shared/?direction=gets&amount=15&currency=USD&tax=19"]),
        (fay, ["/finance/", "/finance/payout-runs/1/", "/finance/rules/", preview]),
    ):
        page = open_browser(width=width, color_scheme=scheme)
        login(page, person)
        speak(page, language)
        for path in paths:
            page.goto(path.replace("/1/", f"/{payouts.PayoutRun.objects.get().pk}/"))
            assert_no_sideways_scroll(page)
            assert_accessible(page)


def test_a_creator_sets_up_her_payout_account(browser_page: Page, ada: User, live_server: Any, settings: Any) -> None:
    settings.KEZHAN_BASE_URL = live_server.url  # the provider's page leads back there
    login(browser_page, ada)
    browser_page.goto("/studio/earnings/")
    browser_page.get_by_role("button", name="Set up your payout account").click()
    browser_page.wait_for_url("**/sandbox/onboarding/**")
    browser_page.locator("main").get_by_role("button").first.click()
    browser_page.wait_for_url("**/studio/earnings/")
    assert browser_page.get_by_text("Your payout account is ready.").is_visible()
