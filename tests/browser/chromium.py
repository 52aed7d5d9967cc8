"""Chromium for tests: how it is started, how a person logs in in it, and what it must not find on a page."""

import os
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, Playwright

from accounts.models import User

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--autoplay-policy=no-user-gesture-required",
]
AXE = Path(settings.BASE_DIR) / "node_modules/axe-core/axe.min.js"
_RUN_AXE = """() => axe.run(document, {resultTypes: ["violations"]}).then(result => result.violations
  .filter(v => v.impact === "serious" || v.impact === "critical")
  .map(v => v.id + ": " + v.nodes.map(n => n.target.join(" ")).join(", ")))"""


def launch(playwright: Playwright, path: str) -> Browser:
    # The test's thread talks to the database while Playwright's event loop stands still behind it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    return playwright.chromium.launch(executable_path=path, args=FLAGS)


def watch(page: Page) -> list[str]:
    """The faults that this page shows from now on: uncaught errors and what its Content-Security-Policy refused."""
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(f"uncaught: {error}"))

    def note(message: object) -> None:
        text = getattr(message, "text", "")
        if "Content Security Policy" in text:
            faults.append(text)

    page.on("console", note)
    return faults


def login(page: Page, user: User) -> None:
    """Make the page's browser that of `user`, without the log-in page."""
    client = Client()
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": _base(page.context)}])


def speak(page: Page, language: str) -> None:
    """Choose the pages' language ("en", "zh-hans") as the switch at the foot does."""
    page.context.add_cookies([
        {"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": _base(page.context)}
    ])  # fmt: skip


def wait_until(page: Page, fact: Callable[[], object], seconds: int = 30, *, told: Callable[[], object] = str) -> None:
    """What workers or a page's reports make true a moment later: looked for until it holds. `told`: what stands there
    instead, where it never does.
    """
    for _try in range(seconds * 5):
        if fact():
            return
        page.wait_for_timeout(200)
    assert fact(), f"not so after {seconds} s: {told()}"


def _base(context: BrowserContext) -> str:
    return context.base_url  # type: ignore[attr-defined]  # set by the fixture that made the context


def assert_accessible(page: Page) -> None:
    """axe finds nothing serious on the page, light and dark, and the page is no wider than its window."""
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        if not page.evaluate("'axe' in window"):
            page.evaluate(AXE.read_text())
        found = page.evaluate(_RUN_AXE)
        assert not found, f"{page.url} in {scheme}: " + "; ".join(found)
    assert_no_sideways_scroll(page)


def assert_no_sideways_scroll(page: Page) -> None:
    too_wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert too_wide <= 0, f"{page.url} is {too_wide} px wider than its window"


def assert_read_in_order(page: Page, said: list[str]) -> None:
    """A screen reader comes upon all of `said` in this order, each line holding its words; and whoever tabs or looks
    comes upon things in the same order: nothing jumps the queue or stands above what is read before it.
    """
    lines = iter(page.locator("main").aria_snapshot().splitlines())
    for words in said:
        assert any(words in line for line in lines), f"{words!r} is not read, or not in its place"
    assert page.locator("[tabindex]:not([tabindex='0']):not([tabindex='-1'])").count() == 0
    tops: list[float] = page.evaluate(_TOPS)
    assert tops == sorted(tops), f"{page.url}: what is read later stands higher"


# Headings and the groups of a form, from where they stand on the page.
_TOPS = """() => [...document.querySelectorAll("main :is(h1, h2, h3, fieldset, form button)")]
  .filter(each => each.checkVisibility({visibilityProperty: true}))
  .map(each => Math.round(each.getBoundingClientRect().top / 40))"""
