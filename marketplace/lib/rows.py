"""Rows of another table inside a query's own row, as an array: what a page shows beside a row, for no query more."""

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery

Written = tuple[str, tuple[Any, ...]]


class RowsBeside(ArraySubquery):
    """Is written as SQL once. A query that is put together once and asked often shares this with its copies, and
    writing it anew each time would take longer than what it asks for.
    """

    _written: Written | None = None

    def copy(self) -> "RowsBeside":
        # Only a copy is ever changed: set into another query, or given other names.
        copied: RowsBeside = super().copy()
        copied._written = None
        return copied

    def as_sql(self, compiler: Any, connection: Any, *args: Any, **more: Any) -> Written:
        if args or more:
            return super().as_sql(compiler, connection, *args, **more)
        if self._written is None:
            self._written = super().as_sql(compiler, connection)
        return self._written
