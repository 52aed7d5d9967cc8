"""What a visitor does on pages that are the same for everybody, straight and through nginx, with or without scripts."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from courses.models import Course
from marketplace.local import nginx
from tests.browser.chromium import login
from tests.courses.factories import make_course

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def course(ada: User) -> Course:
    return make_course(title="Kilns")


@pytest.fixture(params=["straight", "nginx"])
def site(request: pytest.FixtureRequest, live_server: Any, tmp_path: Path) -> Iterator[str]:
    if request.param == "straight":
        yield live_server.url
        return
    if nginx.find_nginx() is None:
        pytest.skip("NO NGINX: apt-get install nginx-light, or KEZHAN_NGINX")
    with nginx.running(tmp_path / "nginx", live_server.url.removeprefix("http://"), tmp_path) as address:
        yield address


@pytest.mark.parametrize("has_scripts", [True, False])
def test_a_visitor_chooses_language_and_theme_and_fills_her_cart(
    open_browser: Callable[..., Page], site: str, course: Course, has_scripts: bool
) -> None:
    for _drawn_then_kept in range(2):
        page = open_browser(java_script_enabled=has_scripts, color_scheme="light")
        page.goto(f"{site}/courses/kilns/")
        assert page.context.cookies() == []
        page.get_by_role("button", name="中文").click()
        expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")
        page.get_by_role("button", name="深色").click()
        expect(page.locator("html")).to_have_attribute("data-theme", "dark")
        page.locator("aside form[action*='cart'] button").click()
        expect(page.locator(".cart-link__count")).to_have_text("1")
        # Back on the page of before she has a session, and the page has no token of hers.
        page.goto(f"{site}/courses/kilns/")
        expect(page.locator(".cart-link__count")).to_have_text("1")


def test_a_page_from_before_she_logged_in_still_works(
    open_browser: Callable[..., Page], site: str, course: Course, lin: User
) -> None:
    page = open_browser()
    page.goto(f"{site}/courses/kilns/")
    page.context.base_url = site  # type: ignore[attr-defined]  # whose cookie it is
    login(page, lin)
    page.locator("aside form[action*='cart'] button").click()
    expect(page.locator(".cart-link__count")).to_have_text("1")
    page.goto(f"{site}/courses/kilns/")
    assert lin.email in page.content()


def test_another_sites_form_is_refused(
    open_browser: Callable[..., Page], live_server: Any, site: str, course: Course
) -> None:
    page = open_browser()
    page.goto(f"{site}/courses/kilns/")
    token = page.locator("aside form[action*='cart'] input[name=csrfmiddlewaretoken]").get_attribute("value")
    elsewhere = f"http://elsewhere.localhost:{live_server.url.rpartition(':')[2]}/"
    page.route(elsewhere, lambda route: route.fulfill(content_type="text/html", body=f"""
        <form method="post" action="{site}/cart/add/"><input name="csrfmiddlewaretoken" value="{token}">
        <input name="course" value="kilns"><button>Win</button></form>"""))  # fmt: skip
    page.goto(elsewhere)
    with page.expect_response(f"{site}/cart/add/") as answer:
        page.get_by_role("button", name="Win").click()
    assert answer.value.status == 403
