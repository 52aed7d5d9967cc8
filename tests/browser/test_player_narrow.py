"""What a phone's player keeps in a menu, and what a viewer chose once for every film: loudness, quality, going on."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from courses.models import Course
from tests.browser.chromium import assert_accessible
from tests.browser.test_player import address, devices, enter, second, wait_for_second
from tests.browser.test_player_aids import video
from tests.courses.factories import make_course, publish
from tests.learners.factories import enroll
from videos.models import Video

__all__ = ["devices", "video"]
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def course(video: Video) -> Course:
    started = make_course(live=False, lessons=3)
    for lesson in started.draft.lessons.order_by("position")[1:]:
        lesson.attach_video(video)
    publish(started.draft)
    return Course.objects.select_related("creator", "live_version").get(pk=started.pk)


def test_a_narrow_player_keeps_its_other_controls_in_a_menu(
    devices: Callable[..., Page], course: Course, lin: User
) -> None:
    enroll(lin, course)
    page = enter(devices, lin, address(course), width=360, height=740)
    player = page.locator("lesson-player")
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    page.keyboard.press("5")
    begun = second(page)
    expect(player.get_by_role("button", name="Forward 10 seconds")).to_be_hidden()
    player.get_by_label("More controls").click()
    assert_accessible(page)
    player.get_by_role("button", name="Repeat: set the beginning").click()
    expect(player.locator('[data-do="loop"]')).to_have_attribute("aria-label", re.compile("^Repeat: set the end"))
    player.get_by_label("More controls").click()
    player.get_by_role("button", name="Back 10 seconds").click()
    assert second(page) < begun
    page.set_viewport_size({"width": 1280, "height": 800})
    expect(player.get_by_role("button", name="Repeat: set the end")).to_be_visible()
    expect(player.get_by_label("More controls")).to_be_hidden()


def test_loudness_and_quality_are_those_of_the_film_before(
    devices: Callable[..., Page], course: Course, lin: User
) -> None:
    enroll(lin, course)
    page = enter(devices, lin, address(course), width=1280, height=800)
    page.keyboard.press("Space")
    wait_for_second(page, 0.3)
    page.get_by_role("slider", name="Volume").fill("40")
    page.get_by_label("Quality").click()
    page.get_by_role("button", name="240p", exact=True).click()
    page.goto(address(course, 2))
    expect(page.locator("lesson-player")).to_have_attribute("data-wired", "")
    page.keyboard.press("Space")
    wait_for_second(page, 0.3)
    assert page.evaluate("document.querySelector('video').volume") == pytest.approx(0.4)
    expect(page.locator('[data-quality="240"]')).to_have_attribute("aria-pressed", "true")
    expect(page.locator('[data-quality="auto"]')).to_have_attribute("aria-pressed", "false")


def test_who_wants_it_goes_on_to_the_next_film_which_then_plays(
    devices: Callable[..., Page], course: Course, lin: User
) -> None:
    enroll(lin, course)
    page = enter(devices, lin, address(course), width=1280, height=800)
    page.keyboard.press("Space")
    wait_for_second(page, 0.3)
    page.keyboard.press("9")
    box = page.get_by_label("Go on to the next lesson by itself")
    box.check(timeout=30_000)
    expect(page.get_by_text("It begins by itself.")).to_be_visible()
    page.get_by_role("button", name="Stay here").click()
    expect(page.get_by_text("It begins by itself.")).to_be_hidden()
    page.get_by_role("button", name="Watch again").click()
    page.keyboard.press("9")
    page.wait_for_url(f"**{address(course, 2)}", timeout=40_000)
    wait_for_second(page, 0.3)
    assert not page.evaluate("document.querySelector('video').paused")
