"""What the catalogue's filters offer and how many courses each choice leaves, for who draws no links."""

from typing import Any

from . import wide_facets
from .filters import LABELS, facets_of, told_of
from .models import Category
from .paging import MOST_COUNTED


def of(chosen: dict[str, str]) -> dict[str, Any]:
    """By the same tally as the page's own numbers; beyond MOST_COUNTED the exact one helps nobody."""
    shelves = Category.objects.shelves()
    total, counted = wide_facets.counts(facets_of(chosen, shelves), chosen.get("creator", ""))
    told = told_of(chosen, shelves, counted)
    return {
        "total": min(total, MOST_COUNTED),
        "has_more": total > MOST_COUNTED,
        "filters": [
            {
                "name": name,
                "label": LABELS[name],
                "choices": [
                    {"value": value, "label": label, "count": min(count, MOST_COUNTED)}
                    for value, label, count in choices
                    if count or value == chosen.get(name)
                ],
            }
            for name, choices in told.items()
        ],
    }
