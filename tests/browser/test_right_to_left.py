"""The site as a language would have it that is read from right to left: English, mirrored. None is offered yet."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.urls import reverse
from PIL import Image
from playwright.sync_api import Page

from accounts.models import User
from courses.models import Course
from discovery import index
from marketplace.lib import frames, window
from tests.browser.chromium import assert_accessible, login
from tests.courses.factories import make_category, make_course
from tests.creators.institutions import make_institution
from tests.learners.factories import enroll

pytestmark = pytest.mark.django_db(transaction=True)

WIDTHS = [390, 1280]
# Where things begin and whither they point, as they are drawn. The start of a line is its right end.
DRAWN = """() => {
  const middle = (each) => { const {left, right} = each.getBoundingClientRect(); return (left + right) / 2; };
  const flipped = (each) => getComputedStyle(each).scale.startsWith("-1");
  const seen = (name) => [...document.querySelectorAll(name)].filter((each) => each.checkVisibility());
  return {
    brand: middle(document.querySelector(".brand")) > innerWidth / 2,
    arrows: seen(":is(.icon--left, .icon--right, .icon--chevron-right)").every(flipped),
    others: seen(":is(.icon--check, .icon--clock, .icon--play)").some(flipped),
    texts: seen("[dir=auto]").map((each) => [each.textContent.trim(), getComputedStyle(each).direction]),
  };
}"""


@pytest.fixture
def mirrored(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.LANGUAGES_BIDI = ["en"]
    monkeypatch.setattr(frames, "_drawn", {})  # a process keeps them, and a language does not change its direction
    cache.clear()
    window.forget()


@pytest.fixture
def course(ada: User) -> Course:
    make_institution(ada)
    make_course(title="فخار من الوعاء الأول", category=make_category("crafts-heritage"))
    course = make_course(title="Pottery from the first bowl", category=make_category("crafts-heritage"), lessons=4)
    index.refresh()
    return course


def drawn(page: Page, path: str) -> dict[str, Any]:
    answer = page.goto(path)
    assert answer is not None
    assert answer.status == 200, path
    assert page.locator("html").get_attribute("dir") == "rtl"
    assert_accessible(page)
    told: dict[str, Any] = page.evaluate(DRAWN)
    assert (told["brand"], told["arrows"], told["others"]) == (True, True, False), path
    return told


@pytest.mark.parametrize("width", WIDTHS)
def test_the_shop_is_mirrored(mirrored: None, open_browser: Callable[..., Page], course: Course, width: int) -> None:
    page = open_browser(width=width)
    for path in ("/", "/courses/", "/courses/?level=advanced", "/search/?q=bowl", "/skills/", "/institutions/",
                 course.creator.get_absolute_url(), reverse("account_login"), "/cart/"):  # fmt: skip
        told = drawn(page, path)
        # What people wrote runs as its own letters do, whatever the page.
        for text, direction in told["texts"]:
            if text:
                assert direction == ("rtl" if text.startswith("فخار") else "ltr"), (path, text)


@pytest.mark.parametrize("width", WIDTHS)
def test_a_course_and_a_learners_pages_are_mirrored_and_the_film_is_not(
    mirrored: None, open_browser: Callable[..., Page], course: Course, lin: User, width: int
) -> None:
    enroll(lin, course)
    page = open_browser(width=width)
    drawn(page, course.get_absolute_url())
    open_chevron = page.locator(".curriculum details[open] > summary > .icon").first
    assert open_chevron.evaluate("each => getComputedStyle(each).rotate") == "-90deg"
    login(page, lin)
    for path in (course.get_absolute_url(), "/library/", f"/learn/{course.slug}/{course.live_lessons()[0].key}/"):
        drawn(page, path)
    # A film's time runs from left to right in every script, and so do its controls.
    assert page.locator(".player__controls").evaluate("each => getComputedStyle(each).direction") == "ltr"


def test_a_bar_fills_from_where_its_line_begins(
    mirrored: None, open_browser: Callable[..., Page], course: Course
) -> None:
    page = open_browser()
    page.goto("/")
    page.evaluate(
        "document.querySelector('main').insertAdjacentHTML('afterbegin', '<progress value=1 max=4></progress>')"
    )
    picture = Image.open(io.BytesIO(page.locator("progress").first.screenshot())).convert("RGB")
    middle = picture.height // 2
    left, right = (picture.getpixel((round(picture.width * share), middle)) for share in (0.15, 0.85))
    page.evaluate("document.documentElement.dir = 'ltr'")
    other = Image.open(io.BytesIO(page.locator("progress").first.screenshot())).convert("RGB")
    assert left != right
    assert (left, right) == tuple(other.getpixel((round(other.width * share), middle)) for share in (0.85, 0.15))


def test_languages_of_the_site_are_not(browser_page: Page, course: Course) -> None:
    browser_page.goto("/courses/")
    assert browser_page.locator("html").get_attribute("dir") is None
