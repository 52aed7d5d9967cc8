"""Real Celery workers and beat beside a test, on the test's own database and corner of Valkey."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from django.conf import settings
from django.db import connection

QUEUES = "default,mail,payments,books,video"


def database_address() -> str:
    """The address of the test's database, for a process of its own."""
    database = connection.settings_dict
    login = database["USER"] + (f":{database['PASSWORD']}" if database["PASSWORD"] else "")
    return f"postgres://{login}@{database['HOST'] or 'localhost'}:{database['PORT'] or 5432}/{database['NAME']}"


@contextmanager
def running(base_url: str, log: Path, **more: str) -> Iterator[subprocess.Popen[bytes]]:
    """Workers for every queue, with beat and the merger of reports, until the block ends. The site is at `base_url`.

    `more`: what their environment has besides, for example another Valkey.
    """
    environment = {
        **os.environ,
        "DATABASE_URL": database_address(),
        "KEZHAN_BASE_URL": base_url,
        "KEZHAN_VIDEO_ROOT": str(settings.VIDEO_ROOT),
        **more,
    }
    with merging(log.with_suffix(".watch")), _workers(environment, log) as process:
        yield process


@contextmanager
def merging(log: Path, spoiled: str = "") -> Iterator[subprocess.Popen[bytes]]:
    """The process that settles reports of watching, on the test's database, until the block ends.

    `spoiled`: what is done to it before it begins, for a negative control.
    """
    environment = {**os.environ, "DATABASE_URL": database_address()}
    code = f"import django\ndjango.setup()\n{spoiled}\nfrom django.core.management import call_command"
    command = [sys.executable, "-c", f"{code}\ncall_command('merge_reports')"]
    with log.open("ab") as out:
        process = subprocess.Popen(
            command, env=environment, cwd=settings.BASE_DIR, stdout=out, stderr=out, start_new_session=True
        )
        try:
            yield process
        finally:
            end(process)


@contextmanager
def _workers(environment: dict[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", "celery", "-A", "marketplace", "worker", "--beat", "--queues", QUEUES]
    command += ["--schedule", str(log.with_suffix(".beat")), "--concurrency", "2"]
    command += ["--without-gossip", "--without-mingle"]
    with log.open("wb") as out:
        process = subprocess.Popen(
            command, env=environment, cwd=settings.BASE_DIR, stdout=out, stderr=out, start_new_session=True
        )
        try:
            yield process
        finally:
            end(process)


def end(process: subprocess.Popen[bytes]) -> None:
    """Ask it to end, and its whole family with it when it does not."""
    process.send_signal(signal.SIGTERM)
    with suppress(subprocess.TimeoutExpired):
        process.wait(15)
    # What a worker left behind (a film that is being made) ends with it.
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(5)
    time.sleep(0.2)
