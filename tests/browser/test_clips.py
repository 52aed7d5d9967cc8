"""Clips in Chromium: real films cut by a real worker, swiped and keyed; and cut beside their film."""

import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from accounts.models import User
from courses.models import Clip, Course
from marketplace.lib import work
from tests.browser.chromium import assert_accessible, login
from tests.courses.clips import cut
from tests.courses.factories import make_course, publish
from tests.videos.films import text_file, transcoded
from videos import captions, cues, excerpting, fence
from videos.models import Excerpt, Video

pytestmark = pytest.mark.django_db(transaction=True)
SECONDS = 36
PHONE = {"width": 390, "height": 844, "reduced_motion": "no-preference", "has_touch": True}
PLAYING = (
    "at => { const v = document.querySelectorAll('[data-clip] video')[at]; return !v.paused && v.currentTime > 0; }"
)
# Reads a film's element: what it plays, whether it may be heard, and which line of the captions stands on it.
READ = """at => { const v = document.querySelectorAll('[data-clip] video')[at];
  return {paused: v.paused, muted: v.muted, source: v.getAttribute('src') ?? '', preload: v.readyState,
          lines: [...v.textTracks].filter(track => track.mode === 'showing')
            .flatMap(track => [...(track.activeCues ?? [])].map(cue => cue.text))}; }"""


def film_of(owner: User, path: Path) -> Video:
    """Black, then a test card, with a tone; its captions say which of four parts runs."""
    command = [fence.ffmpeg(), "-nostdin", "-y", "-loglevel", "error"]
    command += ["-f", "lavfi", "-i", f"testsrc2=size=640x360:rate=15:duration={SECONDS}"]
    command += ["-f", "lavfi", "-i", f"sine=frequency=330:duration={SECONDS}"]
    command += ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac", str(path)]
    subprocess.run(command, check=True, timeout=60)
    video = transcoded(owner, path)
    said = [cues.Cue(at * 9_000, (at + 1) * 9_000, f"Part {at + 1}") for at in range(4)]
    captions.put(video, language="en", file=text_file(cues.write(said)))
    return video


@pytest.fixture
def course(ada: User, sam: User, tmp_path: Path) -> Course:
    started = make_course(live=False, lessons=2)
    started.draft.lessons.order_by("position")[0].attach_video(film_of(ada, tmp_path / "film.mp4"))
    publish(started.draft)
    return Course.objects.select_related("creator__user", "live_version").get(pk=started.pk)


def work_off() -> None:
    for excerpt in Excerpt.open_work():
        work.run(Excerpt, excerpt.pk, excerpting.carry_out)


@pytest.fixture
def clips(course: Course, ada: User) -> list[Clip]:
    """Two that everybody sees; the upright one was published last and stands first."""
    wide = cut(course, start_ms=0, end_ms=16_000, shape="horizontal", title="The card, wide")
    upright = cut(course, start_ms=10_000, end_ms=26_000, title="The card, upright")
    work_off()
    for clip in (wide, upright):
        Clip.objects.select_related("course__creator").get(pk=clip.pk).publish(ada)
    return [upright, wide]


