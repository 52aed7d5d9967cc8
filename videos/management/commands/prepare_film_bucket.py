"""Makes the bucket for parts of uploads, and lets browsers that show our pages send to it. Safe to repeat."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from videos import bucket


class Command(BaseCommand):
    help = "Make the bucket of KEZHAN_VIDEO_BUCKET, private, with the CORS rule that uploads need."

    def handle(self, *args: Any, **options: Any) -> None:
        if not bucket.is_used():
            raise CommandError("KEZHAN_VIDEO_BUCKET is not set: parts of uploads come to our disk.")
        bucket.prepare([settings.KEZHAN_BASE_URL])
        self.stdout.write(f"{settings.VIDEO_BUCKET} takes parts from pages of {settings.KEZHAN_BASE_URL}")
