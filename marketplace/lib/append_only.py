"""Tables of record: PostgreSQL itself refuses UPDATE, DELETE and TRUNCATE on them."""

from django.db.migrations import RunSQL

REFUSE_CHANGE = """
CREATE FUNCTION floor_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$;
"""


def append_only(table: str, refuse: str = "floor_refuse_change()") -> RunSQL:
    """A migration operation; the migration depends on ("floor", "0002_records").

    `refuse` is the function that an UPDATE or a DELETE calls: a table's own one may let through what is forgotten.
    """
    return RunSQL(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION {refuse};"
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION floor_refuse_change();",
        f"DROP TRIGGER {table}_append_only ON {table}; DROP TRIGGER {table}_no_truncate ON {table};",
    )
