"""A moderator sets up her second factor, logs in with it, and reads of it in her own language."""

from collections.abc import Callable
from urllib.parse import parse_qs, urlparse

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from playwright.sync_api import Page, expect

from accounts.models import User
from tests import cast
from tests.browser.chromium import assert_accessible, login, speak
from tests.cast import PASSWORD

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def novice(cole: User) -> User:
    cole.grant_role("moderator", by=None, reason="hired")
    EmailAddress.objects.create(user=cole, email=cole.email, verified=True, primary=True)
    return cole


def shown_by_the_app(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))


def test_a_moderator_is_led_to_a_second_factor_and_then_to_her_work(browser_page: Page, novice: User) -> None:
    page = browser_page
    login(page, novice)
    page.goto("/moderation/")
    expect(page.get_by_role("heading", name="A second factor first")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("link", name="Set up an app").click()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Confirm").click()
    page.wait_for_url("**/2fa/totp/activate/**")
    secret = page.locator("#authenticator_secret").input_value()
    page.get_by_label("Authenticator code").fill(shown_by_the_app(secret))
    page.locator("main").get_by_role("button", name="Activate").click()
    page.wait_for_url("**/recovery-codes/**")
    page.goto("/moderation/")
    expect(page.get_by_role("heading", name="Review queue")).to_be_visible()


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_logging_in_asks_for_the_code(open_browser: Callable[..., Page], sam: User, language: str) -> None:
    page = open_browser(width=390)
    speak(page, language)
    page.goto("/accounts/login/?next=/moderation/")
    page.locator("input[name=login]").fill(sam.email)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("main").locator("button[type=submit], button:not([type])").first.click()
    page.wait_for_url("**/2fa/authenticate/**")
    assert_accessible(page)
    page.locator("input[name=code]").fill(cast.code())
    page.locator("input[name=code]").press("Enter")
    page.wait_for_url("**/moderation/")


def test_an_administrator_reads_the_log_and_helps_who_lost_her_phone(
    open_browser: Callable[..., Page], sam: User
) -> None:
    page = open_browser(width=390)
    login(page, cast.person("Max", role="admin"))
    page.goto("/staff/people/")
    page.locator("tr", has_text=sam.email).get_by_text("Lost?").click()
    assert_accessible(page)
    page.get_by_label("How you made sure that it is this person").fill("Seen on a video call")
    page.get_by_role("button", name="Take it away").click()
    expect(page.get_by_text("The second factor is gone.")).to_be_visible()
    page.goto("/staff/audit/?verb=second_factor.")
    expect(page.get_by_text("second_factor.take_away")).to_be_visible()
    assert_accessible(page)
    assert parse_qs(urlparse(page.url).query) == {"verb": ["second_factor."]}
