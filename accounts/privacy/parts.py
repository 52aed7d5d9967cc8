"""What each app tells of a person, why it may not let her go yet, and how it forgets her."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.core.files.base import File
from django.utils.functional import Promise

from accounts.models import User

# Each row a dict of plain values.
Rows = list[Any]


@dataclass(frozen=True)
class Told:
    """Tables by name, each row plain JSON; files by name: a text, or what lies in a storage and may be large."""

    tables: dict[str, Rows]
    files: dict[str, str | File] = field(default_factory=dict)


def _nothing(person: User) -> list[str | Promise]:
    return []


@dataclass(frozen=True)
class Part:
    """One app's part. `forget` runs inside the deletion's transaction; money and evidence it leaves without a name.

    `holds`: sentences that say what must be settled before the person can go.
    """

    name: str
    tell: Callable[[User], Told]
    forget: Callable[[User], None]
    holds: Callable[[User], list[str | Promise]] = _nothing


_parts: dict[str, Part] = {}


def register(part: Part) -> None:
    _parts[part.name] = part


def every() -> Iterator[Part]:
    """The latest registered first: apps register from the floor up, so nobody looks for what a lower one took away."""
    yield from reversed(list(_parts.values()))
