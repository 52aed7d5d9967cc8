"""Notices and the award of a claim, wide and narrow, in both languages and schemes."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from accounts.models import Notice, User
from tests import cast
from tests.browser.chromium import assert_accessible, login, speak
from tests.courses.factories import make_course
from tests.moderation import claims
from tests.payments import shop

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(("width", "language"), [(1280, "en"), (390, "zh-hans")])
def test_a_notice_leads_to_the_award_and_is_read(
    open_browser: Callable[..., Page], ada: User, sam: User, width: int, language: str
) -> None:
    shop.buy(cast.lin(), [make_course(title="Glazes")])
    step = claims.decide(claims.disputed(cast.cole(), sam), sam, "uphold")
    unread = Notice.objects.of(cast.cole()).unread().count()
    page = open_browser(width=width)
    login(page, cast.cole())
    speak(page, language)
    page.goto("/notices/")
    expect(page.locator(".cart-link__count")).to_have_text(str(unread))
    page.locator("details.rows__more > summary").first.click()
    assert_accessible(page)
    newest = Notice.objects.of(cast.cole()).first()
    assert newest is not None
    assert newest.key == f"rights-award:{step.pk}"
    page.locator("li.is-unread button").first.click()
    expect(page).to_have_url(f"{page.context.base_url}/rights/claims/{step.claim_id}/")
    expect(page.locator("#award")).to_be_visible()
    assert_accessible(page)
    expect(page.locator(".cart-link__count")).to_have_text(str(unread - 1))
