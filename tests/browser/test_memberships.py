"""Memberships, in Chromium: a member agrees, pays, opens a course and cancels; all pages of it are accessible."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from tests import cast
from tests.browser.chromium import assert_accessible, login, speak
from tests.payments.in_parts import banks_answer
from tests.payments.membered import club, fresh, join, next_month, open_course

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def here(live_server: Any, settings: Any) -> None:
    settings.KEZHAN_BASE_URL = live_server.url  # the provider's page leads back there


def test_a_member_agrees_opens_a_course_and_cancels(browser_page: Page, here: None, ada: User, lin: User) -> None:
    _offer, course = club()
    page = browser_page
    login(page, lin)
    page.goto(course.get_absolute_url())
    page.get_by_role("link", name="See the membership").click()
    page.get_by_role("button", name="Agree and pay $9.00").click()
    expect(page.get_by_text("Without this a membership cannot begin.")).to_be_visible()
    page.get_by_label("Take each month from the card").check()
    page.get_by_role("button", name="Agree and pay $9.00").click()
    page.wait_for_url("**/sandbox/checkout/**")
    page.get_by_role("button", name="Pay $9.00").click()
    page.wait_for_url("**/orders/**")
    page.goto("/memberships/")
    page.get_by_role("link", name="The kiln club").click()
    page.get_by_role("button", name="Open this course").click()
    page.wait_for_url("**/learn/**")
    page.goto("/memberships/")
    page.get_by_role("link", name="The kiln club").click()
    page.get_by_role("button", name="Cancel the membership").click()
    expect(page.get_by_role("button", name="Go on after all")).to_be_visible()


@pytest.mark.parametrize(("language", "width"), [("en", 390), ("zh-hans", 1280)])
def test_its_pages_are_accessible(
    open_browser: Callable[..., Page], here: None, ada: User, lin: User, language: str, width: int
) -> None:
    offer, course = club()
    fay, page = cast.fay(), open_browser(width=width)
    login(page, lin)
    speak(page, language)
    assert offer.creator
    for path in (course.get_absolute_url(), f"/memberships/join/{offer.creator.slug}/"):
        page.goto(path)
        assert_accessible(page)
    membership = join(lin, offer)
    open_course(lin, course)
    for path in (membership.get_absolute_url(), "/memberships/", course.get_absolute_url()):
        page.goto(path)
        assert_accessible(page)
    banks_answer("card_declined")
    next_month(next_month(membership))
    for path in (fresh(membership).get_absolute_url(), "/library/"):
        page.goto(path)
        assert_accessible(page)
    for person, path in ((ada, "/studio/membership/"), (fay, "/finance/memberships/"), (fay, "/finance/pass/")):
        login(page, person)
        speak(page, language)
        page.goto(path)
        assert_accessible(page)
