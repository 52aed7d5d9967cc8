"""Rows for COPY, many thousand a second; what a model says by itself need not be given."""

import io
import json
from typing import Any

from django.db.models import AutoField


class Rows:
    """Rows of one table for COPY: what varies is given row by row, everything else is what the model says."""

    def __init__(self, table: str, columns: list[str], constants: dict[str, str] | None = None) -> None:
        constants = constants or {}
        self.table, self.columns, self.lines = table, [*columns, *constants], list[str]()
        self._end = "".join(f"\t{text}" for text in constants.values()) + "\n"

    @classmethod
    def of(cls, model: Any, columns: str, **fixed: Any) -> "Rows":
        varying = columns.split()
        # What the database has an answer of its own for is left to it.
        own = [f.column for f in model._meta.concrete_fields if f.has_db_default() or isinstance(f, AutoField)]
        left = {*varying, *own} - set(fixed)
        fields = [f for f in model._meta.concrete_fields if f.column not in left and not f.generated]
        sample = model(**fixed)
        return cls(model._meta.db_table, varying, {f.column: _constant(f, getattr(sample, f.attname)) for f in fields})

    def add(self, *values: Any) -> None:
        self.lines.append("\t".join(map(str, values)) + self._end)

    def copy(self, cursor: Any) -> None:
        if self.lines:
            text = io.StringIO("".join(self.lines))
            cursor.copy_expert(f"COPY {self.table} ({', '.join(self.columns)}) FROM STDIN", text)
            self.lines.clear()


def _constant(field: Any, value: Any) -> str:
    if value is None:
        return "\\N"
    if field.get_internal_type() == "JSONField":
        return json.dumps(value)
    return str(value)
