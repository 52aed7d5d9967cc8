"""Where covers and portraits lie: on the disk, or in S3 so that several hosts share them; at /media/ either way."""

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
