"""The player in Chromium: a real short film, on two devices, by mouse and by keyboard, and over a cut line."""

import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from accounts.models import User
from courses.models import Course
from learners.models import LessonProgress, WatchSession
from tests import workers
from tests.browser.chromium import assert_accessible, login, speak
from tests.courses.factories import make_course, publish
from tests.learners.factories import enroll
from tests.videos.films import make_film, transcoded

pytestmark = pytest.mark.django_db(transaction=True)
SECONDS = 14


@pytest.fixture
def devices(open_browser: Callable[..., Page], tmp_path: Path) -> Iterator[Callable[..., Page]]:
    """Browsers whose line is cut before they close: no last report meets the emptying of the database."""
    with workers.merging(tmp_path / "watch.log"):
        yield from _devices(open_browser)


def _devices(open_browser: Callable[..., Page]) -> Iterator[Callable[..., Page]]:
    pages: list[Page] = []

    def open_one(**options: Any) -> Page:
        pages.append(open_browser(**options))
        return pages[-1]

    yield open_one
    for page in pages:
        page.context.set_offline(True)
    time.sleep(0.3)


@pytest.fixture
def course(ada: User, sam: User, tmp_path: Path) -> Course:
    """Three lessons; the second, which must be bought, has a film with picture and sound, and captions."""
    video = transcoded(ada, make_film(tmp_path / "film.mp4", seconds=SECONDS))
    assert video.is_ready, video.failure_detail
    cues = "WEBVTT\n\n00:01.000 --> 00:09.000\nHello"
    video.captions.create(language="en", label="English", webvtt=cues, cues_count=1)
    started = make_course(live=False, lessons=3)
    started.draft.lessons.order_by("position")[1].attach_video(video)
    publish(started.draft)
    return Course.objects.select_related("creator", "live_version").get(pk=started.pk)


def address(course: Course, at: int = 1) -> str:
    return reverse("learners:lesson", args=[course.slug, course.live_lessons()[at].key])


def second(page: Page) -> float:
    return page.evaluate("document.querySelector('video').currentTime")


def wait_for_second(page: Page, least: float) -> None:
    page.wait_for_function("least => document.querySelector('video').currentTime >= least", arg=least, timeout=30_000)


def enter(devices: Callable[..., Page], learner: User, path: str, **options: Any) -> Page:
    page = devices(**options)
    login(page, learner)
    page.goto(path)
    expect(page.locator("lesson-player")).to_have_attribute("data-wired", "")
    return page


def place_kept(learner: User, page: Page, least: float) -> float:
    """What the server keeps as the place to go on, once it is at least `least`."""
    for _try in range(200):
        row = LessonProgress.objects.of(learner).first()
        if row and row.position_s >= least:
            return row.position_s
        page.wait_for_timeout(100)
    raise AssertionError(f"the server never heard of second {least}")


def test_a_film_goes_on_where_another_device_left_it_and_is_done_at_its_end(
    devices: Callable[..., Page], course: Course, lin: User
) -> None:
    enroll(lin, course)
    desk = enter(devices, lin, address(course))
    desk.locator(".player__play").click()
    wait_for_second(desk, 4)
    left_at = second(desk)
    desk.close(run_before_unload=False)
    phone = devices(width=390, height=800)
    login(phone, lin)
    kept = place_kept(lin, phone, left_at - 0.2)
    assert kept == pytest.approx(left_at, abs=1)
    phone.goto("/library/")
    phone.get_by_role("link", name=course.title).click()
    phone.get_by_role("button", name=f"Continue 0:{int(kept):02}").click()
    wait_for_second(phone, kept + 0.5)
    assert phone.evaluate("document.querySelector('video').played.start(0)") == pytest.approx(kept, abs=0.3)
    phone.evaluate("document.querySelector('video').playbackRate = 2")
    expect(phone.get_by_role("link", name="Go on")).to_be_focused(timeout=20_000)
    expect(phone.locator(".page-head [data-when='lesson-done']")).to_be_visible(timeout=30_000)
    row = LessonProgress.objects.of(lin).get()
    assert row.is_done
    assert row.covered_s == SECONDS
    assert row.resume_at == 0


ASKED = """() => performance.getEntriesByType("resource").map((one) => new URL(one.name).pathname)
  .filter((path) => path.startsWith("/hls/")).map((path) => path.split("/").slice(6).join("/"))"""


