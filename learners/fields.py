"""How played seconds lie in PostgreSQL: as an int4multirange, read and written as spans."""

from typing import Any

from django.db import models

from .intervals import Spans, from_text, merged, to_text


class SecondsField(models.Field):
    """Spans of whole seconds, ((start, end), …), sorted and disjoint; () is none."""

    description = "Spans of whole seconds"

    def __init__(self, **options: Any) -> None:
        options.setdefault("default", tuple)
        super().__init__(**options)

    def db_type(self, connection: Any) -> str:
        return "int4multirange"

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> Spans | None:
        return None if value is None else from_text(value)

    def to_python(self, value: Any) -> Spans | None:
        if isinstance(value, str):
            return from_text(value)
        return None if value is None else merged(tuple(span) for span in value)

    def get_prep_value(self, value: Any) -> str | None:
        value = super().get_prep_value(value)
        return None if value is None else to_text(merged(value))

    def get_placeholder(self, value: Any, compiler: Any, connection: Any) -> str:
        return "%s::int4multirange"

    def value_to_string(self, obj: models.Model) -> str:
        spans: Spans = getattr(obj, self.attname)
        return to_text(spans)
