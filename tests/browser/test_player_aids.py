"""What helps to follow a film in Chromium: chapters, transcript, captions' looks, repeating, touch, little data."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from courses.models import Course
from tests.browser.chromium import assert_accessible, login
from tests.browser.test_player import address, devices, enter, second, wait_for_second
from tests.courses.factories import make_course, publish
from tests.learners.factories import enroll
from tests.videos.films import make_film, transcoded
from videos import chapters
from videos.models import Caption, Video

__all__ = ["devices"]
pytestmark = pytest.mark.django_db(transaction=True)
CUES = "WEBVTT\n\n00:00:01.000 --> 00:00:04.000\nHello light\n\n00:00:05.000 --> 00:00:07.000\nThe shadow\n"


@pytest.fixture
def video(ada: User, tmp_path: Path) -> Video:
    film = transcoded(ada, make_film(tmp_path / "film.mp4", seconds=9))
    assert film.is_ready, film.failure_detail
    film.captions.create(language="en", label="English", webvtt=CUES, cues_count=2)
    film.captions.create(language="zh-Hans", label="中文", webvtt=CUES.replace("Hello light", "你好，光"), cues_count=2)
    chapters.put(film, [(0, "Beginning"), (4000, "Shadows")])
    return film


@pytest.fixture
def course(video: Video) -> Course:
    started = make_course(live=False, lessons=2)
    started.draft.lessons.order_by("position")[1].attach_video(video)
    publish(started.draft)
    return Course.objects.select_related("creator", "live_version").get(pk=started.pk)


def test_the_transcript_follows_the_film_leads_to_its_second_and_is_searched(
    devices: Callable[..., Page], course: Course, lin: User
) -> None:
    enroll(lin, course)
    page = enter(devices, lin, address(course), width=1280, height=900)
    page.get_by_role("tab", name="Curriculum").press("ArrowRight")
    expect(page.get_by_role("tab", name="Transcript")).to_have_attribute("aria-selected", "true")
    line = page.get_by_role("button", name="The shadow")
    line.click()
    page.wait_for_function("() => document.querySelector('video').currentTime >= 5")
    assert second(page) < 6.5
    expect(line).to_have_attribute("aria-current", "true")
    page.get_by_role("searchbox", name="Search the transcript").fill("hello")
    expect(line).to_be_hidden()
    expect(page.locator("[data-part=found]")).to_have_text("Lines found: 1")
    assert_accessible(page)
    page.get_by_role("link", name="中文").last.click()
    expect(page.get_by_role("tab", name="Transcript")).to_have_attribute("aria-selected", "true")
    expect(page.get_by_role("button", name="你好，光")).to_be_visible()


def test_chapters_lead_to_their_beginning_and_the_one_that_plays_is_marked(
    devices: Callable[..., Page], course: Course, lin: User
) -> None:
    enroll(lin, course)
    page = enter(devices, lin, address(course), width=1280, height=900)
    page.get_by_label("Chapters").click()
    page.locator("[data-chapter]", has_text="Shadows").click()
    page.wait_for_function("() => document.querySelector('video').currentTime >= 4")
    page.keyboard.press("Space")
    expect(page.locator("[data-chapter]", has_text="Shadows")).to_have_attribute("aria-current", "true")
    page.get_by_role("slider", name="Place in the film").hover(position={"x": 30, "y": 5})
    expect(page.locator("[data-part=tip]")).to_contain_text("Beginning")


def test_a_part_is_repeated_until_told_otherwise(devices: Callable[..., Page], course: Course, lin: User) -> None:
    enroll(lin, course)
    page = enter(devices, lin, address(course), width=1280, height=900)
    page.keyboard.press("Space")
    wait_for_second(page, 0.5)
    page.keyboard.press("b")
    begun = second(page)
    wait_for_second(page, begun + 1)
    page.keyboard.press("b")
    page.wait_for_function("begun => document.querySelector('video').currentTime < begun + 0.7", arg=begun)
    assert not page.evaluate("document.querySelector('video').paused")
    expect(page.locator('[data-do="loop"]')).to_have_attribute("aria-label", re.compile("^Stop repeating"))
    page.keyboard.press("b")
    wait_for_second(page, begun + 2.5)


def test_the_looks_of_captions_and_little_data_are_remembered_for_the_next_film(
    devices: Callable[..., Page], course: Course, lin: User
) -> None:
    enroll(lin, course)
    page = enter(devices, lin, address(course), width=1280, height=900)
    page.get_by_label("Captions", exact=True).click()
    page.get_by_role("button", name="中文").first.click()
    page.get_by_label("Captions", exact=True).click()
    page.get_by_role("button", name="Very large").click()
    page.get_by_label("Quality").click()
    page.get_by_role("button", name="Sound only").click()
    page.reload()
    expect(page.locator("lesson-player")).to_have_attribute("data-cue-size", "huge")
    expect(page.locator("lesson-player")).to_have_attribute("data-sound-only", "")
    page.keyboard.press("Space")
    wait_for_second(page, 1)
    assert page.evaluate("document.querySelector('video').videoWidth") == 0
    modes = page.evaluate("[...document.querySelector('video').textTracks].map(track => track.language + track.mode)")
    assert "zh-Hansshowing" in modes


def test_a_step_is_one_picture_of_this_film(devices: Callable[..., Page], course: Course, lin: User) -> None:
    enroll(lin, course)
    page = enter(devices, lin, address(course), width=1280, height=900)
    page.keyboard.press("5")
    now = "document.querySelector('video').currentTime"
    page.wait_for_function(f"() => {now} > 0")
    before = page.evaluate(now)
    for _step in range(3):
        page.keyboard.press("Period")
    assert page.evaluate(now) - before == pytest.approx(3 / 15, abs=0.001)
    page.keyboard.press("Comma")
    assert page.evaluate(now) - before == pytest.approx(2 / 15, abs=0.001)


def test_two_quick_touches_at_a_side_jump_ten_seconds(devices: Callable[..., Page], course: Course, lin: User) -> None:
    enroll(lin, course)
    page = enter(devices, lin, address(course), width=390, height=844)
    page.keyboard.press("5")
    page.evaluate(
        """() => { const film = document.querySelector('video'), box = film.getBoundingClientRect();
        for (const _touch of [1, 2]) film.dispatchEvent(new PointerEvent('pointerup', {pointerType: 'touch',
          clientX: box.left + 20, clientY: box.top + 40, bubbles: true})) }"""
    )
    expect(page.locator("[data-part=jump]")).to_have_text("−10 s")
    assert second(page) == 0


def test_a_creator_mends_captions_beside_the_film(
    devices: Callable[..., Page], course: Course, video: Video, ada: User
) -> None:
    page: Any = devices(width=1280, height=900)
    login(page, ada)
    page.goto(f"/films/{video.pk}/captions/en/")
    rows = page.locator("[data-part=rows] > li")
    expect(rows).to_have_count(2)
    words = rows.first.get_by_label("Words")
    words.click()
    words.press("Home")
    for _letter in range(5):
        words.press("ArrowRight")
    rows.first.get_by_role("button", name="Split where the cursor stands").click()
    expect(rows).to_have_count(3)
    rows.nth(2).get_by_label("Words").fill("The shadows")
    page.get_by_label("Shift all by seconds").fill("0.5")
    page.get_by_role("button", name="Shift", exact=True).click()
    rows.first.get_by_role("button", name="Play this cue").click()
    # The second that it was sent to is named by an element without any film too: it must have gone on from there.
    page.wait_for_function(
        "() => (film => !film.paused && film.readyState > 2 && film.currentTime > 1.7)(document.querySelector('video'))"
    )
    assert_accessible(page)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("The captions are saved.")).to_be_visible()
    kept = Caption.objects.get(video=video, language="en").webvtt
    assert "00:00:01.500 --> " in kept
    assert "The shadows" in kept
    assert kept.count("-->") == 3
