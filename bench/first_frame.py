"""How long from a press of play to the first picture, in Chromium with hls.js, behind nginx?

    python bench/first_frame.py [--visits 15] [--rtt-ms 50]

Each visit is a new browser without any cache that opens a lesson's page. "at once": play is pressed in the moment in
which the player is there, the worst case; "later": two seconds after it, as people do who look at a page first. Both on
the bare loopback, then with every answer delayed by the round trip (Chromium's own network emulation; HTTP/1.1, no
TLS). The clock runs in the page, from the press to the first frame that was put on the screen
(requestVideoFrameCallback). "In a row" is the longest chain of requests for the film, up to that frame, of which each
was begun after the one before had ended: pictures and sound are fetched side by side.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
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
ASKED = """() => performance.getEntriesByType("resource")
  .filter((one) => one.name.includes("/hls/") && /\\.(m3u8|mp4|m4s)$/.test(one.name))
  .filter((one) => one.responseEnd <= window.firstFrame)
  .map((one) => [one.startTime, one.responseEnd, one.name.split("/").slice(-2).join("/")])"""


def stage(folder: Path) -> str:
    """A free preview with a real film of 30 s in 720 lines; the path of its page."""
    from django.conf import settings
    from django.urls import reverse

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
    return reverse("learners:lesson", args=[started.slug, lesson.key])


def in_a_row(asked: list[tuple[float, float, str]]) -> int:
    """The longest chain of requests that waited for each other."""
    longest: list[tuple[float, int]] = []
    for start, end, _name in sorted(asked):
        before = max((length for ended, length in longest if ended <= start), default=0)
        longest.append((end, before + 1))
    return max((length for _end, length in longest), default=0)


def visit(browser: Any, address: str, wait_ms: int, rtt_ms: int) -> tuple[float, list[tuple[float, float, str]]]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    line = context.new_cdp_session(page)
    line.send("Network.enable")
    conditions = {"offline": False, "latency": rtt_ms, "downloadThroughput": -1, "uploadThroughput": -1}
    line.send("Network.emulateNetworkConditions", conditions)
    page.goto(address, wait_until="commit")
    page.wait_for_selector("lesson-player[data-wired]", state="attached")
    page.evaluate(PRESS, wait_ms)
    page.wait_for_function("() => window.firstFrame !== undefined")
    took, asked = page.evaluate("() => window.firstFrame - window.pressed"), page.evaluate(ASKED)
    context.close()
    return took, asked


def measure(browser: Any, address: str, name: str, visits: int, wait_ms: int, rtt_ms: int) -> None:
    told = [visit(browser, address, wait_ms, rtt_ms) for _ in range(visits)]
    times = sorted(max(0.0, took) for took, _asked in told)
    said = f"{name:28} p50 {statistics.median(times):6.0f} ms   p95 {times[len(times) * 95 // 100]:6.0f} ms"
    if not wait_ms:  # after a while the film is there already, and more of it than its first picture needs
        chain = statistics.median(in_a_row(asked) for _took, asked in told)
        said += f"   in a row {chain:.0f} of {len(told[-1][1])}"
    say(said)


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

        path, port, log = stage(folder), free_port(), folder / "web.log"
        collect = [sys.executable, "manage.py", "collectstatic", "--noinput", "-v0"]
        subprocess.run(collect, check=True)
        with (
            web(port, log, folder / "video"),
            nginx.running(folder / "nginx", f"127.0.0.1:{port}", folder / "video") as address,
            sync_playwright() as playwright,
        ):
            browser = chromium.launch(playwright, find_chromium() or "chromium")
            visit(browser, address + path, 0, 0)  # the caches of the servers
            for rtt_ms in (0, options.rtt_ms):
                for when, wait_ms in (("at once", 0), ("later", 2000)):
                    where = f"{rtt_ms} ms round trip" if rtt_ms else "loopback"
                    measure(browser, address + path, f"{where}, {when}", options.visits, wait_ms, rtt_ms)
            browser.close()


if __name__ == "__main__":
    main()
