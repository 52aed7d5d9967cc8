"""The report card is readable by everybody: in both languages, narrow and wide, light and dark."""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from moderation.models import ReportCard, ReportCardFigure
from moderation.quarters import Quarter
from tests.browser.chromium import assert_accessible, speak

pytestmark = pytest.mark.django_db(transaction=True)
TOLD = [
    ("reviews_in_time", 214, "93.4", ""), ("reports_in_time", 61, "88.5", ""), ("appeals_in_time", 3, None, ""),
    ("payouts_on_time", 1893, "99.9", ""), ("refund_hours", 122, "1.3", ""), ("creators_earned", 312, "61.5", ""),
    ("median_earning", 188, "12000", "USD"), ("median_earning", 71, "240000", "CNY"),
    ("median_earning", 4, None, "JPY"),
    ("earnings_gini", 188, "0.614", "USD"), ("earnings_gini", 71, "0.522", "CNY"), ("earnings_gini", 4, None, "JPY"),
    ("decisions_overturned", 0, None, ""),
]  # fmt: skip


@pytest.fixture
def cards(db: None) -> None:
    for quarter, stage in ((Quarter(2026, 3), "final"), (Quarter(2026, 3), "corrected"), (Quarter(2026, 4), "so_far")):
        figures = [
            ReportCardFigure.draft(name, cases, Decimal(value) if value else None, currency)
            for name, cases, value, currency in TOLD
        ]
        reason = "An appeal was noted a day late." if stage == "corrected" else ""
        ReportCard.objects.write(quarter, stage, datetime(2026, 12, 1, tzinfo=UTC), figures, reason)


@pytest.mark.parametrize(
    ("language", "width", "scheme"),
    [("en", 360, "dark"), ("en", 1280, "light"), ("zh-hans", 390, "light"), ("zh-hans", 1280, "dark")],
)
def test_the_report_card_is_accessible(
    open_browser: Callable[..., Page], cards: None, language: str, width: int, scheme: str
) -> None:
    page = open_browser(width=width, color_scheme=scheme)
    speak(page, language)
    for address in ("/report-card/", "/report-card/2026-Q3/"):
        page.goto(address)
        expect(page.locator("main dd")).to_have_count(len(TOLD) - 2)  # two of a currency with few cases
        assert_accessible(page)
