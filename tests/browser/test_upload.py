"""Uploading films in Chromium: drag, percent, pause, resume after a reload, live steps, refusals."""

import base64
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from accounts.models import User
from marketplace.lib import work
from tests.browser.chromium import assert_accessible, login
from tests.videos.films import make_film, upload_of
from videos import shelves, transcoding
from videos.models import Upload, Video

pytestmark = pytest.mark.django_db(transaction=True)

_DROP = """([area, name, content]) => {
  const bytes = Uint8Array.from(atob(content), letter => letter.charCodeAt(0));
  const files = new DataTransfer();
  files.items.add(new File([bytes], name, {type: "video/mp4", lastModified: 1700000000000}));
  for (const type of ["dragenter", "dragover", "drop"])
    area.dispatchEvent(new DragEvent(type, {bubbles: true, cancelable: true, dataTransfer: files}));
}"""


@pytest.fixture(autouse=True)
def _small_parts_on_an_own_shelf(settings: object, tmp_path: Path) -> None:
    settings.VIDEO_ROOT = tmp_path / "video"  # type: ignore[attr-defined]
    settings.UPLOAD_PART_BYTES = 64 * 1024  # type: ignore[attr-defined]


@pytest.fixture(scope="session")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    # Loosely packed, so that it has some twenty parts.
    extra = ("-qp", "10")
    return make_film(tmp_path_factory.mktemp("films") / "knots.mp4", seconds=4, extra=extra)


def drop(page: Page, name: str, content: bytes) -> None:
    expect(page.locator("[data-uploader][data-alive]")).to_be_attached()
    page.evaluate(_DROP, [page.query_selector("[data-drop]"), name, base64.b64encode(content).decode()])


def slow_line(page: Page, bytes_per_second: int) -> None:
    session = page.context.new_cdp_session(page)
    conditions = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": bytes_per_second}
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", conditions)


def convert(name: str) -> Video:
    video = Video.objects.get(name=name)
    work.run(Video, video.pk, transcoding.transcode)
    video.refresh_from_db()
    return video


def test_a_dropped_film_is_paused_goes_on_after_a_reload_and_shows_its_steps(
    browser_page: Page, ada: User, film: Path
) -> None:
    page, content = browser_page, film.read_bytes()
    login(page, ada)
    page.goto("/studio/films/")
    slow_line(page, 300_000)
    drop(page, "knots.mp4", content)
    row = page.locator("[data-rows] .upload-row")
    expect(row.locator("[data-part=facts]")).to_contain_text("left", timeout=15_000)
    expect(row.locator("[data-part=facts]")).to_contain_text("/s")
    page.wait_for_function("() => document.querySelector('[data-rows] progress').value >= 30")
    row.get_by_role("button", name="Pause").click()
    expect(row.locator("[data-part=facts]")).to_contain_text("Paused")
    expect(row.get_by_role("button", name="Go on")).to_be_focused()
    assert_accessible(page)
    upload = Upload.objects.get()
    before = upload.parts.count()
    assert 0 < before < upload.parts_count

    page.reload()
    expect(page.locator("[data-unfinished]")).to_contain_text("“knots.mp4” stopped at")
    drop(page, "knots.mp4", content)
    expect(row.locator("[data-part=facts]")).to_contain_text("Going on where it stopped")
    expect(row.locator(".state")).to_have_text("Waiting", timeout=20_000)
    expect(page.locator("[data-unfinished]")).to_have_count(0)
    assert Upload.objects.get() == upload

    video = convert("knots.mp4")
    assert shelves.original(video.pk).read_bytes() == content
    expect(row.locator(".state")).to_have_text("Ready", timeout=5_000)
    expect(row.locator(".step[data-state=done]")).to_have_text(
        ["Upload", "Check", "240p", "Sound, 128 kbit/s", "Sound, 64 kbit/s", "Ready"]
    )
    page.reload()
    status = page.locator(f"[data-film-status*='{video.pk}']")
    expect(status.locator(".state")).to_have_text("Ready")
    poster = status.locator("img")
    expect(poster).to_be_visible()
    page.wait_for_function("image => image.naturalWidth > 0", arg=poster.element_handle())
    assert_accessible(page)


def test_what_is_no_film_is_refused_before_it_is_sent(browser_page: Page, ada: User, tmp_path: Path) -> None:
    login(browser_page, ada)
    browser_page.goto("/studio/films/")
    drop(browser_page, "notes.mp4", b"these are notes, not a film" * 50)
    drop(browser_page, "notes.txt", b"text")
    errors = browser_page.locator("[data-rows] [data-part=error]")
    expect(errors).to_have_count(2)
    expect(errors.first).to_contain_text("not a film that we can read")
    assert not Upload.objects.exists()


