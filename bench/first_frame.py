"""How long from a press of play to the first picture, in Chromium with hls.js, behind nginx?

    python bench/first_frame.py [--visits 15] [--rtt-ms 50]

Each visit is a new browser without any cache that opens a lesson's page. "at once": play is pressed in the moment in
which the player is there, the worst case; "later": two seconds after it, as people do who look at a page first. Both on
the bare loopback, then with every answer delayed by the round trip (Chromium's own network emulation; HTTP/1.1, no
TLS). The clock runs in the page, from the press to the first frame that was put on the screen
(requestVideoFrameCallback). The feed of clips is opened on a phone, where its first clip begins by itself: there the
clock runs from the address to the first frame, page and all, and from the moment in which the page's HTML was read.
"In a row" is the longest chain of requests for the film, up to that frame, of which each
was begun after the one before had ended: pictures and sound are fetched side by side.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.playback import web
from bench.stage import own_servers, say

PRESS = """async (wait) => {
  await new Promise((then) => setTimeout(then, wait));
  window.pressed = performance.now();
  window.firstFrame = undefined;
  const video = document.querySelector("video");
  video.requestVideoFrameCallback((now) => (window.firstFrame = now));
  document.querySelector(".player__play").click();
}"""
FIRST_CLIP = """() => {
  const look = () => {
    const video = document.querySelector("[data-clip] video");
    if (video) video.requestVideoFrameCallback((now) => (window.firstFrame = now));
    else requestAnimationFrame(look);
  };
  look();
}"""
ASKED = """() => performance.getEntriesByType("resource")
  .filter((one) => one.name.includes("/hls/") && /\\.(m3u8|mp4|m4s)$/.test(one.name))
  .filter((one) => one.responseEnd <= window.firstFrame)
  .map((one) => [one.startTime, one.responseEnd, one.name.split("/").slice(-2).join("/")])"""


def stage(folder: Path) -> tuple[str, str]:
    """A free preview with a real film of 30 s in 720 lines, and a clip of it; the paths of its page and of the feed."""
    from django.conf import settings
    from django.urls import reverse

    from courses.models import Course
    from tests import cast
    from tests.courses.factories import make_course, publish
    from tests.videos.films import make_film, transcoded

    settings.VIDEO_ROOT = folder / "video"
    film = make_film(folder / "film.mp4", seconds=30, size=(1280, 720), fps="30")
    video = transcoded(cast.ada(), film)
    started = make_course(title="Kilns", live=False, lessons=1)
    lesson = started.draft.lessons.get()
    lesson.attach_video(video)
    publish(started.draft)
    say(f"a film of {video.duration_s} s, {', '.join(rung.name for rung in video.renditions.all())}")
    feed = clip(Course.objects.select_related("creator__user", "live_version").get(pk=started.pk))
    return reverse("learners:lesson", args=[started.slug, lesson.key]), feed


def clip(course: Any) -> str:
    """A clip of the course's film, cut and published; the path of the feed."""
    from django.urls import reverse

    from courses.models import Clip
    from marketplace.lib import work
    from tests.courses.clips import cut
    from videos import excerpting
    from videos.models import Excerpt

    made = cut(course, start_ms=2_000, end_ms=20_000)
    for excerpt in Excerpt.open_work():
        work.run(Excerpt, excerpt.pk, excerpting.carry_out)
    Clip.objects.select_related("course__creator").get(pk=made.pk).publish(course.creator.user)
    return reverse("discovery:clips")


def in_a_row(asked: list[tuple[float, float, str]]) -> int:
    """The longest chain of requests that waited for each other."""
    longest: list[tuple[float, int]] = []
    for start, end, _name in sorted(asked):
        before = max((length for ended, length in longest if ended <= start), default=0)
        longest.append((end, before + 1))
    return max((length for _end, length in longest), default=0)


def emulate(context: Any, page: Any, rtt_ms: int) -> None:
    line = context.new_cdp_session(page)
    line.send("Network.enable")
    conditions = {"offline": False, "latency": rtt_ms, "downloadThroughput": -1, "uploadThroughput": -1}
    line.send("Network.emulateNetworkConditions", conditions)


