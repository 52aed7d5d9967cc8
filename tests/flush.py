"""Emptying the database after tests that commit, though tables of record refuse TRUNCATE.

Only the test runner's own flush (many quoted tables in one statement) goes through this door; a test that tries to
truncate a table of record is refused as anybody is. Rows that migrations wrote are kept; rules that a test
introduced name a person, and go with her.
"""

from collections.abc import Callable
from typing import Any

from django.contrib.contenttypes.management import create_contenttypes
from django.db import connection
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate

WRITTEN_BY_MIGRATIONS = {
    '"courses_category"', '"courses_skill"', '"discovery_sign"', '"auth_permission"', '"django_content_type"',
}  # fmt: skip
RULES = {
    "payments_revenuerule": "introduced_by_id",
    "payments_refundrule": "introduced_by_id",
    "moderation_ruleversion": "announced_by_id",
    "moderation_listedword": "added_by_id",
}


def open_door() -> None:
    _open_door_of(connection)
    # A browser's event loop gives the test's own thread another connection than the one that it had before.
    connection_created.connect(_open_door_of_new)


def make_nothing_anew() -> None:
    """Kinds of rows and the rights to them are kept: making them anew after each flush takes longer than flushing."""
    post_migrate.disconnect(create_contenttypes)
    post_migrate.disconnect(dispatch_uid="django.contrib.auth.management.create_permissions")


def _open_door_of_new(sender: Any, connection: Any, **_kwargs: Any) -> None:
    _open_door_of(connection)


def _open_door_of(one: Any) -> None:
    if empty_records not in one.execute_wrappers:
        one.execute_wrappers.append(empty_records)


def empty_records(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
    if not (isinstance(sql, str) and sql.startswith('TRUNCATE "') and sql.count(",") > 5):
        return execute(sql, params, many, context)
    tables = [name.strip() for name in sql.removeprefix("TRUNCATE ").rstrip(";").split(",")]
    emptied = [name for name in tables if name not in WRITTEN_BY_MIGRATIONS]
    # A request of a page that a test has closed may still run, and lock these tables in another order. It has nobody to
    # answer to any more, so it loses: whoever looks first for a deadlock is its victim, and the flush looks late.
    execute("SET LOCAL deadlock_timeout = '50s'", None, False, context)
    # Triggers do not fire for a replica; the flush runs in a transaction of its own, so LOCAL ends with it.
    execute("SET LOCAL session_replication_role = replica", None, False, context)
    # As TRUNCATE would: what somebody is still writing is waited for.
    execute(f"LOCK TABLE {', '.join(emptied)}", None, False, context)
    return execute(_deleting(emptied), None, False, context)


def _deleting(tables: list[str]) -> str:
    """TRUNCATE makes new files for each table and index, two thousand of them. A test writes a few rows into some."""
    kept = {f'"{table}"': f" WHERE {author} IS NOT NULL" for table, author in RULES.items()}
    return f"""DO $$
    DECLARE
        one text;
    BEGIN
        FOREACH one IN ARRAY ARRAY[{", ".join(f"'{name}{kept.get(name, '')}'" for name in tables)}] LOOP
            IF pg_relation_size(split_part(one, ' ', 1)) > 0 THEN EXECUTE 'DELETE FROM ' || one; END IF;
        END LOOP;
    END $$"""
