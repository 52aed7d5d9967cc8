"""What the authenticator apps of the sample's staff show now."""

import time
from typing import Any

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.management.base import BaseCommand

from marketplace.sample.people import SECRETS, STAFF

PERIOD = 30


class Command(BaseCommand):
    help = "Print the present codes of the sample's staff."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        now = int(time.time())
        for role, email, *_rest in STAFF:
            if secret := SECRETS.get(role):
                code = format_hotp_value(hotp_value(secret, now // PERIOD))
                self.stdout.write(f"{code}  {email} (for {PERIOD - now % PERIOD} s)")
