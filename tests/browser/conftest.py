"""Chromium against the live server. Without a Chromium these tests are skipped, and say so."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connections
from playwright.sync_api import Browser, Page, sync_playwright

from marketplace.local.testing import find_chromium
from tests.browser import chromium

BUILT = Path(settings.BASE_DIR) / "static/dist/manifest.json"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """One Chromium for these tests and no longer: while Playwright's event loop stands in the thread, Django has other
    connections than before it, and a later test that forks would close the wrong ones.
    """
    path = find_chromium()
    if not path:
        pytest.skip("NO BROWSER: install chromium and fonts-noto-cjk, or name one in KEZHAN_CHROMIUM")
    assert BUILT.exists(), "The front end is not built: run npm ci and npm run build."
    with sync_playwright() as playwright:
        running = chromium.launch(playwright, path)
        yield running
        running.close()
        connections.close_all()


@pytest.fixture
def open_browser(live_server: Any, browser: Browser) -> Iterator[Callable[..., Page]]:
    """Opens a page in a browser of its own: `open_browser(width=390, locale="zh-CN")` is another device.

    At the end of the test no page may have thrown an error or met its Content-Security-Policy.
    """
    contexts: list[Any] = []
    faults: list[list[str]] = []

    def open_one(width: int = 1280, height: int = 900, locale: str = "en-US", **options: Any) -> Page:
        context = browser.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": height},
            locale=locale,
            **{"reduced_motion": "reduce", **options},
        )
        context.base_url = live_server.url  # type: ignore[attr-defined]  # for chromium.login
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        faults.append(chromium.watch(page))
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert not any(faults), [fault for of_page in faults for fault in of_page]


@pytest.fixture
def browser_page(open_browser: Callable[..., Page]) -> Page:
    """A page 1280 px wide, in English; addresses may be given without the host."""
    return open_browser()
