"""What stands on a person's list: candidates from a few indexes, scored, with every fourth place for something new."""

from dataclasses import dataclass

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from courses.models import Course
from courses.models.course import CourseQuerySet
from discovery.models import Links, Newcomer, Taste
from discovery.models.newcomer import audience_of

from .people import not_for, person_of
from .scoring import Candidate, Match, Person, leading, linked, placed, scored

SHOWN = 24
FROM_LINKS, FROM_EACH, LOOKS = 300, 40, 12
MOST_GOALS, MOST_SKILLS = 12, 6


@dataclass(frozen=True)
class Chosen:
    """One course on the list. `is_look`: its place is the one that new courses are granted."""

    course: Course
    match: Match
    is_look: bool


def for_learner(learner: User, taste: Taste, count: int = SHOWN) -> list[Chosen]:
    """The list of this moment. What she did a second ago counts already; only links between courses are a night old."""
    person, hidden = person_of(learner, taste), not_for(learner)
    links = leading(Links.objects.of_courses(person.history))
    on_sale = Course.objects.listed().exclude(creator__user=learner)
    looks = _looks(learner, person.language)
    ids = {*_ids(on_sale, person), *linked(person, links, FROM_LINKS), *looks} - hidden
    shown = placed(scored(person, _candidates(on_sale, ids), links), looks, count)
    courses = Course.objects.filter(pk__in=[one.course_id for one, _is_look in shown]).cards().in_bulk()
    return [Chosen(courses[one.course_id], one, is_look) for one, is_look in shown if one.course_id in courses]


def _ids(on_sale: CourseQuerySet, person: Person) -> list[int]:
    """Some of each kind that could score: goals, skills, whom she follows, her language, and what many learn."""
    popular = on_sale.order_by("-learners_count", "-id")
    parts = [popular.filter(category=goal) for goal in sorted(person.goals)[:MOST_GOALS]]
    parts += [popular.filter(skill_ids__contains=[skill]) for skill in list(person.skills)[:MOST_SKILLS]]
    parts += [popular, *([popular.filter(language=person.language)] if person.language else [])]
    if person.follows:
        parts.append(on_sale.filter(creator__in=list(person.follows)).order_by("-published_at", "-id"))
    picked: list[QuerySet[Course, int]] = [part.values_list("pk", flat=True)[:FROM_EACH] for part in parts]
    return list(picked[0].union(*picked[1:]))


def _looks(learner: User, language: str) -> list[int]:
    """New courses in her language, and those in languages that nobody can choose for the site: these would be looked at
    by nobody. In any, where her language may not be used.
    """
    audiences = {audience_of(language)} if language else {code for code, _name in settings.LANGUAGES}
    return Newcomer.objects.owed({*audiences, ""}, timezone.now(), but=learner, count=LOOKS)


def _candidates(on_sale: CourseQuerySet, ids: set[int]) -> list[Candidate]:
    columns = ("pk", "category_id", "creator_id", "language", "learners_count", "skill_ids")
    return [Candidate(*row) for row in on_sale.filter(pk__in=ids).values_list(*columns)]