def test_the_first_picture_waits_for_no_master_that_the_page_brought(
    devices: Callable[..., Page], course: Course, lin: User
) -> None:
    """Its rung's list, its head and its first piece: three requests, each of which waits for the one before."""
    enroll(lin, course)
    page = enter(devices, lin, address(course))
    page.locator(".player__play").click()
    wait_for_second(page, 0.5)
    asked = page.evaluate(ASKED)
    assert "v240/s00000.m4s" in asked
    assert "master.m3u8" not in asked
    assert [name for name in asked if name.startswith("v240/")][:3] == [
        "v240/index.m3u8",
        "v240/init.mp4",
        "v240/s00000.m4s",
    ]


def test_a_jump_to_the_end_covers_only_what_was_played(devices: Callable[..., Page], course: Course, lin: User) -> None:
    enroll(lin, course)
    page = enter(devices, lin, address(course))
    page.keyboard.press("k")
    wait_for_second(page, 1)
    page.keyboard.press("7")
    wait_for_second(page, SECONDS * 0.7 + 2)
    page.keyboard.press("k")
    place_kept(lin, page, SECONDS * 0.7)
    session = WatchSession.objects.get()
    assert len(session.played) == 2
    assert not LessonProgress.objects.of(lin).get().is_done


def test_who_goes_back_is_heard_of_as_playing_again(devices: Callable[..., Page], course: Course, lin: User) -> None:
    enroll(lin, course)
    page = enter(devices, lin, address(course))
    page.keyboard.press("k")
    wait_for_second(page, 5)
    page.keyboard.press("0")
    page.wait_for_function("document.querySelector('video').currentTime < 4")
    wait_for_second(page, 2.6)
    page.keyboard.press("k")
    for _try in range(100):
        session = WatchSession.objects.first()
        if session and session.replayed:
            break
        page.wait_for_timeout(100)
    (start, end), *more = session.replayed
    assert (start, more) == (0, [])
    assert 2 <= end <= 4
    assert session.played[0][0] == 0
    assert session.played[0][1] >= 5


def test_every_control_has_its_key(devices: Callable[..., Page], course: Course, lin: User) -> None:
    enroll(lin, course)
    page = enter(devices, lin, address(course))
    state = page.locator("lesson-player")
    page.keyboard.press("Space")
    expect(state).to_have_attribute("data-state", "playing")
    wait_for_second(page, 0.3)
    page.keyboard.press("k")
    expect(state).to_have_attribute("data-state", "paused")
    at = second(page)
    page.keyboard.press("ArrowRight")
    assert second(page) == pytest.approx(at + 5, abs=0.1)
    page.keyboard.press("j")
    assert second(page) == 0
    page.keyboard.press("5")
    assert second(page) == pytest.approx(SECONDS / 2, abs=0.2)
    # What a key did is said to whoever does not see it.
    told = page.locator("lesson-player [data-part=told]")
    page.keyboard.press("Shift+Period")
    assert page.evaluate("document.querySelector('video').playbackRate") == 1.25
    expect(told).to_have_text("Speed 1.25×")
    page.keyboard.press("m")
    expect(page.get_by_role("button", name="Mute")).to_have_attribute("aria-pressed", "true")
    expect(told).to_have_text("Sound off")
    page.keyboard.press("c")
    assert page.evaluate("document.querySelector('video').textTracks[0].mode") == "showing"
    expect(told).to_have_text(re.compile("^Captions: "))
    page.keyboard.press("b")
    expect(told).to_have_text(re.compile(r"^Repeating begins at 0:\d\d"))
    page.keyboard.press("t")
    expect(page.locator(".lesson-layout")).to_have_attribute("data-theatre", "")
    expect(told).to_have_text("Theatre on")
    page.keyboard.press("Shift+Slash")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    said = page.get_by_role("slider", name="Place in the film").get_attribute("aria-valuetext")
    assert said == f"{SECONDS // 2} seconds of {SECONDS} seconds"


def test_who_speaks_to_a_computer_takes_the_keys_off_the_rest_of_the_page(
    devices: Callable[..., Page], course: Course, lin: User
) -> None:
    enroll(lin, course)
    page = enter(devices, lin, address(course))
    isnt_muted = "!document.querySelector('video').muted"
    page.keyboard.press("Shift+Slash")
    page.get_by_label("These keys work all over the page").uncheck()
    page.keyboard.press("Escape")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("m")
    assert page.evaluate(isnt_muted)
    page.reload()
    page.get_by_role("slider", name="Place in the film").press("m")
    assert not page.evaluate(isnt_muted)


