"""Ratings drawn: on the course's page, all of them, the formula, the learner's own and the creator's."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from community import rating
from community.models import Rating
from tests import cast
from tests.browser.chromium import assert_accessible, login, speak
from tests.community.factories import crowd, rate, see
from tests.courses.factories import make_course

pytestmark = pytest.mark.django_db(transaction=True)
WORDS = "Short lessons, and each ends with something that works. I finished it in two weeks of evenings."


@pytest.mark.parametrize(("width", "language", "scheme"), [(1280, "en", "light"), (390, "zh-hans", "dark")])
def test_ratings_are_read_given_and_answered(
    open_browser: Callable[..., Page], ada: User, lin: User, width: int, language: str, scheme: str
) -> None:
    course = make_course(title="Glazes", lessons=2)
    crowd(course, 5, 5, 4, 4, 5, 3, 1)
    worded = rate(cast.person("Wei"), course, 5, text=WORDS, content=5, practice=4)
    worded.find_helpful(lin)
    rating.reply(worded, "Thank you. There is a third part coming.", by=ada)
    see(lin, course)
    page = open_browser(width=width)
    page.emulate_media(color_scheme=scheme)
    speak(page, language)
    for address in ("/courses/", "/courses/glazes/", "/courses/glazes/ratings/", "/ratings/how/"):
        page.goto(address)
        assert_accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    expect(page.locator(".rating-chart__span")).to_have_count(4)
    login(page, lin)
    page.goto("/learn/glazes/rating/")
    assert_accessible(page)
    page.locator('input[name="stars"][value="4"]').check()
    page.locator("textarea").fill("It holds water.")
    page.locator("form.panel .form-actions button").click()
    expect(page.locator("textarea")).to_have_value("It holds water.")
    assert Rating.objects.get(learner=lin).stars == 4
    login(page, ada)
    page.goto("/studio/courses/glazes/ratings/?show=unanswered")
    assert_accessible(page)
    page.locator("li textarea").first.fill("So it should!")
    page.locator("li form button").first.click()
    page.goto("/courses/glazes/ratings/?order=newest")
    expect(page.locator(".rating-list")).to_contain_text("So it should!")
