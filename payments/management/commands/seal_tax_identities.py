"""After a new secret key: seal every tax identity under it, so that the old one can go."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from payments.models import TaxIdentity


class Command(BaseCommand):
    help = "Seal every tax identity under the present KEZHAN_SECRET_KEY. Exits with 1 when one cannot be read."

    def handle(self, *args: Any, **options: Any) -> None:
        done, unread = TaxIdentity.objects.seal_anew()
        self.stdout.write(f"{done} are sealed under the present key.")
        if unread:
            raise CommandError(f"{unread} cannot be read by any of the keys: keep the old key.")
