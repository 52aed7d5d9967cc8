"""What a search engine may say about a course, in schema.org's words."""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse

from marketplace.lib import links, price_tax
from marketplace.lib.price_tax import PriceTax
from marketplace.lib.templatetags.ui import stars

from .models import Collection, Course, Skill, SubjectCheck, Version
from .models.course import Level


def course_data(course: Course, version: Version, checks: Sequence[SubjectCheck] = ()) -> dict[str, Any]:
    """schema.org/Course with its creator, length and price. It was modified last when its live version was approved, or
    when its creator checked it once more, whichever is later.
    """
    renewed = max([(course.renewed_at or course.published_at).date(), *(check.checked_on for check in checks)])
    return {
        **_rated(course),
        "@context": "https://schema.org",
        "@type": "Course",
        "name": course.title,
        "description": course.subtitle or version.description[:300],
        "url": links.absolute(course.get_absolute_url()),
        "inLanguage": course.language,
        **_captioned(course),
        "educationalLevel": str(Level(course.level).label),
        "teaches": version.outcomes,
        "datePublished": course.published_at.date().isoformat(),
        "dateModified": renewed.isoformat(),
        "image": [links.absolute(course.cover.url)] if course.cover else [],
        "provider": {
            "@type": "Person",
            "name": course.creator.name,
            "url": links.absolute(course.creator.get_absolute_url()),
        },
        "offers": [
            {
                "@type": "Offer",
                "category": "Free" if course.is_free else "Paid",
                "price": course.price.decimal_text(),
                "priceCurrency": course.currency,
                "availability": "https://schema.org/InStock",
                **_taxed(course),
            }
        ],
        "hasCourseInstance": [
            {"@type": "CourseInstance", "courseMode": "Online", "courseWorkload": f"PT{max(course.duration_s, 1)}S"}
        ],
    }


def _captioned(course: Course) -> dict[str, Any]:
    """Where all films have captions, in some language: who does not hear, or not this language, can follow it."""
    if not course.captions:
        return {}
    spoken = dict.fromkeys([course.language.split("-")[0], *course.captions])
    return {"accessibilityFeature": ["captions"], "availableLanguage": list(spoken)}


def _taxed(course: Course) -> dict[str, Any]:
    """Whether the price has its tax in it, where there is one; and that it is the least, where buyers name it."""
    rule, least = price_tax.of_prices(), {"minPrice": course.price.decimal_text()} if course.is_price_named else {}
    taxed = {} if rule is PriceTax.NONE or course.is_free else {"valueAddedTaxIncluded": rule is PriceTax.INCLUDED}
    if not taxed and not least:
        return {}
    told = {"price": course.price.decimal_text(), "priceCurrency": course.currency}
    return {"priceSpecification": {"@type": "PriceSpecification", **told, **least, **taxed}}


def _rated(course: Course) -> dict[str, Any]:
    """The number that the page shows, where there is one."""
    if not course.shown_score:
        return {}
    return {
        "aggregateRating": {
            "@type": "AggregateRating",
            "ratingValue": stars(course.shown_score),
            "ratingCount": course.rating_count,
            "bestRating": 5,
            "worstRating": 1,
        }
    }


def skill_data(skill: Skill) -> dict[str, Any]:
    """schema.org/DefinedTerm: a skill of our list."""
    return {
        "@context": "https://schema.org",
        "@type": "DefinedTerm",
        "name": skill.name,
        "alternateName": skill.name_zh if skill.name == skill.name_en else skill.name_en,
        "termCode": skill.slug,
        "url": links.absolute(skill.get_absolute_url()),
        "inDefinedTermSet": links.absolute(reverse("courses:skills")),
    }


def collection_data(collection: Collection, courses: list[Course]) -> dict[str, Any]:
    """schema.org/ItemList: the courses of a collection in order."""
    items = enumerate(courses, 1)
    return {
        "@context": "https://schema.org",
        "@type": "ItemList",
        "name": collection.present.title,
        "description": collection.present.words,
        "url": links.absolute(collection.get_absolute_url()),
        "numberOfItems": len(courses),
        "itemListElement": [
            {
                "@type": "ListItem",
                "position": at,
                "url": links.absolute(course.get_absolute_url()),
                "name": course.title,
            }
            for at, course in items
        ],
    }
