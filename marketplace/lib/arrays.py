"""Many rows in one statement: columns of values as PostgreSQL's array literals, to be unnested there."""

from collections.abc import Iterable
from typing import Any


def literal(values: Iterable[Any]) -> str:
    """`{"1","2",NULL}`, to be sent as a parameter and cast to an array of the column's type.

    One text is read by PostgreSQL many times faster than an ARRAY[…] of as many expressions.
    """
    return "{" + ",".join("NULL" if value is None else _quoted(str(value)) for value in values) + "}"


def columns(rows: Iterable[tuple[Any, ...]]) -> list[str]:
    """The columns of `rows`, each as a literal, in order. There must be a row."""
    return [literal(column) for column in zip(*rows, strict=True)]


def _quoted(text: str) -> str:
    if '"' in text or "\\" in text:
        text = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'
