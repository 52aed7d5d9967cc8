"""Answers for the database and the broker of a local run: embedded ones, unless their addresses are given."""

from __future__ import annotations

import os
from pathlib import Path

from .guard import Stop
from .processes import Process, end_all, wait_until


class Servers:
    """What runs, and the environment that leads to it. Addresses in the environment win: then nothing is started."""

    def __init__(self, folder: Path, secrets: dict[str, str], *, durable: bool) -> None:
        self.folder, self.secrets, self.durable = folder, secrets, durable
        self.processes: list[Process] = []
        self.env: dict[str, str] = {}

    def start(self, stop: Stop) -> None:
        if "DATABASE_URL" not in os.environ:
            self._start_postgres(stop)
        if "REDIS_URL" not in os.environ:
            self._start_valkey(stop)

    def end(self) -> None:
        end_all(self.processes)

    # The wheels are imported only where they are used: an installation with outside servers may do without them.

    def _start_postgres(self, stop: Stop) -> None:
        from .postgres import Postgres

        server = Postgres(self.folder, self.folder / "log", self.secrets["POSTGRES_PASSWORD"], durable=self.durable)
        server.start()
        self.processes.append(server.process)
        wait_until(server.is_ready, server.process, 60, stop)
        if not stop():
            server.ensure_database()
        self.env["DATABASE_URL"] = server.url

    def _start_valkey(self, stop: Stop) -> None:
        from .valkey import Valkey

        server = Valkey(self.folder, self.folder / "log", self.secrets["VALKEY_PASSWORD"], durable=self.durable)
        server.start()
        self.processes.append(server.process)
        wait_until(server.is_ready, server.process, 30, stop)
        self.env["REDIS_URL"] = server.url
