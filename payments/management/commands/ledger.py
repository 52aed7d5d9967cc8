"""`manage.py ledger …`: whether the books hold what they must; the exit status says it to scripts."""

from datetime import UTC, date
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from payments import invariants
from payments.closing import verifying
from payments.incomes import rollups
from payments.proof import seals
from payments.years import verifying as yearly


class Command(BaseCommand):
    help = """check: the ledger's invariants. seal: seal every day that is over. verify: recompute the sealed days and
    the closed months, and name the first thing that is not what was sealed or closed. rebuild: sum up the months of
    income anew. check and verify exit with an error when something is broken."""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("act", choices=["check", "seal", "verify", "rebuild"])
        parser.add_argument("--ask-provider", action="store_true", help="check: compare with the provider as well")
        parser.add_argument("--book", default=settings.PAYMENTS_BOOK, choices=["live", "sandbox"])
        parser.add_argument("--through", type=date.fromisoformat, help="seal: the last day (default: yesterday, UTC)")
        parser.add_argument("--since", type=date.fromisoformat, help="verify: the entries of this day and later ones")

    def handle(self, *args: Any, **options: Any) -> None:
        getattr(self, f"do_{options['act']}")(options)

    def do_check(self, options: dict[str, Any]) -> None:
        found = invariants.breaks(ask_provider=options["ask_provider"])
        for name, broken in found.items():
            self.stdout.write(f"{name}: {'holds' if not broken else f'{len(broken)} breaks'}")
            for sentence in broken:
                self.stdout.write(f"    {sentence}")
        if any(found.values()):
            raise CommandError("The books do not hold.")

    def do_seal(self, options: dict[str, Any]) -> None:
        if options["through"] and options["through"] > timezone.now().astimezone(UTC).date():
            raise CommandError("That day has not begun.")
        made = seals.seal_closed_days(options["book"], through=options["through"])
        for seal in made:
            self.stdout.write(f"{seal.book} {seal.day}: {seal.entries} entries, {seal.hash}")
        if not made:
            self.stdout.write("Every day that is over is sealed.")

    def do_verify(self, options: dict[str, Any]) -> None:
        result = seals.verify(options["book"], since=options["since"])
        if result.wrong:
            raise CommandError(str(result.wrong))
        self.stdout.write(f"{result.book}: {result.entries} entries in {result.seals} seals are what was sealed.")
        months = verifying.verify(options["book"])
        if months.wrong:
            raise CommandError(str(months.wrong))
        self.stdout.write(f"{months.book}: {months.months} closed months are what was closed.")
        for sentence in yearly.breaks(options["book"]):
            raise CommandError(sentence)

    def do_rebuild(self, options: dict[str, Any]) -> None:
        rollups.rebuild()
        self.stdout.write("The months of income are summed up anew from the ledger.")
