"""The shelves of the first page, each for what a person wants to become. Which categories fill which is edited here."""

from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .models import Category, Collection, Course
from .models.collection import in_order

SHELF_ROWS = 8
MOST_CURATED = 3


@dataclass
class Shelf:
    title: str | Promise
    categories: tuple[str, ...]
    courses: list[Course] = field(default_factory=list)


def _plan() -> list[Shelf]:
    return [
        Shelf(_("Become someone who builds software"), ("programming",)),
        Shelf(_("Become fluent in data and AI"), ("data-ai",)),
        Shelf(_("Become a maker"), ("crafts-heritage", "design")),
        Shelf(_("Become your own shop"), ("business",)),
        Shelf(_("Become a storyteller in pictures"), ("photography-film",)),
        Shelf(_("Become at home in another language"), ("languages",)),
        Shelf(_("Become good with land, food and home"), ("farming-life",)),
    ]


def curated() -> list[tuple[Collection, list[Course]]]:
    """The collections that staff put on the first page today, those that hold something. Two queries."""
    shown = list(Collection.objects.public().filter(present__is_on_home=True)[:MOST_CURATED])
    courses = in_order([collection.present for collection in shown if collection.present])
    rows = [(collection, courses[collection.present_id or 0][:SHELF_ROWS]) for collection in shown]
    return [(collection, held) for collection, held in rows if held]


def filled(language: str, categories: list[Category]) -> list[Shelf]:
    """Shelves that hold something, courses in the reader's `language` first, then by learners. One query, in which each
    category walks its index as far as it must.
    """
    wanted = [_first_of(category.pk, tongue) for category in categories for tongue in (language, "")]
    if not wanted:
        return []
    picked = wanted[0].union(*wanted[1:])
    courses = Course.objects.filter(pk__in=picked).cards().order_by("-learners_count", "-id")
    shelves = _plan()
    for course in sorted(courses, key=lambda course: course.language != language):
        for shelf in shelves:
            if course.category.slug in shelf.categories and len(shelf.courses) < SHELF_ROWS:
                shelf.courses.append(course)
    return [shelf for shelf in shelves if shelf.courses]


def _first_of(category_id: int, language: str) -> QuerySet[Course, Any]:
    rows = Course.objects.listed().filter(category_id=category_id)
    if language:
        rows = rows.filter(language=language)
    return rows.order_by("-learners_count", "-id").values("pk")[:SHELF_ROWS]
