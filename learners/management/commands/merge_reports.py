"""`manage.py merge_reports`: the process that carries reports of watching from the stream into the tables."""

import signal
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from learners.merger import Merger

# The lock that says who merges is the session's: behind a pooler it would stay on a line that others are lent.
POOLED = "This process needs PostgreSQL itself: give it a DATABASE_URL of its own, and KEZHAN_DATABASE_POOLED=0."


class Command(BaseCommand):
    help = "Runs until SIGTERM or Ctrl-C. One does the work; a second one stands by."

    def handle(self, *args: Any, **options: Any) -> None:
        if connection.settings_dict["DISABLE_SERVER_SIDE_CURSORS"]:
            raise CommandError(POOLED)
        asked: list[int] = []

        def end(number: int, frame: FrameType | None) -> None:
            asked.append(number)

        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, end)
        Merger().run(lambda: bool(asked))
