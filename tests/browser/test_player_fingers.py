"""The player's outer doors in Chromium: fingers, keys of lock screens, a window of its own, pictures on the bar.

Each assertion reads the video element.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import CDPSession, Page, expect

from accounts.models import User
from courses.models import Course
from tests.browser.test_player import address, devices, enter, second, wait_for_second
from tests.browser.test_player_addresses import WATCH, Clock, clock
from tests.courses.factories import make_course, publish
from tests.learners.factories import enroll
from tests.videos.films import make_film, transcoded
from videos import playback

__all__ = ["clock", "devices"]
pytestmark = pytest.mark.django_db(transaction=True)
SECONDS = 14
# Red to its middle, then blue, so that a picture tells where in the film it is from.
HALVES = "drawbox=color=red:t=fill:enable='lt(t,7)',drawbox=color=blue:t=fill:enable='gte(t,7)'"
HANDLERS = """(() => { window.keys = {}; const session = navigator.mediaSession, set = session.setActionHandler;
  session.setActionHandler = (key, run) => { window.keys[key] = run; return set.call(session, key, run); } })()"""
WINDOW = """(() => { window.asked = []; const real = HTMLVideoElement.prototype.requestPictureInPicture;
  HTMLVideoElement.prototype.requestPictureInPicture = function () { const answer = real.call(this);
    answer.then(() => window.asked.push("given"), (error) => window.asked.push(error.name)); return answer; } })()"""
# The average color of what the bar shows now, and of what the film shows now: "red" or "blue".
COLORS = """async () => {
  const look = (picture, ...from) => {
    const canvas = document.createElement('canvas'); canvas.width = canvas.height = 1;
    const paper = canvas.getContext('2d'); paper.drawImage(picture, ...from, 0, 0, 1, 1);
    const [red, , blue] = paper.getImageData(0, 0, 1, 1).data; return red > blue ? 'red' : 'blue'; };
  const film = document.querySelector('video'), style = getComputedStyle(document.querySelector('[data-part=picture]'));
  const sheet = new Image(); sheet.src = /url\\("(.+)"\\)/.exec(style.backgroundImage)[1]; await sheet.decode();
  const [x, y] = style.backgroundPosition.split(' ').map(part => -parseFloat(part));
  const [width, height] = [parseFloat(style.width), parseFloat(style.height)];
  return [look(sheet, x, y, width, height), look(film, 0, 0, film.videoWidth, film.videoHeight)] }"""


@pytest.fixture
def course(ada: User, sam: User, tmp_path: Path) -> Course:
    film = make_film(tmp_path / "film.mp4", seconds=SECONDS, size=(320, 180), extra=("-vf", HALVES))
    video = transcoded(ada, film)
    assert video.is_ready, video.failure_detail
    started = make_course(live=False, lessons=3)
    started.draft.lessons.order_by("position")[1].attach_video(video)
    publish(started.draft)
    return Course.objects.select_related("creator", "live_version").get(pk=started.pk)


def film(page: Page, what: str) -> Any:
    return page.evaluate(f"document.querySelector('video').{what}")


def holds(page: Page, fact: str) -> None:
    page.wait_for_function(f"() => (video => {fact})(document.querySelector('video'))")


def seek(page: Page, to: float) -> None:
    page.evaluate("to => { document.querySelector('video').currentTime = to }", to)
    page.wait_for_function("to => { const film = document.querySelector('video');"
                           " return !film.seeking && Math.abs(film.currentTime - to) < 0.5 }", arg=to)  # fmt: skip


class Finger:
    """A finger on the film, as a screen tells of it."""

    def __init__(self, page: Page) -> None:
        self.line: CDPSession = page.context.new_cdp_session(page)
        self.box = page.locator("video").bounding_box() or {}

    def _tell(self, kind: str, *at: tuple[float, float]) -> None:
        box = self.box
        points = [{"x": box["x"] + x * box["width"], "y": box["y"] + y * box["height"]} for x, y in at]
        self.line.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    def down(self, x: float, y: float = 0.4) -> None:
        self._tell("touchStart", (x, y))

    def to(self, x: float, y: float = 0.4) -> None:
        self._tell("touchMove", (x, y))

    def up(self) -> None:
        self._tell("touchEnd")

    def tap(self, x: float) -> None:
        self.down(x)
        self.up()


def hand(devices: Callable[..., Page], lin: User, course: Course) -> tuple[Page, Finger]:
    """Lin's telephone with the film playing."""
    enroll(lin, course)
    page = enter(devices, lin, address(course), width=390, height=844, has_touch=True)
    page.keyboard.press("k")
    wait_for_second(page, 0.3)
    return page, Finger(page)


def test_two_quick_touches_at_a_side_go_ten_seconds_and_change_nothing_else(
    devices: Callable[..., Page], course: Course, lin: User
) -> None:
    page, finger = hand(devices, lin, course)
    for part in ("video", "button.player__big"):  # two fingers are the browser's
        style = f"getComputedStyle(document.querySelector('{part}')).touchAction"
        assert page.evaluate(style) == "pan-y pinch-zoom"
    finger.tap(0.9)
    finger.tap(0.9)
    wait_for_second(page, 10)
    assert page.evaluate("document.fullscreenElement") is None
    holds(page, "!video.paused")
    finger.tap(0.1)
    finger.tap(0.1)
    holds(page, "video.currentTime < 6")
    holds(page, "!video.paused")


