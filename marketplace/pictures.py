"""Where covers and portraits lie: on the disk, or in S3 so that several hosts share them; at /media/ either way.

What only some may see (files and pictures of lessons, covers and portraits of what was taken down) lies apart, and no
address leads there but through our own doors.
"""

from pathlib import Path
from typing import Any

from marketplace.lib import env


def storage(base_url: str) -> dict[str, Any]:
    """The entry for STORAGES. Addresses are ours either way: the bucket's own address never stands in a page."""
    bucket = env.text("S3_BUCKET", "")
    if not bucket:
        return {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    scheme, _, host = base_url.partition("://")
    options = {
        "bucket_name": bucket,
        "endpoint_url": env.text("S3_ENDPOINT_URL", "") or None,
        "region_name": env.text("S3_REGION", "us-east-1"),
        "custom_domain": f"{host}/media",
        "url_protocol": f"{scheme}:",
        "signature_version": "s3v4",
        "addressing_style": "path",
        "file_overwrite": False,
        "querystring_auth": False,
    }
    return {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options}


def private_storage(home: Path) -> dict[str, Any]:
    """The entry for what has no public address: a folder, or a bucket of its own that no web server shows."""
    bucket = env.text("S3_PRIVATE_BUCKET", "")
    if not bucket:
        folder = env.folder("KEZHAN_PRIVATE_ROOT", home / "private")
        return {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": folder}}
    options = {
        "bucket_name": bucket,
        "endpoint_url": env.text("S3_ENDPOINT_URL", "") or None,
        "region_name": env.text("S3_REGION", "us-east-1"),
        "signature_version": "s3v4",
        "addressing_style": "path",
        "default_acl": "private",
        "file_overwrite": False,
    }
    return {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options}
