"""Originals that nobody has needed for long lie in a cheaper place, and come back when somebody does.

At every moment at least one whole copy lies somewhere: the warm one goes only after the cold one was read back and a
row says so, and while the film's row is held, so that a conversion cannot begin in between. Killed anywhere, the next
try goes on.
"""

import hashlib
import logging
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from marketplace.lib import failpoints

from . import bucket, cold_places, shelves, strays
from .cold_places import Damaged, Place, Tick
from .models import ColdOriginal, PutAway, Upload

log = logging.getLogger(__name__)
PAUSE = timedelta(minutes=15)


class OriginalGone(Exception):
    """It lies in neither place: an alert, since nobody can make the film anew."""


def ask_for_old() -> int:
    """The rule: originals of films that have been ready for so many days are to be moved; how many were asked for."""
    if cold_places.current() is None:
        return 0
    return ColdOriginal.objects.ask_for_old(timezone.now() - timedelta(days=settings.KEZHAN_COLD_AFTER_DAYS))


def move(original: ColdOriginal) -> None:
    """Bring a claimed row to its end: the original lies in the cold place, and there alone."""
    place = cold_places.current()
    if place is None or not original.upload.video.is_ready:
        return  # switched off, or the film is being made anew; the rule asks again in time
    if PutAway.objects.filter(video=original.upload.video_id).exists():
        return  # removed since the rule asked: nobody needs its original, and it may be gone
    try:
        _copy(original, place)
    except (shelves.NoSpace, bucket.StoreDown) as lack:
        log.warning("original_stays_warm", extra={"pk": str(original.upload_id), "for": lack.code})
        original.wait_until_due(PAUSE)
        return
    failpoints.reach("videos.original_copied")
    original.let_go(_remove_warm)


def _copy(original: ColdOriginal, place: Place) -> None:
    upload, warm = original.upload, shelves.original(original.upload.video_id)
    beat = original.beat()
    is_there = place.size(upload.pk) == upload.size
    if not warm.exists():
        if not is_there:
            raise OriginalGone(str(upload.pk))
        return  # removed by a try that died before it wrote that down
    if warm.stat().st_size != upload.size:
        raise Damaged(f"{warm.stat().st_size} bytes, {upload.size} were sent")
    if is_there and original.copied_at:
        return  # it was brought back meanwhile, and the cold copy stayed
    found = cold_places.digest(cold_places.pieces_of(warm), beat)
    place.put(upload.pk, warm, beat)
    failpoints.reach("videos.original_put")
    if cold_places.digest(place.pieces(upload.pk), beat) != found:
        raise Damaged("the cold copy reads otherwise than the original")
    original.note_copied(found)


def _remove_warm(upload: Upload) -> None:
    shelves.forget_original(upload.video_id)
    failpoints.reach("videos.original_let_go")


def bring_back(upload: Upload, target: Path, on_tick: Tick) -> bool:
    """Fetch the original to its warm place; False when it lies in no cold one. Safe to repeat.

    Raises NoSpace, StoreDown, Damaged. The cold copy stays: moved again, the original costs no second copy.
    """
    place = cold_places.current()
    if place is None or place.size(upload.pk) != upload.size:
        return False
    shelves.require_space(upload.size)
    known = ColdOriginal.objects.filter(upload=upload).values_list("sha256", flat=True).first() or ""
    shelves.write(_checked(place.pieces(upload.pk), known), target, upload.size, on_tick)
    ColdOriginal.objects.note_back(upload)
    return True


def _checked(pieces: Iterator[bytes], known: str) -> Iterator[bytes]:
    """The pieces, and at their end Damaged unless they are what was put there: then the file never appears."""
    found = hashlib.sha256()
    for piece in pieces:
        found.update(piece)
        yield piece
    if known and found.hexdigest() != known:
        raise Damaged("the cold copy is no longer what was put there")


def forget(upload_id: Any) -> None:
    """The film is removed for good."""
    if (place := cold_places.current()) is None:
        return
    try:
        place.forget(upload_id)
    except bucket.StoreDown:
        log.warning("original_stays_cold", extra={"pk": str(upload_id)})  # until the next sweep


def forget_strays() -> int:
    """Remove what lies in the cold place of uploads that nobody needs any more; how many."""
    if (place := cold_places.current()) is None:
        return 0
    gone = 0
    try:
        place.forget_half_put()
        for name in strays.unneeded(place.names(), Upload.objects.all(), Upload.objects.wanted(), "the cold place"):
            place.forget(name)
            gone += 1
    except bucket.StoreDown:
        log.warning("cold_place_not_swept")
    return gone
