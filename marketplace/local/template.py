"""Answers for the migrated database that the tests' databases are copies of: made when a migration changed, then kept.

Two hundred migrations cost half a minute a worker; a copy costs less than a second.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2

from .home import ROOT, LocalError, say

PREFIX = "kezhan_template_"
# What migrations are made of: themselves, the floor they import, the framework they run on.
SOURCES = ("*/migrations/*.py", "marketplace/lib/*.py", "*/models/*.py", "requirements.txt")


def ensure_template(env: dict[str, str], log: Path) -> str:
    """The name of a database, in the cluster of `env`, with all migrations and nobody connected to it."""
    name = PREFIX + _stamp()
    connection = psycopg2.connect(env["DATABASE_URL"])
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [PREFIX])
        kept = {row[0] for row in cursor.fetchall()}
        if name not in kept:
            say("Making the tests' database (when a migration changed) …")
            for old in (*kept, f"{name}_half"):
                cursor.execute(f'DROP DATABASE IF EXISTS "{old}" WITH (FORCE)')
            cursor.execute(f'CREATE DATABASE "{name}_half"')
            _migrate(env, f"{name}_half", log)
            # Its name says that it is whole.
            cursor.execute(f'ALTER DATABASE "{name}_half" RENAME TO "{name}"')
    connection.close()
    return name


def _stamp() -> str:
    read = hashlib.sha256()
    for pattern in SOURCES:
        for path in sorted(ROOT.glob(pattern)):
            read.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes() + b"\0")
    return read.hexdigest()[:16]


def _migrate(env: dict[str, str], name: str, log: Path) -> None:
    address = urlsplit(env["DATABASE_URL"])._replace(path=f"/{name}").geturl()
    command = [sys.executable, "-m", "django", "migrate", "--settings=tests.settings", "--verbosity=0"]
    with log.open("wb") as out:
        ran = subprocess.run(
            command, cwd=ROOT, env={**os.environ, **env, "DATABASE_URL": address}, stdout=out, stderr=out, check=False
        )
    if ran.returncode:
        raise LocalError(f"The migrations could not be carried out:\n{log.read_text()[-4000:]}")
