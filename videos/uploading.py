"""Beginning and ending uploads, and removing films: rows and files together."""

import logging
import uuid
from contextlib import ExitStack
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.lib import failpoints
from marketplace.lib.errors import NotAllowed

from . import bucket, cold, parts, remaking, shelves, sniff, strays, unplayed
from .models import ColdOriginal, PutAway, Replacement, Upload, UploadPart, Video
from .models.upload import PartsMissing, UploadClosed
from .models.video import VideoInUse

log = logging.getLogger(__name__)
STRAY_AFTER = timedelta(hours=1)


class CreatorsOnly(NotAllowed):
    code = "creators_only"
    message = _("Become a creator first: then you can upload films.")


def begin(owner: Any, *, name: str, size: int, type: str) -> Upload:
    """A new upload. Raises CreatorsOnly, QuotaReached, TooManyUploads, NoSpace."""
    if owner.creator_or_none is None:
        raise CreatorsOnly
    if bucket.is_used():
        return _begin_in_bucket(owner, name=name, size=size, content_type=type)
    shelves.require_space(size)
    return Upload.objects.begin(owner=owner, name=name, size=size, content_type=type)


def _begin_in_bucket(owner: Any, **asked: Any) -> Upload:
    # S3 is asked outside the transaction, which holds a lock on the person.
    upload_id = uuid.uuid4()
    with ExitStack() as undo:
        store_id = bucket.begin(upload_id, asked["content_type"])
        undo.callback(bucket.forget, upload_id, store_id)
        upload = Upload.objects.begin(owner=owner, id=upload_id, store_id=store_id, **asked)
        undo.pop_all()
    return upload


def part_address(upload: Upload, number: int, md5: str | None = None) -> tuple[str, dict[str, str]]:
    """Where to PUT part `number`, and with which headers. Raises PartRefused for no such part, UploadClosed."""
    size = upload.part_bytes(number)
    if size is None:
        raise parts.PartRefused(_("This upload has no such part."), parts=upload.parts_count)
    if not upload.is_open:
        raise UploadClosed
    if not upload.store_id:
        return parts.signed_path(upload, number), {"Content-MD5": md5} if md5 else {}
    upload.prolong()
    return bucket.part_address(upload.pk, upload.store_id, number, size, md5)


def parts_here(upload: Upload) -> QuerySet[UploadPart]:
    """The parts that have arrived whole. Raises StoreDown."""
    if upload.store_id and upload.is_open:
        upload.take_stock(bucket.parts(upload.pk, upload.store_id) or [])
    return UploadPart.objects.filter(upload=upload)


def complete(upload: Upload, sent: list[dict[str, Any]]) -> Video:
    """All parts are sent. Raises PartsMissing, UploadClosed; of S3 also NotAFilm and StoreDown. Safe to repeat."""
    if upload.store_id and upload.is_open:
        _complete_in_bucket(upload, sent)
    return upload.complete(sent)


def _complete_in_bucket(upload: Upload, sent: list[dict[str, Any]]) -> None:
    # None: an earlier try joined them and died before it wrote that down; what it had counted is in our rows.
    if (found := bucket.parts(upload.pk, upload.store_id)) is not None:
        upload.take_stock(found)
        upload.compare(sent)
        bucket.complete(upload.pk, upload.store_id, upload.parts.values_list("number", "etag"))
    failpoints.reach("videos.joined_in_bucket")
    if bucket.size(upload.pk) != upload.size:
        raise PartsMissing
    # Only now can S3's bytes be looked at: they went past us.
    if not sniff.is_film(bucket.head(upload.pk, sniff.HEAD_BYTES)):
        upload.refuse("not_a_film")
        _forget_bytes(upload)
        raise parts.NotAFilm


def abort(upload: Upload) -> None:
    """The owner takes it back. Raises UploadClosed when it is complete."""
    upload.abort()
    _forget_bytes(upload)


def _forget_bytes(upload: Upload) -> None:
    shelves.forget_upload(upload.pk)
    if upload.store_id:
        try:
            bucket.forget(upload.pk, upload.store_id)
        except bucket.StoreDown:
            log.warning("parts_stay_in_bucket", extra={"pk": str(upload.pk)})  # until the next sweep


def remove_film(video: Video, by: Any) -> bool:
    """The owner removes a film for good: row, original and renditions. Raises VideoInUse, VideoNotSettled.

    Where past versions of courses show it, and nothing else does, its renditions stay (docs/decisions/0090): False.
    """
    try:
        _remove_whole(video)
    except VideoInUse:
        _put_away(video, by)
        return False
    return True


