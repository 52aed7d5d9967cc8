"""Queries that are put together and written as SQL once a process: for pages whose query takes longer to write than to
answer.
"""

from collections.abc import Callable, Sequence
from copy import copy
from functools import cache
from typing import Any, TypeVar

from django.db import connections
from django.db.models import Model, QuerySet, Value

from . import prepared

Row = TypeVar("Row", bound=Model)
_PLACE = "\1"  # no statement of ours has such a sign in it


class _Asked(Value):
    """In a query, what will be asked for. Among its parameters stands a gap with its number."""

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        return "%s", [_Gap(self.value)]


class _Gap(int):
    """Which of the values stands here."""

    def __conform__(self, _protocol: Any) -> "_Gap":
        return self

    def getquoted(self) -> bytes:
        """As psycopg2 writes it into a statement."""
        return _PLACE.encode()


def _with_constants(written: tuple[str, Any], line: Any) -> tuple[str, list[_Gap]]:
    """The statement with all that is the same for every request written into it, and the gaps that are left: sent each
    time, three dozen words took as long as the answer.
    """
    sql, params = written
    line.ensure_connection()
    with line.connection.cursor() as cursor:
        text = cursor.mogrify(sql, params).decode()
    return text.replace("%", "%%").replace(_PLACE, "%s"), [each for each in params if isinstance(each, _Gap)]


def written_once(put_together: Callable[..., QuerySet[Row]]) -> Callable[..., list[Row]]:
    """The rows of `put_together(*values)`, which is called once, with something that stands for each value.

    What else the query asks for must be the same for ever: a moment that is read in Python would stay (use `Now()`).
    """

    @cache
    def written(count: int) -> tuple[QuerySet[Row], Any, str, list[_Gap]]:
        rows = put_together(*map(_Asked, range(count)))
        compiler = rows.query.get_compiler(rows.db)
        sql, gaps = _with_constants(compiler.as_sql(), connections[rows.db])
        # How each column becomes a value of Python is asked of all of them for each answer: a tenth of what it costs.
        converters = compiler.get_converters([column[0] for column in compiler.select])
        compiler.get_converters = lambda columns: converters
        return rows, compiler, sql, gaps

    def ask(*values: Any) -> list[Row]:
        rows, compiler, sql, gaps = written(len(values))
        given, line = tuple(values[each] for each in gaps), connections[rows.db]

        def answer(stated: str, given: Sequence[Any]) -> list[Row]:
            # Django makes models of the answer by what a compiler found out while it was writing: so does each copy.
            said = copy(compiler)
            said.connection, said.as_sql = line, lambda: (stated, given)
            asked = rows.all()
            asked.query.get_compiler = lambda using: said  # type: ignore[method-assign, assignment]
            return list(asked)

        return prepared.run(line, sql, given, answer)

    return ask
