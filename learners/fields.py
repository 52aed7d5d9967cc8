"""How played seconds and wall time lie in PostgreSQL: as multiranges, read and written as spans."""

from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db import models

from .bound import Times
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


class TimesField(models.Field):
    """Spans of wall time, ((start, end), …), sorted and disjoint; () is none. The database's session is in UTC."""

    description = "Spans of wall time"

    def __init__(self, **options: Any) -> None:
        options.setdefault("default", tuple)
        super().__init__(**options)

    def db_type(self, connection: Any) -> str:
        return "tstzmultirange"

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> Times | None:
        return None if value is None else times_from_text(value)

    def get_prep_value(self, value: Any) -> str | None:
        value = super().get_prep_value(value)
        return None if value is None else times_to_text(value)

    def get_placeholder(self, value: Any, compiler: Any, connection: Any) -> str:
        return "%s::tstzmultirange"

    def value_to_string(self, obj: models.Model) -> str:
        times: Times = getattr(obj, self.attname)
        return times_to_text(times)


def times_to_text(times: Times) -> str:
    """PostgreSQL's spelling of a tstzmultirange."""
    return "{" + ",".join([f"[{start.isoformat()},{end.isoformat()})" for start, end in times]) + "}"


# A meter's gaps are mostly those of fifteen seconds ago.
@lru_cache(maxsize=20_000)
def times_from_text(text: str) -> Times:
    """Reads what PostgreSQL writes: `{["2026-11-29 05:00:00+00","2026-11-29 05:10:00+00")}`."""
    if text == "{}":
        return ()
    bounds = list(map(datetime.fromisoformat, text[3:-3].replace('"),["', '","').split('","')))
    return tuple(zip(bounds[::2], bounds[1::2], strict=True))
