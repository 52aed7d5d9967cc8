"""How much of a film the player in Chromium loads ahead, and what where bytes are dear."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from courses.models import Course
from tests.browser.chromium import login
from tests.browser.test_player import address, devices, enter, wait_for_second
from tests.courses.factories import make_course, publish
from tests.learners.factories import enroll
from tests.videos.films import make_film, transcoded

__all__ = ["devices"]
pytestmark = pytest.mark.django_db(transaction=True)
EXPIRIES = """() => [...new Set(performance.getEntriesByType('resource').map((one) => new URL(one.name).pathname)
  .filter((path) => path.endsWith('.m4s')).map((path) => path.split('/')[3]))].length"""


@pytest.fixture
def course(ada: User, sam: User, tmp_path: Path) -> Course:
    """Its second lesson's film is longer than what a player loads ahead."""
    film = transcoded(ada, make_film(tmp_path / "film.mp4", seconds=50, size=(160, 120), fps="10"))
    assert film.is_ready, film.failure_detail
    started = make_course(live=False, lessons=2)
    started.draft.lessons.order_by("position")[1].attach_video(film)
    publish(started.draft)
    return Course.objects.select_related("creator", "live_version").get(pk=started.pk)


def test_where_bytes_are_dear_none_of_the_film_comes_before_play(
    devices: Callable[..., Page], course: Course, lin: User
) -> None:
    enroll(lin, course)
    page = devices()
    page.add_init_script("Object.defineProperty(navigator, 'connection', {value: {saveData: true}})")
    login(page, lin)
    page.goto(address(course))
    expect(page.locator("lesson-player")).to_have_attribute("data-wired", "")
    page.wait_for_load_state("networkidle")
    assert page.evaluate(f"({EXPIRIES})()") == 0
    assert page.evaluate("document.querySelector('video').buffered.length") == 0
    page.locator(".player__play").click()
    wait_for_second(page, 1)


def test_no_more_than_half_a_minute_is_loaded_ahead(devices: Callable[..., Page], course: Course, lin: User) -> None:
    enroll(lin, course)
    page = enter(devices, lin, address(course))
    page.wait_for_function("() => document.querySelector('video').buffered.length > 0")
    page.wait_for_load_state("networkidle")
    # Pieces are 4 s long; the one that passes the mark is the last.
    assert 20 < page.evaluate("document.querySelector('video').buffered.end(0)") < 38