def test_a_finger_drawn_along_the_film_looks_for_a_place(
    devices: Callable[..., Page], course: Course, lin: User
) -> None:
    page, finger = hand(devices, lin, course)
    page.keyboard.press("k")
    holds(page, "video.paused")
    seek(page, 2)
    finger.down(0.3)
    for step in range(1, 6):
        finger.to(0.3 + step * 0.1)
    expect(page.locator("[data-part=jump]")).to_have_text("0:09 (+7 s)")
    assert second(page) == pytest.approx(2, abs=0.1)
    finger.up()
    holds(page, "Math.abs(video.currentTime - 9) < 0.5")
    assert film(page, "paused") is True
    # Up and down are the page's.
    finger.down(0.5, 0.8)
    for step in range(1, 6):
        finger.to(0.5, 0.8 - step * 0.15)
    finger.up()
    assert second(page) == pytest.approx(9, abs=0.5)


def test_a_finger_that_rests_plays_at_double_speed_until_it_is_lifted(
    devices: Callable[..., Page], course: Course, lin: User
) -> None:
    page, finger = hand(devices, lin, course)
    finger.down(0.3)
    holds(page, "video.playbackRate === 2")
    expect(page.locator("[data-part=jump]")).to_have_text("2 ×")
    before = second(page)
    wait_for_second(page, before + 1)
    finger.up()
    holds(page, "video.playbackRate === 1")
    assert film(page, "paused") is False


def test_keys_of_headsets_and_lock_screens_move_the_film(
    devices: Callable[..., Page], course: Course, lin: User
) -> None:
    enroll(lin, course)
    page = devices()
    page.add_init_script(HANDLERS)
    page = _entered(page, lin, course)
    page.locator(".player__play").click()
    wait_for_second(page, 0.3)
    press = "([key, told]) => window.keys[key]({action: key, ...told})"
    page.evaluate(press, ["pause", {}])
    holds(page, "video.paused")
    assert page.evaluate("navigator.mediaSession.playbackState") == "paused"
    page.evaluate(press, ["pause", {}])
    assert film(page, "paused") is True
    page.evaluate(press, ["seekto", {"seekTime": 12}])
    holds(page, "Math.abs(video.currentTime - 12) < 0.2")
    page.evaluate(press, ["seekbackward", {}])
    holds(page, "Math.abs(video.currentTime - 2) < 0.2")
    page.evaluate(press, ["seekforward", {}])
    holds(page, "Math.abs(video.currentTime - 12) < 0.2")
    page.evaluate(press, ["play", {}])
    holds(page, "!video.paused")
    title = course.live_lessons()[1].title
    assert page.evaluate("navigator.mediaSession.metadata.title") == title
    page.evaluate(press, ["nexttrack", {}])
    page.wait_for_url(f"**{address(course, 2)}")


def _entered(page: Page, lin: User, course: Course) -> Page:
    return enter(lambda **_options: page, lin, address(course))


def test_the_film_gets_a_window_of_its_own_or_its_refusal_is_said(
    devices: Callable[..., Page], course: Course, lin: User
) -> None:
    enroll(lin, course)
    page = devices()
    page.add_init_script(WINDOW)
    page = _entered(page, lin, course)
    page.locator(".player__play").click()
    wait_for_second(page, 0.3)
    button = page.get_by_role("button", name="Picture in picture")
    if not page.evaluate("document.pictureInPictureEnabled"):
        expect(button).to_be_hidden()
        return
    button.click()
    page.wait_for_function("() => window.asked.length === 1")
    if page.evaluate("window.asked[0]") == "given":
        assert page.evaluate("document.pictureInPictureElement === document.querySelector('video')")
        expect(button).to_have_attribute("aria-pressed", "true")
        button.click()
        page.wait_for_function("() => document.pictureInPictureElement === null")
        expect(button).to_have_attribute("aria-pressed", "false")
    else:
        expect(page.get_by_text("This browser opens no window for the film just now.")).to_be_visible()
    assert film(page, "paused") is False


def test_the_picture_above_the_seek_bar_is_the_film_s_at_that_place(
    devices: Callable[..., Page], course: Course, lin: User
) -> None:
    enroll(lin, course)
    page = enter(devices, lin, address(course))
    page.locator(".player__play").click()
    wait_for_second(page, 0.3)
    page.keyboard.press("k")
    for share, color in ((0.25, "red"), (0.75, "blue"), (0.1, "red")):
        box = page.locator("[data-part=seek]").bounding_box() or {}
        page.mouse.move(box["x"] + box["width"] * share, box["y"] + box["height"] / 2)
        expect(page.locator("[data-part=picture]")).to_be_visible()
        seek(page, SECONDS * share)
        assert page.evaluate(COLORS) == [color, color]


def test_pictures_that_are_refused_are_renewed_while_a_film_that_is_all_here_plays_on(
    devices: Callable[..., Page], course: Course, lin: User, clock: Clock
) -> None:
    enroll(lin, course)
    page = enter(devices, lin, address(course))
    page.locator(".player__play").click()
    wait_for_second(page, 0.3)
    holds(page, f"video.buffered.length === 1 && video.buffered.end(0) > {SECONDS - 1}")
    source = film(page, "currentSrc")
    page.evaluate(WATCH)
    clock.ahead_s = playback.LONGEST_S + 60
    refused: list[int] = []
    page.on("response", lambda answer: refused.append(answer.status) if "storyboard/index.vtt" in answer.url else None)
    page.locator("[data-part=seek]").hover()
    expect(page.locator("[data-part=picture]")).to_be_visible()
    assert refused == [403, 200]
    wait_for_second(page, second(page) + 1.5)
    places = page.evaluate("window.places")
    steps = [later - earlier for earlier, later in zip(places, places[1:], strict=False)]
    assert min(steps) > -0.05
    assert max(steps) < 1
    # Nothing of it was loaded again: it is the same source, and its beginning is still here.
    assert (film(page, "currentSrc"), film(page, "buffered.start(0)"), film(page, "paused")) == (source, 0, False)
    expect(page.locator("[data-trouble]:visible")).to_have_count(0)
