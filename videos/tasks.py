"""Bells of this app."""

from celery import shared_task

from marketplace.lib import work

from . import transcoding, uploading
from .models import Video


@shared_task(name="videos.tasks.transcode_video")
def transcode_video(pk: str) -> None:
    work.run(Video, pk, transcoding.transcode)


@shared_task(name="videos.tasks.expire_uploads")
def expire_uploads() -> None:
    uploading.expire_old()
