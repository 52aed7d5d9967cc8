from collections.abc import Callable

import pytest
from allauth.account.models import EmailAddress
from playwright.sync_api import Page, expect

from accounts.models import User
from tests.browser.chromium import assert_accessible, login, speak
from tests.cast import PASSWORD

pytestmark = pytest.mark.django_db(transaction=True)

ENTRANCES = ["login", "signup", "password/reset"]
OWN_PAGES = ["email", "password/change", "2fa", "2fa/totp/activate", "2fa/webauthn/add", "sessions"]


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_entrances_are_accessible(open_browser: Callable[..., Page], language: str) -> None:
    page = open_browser(width=390)
    speak(page, language)
    for name in ENTRANCES:
        page.goto(f"/accounts/{name}/")
        assert_accessible(page)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_pages_of_an_account_are_accessible(open_browser: Callable[..., Page], lin: User, language: str) -> None:
    EmailAddress.objects.create(user=lin, email=lin.email, verified=True, primary=True)
    page = open_browser(width=390)
    enter(page, lin)
    speak(page, language)
    for name in OWN_PAGES:
        answer = page.goto(f"/accounts/{name}/")
        assert answer is not None
        assert answer.status == 200
        assert f"/accounts/{name}/" in page.url
        assert_accessible(page)


def test_a_wrong_password_is_told_at_the_top_and_nothing_typed_is_lost(browser_page: Page, lin: User) -> None:
    browser_page.goto("/accounts/login/")
    browser_page.get_by_label("Email").fill(lin.email)
    browser_page.get_by_label("Password").fill("not this one")
    browser_page.locator("main").get_by_role("button", name="Log in").click()
    expect(browser_page.get_by_role("alert")).to_be_focused()
    expect(browser_page.get_by_label("Email")).to_have_value(lin.email)
    assert_accessible(browser_page)


def test_a_person_signs_up_and_is_known_on_every_page(browser_page: Page) -> None:
    browser_page.goto("/accounts/signup/")
    browser_page.get_by_label("Your name").fill("Mei")
    browser_page.get_by_label("Email").fill("mei@example.com")
    browser_page.get_by_label("Password", exact=True).fill(PASSWORD)
    browser_page.locator("main").get_by_role("button", name="Sign up").click()
    expect(browser_page.get_by_text("Your account")).to_be_attached()
    assert User.objects.get(email="mei@example.com").name == "Mei"


def test_a_passkey_logs_in(browser_page: Page, lin: User) -> None:
    EmailAddress.objects.create(user=lin, email=lin.email, verified=True, primary=True)
    have_an_authenticator(browser_page)
    enter(browser_page, lin)
    browser_page.goto("/accounts/2fa/webauthn/add/")
    browser_page.get_by_label("Name").fill("Desk")
    browser_page.get_by_label("Passwordless").check()
    browser_page.get_by_role("button", name="Add").click()
    browser_page.wait_for_url("**/recovery-codes/**")
    browser_page.context.clear_cookies()

    browser_page.goto("/accounts/login/")
    browser_page.get_by_role("button", name="Use a passkey").click()
    expect(browser_page.get_by_text("Your account")).to_be_attached()


def test_the_log_in_helper_of_tests_logs_in(browser_page: Page, lin: User) -> None:
    login(browser_page, lin)
    browser_page.goto("/accounts/email/")
    expect(browser_page.get_by_text(lin.email).first).to_be_attached()


def enter(page: Page, user: User) -> None:
    """Log in and confirm it: the pages about second factors ask for the password once more."""
    login(page, user)
    page.goto("/accounts/reauthenticate/?next=/accounts/email/")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Confirm").click()
    page.wait_for_url("**/accounts/email/")


def have_an_authenticator(page: Page) -> None:
    tools = page.context.new_cdp_session(page)
    tools.send("WebAuthn.enable")
    tools.send("WebAuthn.addVirtualAuthenticator", {"options": {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }})  # fmt: skip