def _remove_whole(video: Video) -> None:
    video_id, asset = video.pk, video.asset
    with transaction.atomic():
        Replacement.objects.of(video).open().hold()
        # Held before its other conversion, as by workers and by who halts it: else each could wait for the other. And
        # as it is now, not as it was shown: another try may have begun meanwhile.
        held = Video.objects.select_for_update().filter(pk=video_id).first()
        if held is None:
            return
        cuts = list(held.excerpts.values_list("asset", flat=True))
        copies = list(Video.objects.filter(made_for=held).values_list("pk", flat=True))
        upload = Upload.objects.filter(video=held).first()
        held.remove()
        transaction.on_commit(lambda: _forget_sent(upload), robust=True)
        transaction.on_commit(lambda: shelves.forget_film(video_id, asset), robust=True)
        for copy in copies:
            transaction.on_commit(lambda copy=copy: shelves.forget_refused(copy), robust=True)  # type: ignore[misc]
        for cut in cuts:
            transaction.on_commit(lambda cut=cut: shelves.forget_excerpt(cut), robust=True)  # type: ignore[misc]


def _put_away(video: Video, by: Any) -> None:
    upload = Upload.objects.filter(video=video).first()
    with transaction.atomic():
        PutAway.objects.put(video, by)
        ColdOriginal.objects.filter(upload=upload).delete()
        remaking.stop(video, by)
        transaction.on_commit(lambda: _forget_sent(upload), robust=True)
        transaction.on_commit(lambda: shelves.forget_original(video.pk), robust=True)
    # Not under the film's lock: who carries one out holds it, and waits for the film.
    Replacement.objects.of(video).open().update(given_up_at=timezone.now())


def _forget_sent(upload: Upload | None) -> None:
    if upload:
        cold.forget(upload.pk)
        _forget_bytes(upload)  # where nobody has joined its parts, they are all that was sent


def expire_old() -> int:
    """End every upload that nobody went on with for a week, and sweep what dead workers left; how many ended."""
    ended = 0
    for upload in Upload.objects.expired().select_related("video").order_by("expires_at")[:500]:
        try:
            upload.expire()
        except UploadClosed:
            continue  # it was completed, or taken back, since it was looked for
        _forget_bytes(upload)
        ended += 1
    shelves.forget_dead_jobs()
    shelves.forget_half_joined()
    _forget_leftovers()
    _forget_originals()
    _forget_unwanted()
    remaking.forget_old_files()
    unplayed.sweep()
    cold.forget_strays()
    if bucket.is_used():
        _forget_strays()
        _forget_unwanted_objects()
    return ended


def _forget_leftovers() -> None:
    """What workers that were killed left of films on which nobody works any more."""
    here = shelves.films_in_work()
    going_on = Video.objects.filter(pk__in=here, state__in=Video.IN_WORK).values_list("pk", flat=True)
    for video_id in here - {str(pk) for pk in going_on}:
        shelves.forget_jobs(video_id)


def _forget_originals() -> None:
    """Those of failed films that nobody can, or did in time, ask to have tried again."""
    for video in Video.objects.out_of_time().select_related("upload").order_by("failed_at", "finished_at")[:500]:
        video.give_up()
        if video.has_failed_for_good:
            _forget_bytes(video.upload)  # where its parts were never joined
    # By what lies here, so that a worker killed between the row and the file leaves nothing for good.
    here = list(shelves.originals_here())
    for at in range(0, len(here), 1000):
        for video_id in (
            Video.objects.failed_for_good().filter(pk__in=here[at : at + 1000]).values_list("pk", flat=True)
        ):
            shelves.forget_refused(video_id)


def _forget_unwanted() -> None:
    """Parts of uploads, and originals of films, of which no row tells any more that somebody may need them."""
    uploads, films = Upload.objects, Video.objects
    for upload_id in strays.unneeded(shelves.uploads_here(), uploads.all(), uploads.wanted(), "uploads"):
        shelves.forget_upload(upload_id)
    for video_id in strays.unneeded(shelves.originals_here(), films.all(), films.needing_originals(), "originals"):
        shelves.forget_refused(video_id)


def _forget_unwanted_objects() -> None:
    """The same of what lies whole in S3."""
    try:
        lie = bucket.objects(settings.VIDEO_BUCKET, "uploads/").items()
        here = {name: at for name, at in lie if shelves.is_id(name)}
        for upload_id in strays.unneeded(here, Upload.objects.all(), Upload.objects.wanted(), "the bucket"):
            bucket.forget(upload_id)
    except bucket.StoreDown:
        log.warning("bucket_not_swept")


def _forget_strays() -> None:
    """Uploads that S3 holds open and nobody here: their beginner died, or S3 was away when they ended."""
    try:
        strays = dict(bucket.open_uploads(before=timezone.now() - STRAY_AFTER))
        ours = {str(pk) for pk in Upload.objects.open().filter(pk__in=strays).values_list("pk", flat=True)}
        for upload_id in strays.keys() - ours:
            bucket.forget(upload_id, strays[upload_id])
    except bucket.StoreDown:
        log.warning("bucket_not_swept")
