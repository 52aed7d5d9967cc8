"""Answers for showing what the processes write, each line with its process's name (bin/dev --verbose)."""

from __future__ import annotations

from collections.abc import Iterable

from .home import say
from .processes import Process


class Tail:
    """Prints whole new lines of each process's log at every `show()`."""

    def __init__(self, processes: Iterable[Process]) -> None:
        self.processes = list(processes)
        self.width = max(len(process.name) for process in self.processes)
        self.positions = {process.name: 0 for process in self.processes}

    def show(self) -> None:
        for process in self.processes:
            if process.log.exists():
                with process.log.open("rb") as log:
                    log.seek(self.positions[process.name])
                    new, newline, _ = log.read().rpartition(b"\n")
                self.positions[process.name] += len(new) + len(newline)
                for line in new.decode(errors="replace").splitlines():
                    say(f"{process.name:>{self.width}} | {line}")