def visit(browser: Any, address: str, wait_ms: int, rtt_ms: int) -> tuple[float, list[tuple[float, float, str]]]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    emulate(context, page, rtt_ms)
    page.goto(address, wait_until="commit")
    page.wait_for_selector("lesson-player[data-wired]", state="attached")
    page.evaluate(PRESS, wait_ms)
    page.wait_for_function("() => window.firstFrame !== undefined")
    took, asked = page.evaluate("() => window.firstFrame - window.pressed"), page.evaluate(ASKED)
    context.close()
    return took, asked


def measure(browser: Any, address: str, name: str, visits: int, wait_ms: int, rtt_ms: int) -> None:
    told = [visit(browser, address, wait_ms, rtt_ms) for _ in range(visits)]
    said = f"{name:28} {shares(took for took, _asked in told)}"
    if not wait_ms:  # after a while the film is there already, and more of it than its first picture needs
        chain = statistics.median(in_a_row(asked) for _took, asked in told)
        said += f"   in a row {chain:.0f} of {len(told[-1][1])}"
    say(said)


def visit_clips(browser: Any, address: str, rtt_ms: int) -> tuple[float, float]:
    """Milliseconds from the address, and from the page that is read, to the first frame of the first clip."""
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, has_touch=True, reduced_motion="no-preference"
    )
    page = context.new_page()
    emulate(context, page, rtt_ms)
    page.add_init_script(f"({FIRST_CLIP})()")
    page.goto(address, wait_until="commit")
    page.wait_for_function("() => window.firstFrame !== undefined", timeout=30_000)
    frame, read = page.evaluate(
        "() => [window.firstFrame, performance.getEntriesByType('navigation')[0].domInteractive]"
    )
    context.close()
    return frame, frame - read


def measure_clips(browser: Any, address: str, name: str, visits: int, rtt_ms: int) -> None:
    told = [visit_clips(browser, address, rtt_ms) for _ in range(visits)]
    for what, times in zip(("first clip", "from HTML"), zip(*told, strict=True), strict=True):
        say(f"{f'{name}, {what}':28} {shares(times)}")


def shares(times: Iterable[float]) -> str:
    found = sorted(max(0.0, took) for took in times)
    return f"p50 {statistics.median(found):6.0f} ms   p95 {found[len(found) * 95 // 100]:6.0f} ms"


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--visits", type=int, default=15)
    asked.add_argument("--rtt-ms", type=int, default=50)
    options = asked.parse_args()
    with tempfile.TemporaryDirectory(prefix="kezhan-bench-") as name:
        folder = Path(name)
        folder.chmod(0o711)
        os.environ["KEZHAN_STATIC_ROOT"] = str(folder / "static")
        measure_all(folder, options)


def measure_all(folder: Path, options: argparse.Namespace) -> None:
    from playwright.sync_api import sync_playwright

    from marketplace.local import nginx
    from marketplace.local.ports import free_port
    from marketplace.local.testing import find_chromium

    with own_servers():
        from tests.browser import chromium  # whose models need Django

        (path, clips), port, log = stage(folder), free_port(), folder / "web.log"
        collect = [sys.executable, "manage.py", "collectstatic", "--noinput", "-v0"]
        subprocess.run(collect, check=True)
        with (
            web(port, log, folder / "video"),
            nginx.running(folder / "nginx", f"127.0.0.1:{port}", folder / "video") as address,
            sync_playwright() as playwright,
        ):
            browser = chromium.launch(playwright, find_chromium() or "chromium")
            visit(browser, address + path, 0, 0)  # the caches of the servers
            visit_clips(browser, address + clips, 0)
            for rtt_ms in (0, options.rtt_ms):
                where = f"{rtt_ms} ms round trip" if rtt_ms else "loopback"
                for when, wait_ms in (("at once", 0), ("later", 2000)):
                    measure(browser, address + path, f"{where}, {when}", options.visits, wait_ms, rtt_ms)
                measure_clips(browser, address + clips, where, options.visits, rtt_ms)
            browser.close()


if __name__ == "__main__":
    main()
