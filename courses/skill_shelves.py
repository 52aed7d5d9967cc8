"""Courses by what they teach: all skills with their numbers of courses, and one skill's courses by level."""

from typing import Any

from django.db.models import OuterRef, Subquery
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from . import cards, tallied, wide_facets
from .models import Category, Course, Skill, SkillLevel, TaughtSkill
from .models.skill import LEVEL_WORDS
from .structured_lists import of_slugs
from .tallying import SHELF_ROWS

# So many skills are named where a category is described in a sentence.
MOST_NAMED = 6


def overview() -> list[tuple[Category, list[tuple[Skill, int]]]]:
    """Categories with their skills and how many courses in lists teach each; retired ones only where some do."""
    counted = wide_facets.counted({})
    groups: dict[int, tuple[Category, list[tuple[Skill, int]]]] = {}
    for skill in Skill.objects.known():
        number = counted.by_choice["skill", skill.pk]
        if number or skill.retired_at is None:
            # That of a part says nothing here.
            told = 0 if counted.is_part else number
            groups.setdefault(skill.category_id, (skill.category, []))[1].append((skill, told))
    return list(groups.values())


def words_of(category: Category) -> str:
    """What stands on a category's shelf, in a sentence of its own: by what its courses can teach."""
    named = [one.name for one in Skill.objects.known() if one.category_id == category.pk and one.retired_at is None]
    words = {"shelf": category.name, "skills": pgettext("between names in a row", ", ").join(named[:MOST_NAMED])}
    told = _("%(shelf)s: courses in %(skills)s.") if named else _("Courses in %(shelf)s.")
    watched = _("Each was watched by a person before it was sold.")
    return f"{told % words} {watched}"


def of(
    skill: Skill,
) -> tuple[int | None, list[tuple[SkillLevel, object, list[SafeString]]], list[tuple[str, str]]]:
    """How many courses teach it, None where that is not known just now; cards of some of each level, by learners:
    (level, what it means, cards); and title and address of all of these, in order.
    """
    # Where courses are many a worker looks for the first of each level; what they teach is asked now.
    to_level = TaughtSkill.objects.filter(version=OuterRef("live_version"), skill=skill).values("level")
    shelf = tallied.shelf_of(skill.pk)
    first = Course.objects.listed().filter(pk__in=shelf.courses).annotate(taught_to=Subquery(to_level))
    found = list(cards.stamped(first.order_by("-learners_count", "-id"), "slug", "title", "taught_to"))
    teaching = [[course for course in found if course.taught_to == level] for level in SkillLevel]
    rows = [row[:SHELF_ROWS] for row in teaching]
    drawn = cards.by_row(rows, "h3")
    told: list[tuple[SkillLevel, object, list[SafeString]]] = [
        (level, LEVEL_WORDS[level], row) for level, row in zip(SkillLevel, drawn, strict=True) if row
    ]
    number = _said(wide_facets.number_of("skill", skill.pk), shelf, teaching)
    return number, told, of_slugs(one for row in rows for one in row)


def _said(number: int | None, shelf: tallied.Shelf, teaching: list[list[Any]]) -> int | None:
    """The number of a tally that may be older than the cards never contradicts them: where all of the skill's courses
    stand on the shelf it is theirs. That goes by what was found, not by what is left of it: a full row that a course
    has left has others behind it.
    """
    if number is None:
        return None
    is_whole = number <= len(shelf.courses) or (shelf.is_of_now and all(len(row) < SHELF_ROWS for row in teaching))
    there = sum(map(len, teaching))
    return there if is_whole else max(number, there)
