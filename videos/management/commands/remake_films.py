"""Has films converted anew that play already; workers do it after everything that somebody waits for."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import User
from marketplace.lib.errors import DomainError
from videos.models import Remaking
from videos.remaking_forms import films_listed


class Command(BaseCommand):
    help = "Convert films anew (--films rules, missing or list), or say how that goes (--show)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--by", help="the e-mail address of the administrator who asks")
        parser.add_argument("--reason", default="", help="why; it stays on record")
        parser.add_argument("--films", choices=Remaking.Films.values)
        parser.add_argument("ids", nargs="*", help="of films, with --films list")
        parser.add_argument("--show", action="store_true", help="what was asked for and how far it is")

    def handle(self, *args: Any, **told: Any) -> None:
        if told["show"]:
            for row in Remaking.objects.all()[:20]:
                self._show(row)
            return
        by = User.objects.filter(email__iexact=told["by"] or "").first()
        if by is None or not told["reason"].strip() or not told["films"]:
            raise CommandError("Say --by (an administrator's address), --reason and --films.")
        try:
            ids = films_listed(told["films"], told["ids"])
            row = Remaking.objects.ask(by=by, films=told["films"], reason=told["reason"].strip(), listed=ids)
        except ValidationError as mistake:
            raise CommandError(" ".join(mistake.messages)) from None
        except DomainError as refusal:
            raise CommandError(str(refusal)) from None
        self._show(row)

    def _show(self, row: Remaking) -> None:
        counts = row.counts
        state = "paused" if row.is_open and row.is_paused else "open" if row.is_open else "ended"
        told = ", ".join(f"{name} {count}" for name, count in counts.items())
        self.stdout.write(f"{row.pk}: {row.films}, {state}, {told}")
