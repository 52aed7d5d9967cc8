"""Uploads that go from the browser straight to S3: the five calls of an upload in parts, and fetching the whole.

One object an upload, named by its id, in the bucket of KEZHAN_VIDEO_BUCKET. It lies there from its completion until a
worker has it on its own disk. Whatever S3 does not answer becomes StoreDown: nothing is lost, another try goes on.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from marketplace.lib.errors import DomainError

PIECE_BYTES = 4 * 1024 * 1024
SIGNED_FOR_S = 6 * 3600


class StoreDown(DomainError):
    """S3 does not answer, or answers that it cannot."""

    code = "store_down"
    status = 503
    message = _("The store for films does not answer. What you sent is kept; try again in a minute.")


def is_used() -> bool:
    return bool(settings.VIDEO_BUCKET)


def prepare(origins: list[str]) -> None:
    """Make the bucket if there is none, and let pages of these origins PUT parts to signed addresses. Repeatable."""
    rule = {
        "AllowedOrigins": origins,
        "AllowedMethods": ["PUT"],
        "AllowedHeaders": ["content-md5", "content-type"],
        # Without it a page may not read what S3 says it has kept, and would take every part for lost.
        "ExposeHeaders": ["ETag"],
        "MaxAgeSeconds": 3600,
    }
    with answers("BucketAlreadyOwnedByYou", "BucketAlreadyExists"):
        client().create_bucket(Bucket=settings.VIDEO_BUCKET)
    with answers():
        client().put_bucket_cors(Bucket=settings.VIDEO_BUCKET, CORSConfiguration={"CORSRules": [rule]})


def begin(upload_id: Any, content_type: str) -> str:
    """S3's own name for a new upload in parts."""
    with answers():
        kind = content_type or "application/octet-stream"
        made = client().create_multipart_upload(**_object(upload_id), ContentType=kind)
        return str(made["UploadId"])


def part_address(upload_id: Any, store_id: str, number: int, size: int, md5: str | None) -> tuple[str, dict[str, str]]:
    """(address, headers) to PUT exactly `size` bytes to; S3 itself refuses others, and those with another `md5`."""
    signed = {**_object(upload_id), "UploadId": store_id, "PartNumber": number, "ContentLength": size}
    if md5:
        signed["ContentMD5"] = md5
    address = client(settings.VIDEO_BUCKET_URL).generate_presigned_url("upload_part", signed, ExpiresIn=SIGNED_FOR_S)
    return str(address), {"Content-MD5": md5} if md5 else {}


def parts(upload_id: Any, store_id: str) -> list[dict[str, Any]] | None:
    """[{"number", "size", "etag"}] of what has arrived; None when S3 knows no such upload (any more)."""
    with answers("NoSuchUpload") as answer:
        pages = client().get_paginator("list_parts").paginate(**_object(upload_id), UploadId=store_id)
        answer.append([_told(part) for page in pages for part in page.get("Parts", [])])
    return answer[0] if answer else None


def _told(part: dict[str, Any]) -> dict[str, Any]:
    return {"number": part["PartNumber"], "size": part["Size"], "etag": part["ETag"].strip('"').lower()}


def complete(upload_id: Any, store_id: str, sent: Iterable[tuple[int, str]]) -> None:
    """Join the parts (number, etag), in S3. Harmless when that has happened."""
    joined = {"Parts": [{"PartNumber": number, "ETag": f'"{etag}"'} for number, etag in sent]}
    with answers("NoSuchUpload"):
        client().complete_multipart_upload(**_object(upload_id), UploadId=store_id, MultipartUpload=joined)


def size(upload_id: Any) -> int | None:
    """Bytes of the completed object; None when there is none."""
    with answers("404", "NoSuchKey") as answer:
        answer.append(int(client().head_object(**_object(upload_id))["ContentLength"]))
    return answer[0] if answer else None


def head(upload_id: Any, most: int) -> bytes:
    """Its first bytes, at most so many."""
    with answers():
        got = client().get_object(**_object(upload_id), Range=f"bytes=0-{most - 1}")
        return bytes(got["Body"].read())


def pieces(upload_id: Any) -> Iterator[bytes]:
    """The whole object, some MB at a time."""
    with answers():
        yield from client().get_object(**_object(upload_id))["Body"].iter_chunks(PIECE_BYTES)


def forget(upload_id: Any, store_id: str = "") -> None:
    """Take back what has arrived, parts (when `store_id` is given) and object alike."""
    with answers("NoSuchUpload", "NoSuchKey", "404"):
        if store_id:
            client().abort_multipart_upload(**_object(upload_id), UploadId=store_id)
    with answers("NoSuchKey", "404"):
        client().delete_object(**_object(upload_id))


def open_uploads(before: datetime) -> list[tuple[str, str]]:
    """(upload's id, S3's name) of every upload in parts that was begun before then and neither completed nor ended."""
    with answers():
        # Without the prefix also originals on their way to a cold place in the same bucket.
        asked = {"Bucket": settings.VIDEO_BUCKET, "Prefix": "uploads/"}
        pages = client().get_paginator("list_multipart_uploads").paginate(**asked)
        found = [one for page in pages for one in page.get("Uploads", []) if one["Initiated"] < before]
    return [(one["Key"].removeprefix("uploads/"), one["UploadId"]) for one in found]


def objects(name: str, prefix: str) -> dict[str, float]:
    """What lies whole in the bucket `name`, without `prefix`: when it was written, in seconds since 1970."""
    with answers():
        pages = client().get_paginator("list_objects_v2").paginate(Bucket=name, Prefix=prefix)
        found = [one for page in pages for one in page.get("Contents", [])]
    return {one["Key"].removeprefix(prefix): one["LastModified"].timestamp() for one in found}


def _object(upload_id: Any) -> dict[str, str]:
    return {"Bucket": settings.VIDEO_BUCKET, "Key": f"uploads/{upload_id}"}


def client(address: str = "") -> Any:
    return _client_at(address or settings.S3_ENDPOINT_URL, settings.S3_REGION)


@lru_cache(maxsize=4)
def _client_at(address: str, region: str) -> Any:
    # Only where S3 is used: importing boto3 costs every process half a second and some 20 MB.
    import boto3
    from botocore.config import Config

    patience = {"connect_timeout": 2, "read_timeout": 20, "retries": {"max_attempts": 2}}
    config = Config(signature_version="s3v4", s3={"addressing_style": "path"}, **patience)
    return boto3.client("s3", endpoint_url=address or None, region_name=region, config=config)


@contextmanager
def answers(*known: str) -> Iterator[list[Any]]:
    """S3's failures become StoreDown; those of the `known` codes say that the thing is not there, and pass."""
    from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError
    from urllib3.exceptions import HTTPError

    try:
        yield []
    except ClientError as error:
        if error.response.get("Error", {}).get("Code") not in known:
            raise StoreDown from error
    except (BotoCoreError, HTTPClientError, HTTPError, OSError) as error:
        raise StoreDown from error
