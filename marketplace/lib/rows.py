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


class _Asked(Value):
    """In a query, what will be asked for. Among its parameters stands a gap with its number."""

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        return "%s", [_Gap(self.value)]


class _Gap(int):
    """Which of the values stands here."""


def written_once(put_together: Callable[..., QuerySet[Row]]) -> Callable[..., list[Row]]:
    """The rows of `put_together(*values)`, which is called once, with something that stands for each value.

    What else the query asks for must be the same for ever: a moment that is read in Python would stay (use `Now()`).
    """

    @cache
    def written(count: int) -> tuple[QuerySet[Row], Any, str, tuple[Any, ...]]:
        rows = put_together(*map(_Asked, range(count)))
        compiler = rows.query.get_compiler(rows.db)
        sql, params = compiler.as_sql()
        # How each column becomes a value of Python is asked of all of them for each answer: a tenth of what it costs.
        converters = compiler.get_converters([column[0] for column in compiler.select])
        compiler.get_converters = lambda columns: converters
        return rows, compiler, sql, params

    def ask(*values: Any) -> list[Row]:
        rows, compiler, sql, params = written(len(values))
        given = tuple(values[each] if isinstance(each, _Gap) else each for each in params)
        line = connections[rows.db]

        def answer(stated: str, given: Sequence[Any]) -> list[Row]:
            # Django makes models of the answer by what a compiler found out while it was writing: so does each copy.
            said = copy(compiler)
            said.connection, said.as_sql = line, lambda: (stated, given)
            asked = rows.all()
            asked.query.get_compiler = lambda using: said  # type: ignore[method-assign, assignment]
            return list(asked)

        return prepared.run(line, sql, given, answer)

    return ask
