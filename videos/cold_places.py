"""The cold place of originals: another folder, or a bucket with a cheaper class of storage. Which one, settings say.

An original lies there under the id of its upload. `put` returns only when the whole is there; `pieces` gives it back.
"""

import hashlib
import os
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, Protocol

from django.conf import settings
from django.utils import timezone

from . import bucket, shelves

PIECE_BYTES = 4 * 1024 * 1024
Tick = Callable[[float], None]


class Damaged(Exception):
    """What was read is not what was written: nothing may be removed, and nothing made of it."""


class Place(Protocol):
    def size(self, upload_id: Any) -> int | None:
        """Bytes of what lies there; None for nothing."""

    def put(self, upload_id: Any, original: Path, on_tick: Tick) -> None: ...

    def pieces(self, upload_id: Any) -> Iterator[bytes]: ...

    def forget(self, upload_id: Any) -> None: ...

    def names(self) -> dict[str, float]:
        """The ids of uploads of which something lies there: when it was put there, in seconds since 1970."""

    def forget_half_put(self) -> None:
        """Remove what a worker that was killed had put there in part, a day later."""


def current() -> Place | None:
    """None where everything stays warm."""
    if settings.COLD_BUCKET:
        return Bucket(settings.COLD_BUCKET, settings.COLD_CLASS)
    return Folder(Path(settings.COLD_ROOT)) if settings.COLD_ROOT else None


def digest(pieces: Iterator[bytes], on_tick: Tick) -> str:
    found = hashlib.sha256()
    for piece in pieces:
        found.update(piece)
        on_tick(0)
    return found.hexdigest()


def pieces_of(file: Path) -> Iterator[bytes]:
    with file.open("rb") as source:
        while piece := source.read(PIECE_BYTES):
            yield piece


class Folder:
    """On a slower disk."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def size(self, upload_id: Any) -> int | None:
        file = self._file(upload_id)
        return file.stat().st_size if file.is_file() else None

    def put(self, upload_id: Any, original: Path, on_tick: Tick) -> None:
        file = self._file(upload_id)
        shelves.assemble([original], file, original.stat().st_size, on_tick)
        # The name as well must be on the disk before the other copy goes.
        folder = os.open(file.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def pieces(self, upload_id: Any) -> Iterator[bytes]:
        return pieces_of(self._file(upload_id))

    def forget(self, upload_id: Any) -> None:
        self._file(upload_id).unlink(missing_ok=True)

    def names(self) -> dict[str, float]:
        return shelves.changed(self.root.glob("*.bin"))

    def forget_half_put(self) -> None:
        shelves.forget_half_joined([self.root])

    def _file(self, upload_id: Any) -> Path:
        return self.root / f"{upload_id}.bin"


class Bucket:
    """In S3, in a class of storage that answers at once. Raises StoreDown."""

    PREFIX = "originals/"

    def __init__(self, name: str, storage_class: str) -> None:
        self.name, self.storage_class = name, storage_class

    def size(self, upload_id: Any) -> int | None:
        with bucket.answers("404", "NoSuchKey") as answer:
            answer.append(int(bucket.client().head_object(**self._object(upload_id))["ContentLength"]))
        return answer[0] if answer else None

    def put(self, upload_id: Any, original: Path, on_tick: Tick) -> None:
        # The client sends a checksum of each part, and S3 refuses what does not fit.
        with bucket.answers():
            bucket.client().upload_file(
                str(original), self.name, self._object(upload_id)["Key"],
                ExtraArgs={"StorageClass": self.storage_class}, Callback=lambda _bytes: on_tick(0),
                Config=_in_one_thread(),
            )  # fmt: skip

    def pieces(self, upload_id: Any) -> Iterator[bytes]:
        with bucket.answers():
            yield from bucket.client().get_object(**self._object(upload_id))["Body"].iter_chunks(PIECE_BYTES)

    def forget(self, upload_id: Any) -> None:
        with bucket.answers("NoSuchKey", "404"):
            bucket.client().delete_object(**self._object(upload_id))

    def names(self) -> dict[str, float]:
        here = bucket.objects(self.name, self.PREFIX)
        return {name: at for name, at in here.items() if shelves.is_id(name)}

    def forget_half_put(self) -> None:
        before = timezone.now() - timedelta(seconds=shelves.JOB_LIVES_S)
        with bucket.answers("NoSuchUpload"):
            asked = {"Bucket": self.name, "Prefix": self.PREFIX}
            for page in bucket.client().get_paginator("list_multipart_uploads").paginate(**asked):
                for one in page.get("Uploads", []):
                    if one["Initiated"] < before:
                        half = {"Bucket": self.name, "Key": one["Key"], "UploadId": one["UploadId"]}
                        bucket.client().abort_multipart_upload(**half)

    def _object(self, upload_id: Any) -> dict[str, str]:
        return {"Bucket": self.name, "Key": f"{self.PREFIX}{upload_id}"}


def _in_one_thread() -> Any:
    # The tick writes to the database, over the connection of this thread.
    from boto3.s3.transfer import TransferConfig

    return TransferConfig(use_threads=False)
