"""What a search engine may say about a bundle, in schema.org's words."""

from typing import Any

from marketplace.lib import links

from .offers import Offer


def bundle_data(offer: Offer) -> dict[str, Any]:
    """schema.org/Product of several courses, at its one price."""
    bundle = offer.bundle
    return {
        "@context": "https://schema.org",
        "@type": "Product",
        "name": bundle.title,
        "description": bundle.words or ", ".join(part.course.title for part in offer.parts),
        "url": links.absolute(bundle.get_absolute_url()),
        "image": [links.absolute(part.course.cover.url) for part in offer.parts if part.course.cover],
        "brand": {"@type": "Person", "name": bundle.creator.name},
        "isRelatedTo": [
            {"@type": "Course", "name": part.course.title, "url": links.absolute(part.course.get_absolute_url())}
            for part in offer.parts
        ],
        "offers": {
            "@type": "Offer",
            "price": bundle.price.decimal_text(),
            "priceCurrency": bundle.currency,
            "availability": "https://schema.org/InStock",
        },
    }
