"""Brings the index of words up to date, asking every course; `--anew` writes all of them."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from discovery import index
from discovery.models import Entry


class Command(BaseCommand):
    help = "Index every live course whose words are not those of the index; --anew: all of them."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--anew", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["anew"]:
            Entry.objects.outdate()
        index.refresh(everything=True)
        self.stdout.write(f"{Entry.objects.count()} courses can be found")
