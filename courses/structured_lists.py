"""What a search engine may say about lists of courses and the ways to them, in schema.org's words."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from marketplace.lib import links
from operating import look

from .models import Category, Collection, Course, Skill

CONTEXT = {"@context": "https://schema.org"}
# As the box in the head asks; what stands in braces is the engine's to fill in.
_SOUGHT = "search_term_string"


def site_data() -> dict[str, Any]:
    """schema.org/WebSite: what the site is called, and how it is searched."""
    return {
        **CONTEXT,
        "@type": "WebSite",
        "name": look.name(),
        "alternateName": look.names(),
        "url": links.absolute(reverse("home")),
        "inLanguage": get_language() or "en",
        "potentialAction": {
            "@type": "SearchAction",
            "target": {
                "@type": "EntryPoint",
                "urlTemplate": f"{links.absolute(reverse('discovery:search'))}?q={{{_SOUGHT}}}",
            },
            "query-input": f"required name={_SOUGHT}",
        },
    }


def item_list(name: str, address: str, courses: Iterable[tuple[str, str]], **told: str) -> dict[str, Any]:
    """schema.org/ItemList: courses in order, each by its title and its own address."""
    items = [
        {"@type": "ListItem", "position": at, "url": links.absolute(own), "name": title}
        for at, (title, own) in enumerate(courses, 1)
    ]
    return {
        **CONTEXT,
        "@type": "ItemList",
        "name": name,
        **told,
        "url": links.absolute(address),
        "numberOfItems": len(items),
        "itemListElement": items,
    }


def of_slugs(rows: Iterable[Any]) -> list[tuple[str, str]]:
    """Rows that have a title and a slug, as `item_list` takes them."""
    return [(row.title, links.of_slug("courses:detail", row.slug)) for row in rows]


def collection_data(collection: Collection, courses: Sequence[Course]) -> dict[str, Any]:
    present: Any = collection.present
    return item_list(present.title, collection.get_absolute_url(), of_slugs(courses), description=present.words)


def skill_data(skill: Skill) -> dict[str, Any]:
    """schema.org/DefinedTerm: a skill of our list."""
    return {
        **CONTEXT,
        "@type": "DefinedTerm",
        "name": skill.name,
        "alternateName": skill.name_zh if skill.name == skill.name_en else skill.name_en,
        "termCode": skill.slug,
        "url": links.absolute(skill.get_absolute_url()),
        "inDefinedTermSet": links.absolute(reverse("courses:skills")),
    }


def way_to(*steps: tuple[str, str]) -> dict[str, Any]:
    """schema.org/BreadcrumbList: (name, address) of each step, the page itself last."""
    return {
        **CONTEXT,
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": at, "name": name, "item": links.absolute(address)}
            for at, (name, address) in enumerate(steps, 1)
        ],
    }


def way_to_course(course: Course) -> dict[str, Any]:
    shelf = [way_step(course.category)] if course.category else []
    return way_to(all_courses(), *shelf, (course.title, course.get_absolute_url()))


def way_step(category: Category) -> tuple[str, str]:
    return category.name, category.get_absolute_url()


def all_courses() -> tuple[str, str]:
    return _("All courses"), reverse("courses:catalogue")
