"""The pool of the pass, in Chromium: what its creator, a member and finance see of it is accessible."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from payments.models import PoolDivision
from tests import cast
from tests.browser.chromium import assert_accessible, login, speak
from tests.payments.pooled import course_of, divide, member, the_pass, watches

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(
    ("width", "language", "scheme"),
    [(1280, "en", "light"), (390, "zh-hans", "dark"), (390, "en", "light"), (1280, "zh-hans", "dark")],
)
def test_a_months_money_is_followed(
    open_browser: Callable[..., Page], ada: User, lin: User, width: int, language: str, scheme: str
) -> None:
    the_pass()
    courses = [course_of("Ada", "Pots from the first bowl"), course_of("Bo", "Songs")]
    token = member(lin).token
    watches(lin, courses[0], 0, 1_200)
    watches(lin, courses[1], 0, 600)
    for n in range(5):
        person = cast.person(f"Mem{n}")
        member(person)
        watches(person, courses[0], 0, 300 * (n + 1))
    divide()
    page = open_browser(width=width, color_scheme=scheme)
    login(page, ada)
    speak(page, language)
    page.goto("/studio/pool/")
    expect(page.locator("main")).to_contain_text("$35.70")
    assert_accessible(page)
    login(page, lin)
    page.goto(f"/memberships/{token}/")
    expect(page.locator("main")).to_contain_text("$2.10")
    assert_accessible(page)
    login(page, cast.fay())
    for there in ("", f"{PoolDivision.objects.get().pk}/", "look/USD/"):
        page.goto(f"/finance/pool/{there}")
        assert_accessible(page)