@pytest.mark.usefixtures("clips")
class TestFeed:
    def test_one_plays_muted_with_captions_the_next_begins_within_a_second_of_the_swipe_and_it_ends(
        self, open_browser: Callable[..., Page]
    ) -> None:
        page = open_browser(**PHONE)
        page.goto("/clips/")
        page.wait_for_function(PLAYING, arg=0)
        page.wait_for_function("() => document.querySelectorAll('[data-clip] video')[1].readyState >= 3")
        first = page.evaluate(READ, 0)
        # Ten seconds into the film its second part runs: the captions were cut to the clip.
        assert (first["paused"], first["muted"], first["lines"]) == (False, True, ["Part 2"])
        assert page.evaluate(READ, 1)["paused"]
        # From the swipe's end to a moving picture, by the page's own clock.
        took = page.evaluate(
            """() => new Promise(done => { const began = performance.now();
              const video = document.querySelectorAll('[data-clip] video')[1];
              video.addEventListener('timeupdate', () => video.currentTime > 0 && done(performance.now() - began));
              const feed = document.querySelector('[data-clips]');
              feed.style.scrollBehavior = 'auto'; feed.scrollTop = feed.clientHeight; })"""
        )
        assert took < 1_000
        assert page.evaluate(READ, 0)["paused"]
        assert page.evaluate(READ, 1)["lines"] == ["Part 1"]
        page.evaluate(
            "() => { const feed = document.querySelector('[data-clips]'); feed.scrollTop = feed.scrollHeight; }"
        )
        expect(page.get_by_role("heading", name="That was all")).to_be_in_viewport()
        page.wait_for_function("() => [...document.querySelectorAll('video')].every(one => one.paused)")
        expect(page.get_by_role("link", name="All clips")).to_be_visible()

    def test_a_tap_brings_sound_for_all_and_keys_do_the_rest(self, open_browser: Callable[..., Page]) -> None:
        page = open_browser(reduced_motion="no-preference")
        page.goto("/clips/")
        page.wait_for_function(PLAYING, arg=0)
        page.get_by_role("button", name="Sound").first.click()
        assert not page.evaluate(READ, 0)["muted"]
        assert not page.evaluate(READ, 1)["muted"]
        # A button that has the focus keeps the space bar for itself.
        page.evaluate("document.activeElement.blur()")
        page.locator("body").press("m")
        assert page.evaluate(READ, 0)["muted"]
        page.locator("body").press("c")
        assert page.evaluate(READ, 0)["lines"] == []
        page.locator("body").press("Space")
        assert page.evaluate(READ, 0)["paused"]
        page.keyboard.press("j")
        page.wait_for_function(PLAYING, arg=1)
        expect(page.locator("[data-part=said]")).to_have_text("Clip 2 of 2: The card, wide")
        page.keyboard.press("ArrowUp")
        page.wait_for_function(PLAYING, arg=0)

    def test_keys_are_kept_to_the_clip_by_a_box_that_stands_on_both_pages(
        self, open_browser: Callable[..., Page], clips: list[Clip]
    ) -> None:
        page = open_browser(width=1280)
        page.goto(clips[0].get_absolute_url())
        page.get_by_label("These keys work all over the page").uncheck()
        page.goto("/clips/")
        expect(page.get_by_label("These keys work all over the page")).not_to_be_checked()
        page.locator("body").press("m")
        assert page.evaluate(READ, 0)["muted"]
        page.get_by_role("button", name="Sound").first.press("m")
        assert not page.evaluate(READ, 0)["muted"]

    @pytest.mark.parametrize("wish", ["little motion", "little data"])
    def test_nothing_plays_or_is_fetched_by_itself_for_who_asked_for_calm(
        self, open_browser: Callable[..., Page], wish: str
    ) -> None:
        page = open_browser(reduced_motion="reduce" if wish == "little motion" else "no-preference")
        if wish == "little data":
            page.add_init_script("localStorage.setItem('kezhan.data', 'sound')")
        page.goto("/clips/")
        expect(page.locator("[data-clips]")).to_have_attribute("data-live", "")
        expect(page.locator("[data-part=said]")).to_have_text("Clip 1 of 2: The card, upright")
        calm = page.evaluate(READ, 0)
        assert (calm["paused"], calm["source"], calm["preload"]) == (True, "", 0)
        page.keyboard.press("j")
        expect(page.locator("[data-part=said]")).to_have_text("Clip 2 of 2: The card, wide")
        assert page.evaluate(READ, 1)["source"] == ""
        page.get_by_role("button", name="Play").nth(1).click()
        page.wait_for_function(PLAYING, arg=1)

    def test_without_a_script_it_is_a_list_of_films_and_links(self, open_browser: Callable[..., Page]) -> None:
        page = open_browser(java_script_enabled=False)
        page.goto("/clips/")
        expect(page.locator("video[controls][src][poster]")).to_have_count(2)
        page.get_by_role("link", name="Preview the lesson").first.click()
        assert "#film" in page.url

    @pytest.mark.parametrize("width", [390, 1280])
    def test_everybody_can_use_its_pages(
        self, open_browser: Callable[..., Page], clips: list[Clip], width: int
    ) -> None:
        page = open_browser(width=width)
        for address in ("/clips/", "/clips/all/", clips[0].get_absolute_url()):
            page.goto(address)
            assert_accessible(page)


class TestCutter:
    def test_a_clip_is_cut_by_keys_and_by_drag_made_and_published(
        self, open_browser: Callable[..., Page], course: Course, ada: User
    ) -> None:
        page = open_browser()
        login(page, ada)
        lesson: Any = course.live_lessons()[0]
        page.goto(reverse("studio:cut_clip", args=[course.slug, lesson.key]))
        expect(page.locator("[data-part=said]")).to_have_text("30 s")
        page.wait_for_function("() => document.querySelector('lesson-player video').readyState >= 2")
        page.evaluate("document.querySelector('lesson-player video').currentTime = 4")
        page.wait_for_function("() => !document.querySelector('lesson-player video').seeking")
        page.locator("h1").press("[")
        expect(page.get_by_label("From", exact=True)).to_have_value("0:04.0")
        # The end by its handle: the keys of a slider.
        page.get_by_role("slider", name="Where the clip ends").focus()
        for _step in range(20):
            page.keyboard.press("ArrowLeft")
        expect(page.get_by_label("To", exact=True)).to_have_value("0:28.0")
        frame = page.locator(".cutter__frame")
        box: Any = frame.bounding_box()
        page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        page.mouse.down()
        page.mouse.move(box["x"] + box["width"] / 2 - 120, box["y"] + box["height"] / 2, steps=4)
        page.mouse.up()
        assert int(page.locator("[name=center]").input_value()) < 450
        # As it will look: the drawn clip is no empty sheet.
        colors = """() => { const sheet = document.querySelector('.cutter canvas');
          const drawn = sheet.getContext('2d').getImageData(0, 0, sheet.width, sheet.height).data;
          return new Set(Array.from(drawn.filter((_, at) => at % 4 === 0))).size; }"""
        assert page.evaluate(colors) > 8
        assert_accessible(page)
        page.get_by_label("Title").fill("From a card")
        page.get_by_role("button", name="Cut this clip").click()
        expect(page.get_by_text("Your clip is being cut.")).to_be_visible()
        expect(page.locator(".clip-row progress")).to_be_visible()
        work_off()
        page.locator(".clip-row").get_by_role("button", name="Publish").click()
        expect(page.locator(".clip-row .state")).to_have_text("Public")
        page.get_by_role("link", name="See it").click()
        expect(page.get_by_role("heading", name="From a card")).to_be_visible()
        excerpt = Excerpt.objects.get()
        assert (excerpt.start_ms, excerpt.end_ms, excerpt.state) == (4_000, 28_000, "ready")
        assert excerpt.center < 450
