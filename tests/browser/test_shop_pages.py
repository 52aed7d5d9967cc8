"""What a visitor and a learner see first: accessible in both languages, narrow and wide, light and dark."""

from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import User
from courses.models import Course, Listing
from discovery import index, tasks
from discovery.models import Attention, Demand, SavedCourse
from marketplace.lib.money import Money
from tests.browser.chromium import assert_accessible, login, speak
from tests.courses.factories import make_course, make_skill
from tests.courses.test_collections import make as curate
from tests.creators.institutions import make_institution
from tests.learners.factories import enroll

pytestmark = pytest.mark.django_db(transaction=True)

LANGUAGES_AND_WIDTHS = [("en", 360), ("zh-hans", 1280)]


@pytest.fixture
def shelf(ada: User) -> list[Course]:
    courses = [
        make_course(title="Pottery from the first bowl"),
        make_course(title="手工线装书：从裁纸到上线", price=Money(12800, "CNY"), language="zh-hans"),
        make_course(title="Indigo, for nothing", price=Money.zero("USD")),
    ]
    index.refresh()
    return courses


def see(page: Page, paths: list[str]) -> None:
    for path in paths:
        answer = page.goto(path)
        assert answer is not None
        assert answer.status == 200, path
        assert_accessible(page)


@pytest.mark.parametrize(("language", "width"), LANGUAGES_AND_WIDTHS)
def test_the_shop_is_accessible(
    open_browser: Callable[..., Page], shelf: list[Course], language: str, width: int
) -> None:
    page = open_browser(width=width)
    speak(page, language)
    see(page, [
        "/", "/courses/", "/search/?q=bowl", "/search/?q=nothingofthiskind", f"/courses/{shelf[0].slug}/",
        f"/courses/{shelf[2].slug}/", f"/creators/{shelf[0].creator.slug}/", "/cart/",
    ])  # fmt: skip


@pytest.mark.parametrize(("language", "width"), LANGUAGES_AND_WIDTHS)
def test_a_learners_pages_are_accessible(
    open_browser: Callable[..., Page], lin: User, shelf: list[Course], language: str, width: int
) -> None:
    page = open_browser(width=width)
    login(page, lin)
    speak(page, language)
    see(page, ["/library/", "/orders/", "/creators/become/", "/account/", "/account/tokens/"])
    enroll(lin, shelf[0])
    page.goto(f"/courses/{shelf[1].slug}/")
    page.locator("aside form[action*='cart'] button").click()
    see(page, ["/", "/library/", "/cart/", "/checkout/?currency=CNY", f"/learn/{shelf[0].slug}/"])


@pytest.fixture
def told(shelf: list[Course], ada: User, lin: User, sam: User) -> list[str]:
    """Public lists with something in each: their addresses."""
    school = make_institution(ada)
    Listing.objects.list_course(shelf[0], school, by=ada)
    skilled = make_course(title="Python for potters", skills={make_skill("python"): 2})
    index.refresh()
    collection = curate([shelf[0], skilled])
    tasks.write_down_looks()
    Attention.objects.add(timezone.now().date(), {shelf[0].pk: 30, skilled.pk: 3})
    tasks.reckon_exposure()
    return [
        "/skills/python/", "/collections/", collection.get_absolute_url(), school.get_absolute_url(), "/institutions/",
        shelf[0].get_absolute_url(), "/exposure/", "/", "/courses/?category=programming",
    ]  # fmt: skip


@pytest.mark.parametrize(("language", "width"), LANGUAGES_AND_WIDTHS)
def test_lists_of_the_shop_are_accessible(
    open_browser: Callable[..., Page], told: list[str], language: str, width: int
) -> None:
    page = open_browser(width=width)
    speak(page, language)
    see(page, told)


@pytest.mark.parametrize(("language", "width"), LANGUAGES_AND_WIDTHS)
def test_ones_own_lists_and_what_is_looked_for_are_accessible(
    open_browser: Callable[..., Page], told: list[str], lin: User, ada: User, language: str, width: int
) -> None:
    page = open_browser(width=width)
    login(page, lin)
    speak(page, language)
    see(page, ["/saved/"])
    SavedCourse.objects.save_for_later(lin, Course.objects.get(title="Indigo, for nothing"))
    see(page, ["/for-you/", "/saved/", "/"])
    for opened in page.locator("main details").all():
        opened.evaluate("each => each.open = true")
    assert_accessible(page)
    login(page, ada)
    see(page, ["/studio/demand/"])
    Demand.objects.put(week=timezone.now().date(), words="beekeeping", people=9, searches=12, courses=0)
    see(page, ["/studio/demand/"])


