"""A twin on the moderator's page: the button leads the player to its second, on a wide screen and a narrow one."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from accounts.models import User
from tests import cast
from tests.browser.chromium import assert_accessible, login
from tests.courses.factories import make_course
from tests.creators.factories import make_creator
from tests.moderation.factories import make_submission
from tests.moderation.test_twins import beside, film_of
from tests.videos.films import make_film, transcoded

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("width", [1280, 390])
def test_the_button_of_a_twin_leads_the_player_there(
    open_browser: Callable[..., Page], ada: User, sam: User, tmp_path: Path, width: int
) -> None:
    film = transcoded(ada, make_film(tmp_path / "film.mp4", seconds=8))
    course = make_course(title="Glazes", live=False)
    course.draft.lessons.order_by("position")[0].attach_video(film)
    other = make_submission(course=make_course(make_creator(cast.person("Noor")), title="Kilns", live=False))
    beside(film, film_of(other))
    submission = make_submission(course=course)
    page = open_browser(width=width)
    login(page, sam)
    page.goto(reverse("moderation:case", args=[submission.pk]))
    twin = page.locator("#twins")
    expect(twin).to_contain_text("The other was here first")
    twin.get_by_role("button", name="0:05–1:05").click()
    page.wait_for_function("at => document.querySelector('video').currentTime >= at", arg=4.9, timeout=30_000)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert_accessible(page)
