"""Receiving the parts of an upload on local disk: signed addresses, streaming in constant memory, rival writers."""

import base64
import binascii
import hashlib
import secrets
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Any

from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext_lazy as _

from marketplace.lib import failpoints
from marketplace.lib.errors import DomainError

from . import bucket, cold, shelves, sniff
from .models import Upload

CHUNK_BYTES = 256 * 1024
SIGNED_FOR_S = 6 * 3600


class PartRefused(DomainError):
    """The bytes are not those that part must have."""

    code = "part_refused"
    status = 400
    message = _("This part has the wrong size or checksum. Send it again.")


class NotAFilm(DomainError):
    code = "not_a_film"
    status = 415
    message = _("This file is not a film that we can read. Send MP4, MOV, MKV, WebM, AVI, FLV or MPEG-TS.")


class BadSignature(DomainError):
    code = "bad_signature"
    status = 403
    message = _("This address is wrong or has expired. Ask for a new one.")


def signed_path(upload: Upload, number: int) -> str:
    """The path to PUT part `number` to; good for 6 hours, needs no cookie. Raises PartRefused for no such part."""
    if upload.part_bytes(number) is None:
        raise PartRefused(_("This upload has no such part."), parts=upload.parts_count)
    expires = int(time.time()) + SIGNED_FOR_S
    token = _token(upload.pk, number, expires)
    return reverse("videos:part", kwargs={"pk": upload.pk, "number": number, "expires": expires, "token": token})


def check_signature(pk: Any, number: int, expires: int, token: str) -> None:
    """Raises BadSignature."""
    if not constant_time_compare(token, _token(pk, number, expires)) or expires < time.time():
        raise BadSignature


def _token(pk: Any, number: int, expires: int) -> str:
    return salted_hmac("videos.part", f"{pk}|{number}|{expires}", algorithm="sha256").hexdigest()[:40]


def receive(upload: Upload, number: int, stream: IO[bytes], *, length: int | None, md5: str | None = None) -> str:
    """Keep part `number` as it streams in; returns its ETag (MD5 in hex).

    `length` and `md5` (base64) are the request's own Content-Length and Content-MD5, if it had them. Raises
    PartRefused, NotAFilm (which also ends the upload), NoSpace, UploadClosed.
    """
    wanted = upload.part_bytes(number)
    if wanted is None or (length is not None and length != wanted):
        raise PartRefused(expected_bytes=wanted or 0)
    shelves.require_space(wanted)
    folder = shelves.upload_folder(upload.pk)
    folder.mkdir(parents=True, exist_ok=True)
    # A name of its own for every writer; the row tells which of them counts.
    place = folder / f"part-{number:05d}-{secrets.token_hex(6)}"
    with ExitStack() as undo:
        undo.callback(place.unlink, missing_ok=True)
        try:
            etag = _write(place, stream, wanted, is_first=number == 1)
        except NotAFilm:
            upload.refuse("not_a_film")
            undo.callback(shelves.forget_upload, upload.pk)
            raise
        _compare(etag, md5)
        failpoints.reach("videos.part_written")
        replaced = upload.record_part(number=number, size=wanted, etag=etag, file_name=place.name)
        undo.pop_all()
    if replaced:
        (folder / replaced).unlink(missing_ok=True)
    return etag


def _write(place: Path, stream: IO[bytes], wanted: int, *, is_first: bool) -> str:
    digest = hashlib.md5(usedforsecurity=False)
    got = 0
    with shelves.space_errors(), place.open("wb") as out:
        while chunk := stream.read(min(CHUNK_BYTES, wanted - got + 1)):
            if is_first and got == 0 and len(chunk) >= min(wanted, 1024) and not sniff.is_film(chunk):
                raise NotAFilm
            got += len(chunk)
            if got > wanted:
                break
            digest.update(chunk)
            out.write(chunk)
    if got != wanted:
        raise PartRefused(expected_bytes=wanted)
    return digest.hexdigest()


def _compare(etag: str, md5: str | None) -> None:
    if md5 is None:
        return
    try:
        said = base64.b64decode(md5, validate=True).hex()
    except binascii.Error:
        raise PartRefused from None
    if said != etag:
        raise PartRefused


def join(upload: Upload, on_tick: Callable[[float], None]) -> None:
    """Make the original of the completed upload from its parts, once. Safe to repeat after a crash at any point."""
    target = shelves.original(upload.video_id)
    if not target.exists():
        _bring(upload, target, on_tick)
    failpoints.reach("videos.original_joined")
    if upload.store_id:
        bucket.forget(upload.pk)
    shelves.forget_upload(upload.pk)


def _bring(upload: Upload, target: Path, on_tick: Callable[[float], None]) -> None:
    if cold.bring_back(upload, target, on_tick):
        return
    # The parts lie here until the whole does: for a while it needs as much room again.
    shelves.require_space(upload.size)
    if upload.store_id:
        shelves.write(bucket.pieces(upload.pk), target, upload.size, on_tick)
    else:
        folder = shelves.upload_folder(upload.pk)
        shelves.assemble((folder / part.file_name for part in upload.parts.all()), target, upload.size, on_tick)
