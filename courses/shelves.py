"""The shelves of the first page, each for what a person wants to become. Which categories fill which is edited here."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BigIntegerField, F, Func, OuterRef, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from marketplace.lib.rows import written_once

from . import cards
from .models import Category, Collection, Course
from .models.collection import in_order

SHELF_ROWS = 8
MOST_CURATED = 3
# Of the new courses that were shown the least, so many stand on the first page in turn, each turn so long.
NEW_IN_TURN, TURN_S = 48, 600


# Of its row among the new courses (discovery.models.Newcomer), if it has one.
_NEW = ("newcomer__is_owed", "newcomer__audience", "newcomer__looks", "newcomer__is_first")


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


def filled(language: str, now: datetime) -> tuple[list[Shelf], list[Any]]:
    """Shelves that hold something, courses in the reader's `language` first, then by learners; and beside them the new
    courses whose turn it is `now`. One query.
    """
    shelves, found = _plan(), _first(language)
    for course in sorted(found, key=lambda course: course.language != language):
        for shelf in shelves:
            if course.category__slug in shelf.categories and len(shelf.courses) < SHELF_ROWS:
                shelf.courses.append(course)
    return [shelf for shelf in shelves if shelf.courses], in_turn(_new(found, language), now)


def in_turn(new: list[Any], now: datetime) -> list[Any]:
    """A shelf of these, so that each stands there within the hour."""
    turns = max(1, -(-len(new) // SHELF_ROWS))
    at = int(now.timestamp()) // TURN_S % turns * SHELF_ROWS
    return (new[at:] + new[:at])[:SHELF_ROWS]


def drawn(language: str, now: datetime) -> dict[str, Any]:
    """`collections` and `shelves`, each with its cards, and the cards of `new` courses. Of the first collection and the
    first shelf the pictures are not put off.
    """
    collections, (shelves, new) = curated(), filled(language, now)
    rows = [courses for _collection, courses in collections] + [shelf.courses for shelf in shelves] + [new]
    *told, new_cards = cards.by_row(rows, "h3", eager={0, len(collections)})
    return {
        "collections": [(one, told[at]) for at, (one, _courses) in enumerate(collections)],
        "shelves": list(zip(shelves, told[len(collections) :], strict=True)),
        "new": new_cards,
    }


@written_once
def _first(language: Any) -> QuerySet[Course, Any]:
    """Of each category the first courses in `language` and the first in any, and new ones that are owed looks; each
    with the stamp of its card. A category, and each audience of new courses, walks its index as far as it must.
    """
    new = [_owed(newcomer__audience=audience) for audience in (language, "")]
    picked = _of_each_category(language=language).union(_of_each_category(), *new)
    rows = Course.objects.filter(pk__in=picked).order_by("-learners_count", "-id")
    return cards.stamped(rows, "language", "category__slug", *_NEW)


def _new(found: list[Any], language: str) -> list[Any]:
    """Those of `_first` that are owed looks of this reader's language, or of everybody's, the least shown first."""
    owed = [row for row in found if row.newcomer__is_owed and row.newcomer__audience in (language, "")]
    return sorted(owed, key=lambda row: (row.newcomer__looks, not row.newcomer__is_first, -row.pk))[:NEW_IN_TURN]


def _owed(**where: Any) -> QuerySet[Course, Any]:
    rows = Course.objects.listed().filter(newcomer__is_owed=True, **where)
    order = ("newcomer__looks", "-newcomer__is_first", "-newcomer__published_at", "-newcomer__pk")
    return rows.order_by(*order).values(course=F("pk"))[:NEW_IN_TURN]


def _of_each_category(**where: Any) -> QuerySet[Category, Any]:
    rows = Course.objects.listed().filter(category_id=OuterRef("pk"), **where)
    first = ArraySubquery(rows.order_by("-learners_count", "-id").values("pk")[:SHELF_ROWS])
    each = Func(first, function="unnest", output_field=BigIntegerField())
    return Category.objects.order_by().annotate(course=each).values("course")
