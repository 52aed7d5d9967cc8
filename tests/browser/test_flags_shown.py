"""Figures that stand out, drawn: for moderators and for their owner, wide and narrow, in both languages and schemes."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from moderation import flags
from moderation.flags import Finding
from moderation.models import Case
from tests import cast
from tests.browser.chromium import assert_accessible, login, speak
from tests.courses.factories import make_course
from tests.moderation.town import NOW

pytestmark = pytest.mark.django_db(transaction=True)
REFUNDS = {"k": 12, "n": 30, "low": 208, "high": 628, "usual": 50, "bar": 100, "days": 180}
SHARING = {
    "many_days": 8, "least_many_days": 5, "devices": 12, "least_devices": 7, "networks": 9, "least_networks": 6,
    "refused": 31,
}  # fmt: skip


def bought(accounts: list[int]) -> dict[str, object]:
    return {"tie": "card", "accounts": len(accounts), "least_accounts": 3, "purchases": 9, "unwatched": 8,
            "named": accounts}  # fmt: skip


@pytest.mark.parametrize(("width", "language"), [(1280, "en"), (390, "zh-hans")])
def test_figures_are_drawn_for_moderators_and_their_owner(
    open_browser: Callable[..., Page], ada: User, sam: User, lin: User, cole: User, width: int, language: str
) -> None:
    make_course(title="Glazes", lessons=1)
    fay = cast.fay()
    flags.keep("refunds", [Finding("refunds", 1, "course", "glazes", REFUNDS)], NOW)
    flags.keep("self_purchase", [
        Finding("self_purchase", 1, "creator", ada.creator.slug, bought([lin.pk, cole.pk, fay.pk]))
    ], NOW)  # fmt: skip
    flags.keep("account_sharing", [Finding("account_sharing", 1, "account", str(lin.pk), SHARING)], NOW)
    page = open_browser(width=width)
    login(page, sam)
    speak(page, language)
    cases = Case.objects.order_by("id").values_list("pk", flat=True)
    for address in ("/moderation/flags/", *(f"/moderation/cases/{pk}/" for pk in cases), "/rules/figures/"):
        page.goto(address)
        assert_accessible(page)
    page.goto("/moderation/flags/")
    expect(page.locator("svg.interval")).to_be_visible()
    login(page, ada)
    page.goto("/reports/flags/")
    expect(page.locator("svg.interval")).to_have_count(1)
    assert_accessible(page)
    page.locator("summary.button").click()
    page.locator("textarea").fill("A price error; all of them bought again.")
    page.locator("form .form-actions button").click()
    expect(page.locator("blockquote")).to_contain_text("A price error")
    page.goto("/studio/courses/glazes/pricing/")
    assert_accessible(page)
