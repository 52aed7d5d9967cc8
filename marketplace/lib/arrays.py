"""Many rows in one statement: columns of values as PostgreSQL's array literals, to be unnested there; or COPY."""

import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import connection


class Texts:
    """How moments are written, each once: in a batch one moment stands in several columns, and writing costs most."""

    def __init__(self) -> None:
        # The moment is kept beside its text, so that no other one gets its identity.
        self._known: dict[int, tuple[datetime, str]] = {}

    def of(self, moment: datetime | None) -> str | None:
        if moment is None:
            return None
        found = self._known.get(id(moment))
        if found is None:
            found = self._known[id(moment)] = (moment, str(moment))
        return found[1]


def literal(values: Iterable[Any]) -> str:
    """`{"1","2",NULL}`, to be sent as a parameter and cast to an array of the column's type.

    One text is read by PostgreSQL many times faster than an ARRAY[…] of as many expressions.
    """
    kept = list(values)
    if None not in kept:
        inner = '","'.join(map(str, kept))
        if inner.count('"') == 2 * len(kept) - 2 and "\\" not in inner:
            return f'{{"{inner}"}}'
    return "{" + ",".join(["NULL" if value is None else _quoted(str(value)) for value in kept]) + "}"


def columns(rows: Iterable[tuple[Any, ...]]) -> list[str]:
    """The columns of `rows`, each as a literal, in order. There must be a row."""
    return [literal(column) for column in zip(*rows, strict=True)]


def write(statement: str, rows: Sequence[tuple[Any, ...]]) -> None:
    """One statement for all rows, whose columns are its parameters; none for no rows."""
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(statement, columns(rows))


def copy(table: str, names: str, rows: Sequence[tuple[Any, ...]]) -> None:
    """New rows by COPY. Their values' texts hold no tab, line end or backslash, and none is None."""
    if rows:
        text = "\n".join(["\t".join(map(str, row)) for row in rows])
        with connection.cursor() as cursor, connection.wrap_database_errors:
            cursor.copy_expert(f"COPY {table} ({names}) FROM STDIN", io.StringIO(text))


def _quoted(text: str) -> str:
    if '"' in text or "\\" in text:
        text = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'
