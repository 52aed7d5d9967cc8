"""Taking a film back from the workers, rows and the files of its chunks; and giving it to them again."""

from typing import Any

from django.db import transaction

from . import shelves
from .models import Video
from .models.upload import lock_person, require_quota


def go_on(video: Video, by: Any) -> None:
    """Another try for a film that failed in passing, or that she cancelled: its original counts again.

    Raises NotRetryable, QuotaReached.
    """
    with transaction.atomic():
        lock_person(video.owner)
        video.refresh_from_db()
        if video.state == Video.State.CANCELLED:
            require_quota(video.owner, video.size)
        video.retry(by)


def cancel(video: Video, by: Any) -> None:
    """Nobody makes it any more; the original stays. Raises NotInConversion."""
    video_id = video.pk
    with transaction.atomic():
        video.cancel(by)
        transaction.on_commit(lambda: shelves.forget_chunks(video_id), robust=True)
