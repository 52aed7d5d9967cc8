"""Courses by what they teach: all skills with their numbers of courses, and one skill's courses by level."""

from collections import defaultdict

from . import wide_facets
from .models import Category, Course, Skill, SkillLevel, TaughtSkill
from .models.skill import LEVEL_WORDS

SHELF_ROWS = 12


def overview() -> list[tuple[Category, list[tuple[Skill, int]]]]:
    """Categories with their skills and how many courses in lists teach each; retired ones only where some do."""
    _total, counted = wide_facets.counts({})
    groups: dict[int, tuple[Category, list[tuple[Skill, int]]]] = {}
    for skill in Skill.objects.known():
        number = counted["skill", skill.pk]
        if number or skill.retired_at is None:
            groups.setdefault(skill.category_id, (skill.category, []))[1].append((skill, number))
    return list(groups.values())


def of(skill: Skill) -> tuple[int, list[tuple[SkillLevel, object, list[Course]]]]:
    """How many courses teach it, and some of each level, by learners: (level, what it means, courses)."""
    live = Course.objects.listed().filter(skill_ids__contains=[skill.pk])
    total = wide_facets.counts({"skill": skill.pk})[0]
    by_level: dict[int, list[Course]] = defaultdict(list)
    for level in SkillLevel:
        taught = TaughtSkill.objects.filter(skill=skill, level=level).values("version_id")
        rows = live.filter(live_version__in=taught).cards().order_by("-learners_count", "-id")
        by_level[level] = list(rows[:SHELF_ROWS])
    return total, [(level, LEVEL_WORDS[level], by_level[level]) for level in SkillLevel if by_level[level]]