def test_arrows_move_the_slider_that_has_the_focus(devices: Callable[..., Page], course: Course, lin: User) -> None:
    enroll(lin, course)
    page = enter(devices, lin, address(course))
    page.evaluate(
        """() => document.querySelector('h1').insertAdjacentHTML('afterend',
        '<input type=range aria-label=Clay min=0 max=10 value=5>')"""
    )
    page.keyboard.press("3")
    at = second(page)
    loudness = "document.querySelector('video').volume"
    clay = page.get_by_role("slider", name="Clay")
    for key in ("ArrowRight", "ArrowUp", "ArrowLeft", "ArrowUp"):
        clay.press(key)
    expect(clay).to_have_value("7")
    page.get_by_role("slider", name="Volume").press("ArrowLeft")
    assert page.evaluate(loudness) == pytest.approx(0.95)
    assert second(page) == pytest.approx(at)
    seek = page.get_by_role("slider", name="Place in the film")
    for key, after in (("ArrowRight", 5), ("ArrowDown", 0), ("ArrowUp", 5), ("ArrowLeft", 0)):
        seek.press(key)
        assert second(page) == pytest.approx(at + after, abs=0.1)
    seek.press("Home")
    assert second(page) == 0
    assert page.evaluate(loudness) == pytest.approx(0.95)
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("ArrowDown")
    assert page.evaluate(loudness) < 0.95


def test_quality_and_sound_only_are_chosen_while_it_plays(
    devices: Callable[..., Page], course: Course, lin: User
) -> None:
    enroll(lin, course)
    page = enter(devices, lin, address(course))
    page.locator(".player__play").click()
    wait_for_second(page, 1)
    page.get_by_label("Quality").click()
    page.get_by_role("button", name="240p", exact=True).click()
    page.get_by_label("Quality").click()
    page.get_by_role("button", name="Sound only").click()
    before = second(page)
    wait_for_second(page, before + 1)
    assert page.evaluate("document.querySelector('video').videoWidth") == 0
    page.get_by_label("Quality").click()
    page.get_by_role("button", name="Automatic").click()
    page.wait_for_function("() => document.querySelector('video').videoWidth > 0")
    wait_for_second(page, second(page) + 0.5)


def test_a_cut_line_is_told_and_got_over(devices: Callable[..., Page], course: Course, lin: User) -> None:
    enroll(lin, course)
    page = devices()
    login(page, lin)
    page.route("**/hls/**", lambda route: route.abort("internetdisconnected"))
    page.goto(address(course))
    page.locator(".player__play").click()
    expect(page.get_by_text("The connection is lost")).to_be_visible(timeout=30_000)
    page.unroute("**/hls/**")
    page.get_by_role("button", name="Try now").click()
    wait_for_second(page, 1)
    expect(page.get_by_text("The connection is lost")).to_be_hidden()


def test_after_a_refund_the_film_stops(devices: Callable[..., Page], course: Course, lin: User) -> None:
    enrollment = enroll(lin, course)
    page = enter(devices, lin, address(course))
    page.locator(".player__play").click()
    wait_for_second(page, 1)
    enrollment.end("refunded")
    page.locator(".player__play").click()
    expect(page.get_by_text("You may no longer watch this film")).to_be_visible()
    page.get_by_role("link", name="Reload").click()
    expect(page.get_by_text("Your purchase was refunded")).to_be_visible()


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("width", [390, 1280])
def test_the_pages_of_learning_are_accessible(
    devices: Callable[..., Page], ada: User, lin: User, language: str, width: int
) -> None:
    started = make_course(title="Clay", lessons=12)
    enroll(lin, started)
    page = devices(width=width)
    page.goto(address(started, 1))
    speak(page, language)
    assert_accessible(page)
    login(page, lin)
    for path in ("/library/", address(started), address(started, 11)):
        page.goto(path)
        assert_accessible(page)


def test_without_scripts_the_browser_s_own_player_is_there(
    devices: Callable[..., Page], ada: User, sam: User, lin: User
) -> None:
    started = make_course(title="Clay")
    enroll(lin, started)
    page = devices(java_script_enabled=False)
    login(page, lin)
    page.goto(address(started))
    film = page.locator("lesson-player video")
    expect(film).to_have_attribute("controls", "")
    assert (film.get_attribute("src") or "").endswith("master.m3u8")
    expect(page.locator(".player__controls")).to_be_hidden()
    expect(page.get_by_role("link", name="Next: Lesson 3")).to_be_visible()
