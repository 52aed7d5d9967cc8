"""The shelves of the first page, each for what a person wants to become. Which categories fill which is edited here."""

from dataclasses import dataclass, field
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BigIntegerField, Func, OuterRef, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from marketplace.lib.rows import written_once

from . import cards
from .models import Category, Collection, Course
from .models.collection import in_order

SHELF_ROWS = 8
MOST_CURATED = 3


@dataclass
class Shelf:
    title: str | Promise
    categories: tuple[str, ...]
    # Rows of `_first`.
    courses: list[Any] = field(default_factory=list)


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


def filled(language: str) -> list[Shelf]:
    """Shelves that hold something, courses in the reader's `language` first, then by learners. One query."""
    shelves = _plan()
    for course in sorted(_first(language), key=lambda course: course.language != language):
        for shelf in shelves:
            if course.category__slug in shelf.categories and len(shelf.courses) < SHELF_ROWS:
                shelf.courses.append(course)
    return [shelf for shelf in shelves if shelf.courses]


def drawn(language: str) -> dict[str, Any]:
    """`collections` and `shelves`, each with its cards; of the first of both the pictures are not put off."""
    collections, shelves = curated(), filled(language)
    rows = [courses for _collection, courses in collections] + [shelf.courses for shelf in shelves]
    told = cards.by_row(rows, "h3", eager={0, len(collections)})
    return {
        "collections": [(one, told[at]) for at, (one, _courses) in enumerate(collections)],
        "shelves": list(zip(shelves, told[len(collections) :], strict=True)),
    }


@written_once
def _first(language: Any) -> QuerySet[Course, Any]:
    """Of each category the first courses in `language` and the first in any, each with the stamp of its card. A
    category walks its index as far as it must.
    """
    picked = _of_each_category(language=language).union(_of_each_category())
    rows = Course.objects.filter(pk__in=picked).order_by("-learners_count", "-id")
    return cards.stamped(rows, "language", "category__slug")


def _of_each_category(**where: Any) -> QuerySet[Category, Any]:
    rows = Course.objects.listed().filter(category_id=OuterRef("pk"), **where)
    first = ArraySubquery(rows.order_by("-learners_count", "-id").values("pk")[:SHELF_ROWS])
    each = Func(first, function="unnest", output_field=BigIntegerField())
    return Category.objects.order_by().annotate(course=each).values("course")
