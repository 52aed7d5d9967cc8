"""What the operator decides, in Chromium: her desks, the pages that come of it, and a look in light and dark."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from playwright.sync_api import Page, expect

from operating import colors
from tests.browser.chromium import assert_accessible, login, speak
from tests.courses.factories import make_course, make_picture
from tests.operating.looks import make_look
from tests.operating.pages import make_page, max_

pytestmark = pytest.mark.django_db(transaction=True)
PUBLIC = ["/pages/terms/", "/pages/terms/versions/", "/pages/terms/versions/1/", "/accounts/signup/"]
DESKS = [
    "/staff/pages/", "/staff/pages/create/", "/staff/pages/terms/", "/staff/pages/terms/1/", "/staff/switches/",
    "/staff/look/", "/staff/mails/", "/staff/mails/en/payments/by_hand_how/", "/staff/mails/zh-hans/role_given/",
]  # fmt: skip


@pytest.mark.parametrize(("language", "width", "scheme"), [("en", 390, "light"), ("zh-hans", 1280, "dark")])
def test_desks_and_pages_are_accessible(
    open_browser: Callable[..., Page], language: str, width: int, scheme: str
) -> None:
    make_page("terms")
    make_page("imprint", title_en="Imprint", text_en="Who we are.")
    make_look(accent="#0055aa", tagline_en="Learn by doing")
    page = open_browser(width=width, color_scheme=scheme)
    speak(page, language)
    for path in [*PUBLIC, "/pages/imprint/"]:
        assert page.goto(path).status == 200
        assert_accessible(page)
    login(page, max_())
    for path in DESKS:
        assert page.goto(path).status == 200
        assert_accessible(page)


def test_an_administrator_writes_looks_at_and_publishes_a_page(browser_page: Page) -> None:
    page = browser_page
    login(page, max_())
    page.goto("/staff/pages/create/?slug=terms")
    page.get_by_label("Title in English").fill("Terms")
    page.get_by_label("Text in English").fill("## Buying\n\nWhat you buy is a right.")
    page.get_by_label("Why this change").fill("We open")
    page.get_by_role("button", name="Save a version").click()
    page.get_by_role("link", name="Look at version 1").click()
    expect(page.get_by_role("heading", name="Buying")).to_be_visible()
    page.get_by_role("link", name="Write this page").click()
    page.get_by_text("In the foot of every page").click()
    page.get_by_label("What changes for readers").fill("The first version")
    page.get_by_role("button", name="Publish version 1").click()
    expect(page.get_by_role("status")).to_contain_text("Readers see version 1")
    page.locator(".site-foot").get_by_role("link", name="Terms").click()
    expect(page.get_by_role("heading", name="Terms", level=1)).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_look_shows_its_color_and_the_logo_that_fits(
    open_browser: Callable[..., Page], settings: Any, tmp_path: Any, scheme: str
) -> None:
    settings.MEDIA_ROOT = tmp_path
    pictures = {name: SimpleUploadedFile("x.png", make_picture().read()) for name in ("logo", "logo_dark", "icon")}
    make_course(title="Pottery")
    make_look(accent="#0055aa", pictures=pictures)
    page = open_browser(color_scheme=scheme)
    page.goto("/courses/pottery/")
    other = {"light": "dark", "dark": "light"}[scheme]
    expect(page.locator(f".brand__logo--{scheme}")).to_be_visible()
    expect(page.locator(f".brand__logo--{other}")).to_be_hidden()
    made = colors.tints("#0055aa")
    wanted = {"light": made.accent_light, "dark": made.accent_dark}[scheme]
    red, green, blue = (int(wanted[at : at + 2], 16) for at in (1, 3, 5))
    button = page.locator(".button--primary:visible").first
    expect(button).to_have_css("background-color", f"rgb({red}, {green}, {blue})")
    assert_accessible(page)
