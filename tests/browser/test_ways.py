"""Paths, skills, collections and institutions in Chromium: on a phone and a wide screen, in both languages."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import User
from courses.models import Collection, Course, Listing, Path
from marketplace.lib.money import Money
from tests import cast
from tests.browser.chromium import assert_accessible, login
from tests.courses.factories import make_course, make_skill
from tests.courses.path_factories import make_path
from tests.creators.institutions import make_institution
from tests.learners.factories import enroll

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def shop(ada: User) -> dict[str, Course]:
    python, sql = make_skill("python"), make_skill("databases-sql")
    return {
        "first": make_course(title="Python from an empty file", skills={python: 1}),
        "both": make_course(title="Django for people with an idea", skills={python: 2, sql: 2}),
        "plain": make_course(title="Git in one quiet afternoon", price=Money(0, "USD")),
        "elsewhere": make_course(title="Python for data", skills={python: 2}),
    }


@pytest.fixture
def path(shop: dict[str, Course]) -> Path:
    return make_path([shop["first"], shop["both"]], [shop["plain"]], title="From nothing to a site that sells")


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("locale", ["en-US", "zh-CN"])
def test_a_path_is_followed_and_says_why_what_is_pale_is(
    open_browser: Callable[..., Page], path: Path, shop: dict[str, Course], lin: User, width: int, locale: str
) -> None:
    enroll(lin, shop["elsewhere"]).complete()
    page = open_browser(width=width, height=900, locale=locale)
    page.goto(path.get_absolute_url())
    assert_accessible(page)
    login(page, lin)
    page.goto(path.get_absolute_url())
    page.locator(".way-state form button").click()
    expect(page.locator(".way__stop[data-done]")).to_have_count(1)
    expect(page.locator(".way__stop[data-done]")).to_contain_text("Python for data")
    assert_accessible(page)
    for address in (reverse("learners:library"), reverse("learners:my_skills"), reverse("paths:paths")):
        page.goto(address)
        assert_accessible(page)


@pytest.mark.parametrize("width", [390, 1280])
def test_skills_collections_and_a_badge(
    open_browser: Callable[..., Page], shop: dict[str, Course], ada: User, width: int
) -> None:
    school = make_institution(ada)
    Listing.objects.list_course(shop["first"], school, by=ada)
    days = {"starts_on": timezone.localdate(), "ends_on": timezone.localdate() + timedelta(days=9)}
    named = {"title_en": "First snow", "title_zh": "初雪", "words_en": "To do inside", "words_zh": "在屋里做"}
    made = Collection.objects.start({**named, **days}, list(shop.values()), by=cast.sam(), why="Winter")
    page = open_browser(width=width, height=900)
    for address in (
        reverse("courses:skills"), shop["first"].get_absolute_url(), make_skill("python").get_absolute_url(),
        made.get_absolute_url(), reverse("home"), reverse("courses:catalogue"), school.get_absolute_url(),
    ):  # fmt: skip
        page.goto(address)
        assert_accessible(page)
    page.get_by_text("Verified").click()
    expect(page.get_by_text("The register of schools names it.")).to_be_visible()
    assert_accessible(page)


@pytest.mark.parametrize("width", [390, 1280])
def test_the_desks(open_browser: Callable[..., Page], path: Path, ada: User, sam: User, width: int) -> None:
    path.open_draft(by=ada)
    school = make_institution(ada)
    page = open_browser(width=width, height=900)
    login(page, ada)
    for address in (
        reverse("studio:paths"), reverse("studio:path", args=[path.slug]), reverse("institutions:mine"),
        reverse("institutions:desk", args=[school.slug]),
    ):  # fmt: skip
        page.goto(address)
        assert_accessible(page)
    desk = open_browser(width=width, height=900)
    login(desk, sam)
    waiting = path.shown_edition.submit(by=ada)
    for address in (
        reverse("moderation:path", args=[waiting.pk]), reverse("moderation:create_collection"),
        reverse("moderation:institution", args=[school.slug]),
    ):  # fmt: skip
        desk.goto(address)
        assert_accessible(desk)
