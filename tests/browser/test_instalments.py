"""Prices in parts, in Chromium: a buyer agrees to the plan and pays the first part; all pages of it are accessible."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from courses.models import Course
from tests import cast
from tests.browser.chromium import assert_accessible, login, speak
from tests.payments.in_parts import banks_answer, begin, course_in_parts, plan_of, take_next

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def course(live_server: Any, settings: Any, ada: User) -> Course:
    settings.KEZHAN_BASE_URL = live_server.url  # the provider's page leads back there
    return course_in_parts(3)


def test_a_buyer_agrees_to_a_plan_and_pays_its_first_part(browser_page: Page, lin: User, course: Course) -> None:
    page = browser_page
    login(page, lin)
    page.goto(course.get_absolute_url())
    page.get_by_role("link", name="Or pay in 3 monthly parts").click()
    page.get_by_role("button", name="Agree and pay $33.34").click()
    expect(page.get_by_text("only the whole price can be paid at once")).to_be_visible()
    page.get_by_label("Take the later parts on these days").check()
    page.get_by_role("button", name="Agree and pay $33.34").click()
    page.wait_for_url("**/sandbox/checkout/**")
    expect(page.get_by_text("Alipay")).to_have_count(0)
    page.get_by_role("button", name="Pay $33.34").click()
    page.wait_for_url("**/orders/**")
    page.get_by_role("link", name="All parts of this price").click()
    expect(page.get_by_role("button", name="Pay all the rest: $66.66")).to_be_visible()
    assert plan_of(lin).paid_parts == 1


@pytest.mark.parametrize(("language", "width"), [("en", 390), ("zh-hans", 1280)])
def test_its_pages_are_accessible(
    open_browser: Callable[..., Page], ada: User, lin: User, course: Course, language: str, width: int
) -> None:
    fay, page = cast.fay(), open_browser(width=width)
    login(page, lin)
    speak(page, language)
    for path in (course.get_absolute_url(), f"/checkout/in-parts/{course.slug}/"):
        page.goto(path)
        assert_accessible(page)
    plan = begin(lin, course)
    page.goto(plan.get_absolute_url())
    assert_accessible(page)
    banks_answer("card_declined")
    for _try in range(3):
        take_next(plan)
    lesson = course.live_lessons().last()
    for path in (plan.get_absolute_url(), "/instalments/", f"/learn/{course.slug}/{lesson.key}/", "/orders/"):
        page.goto(path)
        assert_accessible(page)
    for person, path in ((ada, f"/studio/courses/{course.slug}/pricing/"), (fay, "/finance/instalments/")):
        login(page, person)
        speak(page, language)
        page.goto(path)
        assert_accessible(page)
