"""Typed readers of environment variables: a wrong value stops the start with a sentence that names it."""

import os
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

# Of a key of 64 characters or less with a comma in it, one piece is shorter; no key that we ask for is.
LEAST_KEY = 32


def text(name: str, default: str | None = None) -> str:
    value = os.environ.get(name, "")
    if value:
        return value
    if default is None:
        raise ImproperlyConfigured(f"{name} is not set. See .env.example for what it means.")
    return default


def flag(name: str, default: bool = False) -> bool:
    value = os.environ.get(name, "").strip().lower()
    if value in ("", "1", "true", "yes", "on", "0", "false", "no", "off"):
        return default if value == "" else value in ("1", "true", "yes", "on")
    raise ImproperlyConfigured(f"{name} is {value!r}: write 1 or 0.")


def forced(name: str) -> bool | None:
    """A flag that may be left open: None where nothing is said."""
    return None if os.environ.get(name, "").strip() == "" else flag(name)


def number(name: str, default: int, least: int = 0) -> int:
    value = os.environ.get(name, "")
    if value == "":
        return default
    try:
        parsed = int(value)
    except ValueError:
        raise ImproperlyConfigured(f"{name} is {value!r}: write a whole number.") from None
    if parsed < least:
        raise ImproperlyConfigured(f"{name} is {parsed}: the least is {least}.")
    return parsed


def choice(name: str, default: str, among: tuple[str, ...]) -> str:
    value = os.environ.get(name, "").strip().lower() or default
    if value not in among:
        raise ImproperlyConfigured(f"{name} is {value!r}: write one of {', '.join(among)}.")
    return value


def words(name: str, default: str = "", between: str = ",") -> list[str]:
    return [word.strip() for word in os.environ.get(name, default).split(between) if word.strip()]


def keys(name: str) -> list[str]:
    """Secret keys by commas. A short one is a piece of a key that had a comma in it: it would open nothing."""
    found = words(name)
    if short := [str(place) for place, key in enumerate(found, 1) if len(key) < LEAST_KEY]:
        raise ImproperlyConfigured(
            f"{name}: number {', '.join(short)} of {len(found)} has less than {LEAST_KEY} characters. Commas stand "
            "between keys, so a key with a comma in it cannot stand here."
        )
    return found


def folder(name: str, default: Path) -> Path:
    return Path(os.environ.get(name) or default).expanduser().resolve()


def database(name: str, *, pooled: bool) -> dict[str, object]:
    """A Django DATABASES entry out of postgres://user:password@host:port/name?option=value.

    `pooled`: a pooler stands there that lends a line for one transaction.
    """
    url = urlsplit(text(name))
    if url.scheme not in ("postgres", "postgresql"):
        raise ImproperlyConfigured(f"{name} must begin with postgres:// (Kezhan needs PostgreSQL 15 or later).")
    options = dict(parse_qsl(url.query))
    return {
        "ENGINE": "marketplace.lib.postgres",
        "NAME": unquote(url.path.lstrip("/")),
        "USER": unquote(url.username or ""),
        "PASSWORD": unquote(url.password or ""),
        "HOST": options.pop("host", None) or url.hostname or "",
        "PORT": str(url.port or ""),
        "OPTIONS": options,
        # Long enough that what a connection has prepared is worth it (marketplace.lib.prepared).
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        # Who reads on in the next transaction would find her cursor on a line that others have.
        "DISABLE_SERVER_SIDE_CURSORS": pooled,
    }


def load(path: Path) -> None:
    """Read NAME=value lines of a local file; what the environment already has wins."""
    if not path.is_file():
        return
    for line in path.read_text(encoding="utf-8").splitlines():
        name, found, value = line.partition("=")
        if found and not line.lstrip().startswith("#"):
            os.environ.setdefault(name.strip(), value.strip().strip("\"'"))
