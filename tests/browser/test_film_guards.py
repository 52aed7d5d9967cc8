"""What guards films, in Chromium: the viewer's name over the film, and the word on too many devices."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.urls import reverse
from playwright.sync_api import Page, expect

from accounts.models import User
from courses.models import Course, WatermarkChoice
from tests.browser.chromium import login
from tests.courses.factories import make_course, publish
from tests.learners.factories import enroll
from tests.videos.films import make_film, transcoded
from videos import seats

pytestmark = pytest.mark.django_db(transaction=True)
BOX = "document.querySelector('[data-part=mark]').getBoundingClientRect()"
PLACE = f"(() => {{ const it = {BOX}; return [it.x, it.y]; }})()"


@pytest.fixture
def course(ada: User, sam: User, lin: User, tmp_path: Path) -> Course:
    """The second lesson has a real film, with captions, and Lin is enrolled."""
    video = transcoded(ada, make_film(tmp_path / "film.mp4", seconds=8))
    video.captions.create(
        language="en", label="English", webvtt="WEBVTT\n\n00:00.000 --> 00:08.000\nHello", cues_count=1
    )
    started = make_course(live=False, lessons=3)
    started.draft.lessons.order_by("position")[1].attach_video(video)
    publish(started.draft)
    course = Course.objects.get(pk=started.pk)
    enroll(lin, course)
    WatermarkChoice.objects.choose(course, True, by=ada)
    return course


@pytest.fixture
def devices(open_browser: Callable[..., Page]) -> Iterator[Callable[..., Page]]:
    """Browsers whose line is cut before they close: no last report meets the emptying of the database."""
    pages: list[Page] = []

    def open_one(**options: Any) -> Page:
        pages.append(open_browser(**options))
        return pages[-1]

    yield open_one
    for page in pages:
        page.context.set_offline(True)
    time.sleep(0.3)


def enter(devices: Callable[..., Page], lin: User, course: Course, **options: Any) -> Page:
    page = devices(**options)
    login(page, lin)
    page.goto(reverse("learners:lesson", args=[course.slug, course.live_lessons()[1].key]))
    expect(page.locator("lesson-player")).to_have_attribute("data-wired", "")
    return page


def play(page: Page) -> None:
    page.locator(".player__play").click()
    page.wait_for_function("() => document.querySelector('video').currentTime > 0.2", timeout=30_000)


def is_clear(page: Page) -> bool:
    """The name stands inside the film, above the lines of captions and the controls."""
    return page.evaluate(
        f"""(() => {{ const mark = {BOX}, film = document.querySelector('video').getBoundingClientRect(),
        bar = document.querySelector('.player__bar').getBoundingClientRect();
        return mark.width > 20 && mark.x >= film.x && mark.right <= film.right && mark.y >= film.y
          && mark.bottom < film.y + film.height * 0.72 && mark.bottom < bar.y }})()"""
    )


@pytest.mark.parametrize("width", [390, 1280])
def test_the_viewer_s_name_changes_its_place_and_keeps_out_of_the_way(
    devices: Callable[..., Page], course: Course, lin: User, width: int
) -> None:
    page = enter(devices, lin, course, width=width)
    mark = page.locator("[data-part=mark]")
    expect(mark).to_have_text(f"{lin.name} · {lin.pk}")
    assert page.evaluate("document.querySelector('video').disablePictureInPicture")
    expect(page.locator('[data-do="pip"]')).to_be_hidden()
    assert mark.get_attribute("aria-hidden") == "true"
    play(page)
    # A click where the name stands reaches the film.
    assert (
        page.evaluate(
            f"(() => {{ const it = {BOX}; return document.elementFromPoint(it.x + 3, it.y + 3).localName }})()"
        )
        == "video"
    )
    places = set()
    for _again in range(4):
        assert is_clear(page)
        places.add(tuple(page.evaluate(PLACE)))
        page.evaluate("document.querySelector('video').dispatchEvent(new Event('play'))")
    # Less motion is wanted in this browser: it stands at its new place at once.
    assert len(places) >= 3
    page.evaluate("document.querySelector('[data-part=mark]').remove()")
    expect(mark).to_be_visible()


def test_the_name_glides_where_motion_is_welcome(devices: Callable[..., Page], course: Course, lin: User) -> None:
    page = enter(devices, lin, course)
    assert page.evaluate("getComputedStyle(document.querySelector('[data-part=mark]')).transitionDuration") == "0s"
    page.emulate_media(reduced_motion="no-preference")
    assert "4s" in page.evaluate("getComputedStyle(document.querySelector('[data-part=mark]')).transitionDuration")


def test_the_name_is_there_in_full_screen_and_under_open_menus(
    devices: Callable[..., Page], course: Course, lin: User
) -> None:
    page = enter(devices, lin, course)
    play(page)
    page.keyboard.press("f")
    page.wait_for_function("() => document.fullscreenElement !== null")
    assert page.evaluate("document.fullscreenElement.contains(document.querySelector('[data-part=mark]'))")
    assert is_clear(page)
    page.locator("summary", has=page.locator("[data-part=speed-now]")).click()
    expect(page.locator("[data-part=mark]")).to_be_visible()
    # The menu lies above the name, and its buttons are pressed, not it.
    page.get_by_role("button", name="1.5×").click()
    assert page.evaluate("document.querySelector('video').playbackRate") == 1.5


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_word_on_too_many_devices_is_whole_and_its_button_free_on_a_phone(
    devices: Callable[..., Page], course: Course, lin: User, settings: Any, scheme: str
) -> None:
    settings.KEZHAN_DEVICES_AT_ONCE = 1
    seats.take(str(lin.pk), "another0")
    page = enter(devices, lin, course, width=390, height=844, color_scheme=scheme)
    panel = page.locator("[data-trouble=devices]")
    expect(panel).to_be_visible(timeout=20_000)
    assert page.evaluate(
        """() => { const film = document.querySelector("lesson-player").getBoundingClientRect();
        const parts = [...document.querySelectorAll("[data-trouble=devices] > *")];
        const boxes = parts.map((part) => part.getBoundingClientRect());
        return boxes.every((it) => it.top >= film.top && it.bottom <= film.bottom && it.left >= film.left
          && it.right <= film.right) }"""
    )
    button = panel.get_by_role("button", name="Try again")
    assert button.evaluate(
        """(it) => { const box = it.getBoundingClientRect();
        const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height * 0.5);
        return it.contains(top) }"""
    )
    expect(page.locator(".player__controls")).to_be_hidden()
    # The place of the other device is free again: one press, and the film plays.
    cache.clear()
    button.click()
    expect(panel).to_be_hidden()
    page.wait_for_function("() => document.querySelector('video').currentTime > 0.2", timeout=30_000)
