"""What a phone makes of the public pages: Lighthouse's scores, Core Web Vitals and weights, in both languages.

    python bench/browser.py [--rounds 3] [--courses 48] [--film FILE] [--only inp]

Lighthouse (fetched from npm into var/bench when it is not there) opens home, catalogue and a course with its own
profile of a slow phone: 1.6 Mb/s, 150 ms round trip, a processor four times slower than this one. The course has a
preview with a real film (--film, else one is drawn), its poster and captions. The pages stand behind nginx with the
rules of deploy/nginx.conf, with covers drawn as the sample's are. Medians. LCP and CLS are those of that profile;
weights are what came over the line, HTML, style sheets and scripts.

INP: how long a press takes until the page shows it, as browsers report it (event timing), on a phone four times slower
than this machine: filters are opened, one is pressed, the order is opened, words are typed into the search box while
suggestions come, a preview is reached for. The worst of each, over all rounds. A page leaves where a link is pressed,
so there the press counts until then and the link is not followed.

At the end the same as a table for bench/browser.md, with the day and the commit. Source of the goals: the design's page
on performance, goal 15, and what the storefront promises (Lighthouse on a phone: 95, 100, 100, 100).
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.playback import web
from bench.pressing import pressed
from bench.stage import ROOT, own_servers, say

LIGHTHOUSE = "lighthouse@13.5.0"
SCORES = {"performance": 95, "accessibility": 100, "best-practices": 100, "seo": 100}
LCP_MS, CLS, SCRIPT_KB, STYLE_KB, PAGE_KB, INP_MS = 1500, 0.02, 20, 15, 60, 100
HEAD = "| page | perf, a11y, best, seo | LCP ms | CLS | blocked ms | js kB | css kB | html+css+js kB | goals |"


def stage(courses: int, folder: Path, film: Path | None) -> dict[str, str]:
    """Courses with covers as the sample draws them, the first two with a film; the addresses to open."""
    from django.conf import settings
    from django.core.files.uploadedfile import SimpleUploadedFile

    from discovery import index
    from marketplace.sample import drawing
    from tests import cast
    from tests.courses.factories import make_category, make_course, publish
    from tests.videos.films import make_film, text_file, transcoded
    from videos import captions

    settings.MEDIA_ROOT, settings.VIDEO_ROOT = folder / "media", folder / "video"
    video = transcoded(cast.ada(), film or make_film(folder / "film.mp4", seconds=20, size=(1280, 720), fps="30"))
    captions.put(video, language="en", file=text_file("WEBVTT\n\n00:00.000 --> 00:04.000\nWelcome to the workshop\n"))
    shelves = sorted(drawing.HUES)
    made = []
    for number in range(courses):
        chinese = number % 2
        title = f"手工剪纸：第{number}课" if chinese else f"Pottery from the first bowl, part {number}"
        shelf, language = make_category(shelves[number % len(shelves)]), "zh-hans" if chinese else "en"
        course = make_course(title=title, live=False, category=shelf, language=language)
        cover = SimpleUploadedFile("cover.webp", drawing.cover(title, shelf.slug, number))
        course.draft.change_cover(cover, by=course.creator.user)
        if number < 2:
            course.draft.lessons.order_by("position")[0].attach_video(video)
        publish(course.draft)
        made.append(course)
    index.refresh()
    english, chinese = (made[at].get_absolute_url() for at in (0, 1))
    return {"home": "/", "catalogue": "/courses/", "course": english, "Chinese course": chinese}


def lighthouse() -> Path:
    """The program, fetched once; it is no part of the site."""
    from marketplace.local.frontend import node_folder

    folder = Path(os.environ.get("KEZHAN_HOME", ROOT / "var")) / "bench"
    program = folder / "node_modules/.bin/lighthouse"
    if not program.exists():
        folder.mkdir(parents=True, exist_ok=True)
        say(f"fetching {LIGHTHOUSE} …")
        npm = [str(node_folder() / "npm"), "install", "--no-audit", "--no-fund", "--prefix", str(folder), LIGHTHOUSE]
        subprocess.run(npm, check=True, stdout=subprocess.DEVNULL)
    return program


def look(program: Path, chromium: str, address: str, out: Path) -> dict[str, Any]:
    """One visit with nothing kept. A browser that lost its trace, as on a busy machine, opens the page again."""
    out.unlink(missing_ok=True)
    command = [str(program), address, "--quiet", "--output=json", f"--output-path={out}"]
    command += ["--chrome-flags=--headless=new --no-sandbox --disable-gpu", f"--only-categories={','.join(SCORES)}"]
    for _attempt in range(3):
        if not subprocess.run(command, env={**os.environ, "CHROME_PATH": chromium}, check=False).returncode:
            break
    told: dict[str, Any] = json.loads(out.read_text())
    return told


def figures(told: dict[str, Any]) -> dict[str, float]:
    audits = told["audits"]
    weights = {"Document": 0.0, "Stylesheet": 0.0, "Script": 0.0}
    for request in audits["network-requests"]["details"]["items"]:
        if request.get("resourceType") in weights:
            weights[request["resourceType"]] += request["transferSize"] / 1000
    return {
        **{name: round(100 * told["categories"][name]["score"]) for name in SCORES},
        "lcp": audits["largest-contentful-paint"]["numericValue"],
        "cls": audits["cumulative-layout-shift"]["numericValue"],
        "blocked": audits["total-blocking-time"]["numericValue"],
        "script": weights["Script"], "style": weights["Stylesheet"], "page": sum(weights.values()),
    }  # fmt: skip


def faults(told: dict[str, Any]) -> list[str]:
    """What cost a point, by the audit's own title."""
    found = []
    for name in SCORES:
        for part in told["categories"][name]["auditRefs"]:
            audit = told["audits"][part["id"]]
            if part["weight"] and audit["score"] is not None and audit["score"] < (0.9 if name == "performance" else 1):
                found.append(f"{name}: {audit['title']} {audit.get('displayValue', '')} {first(audit)}".strip())
    return found


