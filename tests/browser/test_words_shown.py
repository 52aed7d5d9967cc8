"""The word lists in Chromium: what a new word would have found is shown before it is kept, wide and narrow, in both
languages and schemes.
"""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from moderation.models import ListedWord
from tests.browser.chromium import assert_accessible, login, speak
from tests.courses.factories import make_course

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(("width", "language"), [(1280, "en"), (390, "zh-hans"), (390, "en"), (1280, "zh-hans")])
def test_a_word_is_previewed_kept_and_withdrawn(
    open_browser: Callable[..., Page], ada: User, sam: User, width: int, language: str
) -> None:
    make_course(title="The gribble and the sea")
    make_course(title="A gr1bble, seen from near by")
    page = open_browser(width=width)
    login(page, sam)
    speak(page, language)
    page.goto("/moderation/words/")
    assert_accessible(page)
    _shot(page, f"list-{width}-{language}")
    page.goto("/moderation/words/add/")
    page.locator("[name=text]").fill("gribble")
    page.locator("[name=language]").select_option("en")
    page.locator("[name=severity]").select_option("person")
    page.locator("[name=reason]").fill("An insult.")
    page.locator("form.panel .form-actions button").click()
    # A word breaks a rule: nothing is shown before it is named.
    expect(page.locator("#id_rule_code_error, .field__error").first).to_be_visible()
    page.locator("[name=rule_code]").select_option("respect")
    page.locator("form.panel .form-actions button").first.click()
    expect(page.locator("#preview mark")).to_have_text(["gr1bble", "gribble"])
    assert_accessible(page)
    _shot(page, f"preview-{width}-{language}")
    page.locator("form.panel button[name=save]").click()
    expect(page.locator("ul.rows strong").first).to_have_text("gribble")
    row = page.locator("ul.rows > li").first
    row.locator("summary").click()
    row.locator("[name=reason]").fill("A sea animal.")
    assert_accessible(page)
    row.locator("details button").click()
    expect(page.locator("ul.rows strong").first).not_to_have_text("gribble")
    page.goto("/moderation/words/?closed")
    expect(page.locator("ul.rows")).to_contain_text("A sea animal.")
    assert_accessible(page)
    assert not ListedWord.objects.standing().filter(text="gribble").exists()


def _shot(page: Page, name: str) -> None:
    if folder := os.environ.get("SHOTS"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)
