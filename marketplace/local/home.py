"""Answers for the folder that holds all state of a local installation, and for the words printed about it."""

from __future__ import annotations

import fcntl
import os
import secrets
import sys
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parents[2]


class LocalError(Exception):
    """A start that cannot go on, with a sentence for the person at the terminal."""


def say(text: str = "") -> None:
    print(text, flush=True)


def home() -> Path:
    """The state folder: KEZHAN_HOME, by default var/ in the checkout."""
    return Path(os.environ.get("KEZHAN_HOME") or ROOT / "var").absolute()


def read_env(path: Path) -> dict[str, str]:
    """NAME=value lines of a file that a shell may source as well; values may stand in single quotes."""
    if not path.exists():
        return {}
    pairs = (line.split("=", 1) for line in path.read_text().splitlines() if "=" in line and not line.startswith("#"))
    return {name.strip(): value.strip().strip("'") for name, value in pairs}


def write_env(path: Path, values: dict[str, str], title: str) -> None:
    """Written beside and renamed, so that a reader never sees half of it; readable by its owner alone."""
    lines = [f"# {title}", *(f"{name}='{value}'" for name, value in values.items())]
    draft = path.with_name(path.name + ".new")
    draft.touch(mode=0o600)
    draft.write_text("\n".join(lines) + "\n")
    draft.replace(path)


SECRETS = {"KEZHAN_SECRET_KEY": 48, "POSTGRES_PASSWORD": 18, "VALKEY_PASSWORD": 18, "KEZHAN_CREDENTIAL_KEY": 32}


def local_secrets(folder: Path) -> dict[str, str]:
    """The installation's own secrets, made once and kept in `<folder>/.env`, which settings read as well."""
    path = folder / ".env"
    values = read_env(path)
    if missing := [name for name in SECRETS if name not in values]:
        values |= {name: secrets.token_urlsafe(SECRETS[name]) for name in missing}
        write_env(path, values, "Made by bin/dev for this machine alone. Lines added here reach every process.")
    return values


def claim(folder: Path, what: str) -> IO[str]:
    """Holds the folder for this process and its children; the kernel lets go when they end, so no stale lock exists."""
    folder.mkdir(parents=True, exist_ok=True)
    lock = (folder / "lock").open("a+")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.seek(0)
        raise LocalError(
            f"{what} already runs in {folder} (process {lock.read().strip() or 'unknown'}). "
            "End it first, or set KEZHAN_HOME to another folder."
        ) from None
    lock.truncate(0)
    lock.write(str(os.getpid()))
    lock.flush()
    return lock


def fail(error: LocalError) -> int:
    print(f"\n{error}", file=sys.stderr, flush=True)
    return 1
