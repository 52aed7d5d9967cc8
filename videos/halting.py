"""Taking a film back from the workers for good: its rows, and the files of its chunks."""

from typing import Any

from django.db import transaction

from . import shelves
from .models import Video


def cancel(video: Video, by: Any) -> None:
    """Nobody makes it any more; the original stays. Raises NotInConversion."""
    video_id = video.pk
    with transaction.atomic():
        video.cancel(by)
        transaction.on_commit(lambda: shelves.forget_chunks(video_id), robust=True)
