"""What the catalogue's filters offer and how many courses each choice leaves, for who draws no links."""

from typing import Any

from . import wide_facets
from .filters import LABELS, facets_of, told_of
from .models import Category
from .paging import MOST_COUNTED


def of(chosen: dict[str, str]) -> dict[str, Any]:
    """By the same tally as the page's own numbers; beyond MOST_COUNTED the exact one helps nobody."""
    shelves = Category.objects.shelves()
    counted = wide_facets.counted(facets_of(chosen, shelves), chosen.get("creator", ""))
    told = told_of(chosen, shelves, counted.by_choice)
    return {
        "total": min(counted.total, MOST_COUNTED),
        "has_more": counted.total > MOST_COUNTED or counted.is_part,
        "filters": [
            {
                "name": name,
                "label": LABELS[name],
                "is_least": name in counted.partly,
                "choices": [
                    {"value": value, "label": label, "count": min(count, MOST_COUNTED)}
                    for value, label, count in choices
                    if count or value == chosen.get(name)
                ],
            }
            for name, choices in told.items()
        ],
    }
