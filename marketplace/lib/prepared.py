"""Statements that PostgreSQL reads and plans once a connection.

A search takes the database longer to read and plan than to answer. What has been asked in one form several times is
prepared on each connection that asks it again; from then on only its values are sent.

Left alone: statements in a transaction, which one that cannot be prepared would break; and all of them where a pooler
lends connections for one transaction (KEZHAN_DATABASE_POOLED), since the next one would not know them.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from hashlib import blake2b
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

import psycopg2
from django.db import DatabaseError
from psycopg2.errorcodes import FEATURE_NOT_SUPPORTED, INVALID_SQL_STATEMENT_NAME, NUMERIC_VALUE_OUT_OF_RANGE

Found = TypeVar("Found")
Ask = Callable[[str, Sequence[Any]], Found]
# From so many questions of one form on it is worth the preparing; of so many forms, which cost every connection memory.
OFTEN, MOST_FORMS = 3, 60
# The connection lost it, or a migration changed what it gives.
_STALE = {INVALID_SQL_STATEMENT_NAME, FEATURE_NOT_SUPPORTED}
# A prepared value has the type of the column beside it; a plain one may be greater, and is compared all the same.
_PLAINLY = {*_STALE, NUMERIC_VALUE_OUT_OF_RANGE}

# As psycopg2 writes them into a statement; a bare value is taken for what stands beside it.
_TYPES = {timedelta: "::interval", datetime: "::timestamptz", date: "::date"}

_asked: Counter[str] = Counter()
# Names by the text, on each connection of psycopg2; "" for what could not be prepared.
_known: WeakKeyDictionary[Any, dict[str, str]] = WeakKeyDictionary()


def run(connection: Any, sql: str, params: Sequence[Any], ask: Ask[Found]) -> Found:
    """What `ask(sql, params)` gives, asked of the prepared statement where there is one. `connection` is Django's."""
    name = _name(connection, sql, params)
    if not name:
        return ask(sql, params)
    try:
        return ask(f"EXECUTE {name} ({', '.join(['%s'] * len(params))})", params)
    except DatabaseError as error:
        code = getattr(error.__cause__, "pgcode", "")
        if code not in _PLAINLY:
            raise
    if code in _STALE:
        _known.get(connection.connection, {}).pop(sql, None)
    return ask(sql, params)


def rows(connection: Any, sql: str, params: Sequence[Any]) -> list[Any]:
    """All that a statement gives, as tuples."""

    def ask(stated: str, given: Sequence[Any]) -> list[Any]:
        with connection.cursor() as cursor:
            cursor.execute(stated, given)
            return list(cursor.fetchall())

    return run(connection, sql, params, ask)


def _name(connection: Any, sql: str, params: Sequence[Any]) -> str:
    """The statement's name on this connection, "" where it has none."""
    line = connection.connection
    if line is None or connection.in_atomic_block or not params or _is_lent(connection):
        return ""
    names = _known.setdefault(line, {})
    if sql in names:
        return names[sql]
    if len(names) >= MOST_FORMS or not _is_often(sql):
        return ""
    names[sql] = name = _prepare(line, sql, params)
    return name


def _is_often(sql: str) -> bool:
    if sql not in _asked and len(_asked) >= 10 * MOST_FORMS:
        _asked.clear()
    _asked[sql] += 1
    return _asked[sql] > OFTEN


def _prepare(line: Any, sql: str, params: Sequence[Any]) -> str:
    name = f"kezhan_{blake2b(sql.encode(), digest_size=12).hexdigest()}"
    text = sql % tuple(f"${at}{_TYPES.get(type(value), '')}" for at, value in enumerate(params, 1))
    try:
        with line.cursor() as cursor:
            # What a connection knows is never asked of it: after stale words it may know the name in an older sense.
            cursor.execute("SELECT 1 FROM pg_prepared_statements WHERE name = %s", [name])
            if cursor.fetchone():
                cursor.execute(f"DEALLOCATE {name}")
            cursor.execute(f"PREPARE {name} AS {text}")
    except psycopg2.Error:
        return ""
    return name


def _is_lent(connection: Any) -> bool:
    return bool(connection.settings_dict.get("DISABLE_SERVER_SIDE_CURSORS"))
