"""A word before it is on the lists, drawn: what it would have found, and that only what was seen is saved."""

import re
from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from accounts.models import User
from moderation.models import ListedWord
from tests.browser.chromium import assert_accessible, login, speak
from tests.courses.factories import make_course

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(("width", "language"), [(1280, "en"), (390, "zh-hans")])
def test_what_was_seen_is_saved_and_nothing_else(
    open_browser: Callable[..., Page], ada: User, sam: User, width: int, language: str
) -> None:
    make_course(title="Glazes with arsenic", lessons=1)
    before = set(ListedWord.objects.values_list("pk", flat=True))
    page = open_browser(width=width)
    login(page, sam)
    speak(page, language)
    page.goto(reverse("moderation:add_word"))
    page.locator("#id_text").fill("arsenic")
    page.locator("#id_language").select_option("en")
    page.locator("#id_severity").select_option("mark")
    page.locator("#id_rule_code").select_option(index=1)
    page.locator("#id_reason").fill("Glazes with it belong to nobody's table.")
    save = page.locator("button[name=save]")
    expect(save).to_have_count(0)
    page.locator("form.panel .form-actions button").first.click()
    expect(page.locator("#preview mark").first).to_have_text("arsenic")
    expect(page.locator("#preview")).to_contain_text(re.compile("1,?000"))
    expect(page.locator("#id_reason")).to_have_value("Glazes with it belong to nobody's table.")
    assert_accessible(page)
    assert set(ListedWord.objects.values_list("pk", flat=True)) == before
    page.locator("#id_text").fill("cadmium")
    save.click()  # of another word nothing was seen yet
    expect(page.locator("#preview")).to_be_visible()
    expect(page.locator("#preview mark")).to_have_count(0)
    assert set(ListedWord.objects.values_list("pk", flat=True)) == before
    save.click()
    expect(page.locator(".rows strong").first).to_have_text("cadmium")
    assert ListedWord.objects.exclude(pk__in=before).get().text == "cadmium"
    assert_accessible(page)
