"""Print a fresh key for credentials, and what becomes of the present one when it is changed."""

import secrets
from typing import Any

from django.core.management.base import BaseCommand

from learners.certificates import keys


class Command(BaseCommand):
    help = (
        "Print a new KEZHAN_CREDENTIAL_KEY, and the public half of the present one for KEZHAN_CREDENTIAL_FORMER_KEYS."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"KEZHAN_CREDENTIAL_KEY={secrets.token_urlsafe(keys.SIDE)}")
        if keys.has_key():
            self.stdout.write(f"KEZHAN_CREDENTIAL_FORMER_KEYS={','.join(key.written for key in keys.public_keys())}")
