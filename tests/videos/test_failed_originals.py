"""The originals of films that failed: gone at once where no try can help, kept for some days where one may."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from django.utils.translation import override

from accounts.models import User
from marketplace.lib import work
from marketplace.lib.emails import Mail
from tests.videos.films import upload_of
from videos import shelves, transcoding, uploading
from videos.models import Upload, Video
from videos.models.upload import QuotaReached
from videos.models.video import NotRetryable


def files() -> list[Path]:
    return [path for path in shelves.root().rglob("*") if path.is_file()]


def failed_in_passing(ada: User, *, days_ago: float = 0) -> Video:
    """Buried after its last try, its original on the shelf."""
    video = upload_of(ada, b"x" * 600).video
    Video.objects.filter(pk=video.pk).update(attempts=Video.MAX_ATTEMPTS, state="transcoding")
    assert Video.claim(video.pk) is None
    Video.objects.filter(pk=video.pk).update(failed_at=timezone.now() - timedelta(days=days_ago))
    video.refresh_from_db()
    return video


def test_what_no_try_can_mend_is_removed_at_once_and_counts_no_more(ada: User) -> None:
    video = upload_of(ada, b"This is no film at all. " * 400).video
    assert Video.objects.bytes_kept_for(ada) == video.size
    work.run(Video, video.pk, transcoding.transcode)
    video.refresh_from_db()
    assert (video.failure_code, files(), Video.objects.bytes_kept_for(ada)) == ("not_a_film", [], 0)


def test_what_a_worker_killed_after_the_verdict_left_is_swept(ada: User) -> None:
    video = upload_of(ada, b"x" * 600).video
    Video.claim(video.pk).fail("truncated")
    assert files()
    uploading.expire_old()
    assert not files()


def test_what_may_be_tried_again_stays_counts_and_says_until_when(ada: User, settings: Any) -> None:
    settings.UPLOAD_QUOTA_BYTES = 1000
    video = failed_in_passing(ada, days_ago=6.9)
    uploading.expire_old()
    assert files() == [shelves.original(video.pk)]
    with pytest.raises(QuotaReached):
        Upload.objects.begin(owner=ada, name="b.mp4", size=600, content_type="")
    Video.objects.filter(pk=video.pk).update(failed_at="2026-11-20T12:00:00Z")
    video.refresh_from_db()
    with override("en"):
        assert str(video.failure_text).endswith("kept for another try until Nov. 27, 2026.")
    # Where its reader lives it is the next day already.
    Video.objects.filter(pk=video.pk).update(failed_at="2026-11-20T20:00:00Z")
    video.refresh_from_db()
    with override("en"), timezone.override(ZoneInfo("Asia/Shanghai")):
        assert str(video.failure_text).endswith("kept for another try until Nov. 28, 2026.")
    assert "kept for another try until" in Mail.objects.get().text


def test_after_a_week_without_another_try_it_goes_and_its_owner_is_told(ada: User, settings: Any) -> None:
    settings.UPLOAD_QUOTA_BYTES = 1000
    video = failed_in_passing(ada, days_ago=7.1)
    uploading.expire_old()
    video.refresh_from_db()
    assert (video.failure_code, video.can_retry, files()) == ("original_expired", False, [])
    assert "nobody asked for another try in time" in Mail.objects.order_by("pk").last().text
    Upload.objects.begin(owner=ada, name="b.mp4", size=600, content_type="")
    with pytest.raises(NotRetryable):
        video.retry()
    uploading.expire_old()
    assert Mail.objects.count() == 2


def test_a_film_that_is_tried_again_just_then_keeps_its_original(ada: User) -> None:
    late = failed_in_passing(ada, days_ago=7.1)
    Video.objects.get(pk=late.pk).retry(ada)
    late.give_up()
    uploading.expire_old()
    assert (late.state, files()) == ("failed", [shelves.original(late.pk)])
    late.refresh_from_db()
    assert late.state == "uploaded"
