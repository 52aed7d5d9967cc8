"""What a search engine may say about a course, in schema.org's words."""

from collections.abc import Sequence
from typing import Any

from creators.structured import creator_named, institution_named
from marketplace.lib import links, price_tax
from marketplace.lib.price_tax import PriceTax
from marketplace.lib.templatetags.ui import stars

from .models import Course, SubjectCheck, Version
from .models.course import Level
from .outline import Chapter


def course_data(
    course: Course, version: Version, chapters: Sequence[Chapter], checks: Sequence[SubjectCheck] = ()
) -> dict[str, Any]:
    """schema.org/Course with who offers it, for whom, those of its sections of which something can be opened, the
    length of what can be, and price. It was modified last when its live version was approved, or when its creator
    checked it once more, whichever is later. Nothing says how long its price holds: no price is scheduled.
    """
    maker = creator_named(course.creator)
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
        **_meant_for(version),
        "syllabusSections": [
            {"@type": "Syllabus", "name": each.section.title, **_takes(each.duration_s)}
            for each in chapters
            if each.has_what_opens
        ],
        "datePublished": course.published_at.date().isoformat(),
        "dateModified": renewed.isoformat(),
        "image": [links.absolute(course.cover.url)] if course.cover else [],
        "creator": maker,
        "provider": _provider(course) or maker,
        "isAccessibleForFree": course.is_free,
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
            {
                "@type": "CourseInstance",
                "courseMode": "Online",
                "courseWorkload": f"PT{max(sum(each.duration_s for each in chapters), 1)}S",
                "instructor": maker,
            }
        ],
    }


def _provider(course: Course) -> dict[str, Any] | None:
    """The institution under whose name it is offered, while that name is verified."""
    return institution_named(course.institution) if course.institution and course.institution.is_verified else None


def _meant_for(version: Version) -> dict[str, Any]:
    """What its creator says of whom it is for and what they need; nothing where she says nothing."""
    told: dict[str, Any] = {}
    if version.requirements:
        told["coursePrerequisites"] = version.requirements
    if version.audience:
        told["audience"] = [{"@type": "Audience", "audienceType": line} for line in version.audience]
    return told


def _takes(seconds: int) -> dict[str, str]:
    return {"timeRequired": f"PT{seconds}S"} if seconds else {}


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
