"""`manage.py ledger check`: whether the books hold what they must; the exit status says it to scripts."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from payments import invariants


class Command(BaseCommand):
    help = "Checks the ledger's invariants. Exits with an error when one is broken."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("act", choices=["check"])
        parser.add_argument("--ask-provider", action="store_true", help="also compare with the provider's own record")

    def handle(self, *args: Any, **options: Any) -> None:
        found = invariants.breaks(ask_provider=options["ask_provider"])
        for name, broken in found.items():
            self.stdout.write(f"{name}: {'holds' if not broken else f'{len(broken)} breaks'}")
            for sentence in broken:
                self.stdout.write(f"    {sentence}")
        if any(found.values()):
            raise CommandError("The books do not hold.")
