"""What a search engine may say about a path, in schema.org's words."""

from typing import Any

from marketplace.lib import links

from .journeys import Journey


def path_data(journey: Journey) -> dict[str, Any]:
    """schema.org/ItemList: its courses in order."""
    edition = journey.edition
    return {
        "@context": "https://schema.org",
        "@type": "ItemList",
        "name": edition.title,
        "description": edition.promise,
        "url": links.absolute(journey.path.get_absolute_url()),
        "inLanguage": edition.language,
        "numberOfItems": len(journey.stops),
        "itemListElement": [
            {
                "@type": "ListItem",
                "position": number,
                "url": links.absolute(stop.course.get_absolute_url()),
                "name": stop.course.title,
            }
            for number, stop in enumerate(journey.stops, 1)
        ],
    }
