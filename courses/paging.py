"""Pages that begin where the last one ended: page 10,000 costs as much as page 1, and nobody counts a million rows."""

import base64
import binascii
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.exceptions import FieldError
from django.db import models
from django.db.models import Q

PAGE_ROWS = 24
# Beyond this the exact number helps nobody: it is shown as "1,000+".
MOST_COUNTED = 1_000


@dataclass
class Page:
    """Some rows in order. `before` and `after` are the parameters of the neighboring pages, empty at the ends."""

    rows: list[Any]
    total: int
    has_more_than_counted: bool = False
    before: str = ""
    after: str = ""
    order: tuple[str, str] = field(default=("-id", "-id"))


def page_of(rows: models.QuerySet, order: tuple[str, str], *, after: str = "", before: str = "") -> Page:
    """A page of `rows` in `order` (a column and the id, both the same way), two queries. A mark that cannot be read
    is the first page.
    """
    counted = rows.order_by()[: MOST_COUNTED + 1].count()
    mark, is_back = (_read(before), True) if before else (_read(after), False)
    asked = rows.order_by(*(_turned(name) for name in order) if is_back else order)
    if mark:
        asked = asked.filter(_beyond(order, mark, is_back))
    found = list(asked[: PAGE_ROWS + 1])
    has_further, found = len(found) > PAGE_ROWS, found[:PAGE_ROWS]
    if is_back:
        found.reverse()
    page = Page(found, min(counted, MOST_COUNTED), counted > MOST_COUNTED, order=order)
    if found:
        page.after = _mark(found[-1], order) if has_further or is_back else ""
        page.before = _mark(found[0], order) if mark and (has_further or not is_back) else ""
    return page


def _beyond(order: tuple[str, str], mark: tuple[Any, int], is_back: bool) -> Q:
    column = order[0].lstrip("-")
    way = "lt" if order[0].startswith("-") != is_back else "gt"
    value, pk = mark
    # The first half lets the index of the column be walked.
    return Q(**{f"{column}__{way}e": value}) & (Q(**{f"{column}__{way}": value}) | Q(**{f"pk__{way}": pk}))


def _turned(name: str) -> str:
    return name[1:] if name.startswith("-") else f"-{name}"


def _mark(row: models.Model, order: tuple[str, str]) -> str:
    value = getattr(row, order[0].lstrip("-"))
    text = value.isoformat() if isinstance(value, datetime) else str(value)
    return base64.urlsafe_b64encode(f"{text}_{row.pk}".encode()).decode().rstrip("=")


def _read(text: str) -> tuple[Any, int] | None:
    try:
        value, _gap, pk = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode().rpartition("_")
        return (int(value) if value.lstrip("-").isdigit() else datetime.fromisoformat(value)), int(pk)
    except (ValueError, binascii.Error, UnicodeDecodeError, FieldError):
        return None
