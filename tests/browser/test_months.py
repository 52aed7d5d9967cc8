"""Closing a month as finance does it: what it would freeze is drawn, she confirms it is she, and the report stands."""

from collections.abc import Callable

import pytest
from django.db import transaction
from playwright.sync_api import Page, expect

from accounts.models import User
from payments.models import MonthClose, YearReport
from payments.years.figures import Quarter
from tests.browser.chromium import assert_accessible, login, speak
from tests.cast import PASSWORD
from tests.payments.ended import two_months

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(("width", "language", "scheme"), [(1280, "en", "light"), (390, "zh-hans", "dark")])
def test_a_month_is_looked_at_closed_and_read(
    open_browser: Callable[..., Page], fay: User, width: int, language: str, scheme: str
) -> None:
    with transaction.atomic():
        two_months()
    page = open_browser(width=width, color_scheme=scheme)
    login(page, fay)
    speak(page, language)
    page.goto("/finance/months/")
    assert_accessible(page)
    page.goto("/finance/months/2026-03/")
    expect(page.locator("svg.balance-bar").first).to_be_visible()
    assert_accessible(page)
    page.goto("/finance/months/2026-04/")
    page.goto("/finance/months/2026-03/")
    page.locator('input[name="note"]').fill("Looked at twice")
    page.locator(".form-actions .button--primary").click()
    page.wait_for_load_state()
    expect(page.locator(".facts")).to_contain_text("Looked at twice")
    expect(page.locator(".facts")).to_contain_text(MonthClose.objects.get().hash)
    assert_accessible(page)


@pytest.mark.parametrize(("width", "language", "scheme"), [(1280, "en", "light"), (390, "zh-hans", "dark")])
def test_a_year_is_given_out_and_read(
    open_browser: Callable[..., Page], ada: User, fay: User, width: int, language: str, scheme: str
) -> None:
    quarters = [Quarter(sales=n, gross=2000 * n, tax=100 * n, fees=500 * n, share=1400 * n) for n in range(4)]
    facts = {
        "book": "sandbox", "year": 2025, "creator": ada.creator.pk, "currency": "USD", "version": 1, "reason": "",
        "quarters": [quarter.as_facts() for quarter in quarters],
        "total": sum(quarters, Quarter(paid_out=300)).as_facts(),
    }  # fmt: skip
    YearReport.objects.add([(facts, None)], by=fay)
    with transaction.atomic():
        two_months()
    page = open_browser(width=width, color_scheme=scheme)
    speak(page, language)
    login(page, ada)
    page.goto("/studio/earnings/years/")
    expect(page.locator("svg.balance-bar").first).to_be_visible()
    assert_accessible(page)
    page.goto("/studio/earnings/tax-details/")
    page.locator('input[name="password"]').fill(PASSWORD)
    page.locator('form button[type="submit"], form .button--primary').first.click()
    page.wait_for_url("**/tax-details/")
    assert_accessible(page)
    login(page, fay)
    page.goto("/finance/years/")
    assert_accessible(page)
