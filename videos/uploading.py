"""Beginning and ending uploads, and removing films: rows and files together."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from marketplace.lib.errors import NotAllowed

from . import shelves
from .models import Upload, Video


class CreatorsOnly(NotAllowed):
    code = "creators_only"
    message = _("Become a creator first: then you can upload films.")


def begin(owner: Any, *, name: str, size: int, type: str) -> Upload:
    """A new upload. Raises CreatorsOnly, QuotaReached, TooManyUploads, NoSpace."""
    if owner.creator_or_none is None:
        raise CreatorsOnly
    shelves.require_space(size)
    return Upload.objects.begin(owner=owner, name=name, size=size, content_type=type)


def abort(upload: Upload) -> None:
    """The owner takes it back. Raises UploadClosed when it is complete."""
    upload.abort()
    shelves.forget_upload(upload.pk)


def remove_film(video: Video) -> None:
    """The owner removes a film for good: row, original and renditions. Raises VideoInUse, VideoNotSettled."""
    video_id, asset = video.pk, video.asset
    with transaction.atomic():
        video.remove()
        transaction.on_commit(lambda: shelves.forget_film(video_id, asset), robust=True)


def expire_old() -> int:
    """End every upload that nobody went on with for a week, and sweep what dead workers left; how many ended."""
    ended = 0
    for upload in Upload.objects.expired().select_related("video").order_by("expires_at")[:500]:
        upload.expire()
        shelves.forget_upload(upload.pk)
        ended += 1
    shelves.forget_dead_jobs()
    return ended
