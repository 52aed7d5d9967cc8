"""`manage.py merge_reports`: the process that carries reports of watching from the stream into the tables."""

import signal
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand

from learners.merger import Merger


class Command(BaseCommand):
    help = "Runs until SIGTERM or Ctrl-C. One does the work; a second one stands by."

    def handle(self, *args: Any, **options: Any) -> None:
        asked: list[int] = []

        def end(number: int, frame: FrameType | None) -> None:
            asked.append(number)

        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, end)
        Merger().run(lambda: bool(asked))
