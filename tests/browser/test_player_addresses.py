"""The player in Chromium when its address grows too old in the middle of a film."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from courses.models import Course
from tests.browser.test_player import address, devices, enter, second, wait_for_second
from tests.courses.factories import make_course, publish
from tests.learners.factories import enroll
from tests.videos.films import make_film, transcoded
from videos import playback

__all__ = ["devices"]
pytestmark = pytest.mark.django_db(transaction=True)
CUES = "WEBVTT\n\n00:00:00.000 --> 00:00:40.000\nHello\n"
# How far the film went each time that its place was told.
WATCH = """() => { const film = document.querySelector('video'); window.places = [film.currentTime];
  film.addEventListener('timeupdate', () => window.places.push(film.currentTime)) }"""
EXPIRIES = """() => [...new Set(performance.getEntriesByType('resource').map((one) => new URL(one.name).pathname)
  .filter((path) => path.endsWith('.m4s')).map((path) => path.split('/')[3]))].length"""


class Clock:
    """The clock of whoever admits to films: it may leap."""

    ahead_s = 0.0
    monotonic = staticmethod(time.monotonic)

    def time(self) -> float:
        return time.time() + self.ahead_s


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(playback, "time", clock)
    return clock


@pytest.fixture
def course(ada: User, sam: User, tmp_path: Path) -> Course:
    """Its second lesson's film is longer than what a player loads ahead."""
    film = transcoded(ada, make_film(tmp_path / "film.mp4", seconds=50, size=(160, 120), fps="10"))
    assert film.is_ready, film.failure_detail
    film.captions.create(language="en", label="English", webvtt=CUES, cues_count=1)
    started = make_course(live=False, lessons=2)
    started.draft.lessons.order_by("position")[1].attach_video(film)
    publish(started.draft)
    return Course.objects.select_related("creator", "live_version").get(pk=started.pk)


@pytest.mark.parametrize("is_sound_alone", [False, True])
def test_an_address_that_expires_is_renewed_without_a_jump(
    devices: Callable[..., Page], course: Course, lin: User, clock: Clock, is_sound_alone: bool
) -> None:
    enroll(lin, course)
    page = enter(devices, lin, address(course))
    page.locator(".player__play").click()
    wait_for_second(page, 0.5)
    if is_sound_alone:
        page.get_by_label("Quality").click()
        page.get_by_role("button", name="Sound only").click()
        page.wait_for_function("() => document.querySelector('video').videoWidth === 0")
        wait_for_second(page, second(page) + 0.5)
    page.evaluate(WATCH)
    clock.ahead_s = playback.LONGEST_S + 60
    # Asked step by step: the page's policy forbids what `wait_for_function` would evaluate from a string.
    for _try in range(300):
        if page.evaluate(EXPIRIES) > 1:
            break
        page.wait_for_timeout(100)
    assert page.evaluate(EXPIRIES) > 1
    wait_for_second(page, second(page) + 2)
    places = page.evaluate("window.places")
    steps = [later - earlier for earlier, later in zip(places, places[1:], strict=False)]
    assert min(steps) > -0.05
    assert max(steps) < 1.5
    assert page.evaluate("document.querySelector('video').videoWidth") == (0 if is_sound_alone else 160)
    expect(page.locator("[data-trouble]:visible")).to_have_count(0)
    page.keyboard.press("c")
    page.wait_for_function("() => document.querySelector('video').textTracks[0].cues?.length === 1")
