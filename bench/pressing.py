"""How long a page takes to show that it was pressed: interaction to next paint, by what browsers report of events.

Chromium on a phone's window with a processor four times slower than this one. A press or a key is one interaction; what
counts is the longest of its events, from when it was due until the next picture stood. The threshold of the report is
16 ms: what is not reported took less.

A browser without a screen draws nothing while nothing changes, and reports a press with the next picture that differs,
however late: with what a page does half a second afterwards, or never. So a dot of one pixel keeps pictures coming, as
a screen does. What is pressed is scrolled to before, as a reader does who then looks where she presses: otherwise the
pictures that come while the page scrolls are what is measured.
"""

from collections.abc import Callable
from typing import Any

from bench.stage import say

SLOWER, SHORTEST_MS, LOOKS_MS = 4, 16, 1200
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "device_scale_factor": 2}
# The longest event of each interaction since `worst` was set to nothing. A link is not followed.
WATCH = """() => {
  window.worst = {};
  new PerformanceObserver((list) => {
    for (const one of list.getEntries()) {
      if (one.interactionId) worst[one.interactionId] = Math.max(worst[one.interactionId] ?? 0, one.duration);
    }
  }).observe({type: "event", durationThreshold: 16, buffered: false});
  addEventListener("click", (event) => event.target.closest("a[href]") && event.preventDefault());
}"""


DOT = """() => {
  const dot = document.createElement("i");
  dot.style.cssText = "position:fixed; inset:0 auto auto 0; padding:0.5px; background:red; pointer-events:none";
  document.body.append(dot);
  dot.animate([{opacity: 1}, {opacity: 0.5}], {duration: 200, iterations: Infinity, direction: "alternate"});
}"""


def _tap(name: str) -> Callable[[Any], None]:
    return lambda page: _seen(page, name).tap()


def _seen(page: Any, name: str) -> Any:
    found = page.locator(name).first
    found.scroll_into_view_if_needed()
    page.wait_for_timeout(LOOKS_MS)
    return found


def _type(page: Any) -> None:
    _seen(page, "#site-search, .hero__search input").tap()
    for sign in "potte":
        page.keyboard.press(sign)
        page.wait_for_timeout(180)


# By the page (the beginning of its name): what is pressed, in this order.
PRESSES: dict[str, dict[str, Callable[[Any], None]]] = {
    "home": {"search box": _type, "a card": _tap(".course-card a"), "theme": _tap("[name=theme][value=dark]")},
    "catalogue": {
        "open the filters": _tap(".catalogue__filters > summary"),
        "a filter": _tap(".filters__option"),
        "open the order": _tap(".catalogue details.menu > summary"),
        "search box": _type,
    },
    "course": {
        "a section": _tap(".curriculum summary"),
        "the preview": _tap("button.player__big"),
        "search box": _type,
    },
}


def pressed(where: dict[str, str], rounds: int, chromium: str, most_ms: int) -> list[str]:
    """The worst of each press over all rounds, said, and as rows of a table."""
    from playwright.sync_api import sync_playwright

    from tests.browser import chromium as starting

    rows = []
    with sync_playwright() as playwright:
        browser = starting.launch(playwright, chromium)
        for name, address in where.items():
            kind = next((kind for kind in PRESSES if kind in name.split(",")[0]), "")
            found: dict[str, float] = {}
            for _round in range(rounds):
                for press, took in _visit(browser, address, PRESSES[kind]).items():
                    found[press] = max(found.get(press, 0), took)
            for press, took in found.items():
                shown = f"{took:.0f}" if took else f"under {SHORTEST_MS}"
                said = "met" if took <= most_ms else "MISSED"
                say(f"{name:24} {press:18} INP {shown:>8} ms   {said}")
                rows.append(f"| {name} | {press} | {shown} | {said} |")
        browser.close()
    return rows


def _visit(browser: Any, address: str, presses: dict[str, Callable[[Any], None]]) -> dict[str, float]:
    context = browser.new_context(**PHONE)
    page = context.new_page()
    page.goto(address, wait_until="load")
    context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.evaluate(WATCH)
    page.evaluate(DOT)
    took = {}
    for name, press in presses.items():
        page.evaluate("() => { window.worst = {}; }")
        press(page)
        page.wait_for_timeout(700)  # until the last picture is reported
        took[name] = max(page.evaluate("() => Object.values(window.worst)"), default=0)
    context.close()
    return took
