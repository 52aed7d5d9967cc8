"""The rows of a list's first page, by a statement that is written once for all who choose the same: writing it takes a
process longer than answering takes the database.
"""

from collections import namedtuple
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from . import cards
from .filters import ORDERS, narrow
from .models import Course
from .paging import PAGE_ROWS

# Filters whose rows go by nothing but what was chosen, of which there are few. Others count from now, or from what was
# called so when the statement was written.
_STEADY = {"category", "price", "level", "language", "length", "captions", "rating"}
Chosen = tuple[tuple[str, str], ...]


def rows_of(chosen: dict[str, str], order: str) -> list[Any]:
    """PAGE_ROWS of what `chosen` leaves and one more, as `cards.stamped` gives them, with slug and title."""
    asked = tuple(sorted((name, value) for name, value in chosen.items() if name not in ("sort", "more")))
    if not _STEADY.issuperset(name for name, _value in asked):
        return list(_rows(asked, order))
    row, sql, values = _written(asked, order)
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return [row(*each) for each in cursor.fetchall()]


@lru_cache(maxsize=512)
def _written(asked: Chosen, order: str) -> tuple[Any, str, tuple[Any, ...]]:
    rows = _rows(asked, order)
    sql, values = rows.query.sql_with_params()
    return namedtuple("Row", rows._fields), sql, values  # type: ignore[attr-defined]


def _rows(asked: Chosen, order: str) -> QuerySet[Course, Any]:
    rows = cards.stamped(narrow(Course.objects.listed(), dict(asked)), ORDERS[order][0].lstrip("-"), "slug", "title")
    return rows.order_by(*ORDERS[order])[: PAGE_ROWS + 1]
