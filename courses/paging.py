"""Pages that begin where the last one ended: page 10,000 costs as much as page 1, and nobody counts a million rows."""

import base64
import binascii
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.db import models

PAGE_ROWS = 24
# Beyond this the exact number helps nobody: it is shown as "1,000+".
MOST_COUNTED = 1_000
_LARGEST = 2**63


@dataclass
class Page:
    """Some rows in order. `before` and `after` are the parameters of the neighboring pages, empty at the ends."""

    rows: list[Any]
    total: int
    has_more_than_counted: bool = False
    before: str = ""
    after: str = ""
    # The rows as they are drawn, where that is done apart.
    cards: list[Any] = field(default_factory=list)
    order: tuple[str, str] = field(default=("-id", "-id"))
    # It begins with the first of them, and no more were found.
    is_whole: bool = False
    # Whether more of them were found than the page has, in the direction of its mark.
    has_further: bool = False

    def say(self, counted: int, *, is_part: bool) -> None:
        """How many there are, of rows that were not counted with the page but before, or of which only a part was. What
        stands on the page is known: a number never contradicts it.
        """
        if self.is_whole and not self.after:
            self.total, self.has_more_than_counted = len(self.rows), False
            return
        known = len(self.rows) + bool(self.after)
        self.total = min(max(counted, known), MOST_COUNTED)
        self.has_more_than_counted = bool(self.rows) and is_part or not known <= counted <= MOST_COUNTED


def page_of(
    rows: models.QuerySet,
    order: tuple[str, str],
    most: int = 0,
    /,
    *,
    after: str = "",
    before: str = "",
    counted: int | None = None,
) -> Page:
    """A page of `rows` in `order` (a column and the id, both the same way), and how many there are, where that is not
    `counted` already. A mark that cannot be read is the first page. `most`: of so many rows, instead of PAGE_ROWS.
    """
    if counted is None:
        counted = rows.order_by()[: MOST_COUNTED + 1].count()
    begin, is_back = read_mark(order, after=after, before=before)
    most = most or PAGE_ROWS
    asked = rows.order_by(*(_turned(name) for name in order) if is_back else order)
    if begin:
        asked = _beyond(asked, order, begin, is_back)
    return _page(list(asked[: most + 1]), order, counted, most, is_first=not begin, is_back=is_back)


def first_page(found: list[Any], order: tuple[str, str]) -> Page:
    """Of PAGE_ROWS rows and one more, where there is one, in their order. How many there are is still to be said."""
    return _page(found, order, 0, PAGE_ROWS, is_first=True, is_back=False)


def _page(found: list[Any], order: tuple[str, str], counted: int, most: int, *, is_first: bool, is_back: bool) -> Page:
    has_further, found = len(found) > most, found[:most]
    if is_back:
        found.reverse()
    page = Page(found, min(counted, MOST_COUNTED), counted > MOST_COUNTED, order=order, has_further=has_further)
    page.is_whole = is_first and not has_further
    if found:
        page.after = _mark(found[-1], order) if has_further or is_back else ""
        page.before = "" if is_first or not (has_further or not is_back) else _mark(found[0], order)
    return page


def read_mark(order: tuple[str, str], *, after: str = "", before: str = "") -> tuple[tuple[Any, int] | None, bool]:
    """The (value, id) at which the page begins, None for the first one, and whether it lies before it. A mark of
    another order is none.
    """
    is_moment = order[0].endswith("_at")
    begin = _read(before or after)
    if begin and isinstance(begin[0], datetime) != is_moment:
        begin = None
    return begin, bool(before)


def mark(value: Any, pk: int) -> str:
    """The parameter from which `read_mark` reads this."""
    text = value.isoformat() if isinstance(value, datetime) else str(value)
    return base64.urlsafe_b64encode(f"{text}_{pk}".encode()).decode().rstrip("=")


def _beyond(rows: models.QuerySet, order: tuple[str, str], mark: tuple[Any, int], is_back: bool) -> models.QuerySet:
    """Compared as a pair, the index is entered at the mark, however many rows have the same value."""
    way = "<" if order[0].startswith("-") != is_back else ">"
    return rows.extra(where=[f"({', '.join(columns_of(rows.model, order))}) {way} (%s, %s)"], params=mark)


def columns_of(model: type[models.Model], order: tuple[str, str]) -> list[str]:
    """The order's columns as SQL."""
    meta = model._meta
    return [f'"{meta.db_table}"."{meta.get_field(name.lstrip("-")).column}"' for name in order]


def _turned(name: str) -> str:
    return name[1:] if name.startswith("-") else f"-{name}"


def _mark(row: models.Model, order: tuple[str, str]) -> str:
    return mark(getattr(row, order[0].lstrip("-")), row.pk)


def _read(text: str) -> tuple[Any, int] | None:
    try:
        text, _gap, pk = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode().rpartition("_")
        value = int(text) if text.lstrip("-").isdigit() else datetime.fromisoformat(text)
        is_small = abs(int(pk)) < _LARGEST and (not isinstance(value, int) or abs(value) < _LARGEST)
        if not is_small or (isinstance(value, datetime) and value.tzinfo is None):
            return None
        # PostgreSQL does not read every offset that Python does.
        return value.astimezone(UTC) if isinstance(value, datetime) else value, int(pk)
    except (ValueError, OverflowError, binascii.Error, UnicodeDecodeError):
        return None
