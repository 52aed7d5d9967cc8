"""Reckons a quarter's report card again, and says whether it comes out as it was told; `--correct` says it anew."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from marketplace.lib.errors import DomainError
from moderation import report_card
from moderation.models import ReportCard
from moderation.quarters import Quarter


class Command(BaseCommand):
    help = "Compare a quarter's report card (2026-Q3) with its rows; --correct REASON: reckon it anew, and say why."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("quarter")
        parser.add_argument("--correct", metavar="REASON", default="")

    def handle(self, *args: Any, **options: Any) -> None:
        quarter = Quarter.named(options["quarter"])
        card = ReportCard.objects.of_record(quarter) if quarter else None
        if quarter is None or card is None:
            raise CommandError("There is no final report card of such a quarter.")
        if not options["correct"].strip():
            self.stdout.write("\n".join(report_card.differences(card)) or f"{quarter}: as it was told")
            return
        try:
            report_card.correct(quarter, options["correct"])
        except DomainError as refusal:
            raise CommandError(str(refusal.message)) from refusal
        self.stdout.write(f"{quarter}: corrected")
