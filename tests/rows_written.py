"""What a test writes into the database, told so that two ways of writing the same can be held against each other: every
new or changed row of every table, and what shall happen after the commit.
"""

import json
import re
from collections import defaultdict
from collections.abc import Callable
from functools import cache
from typing import Any

from django.apps import apps
from django.db import connection, transaction

Rows = dict[tuple[str, str], dict[str, Any]]
# What is another one in each course: keys, times, and the signs that keep the names of two files apart.
KEY = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?\+00:00")
APART = re.compile(r"[0-9a-f]{32}(?=\.webp)|(?<=course|become)-[a-z2-9]{5}\b|(?<=creator)-[a-z2-9]{5}\b")


def every_row() -> Rows:
    """By table and number (where it has none: by what it says), every row of the database."""
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        each = [f"SELECT '{table}', to_jsonb(t) FROM {connection.ops.quote_name(table)} t" for table in tables]
        cursor.execute(" UNION ALL ".join(each))
        rows = [(table, row if isinstance(row, dict) else json.loads(row)) for table, row in cursor.fetchall()]
    return {(table, str(row.get("id", row))): row for table, row in rows}


@cache
def names_of(table: str) -> dict[str, str]:
    """column -> the table whose rows it names."""
    with connection.cursor() as cursor:
        found = connection.introspection.get_relations(cursor, table)
    return {column: named[1] for column, named in found.items()}


def written_by(make: Callable[[], Any]) -> tuple[dict[str, list[str]], set[str]]:
    """(what rows are new or have changed, by their table, what was asked to be done after the commit); undone."""
    before, asked = every_row(), len(connection.run_on_commit)
    with transaction.atomic():
        make()
        rows = {key: row for key, row in every_row().items() if before.get(key) != row}
        assert set(before) <= set(every_row())
        after = {call.__qualname__ for _ids, call, _robust in connection.run_on_commit[asked:]}
        transaction.set_rollback(True)
    return told(rows), after


def told(rows: Rows) -> dict[str, list[str]]:
    """Rows without what differs from one course to the next. One that names another of these is told with it."""
    texts: dict[tuple[str, str], str] = {}

    def row_of(key: tuple[str, str]) -> str:
        if key not in texts:
            columns = names_of(key[0])
            said = {name: value_of(columns.get(name), name, value) for name, value in rows[key].items()}
            texts[key] = json.dumps(said, sort_keys=True)
        return texts[key]

    def value_of(named: str | None, name: str, value: Any) -> Any:
        # The version names its course in turn; what is sealed or salted is another one each time.
        if name in ("id", "live_version_id", "password", "data"):
            return value is not None
        if named and (named, str(value)) in rows:
            return row_of((named, str(value)))
        if name == "facts" and "course" in value:
            return value | {"course": row_of(("courses_course", str(value["course"])))}
        if isinstance(value, str) and (found := re.fullmatch(r"(\w+\.\w+):(\d+)", value)):
            return row_of((apps.get_model(found[1])._meta.db_table, found[2]))
        return TIME.sub("a time", KEY.sub("a key", APART.sub("", value))) if isinstance(value, str) else value

    found = defaultdict(list)
    for key in rows:
        found[key[0]].append(row_of(key))
    return {table: sorted(each) for table, each in found.items()}
