"""Which operation answers a request, and what all of them share: pages of lists, currencies, ranges of time."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import QuerySet

from marketplace.lib.money import CURRENCIES

from ..encoding import whole
from ..errors import wrong

Params = dict[str, Any]
Answer = dict[str, Any]


@dataclass(frozen=True)
class Operation:
    name: str
    method: str
    pattern: re.Pattern[str]
    run: Callable[..., Answer]


OPERATIONS: list[Operation] = []


def operation(name: str, method: str, path: str) -> Callable[[Callable[..., Answer]], Callable[..., Answer]]:
    pattern = re.compile("^" + re.sub(r"\{(\w+)\}", r"(?P<\1>[A-Za-z0-9_]+)", path) + "$")

    def register(run: Callable[..., Answer]) -> Callable[..., Answer]:
        OPERATIONS.append(Operation(name, method, pattern, run))
        return run

    return register


def found(method: str, path: str) -> tuple[Operation, dict[str, str]] | None:
    for candidate in OPERATIONS:
        match = candidate.pattern.match(path)
        if match and candidate.method == method:
            return candidate, match.groupdict()
    return None


def names() -> list[str]:
    return sorted(candidate.name for candidate in OPERATIONS)


def page(rows: QuerySet[Any], params: Params, url: str) -> Answer:
    """Newest first, `limit` rows after `starting_after`, as every v1 list."""
    limit = min(max(whole(params.get("limit", 10), "limit"), 1), 100)
    rows = rows.order_by("-created", "-pk")
    after = rows.filter(pk=params.get("starting_after", "")).first()
    if after is not None:
        rows = rows.filter(created__lt=after.created) | rows.filter(created=after.created, pk__lt=after.pk)
    page = list(rows[: limit + 1])
    return {
        "object": "list",
        "data": [row.as_stripe() for row in page[:limit]],
        "has_more": len(page) > limit,
        "url": url,
    }


def currency_of(params: Params) -> str:
    code = str(params.get("currency", "")).lower()
    if code.upper() not in CURRENCIES:
        raise wrong("currency", f"Invalid currency: {code}.", "parameter_invalid_string")
    return code


def created_within(rows: QuerySet[Any], params: Params) -> QuerySet[Any]:
    for bound, value in params.get("created", {}).items():
        at = datetime.fromtimestamp(whole(value, f"created[{bound}]"), UTC)
        rows = rows.filter(**{f"created__{bound}": at})
    return rows