def first(audit: dict[str, Any]) -> str:
    """What the audit names first."""
    items = audit.get("details", {}).get("items") or [{}]
    return str(items[0].get("description") or items[0].get("url") or "")


def tell(name: str, runs: list[dict[str, float]], found: list[str]) -> str:
    """Says it, and answers the row of the table."""
    middle = {key: statistics.median(run[key] for run in runs) for key in runs[0]}
    met = all(middle[score] >= goal for score, goal in SCORES.items())
    met = met and middle["lcp"] <= LCP_MS and middle["cls"] <= CLS and middle["page"] <= PAGE_KB
    met = met and middle["script"] <= SCRIPT_KB and middle["style"] <= STYLE_KB
    scores, said = ", ".join(f"{middle[score]:.0f}" for score in SCORES), "met" if met else "MISSED"
    vitals = f"LCP {middle['lcp']:5.0f} ms   CLS {middle['cls']:.3f}   blocked {middle['blocked']:4.0f} ms"
    weights = f"js {middle['script']:4.1f} css {middle['style']:4.1f} all {middle['page']:5.1f} kB"
    say(f"{name:24} {scores:18}   {vitals}   {weights}   {said}")
    for fault in found:
        say(f"{'':24} {fault}")
    return (
        f"| {name} | {scores} | {middle['lcp']:.0f} | {middle['cls']:.3f} | {middle['blocked']:.0f} |"
        f" {middle['script']:.1f} | {middle['style']:.1f} | {middle['page']:.1f} | {said} |"
    )


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--rounds", type=int, default=3)
    asked.add_argument("--courses", type=int, default=48)
    asked.add_argument("--film", type=Path, help="a film for the preview, as ../shared/media has some")
    asked.add_argument("--only", choices=["inp", "lighthouse"], default="")
    options = asked.parse_args()
    with tempfile.TemporaryDirectory(prefix="kezhan-bench-") as name:
        folder = Path(name)
        folder.chmod(0o711)
        os.environ["KEZHAN_STATIC_ROOT"] = str(folder / "static")
        measure(folder, options)


def measure(folder: Path, options: argparse.Namespace) -> None:
    from marketplace.local import nginx
    from marketplace.local.ports import free_port
    from marketplace.local.testing import find_chromium

    port, log = free_port(), folder / "web.log"
    pictures = {"proxy_pass http://s3:8333/kezhan-pictures/;": f"alias {folder}/media/;"}
    with own_servers():
        pages = stage(options.courses, folder, options.film)
        collect = [sys.executable, "manage.py", "collectstatic", "--noinput", "-v0"]
        subprocess.run(collect, check=True)
        chromium = find_chromium() or "chromium"
        with (
            web(port, log, folder / "video"),
            nginx.running(folder / "nginx", f"127.0.0.1:{port}", folder / "video", pictures) as address,
        ):
            where = {
                f"{page}, {language}": f"{address}{path}?hl={language}"
                for page, path in pages.items()
                for language in ("en", "zh-hans")
            }
            rows = [] if options.only == "inp" else visits(where, options.rounds, chromium, folder)
            presses = [] if options.only == "lighthouse" else pressed(where, options.rounds, chromium, INP_MS)
    commit = subprocess.run(["git", "rev-parse", "--short=8", "HEAD"], capture_output=True, text=True, check=False)
    day = datetime.now(UTC).date().isoformat()
    say(f"\n{day}, {commit.stdout.strip() or 'no commit'}, medians of {options.rounds}\n")
    for head, table in ((HEAD, rows), ("| page | press | worst ms | goal |", presses)):
        if table:
            say("\n".join([head, "|" + " --- |" * (head.count("|") - 1), *table, ""]))


def visits(where: dict[str, str], rounds: int, chromium: str, folder: Path) -> list[str]:
    program = lighthouse()
    say(f"{'':24} perf, a11y, best, seo   (goals {', '.join(str(goal) for goal in SCORES.values())})")
    rows = []
    for name, address in where.items():
        told = [look(program, chromium, address, folder / "told.json") for _ in range(rounds)]
        rows.append(tell(name, [figures(one) for one in told], faults(told[-1])))
    return rows


if __name__ == "__main__":
    main()
