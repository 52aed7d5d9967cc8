"""Other people's shops with the bench's titles on sale, each in an environment of its own from the package registry."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from bench.stage import ROOT

FOLDER = ROOT / "var" / "bench" / "peers"


@dataclass(frozen=True)
class Peer:
    """How its one worker is started, and the addresses of its pages by kind (catalogue, product, search)."""

    name: str
    command: list[str]
    folder: Path
    env: dict[str, str]
    pages: dict[str, list[str]]


def installed(name: str, *packages: str) -> Path:
    """The interpreter of the environment that has these packages; made when it is not there."""
    python = FOLDER / name / "bin" / "python"
    if not (FOLDER / name / "bin" / "gunicorn").exists():
        subprocess.run([sys.executable, "-m", "venv", FOLDER / name], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", "gunicorn", *packages], check=True)
    return python


def bare() -> dict[str, str]:
    """This environment without what is ours."""
    ours = ("KEZHAN", "PYTHON", "DATABASE", "DJANGO", "REDIS")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)}


def filled(python: Path, folder: Path, env: dict[str, str], titles: list[str]) -> str:
    """The last word that the folder's fill.py said with the titles at its input; where this database is filled, what it
    said then. Ends the program with what it complains of.
    """
    mark, stamp = folder / "filled", f"{env.get('PG_MADE', '')} {len(titles)} "
    if mark.exists() and mark.read_text().startswith(stamp):
        return mark.read_text().removeprefix(stamp)
    said = told([python, "fill.py"], folder, env, titles).split()
    mark.write_text(stamp + (said[-1] if said else ""))
    return said[-1] if said else ""


def told(command: list[str | Path], folder: Path, env: dict[str, str], titles: list[str]) -> str:
    lines = "\n".join(titles)
    answer = subprocess.run(command, cwd=folder, env=env, input=lines, text=True, capture_output=True, check=False)
    if answer.returncode:
        raise SystemExit((answer.stderr or answer.stdout)[-2_000:])
    return answer.stdout


def database(name: str, folder: Path) -> dict[str, str]:
    """What says where the peer's database beside ours is: empty if not yet filled. PG_MADE is of this one alone."""
    from django.db import connection

    with connection.cursor() as cursor:
        if not (folder / "filled").exists():
            cursor.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        cursor.execute("SELECT oid FROM pg_database WHERE datname = %s", [name])
        if cursor.fetchone() is None:
            cursor.execute(f"CREATE DATABASE {name}")
        cursor.execute(
            "SELECT oid, (pg_control_system()).system_identifier FROM pg_database WHERE datname = %s", [name]
        )
        made = "-".join(str(part) for part in cursor.fetchone())
    known = connection.settings_dict
    return {"PG_NAME": name, "PG_USER": known["USER"], "PG_PASSWORD": known["PASSWORD"], "PG_HOST": known["HOST"],
            "PG_PORT": str(known["PORT"]), "PG_MADE": made}  # fmt: skip
