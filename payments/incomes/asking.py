"""Asking what is summed up and what came after its mark, so that no entry is counted twice and none is left out."""

from typing import Any

from django.conf import settings
from django.db import connection

from ..models import RollupMark

_GUARDED = """
SELECT coalesce((SELECT through_entry FROM payments_rollupmark), 0), found.* FROM (SELECT 1) AS one
  LEFT JOIN ({query}) AS found ON true"""


def ask(query: str, asked: dict[str, Any]) -> list[tuple[Any, ...]]:
    """The rows of a query about `%(mark)s` and `%(book)s` and what is asked.

    The mark is read before, so that the planner knows how little lies behind it. Should a round have moved it by the
    time of the query, the answer says so and is asked for again.
    """
    while True:
        mark = RollupMark.objects.values_list("through_entry", flat=True).first() or 0
        with connection.cursor() as cursor:
            cursor.execute(_GUARDED.format(query=query), {**asked, "book": settings.PAYMENTS_BOOK, "mark": mark})
            rows = cursor.fetchall()
        if rows[0][0] == mark:
            return [row[1:] for row in rows if any(value is not None for value in row[1:])]
