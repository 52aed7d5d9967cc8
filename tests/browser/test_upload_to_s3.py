"""Uploading from Chromium straight to an S3 of another origin: what CORS must allow, and that each part is checked."""

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from csp.constants import SELF
from django.core.management import call_command
from django.core.management.base import CommandError
from playwright.sync_api import Page, Request, expect

from accounts.models import User
from marketplace.lib import work
from tests.browser.chromium import login
from tests.browser.test_upload import drop
from tests.videos.films import make_film
from tests.videos.s3 import KEYS, S3
from videos import shelves, transcoding
from videos.models import Video

pytestmark = pytest.mark.django_db(transaction=True)
BUCKET = "kezhan-films"


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3]:
    """An S3 that lets no page of another origin in unless a bucket's own rule does."""
    server = S3(tmp_path_factory.mktemp("s3"))
    server.more = ["-s3.allowedOrigins=https://nobody.example"]
    try:
        server.start()
        yield server
    finally:
        server.stop()


@pytest.fixture
def bucket(guarded: S3, live_server: Any, settings: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> S3:
    """Uploads go to it; pages may talk to it; the bucket itself is not there yet."""
    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)
    settings.VIDEO_ROOT, settings.VIDEO_BUCKET = tmp_path / "video", BUCKET
    settings.S3_ENDPOINT_URL, settings.KEZHAN_BASE_URL = guarded.url, live_server.url
    policy = settings.CONTENT_SECURITY_POLICY
    directives = policy["DIRECTIVES"] | {"connect-src": [SELF, guarded.url]}
    settings.CONTENT_SECURITY_POLICY = policy | {"DIRECTIVES": directives}
    return guarded


def test_a_film_goes_from_the_browser_to_s3_with_a_checksum_for_each_part(
    open_browser: Callable[..., Page], bucket: S3, ada: User, tmp_path: Path
) -> None:
    call_command("prepare_film_bucket")
    call_command("prepare_film_bucket")  # harmless
    page, content = open_browser(), make_film(tmp_path / "knots.mp4", seconds=1).read_bytes()
    sent: list[Request] = []
    page.on("request", lambda one: sent.append(one) if one.method == "PUT" else None)
    login(page, ada)
    page.goto("/studio/films/")
    drop(page, "knots.mp4", content)
    expect(page.locator("[data-rows] .upload-row")).to_have_attribute("data-state", "done", timeout=20_000)
    (part,) = sent
    assert part.url.startswith(f"{bucket.url}/{BUCKET}/")
    assert part.headers["content-md5"]
    video = Video.objects.get()
    work.run(Video, video.pk, transcoding.transcode)
    video.refresh_from_db()
    assert video.is_ready
    original = shelves.original(video.pk).read_bytes()
    assert hashlib.sha256(original).digest() == hashlib.sha256(content).digest()


def test_without_the_bucket_s_rule_the_same_browser_cannot_send(
    open_browser: Callable[..., Page], bucket: S3, ada: User, settings: Any, tmp_path: Path
) -> None:
    """The negative control: the page is told that nothing arrived, and says so."""
    settings.VIDEO_BUCKET = "no-rule"
    bucket.client.create_bucket(Bucket="no-rule")
    page, content = open_browser(), make_film(tmp_path / "knots.mp4", seconds=1).read_bytes()
    login(page, ada)
    page.goto("/studio/films/")
    drop(page, "knots.mp4", content)
    row = page.locator("[data-rows] .upload-row")
    expect(row).to_have_attribute("data-state", "offline", timeout=20_000)
    expect(row).to_contain_text("We go on by ourselves")
    row.get_by_role("button", name="Take back").click()
    expect(row).to_have_count(0)
    assert not Video.objects.get().uploaded_at


def test_without_a_bucket_there_is_nothing_to_prepare(settings: Any) -> None:
    settings.VIDEO_BUCKET = ""
    with pytest.raises(CommandError, match="KEZHAN_VIDEO_BUCKET is not set"):
        call_command("prepare_film_bucket")
