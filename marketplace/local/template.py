"""Answers for the migrated database that the tests' databases are copies of: made when a migration changed, then kept.

Migrating costs a quarter of a minute; a copy costs less than a second. Where migrations were only added, the database
before is a copy to go on from.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg2

from .home import ROOT, LocalError, say

PREFIX = "kezhan_template_"
# What migrations are made of: themselves, the framework they run on, and what they name of ours.
SOURCES = ("*/migrations/*.py", "marketplace/lib/migrations/*.py", "requirements.txt")
NAMED = re.compile(r"^(?:from|import) ([\w.]+)(?: import (\w+))?", re.MULTILINE)
# Of what they name, this alone is read further: the floor. A model's own imports lead through the whole project.
FLOOR = "marketplace/lib/"


def ensure_template(env: dict[str, str], log: Path) -> str:
    """The name of a database, in the cluster of `env`, with all migrations and nobody connected to it."""
    sources = read_sources(ROOT)
    stamp = hashlib.sha256(json.dumps(sources).encode()).hexdigest()[:16]
    name, half = PREFIX + stamp, f"{PREFIX}{stamp}_half"
    connection = psycopg2.connect(env["DATABASE_URL"])
    connection.autocommit = True
    with connection.cursor() as cursor:
        kept = _kept(cursor)
        if name not in kept:
            say("Making the tests' database (when a migration changed) …")
            cursor.execute(f'DROP DATABASE IF EXISTS "{half}" WITH (FORCE)')
            base = next((old for old, made_of in kept.items() if goes_on(made_of, sources)), "template1")
            cursor.execute(f'CREATE DATABASE "{half}" TEMPLATE "{base}"')
            _migrate(env, half, log)
            for old in kept:
                cursor.execute(f'DROP DATABASE IF EXISTS "{old}" WITH (FORCE)')
            cursor.execute(f'COMMENT ON DATABASE "{half}" IS %s', [json.dumps(sources)])
            # Its name says that it is whole.
            cursor.execute(f'ALTER DATABASE "{half}" RENAME TO "{name}"')
    connection.close()
    return name


def read_sources(root: Path) -> dict[str, str]:
    """path -> hash, of each file under `root` that a migrated database depends on; sorted by path."""
    found = {path for pattern in SOURCES for path in root.glob(pattern)}
    unread = {path for path in found if path.suffix == ".py"}
    while unread:
        path = unread.pop()
        named = _named(root, path.read_text()) - found
        found |= named
        unread |= {each for each in named if each.relative_to(root).as_posix().startswith(FLOOR)}
    return {str(path.relative_to(root)): hashlib.sha256(path.read_bytes()).hexdigest()[:16] for path in sorted(found)}


def _named(root: Path, text: str) -> set[Path]:
    """Modules of ours that a text imports: "from a.b import c" may mean a/b.py or a/b/c.py; dots alone, the floor."""
    names = [
        (FLOOR.replace("/", ".") + name[1:] if name.startswith(".") else name, part)
        for name, part in NAMED.findall(text)
    ]
    asked = {place.replace(".", "/") for name, part in names for place in (name, f"{name}.{part}")}
    return {path for place in asked if (path := root / f"{place}.py").is_file()}


def goes_on(before: dict[str, str], now: dict[str, str]) -> bool:
    """Whether a database made of `before` only lacks migrations that are new: then these alone are carried out.

    A file that is new beside them is one that they name: what the others name has not changed, as they have not.
    """
    return all(now.get(path) == read for path, read in before.items())


def _kept(cursor: Any) -> dict[str, dict[str, str]]:
    """name -> what it was made of, of each template here, the half made ones too (made of nothing that is known)."""
    cursor.execute(
        "SELECT datname, shobj_description(oid, 'pg_database') FROM pg_database WHERE starts_with(datname, %s)",
        [PREFIX],
    )
    return {name: json.loads(told) if told else {"": ""} for name, told in cursor.fetchall()}


def _migrate(env: dict[str, str], name: str, log: Path) -> None:
    address = urlsplit(env["DATABASE_URL"])._replace(path=f"/{name}").geturl()
    command = [sys.executable, "-m", "django", "migrate", "--settings=tests.settings", "--verbosity=0"]
    with log.open("wb") as out:
        ran = subprocess.run(
            command, cwd=ROOT, env={**os.environ, **env, "DATABASE_URL": address}, stdout=out, stderr=out, check=False
        )
    if ran.returncode:
        raise LocalError(f"The migrations could not be carried out:\n{log.read_text()[-4000:]}")