def test_several_films_are_sent_at_once_and_one_is_taken_back(browser_page: Page, ada: User, film: Path) -> None:
    login(browser_page, ada)
    browser_page.goto("/studio/films/")
    slow_line(browser_page, 400_000)
    content = film.read_bytes()
    for name in ("one.mp4", "two.mp4", "three.mp4"):
        drop(browser_page, name, content)
    rows = browser_page.locator("[data-rows] .upload-row")
    expect(rows).to_have_count(3)
    expect(rows.nth(1).locator("[data-part=facts]")).to_contain_text("kB of", timeout=15_000)
    rows.nth(1).get_by_role("button", name="Take back").click()
    expect(rows).to_have_count(2)
    slow_line(browser_page, -1)
    expect(rows.locator(".state")).to_have_text(["Waiting", "Waiting"], timeout=20_000)
    assert set(Video.objects.shown().values_list("name", "state")) == {
        ("one.mp4", "uploaded"),
        ("three.mp4", "uploaded"),
    }


def test_a_film_that_failed_says_why_and_is_tried_again(
    open_browser: Callable[..., Page], ada: User, film: Path
) -> None:
    video = upload_of(ada, film.read_bytes(), "knots.mp4").video
    Video.objects.filter(pk=video.pk).update(attempts=3)
    Video.claim(video.pk)
    page = open_browser(width=360)
    login(page, ada)
    page.goto("/studio/films/")
    status = page.locator(f"[data-film-status*='{video.pk}']")
    expect(status.get_by_role("alert")).to_contain_text("could not be converted")
    assert_accessible(page)
    status.get_by_role("button", name="Try again").click()
    expect(status.locator(".state")).to_have_text("Waiting")
    convert("knots.mp4")
    expect(status.locator(".state")).to_have_text("Ready", timeout=5_000)


def test_a_line_that_stays_away_stops_the_upload_whole_and_it_goes_on_by_hand(
    browser_page: Page, ada: User, film: Path
) -> None:
    """Parts are sent side by side: none goes on behind the others' back, and the first is not sent twice."""
    page, content = browser_page, film.read_bytes()
    # The waits between tries are minutes in all; the page's clock runs them in a moment.
    page.add_init_script(
        "const real = window.setTimeout;"
        "window.setTimeout = (run, ms, ...more) => real(run, ms >= 400 && ms <= 30000 ? 5 : ms, ...more);"
    )
    login(page, ada)
    page.goto("/studio/films/")
    asked: list[str] = []

    def refuse(route: Route) -> None:
        asked.append(route.request.url)
        route.abort()

    page.route(re.compile(r"/parts/([2-9]|\d\d+)/sign/"), refuse)
    drop(page, "knots.mp4", content)
    row = page.locator(".upload-row[data-state=stalled]")
    expect(row).to_contain_text("did not come back")
    tried = len(asked)
    page.wait_for_timeout(700)
    assert len(asked) == tried
    assert [part.number for part in Upload.objects.get().parts.all()] == [1]
    page.unroute_all()
    row.get_by_role("button", name="Go on").click()
    expect(page.locator(".upload-row[data-state=done]")).to_be_attached(timeout=20_000)
    upload = Upload.objects.get()
    assert upload.completed_at
    assert upload.parts.count() == upload.parts_count


def test_a_file_that_was_sent_before_is_asked_about_and_the_film_that_is_here_used(
    browser_page: Page, ada: User, film: Path
) -> None:
    page, content = browser_page, film.read_bytes()
    login(page, ada)
    page.goto("/studio/films/")
    drop(page, "knots.mp4", content)
    row = page.locator("[data-rows] .upload-row")
    expect(row.locator("[data-part=facts]")).to_contain_text("Sent", timeout=30_000)
    page.reload()
    sent: list[str] = []
    page.on("request", lambda asked: sent.append(asked.method) if "/uploads/" in asked.url else None)
    drop(page, "the same.mp4", content)
    expect(row.locator("[data-part=facts]")).to_have_text("You have sent this file already: “knots.mp4”.")
    assert_accessible(page)
    row.get_by_role("button", name="Use it").click()
    expect(row.locator("[data-part=facts]")).to_have_text("The film that is here is used.")
    expect(row.locator("[data-film-status] .state")).to_be_visible()
    assert set(sent) == {"GET"}
    assert Video.objects.count() == 1
    drop(page, "another.mp4", content)
    second = row.nth(1)
    second.get_by_role("button", name="Send it again").click()
    expect(second.locator("[data-part=facts]")).to_contain_text("Sent", timeout=30_000)
    assert Video.objects.count() == 2