@pytest.mark.parametrize(("language", "width"), LANGUAGES_AND_WIDTHS)
def test_open_suggestions_are_accessible(
    open_browser: Callable[..., Page], shelf: list[Course], language: str, width: int
) -> None:
    page = open_browser(width=width)
    speak(page, language)
    for path, box in (("/courses/", "#site-search"), ("/", "#hero-search")):
        page.goto(path)
        page.locator(box).press_sequentially("pot")
        options = page.locator(".suggestions:visible [role=option]")
        expect(options.first).to_be_visible()
        page.locator(box).press("ArrowDown")
        expect(options.first).to_have_attribute("aria-selected", "true")
        assert page.locator(box).get_attribute("aria-activedescendant") == options.first.get_attribute("id")
        assert_accessible(page)
        page.locator(box).press("Escape")
        expect(options).to_have_count(0)


def test_the_number_in_the_cart_stands_in_the_head(browser_page: Page, shelf: list[Course]) -> None:
    browser_page.goto(f"/courses/{shelf[0].slug}/")
    browser_page.locator("aside form[action*='cart'] button").click()
    expect(browser_page.locator(".cart-link__count")).to_have_text("1")


def test_every_page_can_be_read_in_the_other_language(browser_page: Page, shelf: list[Course]) -> None:
    browser_page.goto("/courses/")
    browser_page.get_by_role("button", name="中文").click()
    expect(browser_page.locator("html")).to_have_attribute("lang", "zh-Hans")
    assert browser_page.url.endswith("/courses/")


@pytest.mark.parametrize("width", [360, 390])
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_head_of_a_phone_has_two_rows(
    open_browser: Callable[..., Page], shelf: list[Course], ada: User, language: str, width: int
) -> None:
    """The mark, the ways and one's own signs; and the box to search in."""
    page = open_browser(width=width)
    speak(page, language)
    for _who in ("a visitor", "a creator"):
        page.goto("/courses/")
        tops = page.locator(".brand, .menu--ways > summary, .site-nav").evaluate_all(
            "all => all.map(each => Math.round(each.getBoundingClientRect().bottom / 20))"
        )
        assert len(set(tops)) == 1
        assert page.get_by_role("link", name="Kezhan" if language == "en" else "课栈").first.is_visible()
        login(page, ada)


def test_the_slash_key_goes_to_the_search_box(browser_page: Page, shelf: list[Course]) -> None:
    browser_page.goto("/courses/")
    browser_page.keyboard.press("/")
    expect(browser_page.locator("#site-search")).to_be_focused()
    expect(browser_page.locator("#site-search")).to_have_value("")


def test_the_catalogue_works_without_scripts(open_browser: Callable[..., Page], shelf: list[Course]) -> None:
    page = open_browser(java_script_enabled=False)
    page.goto("/courses/")
    page.locator("#site-search").fill("bowl")
    page.locator("#site-search").press("Enter")
    expect(page.locator(".course-card")).to_have_count(1)


def test_on_a_phone_every_list_is_two_presses_away(open_browser: Callable[..., Page], shelf: list[Course]) -> None:
    page = open_browser(width=390, java_script_enabled=False)
    for name, path in (
        ("All courses", "/courses/"), ("Clips", "/clips/"), ("Learning paths", "/paths/"), ("Skills", "/skills/"),
        ("Collections", "/collections/"), ("Institutions", "/institutions/"),
    ):  # fmt: skip
        page.goto("/")
        page.locator("summary", has_text="Explore").click()
        page.get_by_role("navigation", name="Explore").get_by_role("link", name=name).click()
        expect(page).to_have_url(f"{page.context.base_url}{path}")  # type: ignore[attr-defined]


@pytest.mark.parametrize("width", [360, 1280])
def test_the_ways_open_and_close_by_keys(open_browser: Callable[..., Page], shelf: list[Course], width: int) -> None:
    page = open_browser(width=width)
    page.goto("/")
    ways = page.locator(".menu--ways")
    ways.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(ways.get_by_role("link", name="Clips")).to_be_visible()
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.keyboard.press("Escape")
    expect(ways.get_by_role("link", name="Clips")).to_be_hidden()
    expect(ways.locator("summary")).to_be_focused()
