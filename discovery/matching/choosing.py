"""What stands on a person's list: candidates from a few indexes, scored, with every fourth place for something new."""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import User
from courses.models import Course
from courses.models.course import CourseQuerySet
from discovery.models import Links, Taste
from discovery.models.attention import DAYS_GRANTED, owed_looks
from discovery.models.link import Weights

from .people import not_for, person_of
from .scoring import Candidate, Match, Person, best, match, with_looks

SHOWN = 24
EVERY = 4  # of so many places one is for a new course
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
    links = Links.objects.from_courses(person.history)
    on_sale = Course.objects.listed().exclude(creator__user=learner)
    looks = list(_looks(on_sale, learner.language))
    found = [
        one
        for one in _candidates(on_sale, [*_ids(on_sale, person), *_linked(links), *looks])
        if one.course_id not in hidden
    ]
    scored = {one.course_id: match(person, one, links.get(one.course_id, ())) for one in found}
    shown = with_looks(best(list(scored.values()), count), [scored[pk] for pk in looks if pk in scored], every=EVERY)[
        :count
    ]
    courses = Course.objects.filter(pk__in=[one.course_id for one, _is_look in shown]).cards().in_bulk()
    return [Chosen(courses[one.course_id], one, is_look) for one, is_look in shown if one.course_id in courses]


def _ids(on_sale: CourseQuerySet, person: Person) -> list[int]:
    """Some of each kind that could score: goals, skills, whom she follows, her language, and what many learn."""
    popular = on_sale.order_by("-learners_count", "-id")
    parts = [popular.filter(category=goal) for goal in sorted(person.goals)[:MOST_GOALS]]
    parts += [popular.filter(skill_ids__contains=[skill]) for skill in list(person.skills)[:MOST_SKILLS]]
    parts += [popular.filter(language=person.language), popular]
    if person.follows:
        parts.append(on_sale.filter(creator__in=list(person.follows)).order_by("-published_at", "-id"))
    picked: list[QuerySet[Course, int]] = [part.values_list("pk", flat=True)[:FROM_EACH] for part in parts]
    return list(picked[0].union(*picked[1:]))


def _linked(links: dict[int, Weights]) -> list[int]:
    """Those that most speaks for."""
    sums = {course: sum(weight for _from, weight in to) for course, to in links.items()}
    return sorted(sums, key=lambda course: -sums[course])[:FROM_LINKS]


def _looks(on_sale: CourseQuerySet, language: str) -> QuerySet[Course, int]:
    """New courses in her language, and those in languages that nobody can choose for the site: these would be looked at
    by nobody.
    """
    hers = Q(language=language) | ~Q(language__in=[code for code, _name in settings.LANGUAGES])
    owed = owed_looks(on_sale.filter(hers), timezone.now() - timedelta(days=DAYS_GRANTED))
    return owed.values_list("pk", flat=True)[:LOOKS]


def _candidates(on_sale: CourseQuerySet, ids: list[int]) -> list[Candidate]:
    columns = ("pk", "category_id", "creator_id", "language", "learners_count", "skill_ids")
    return [Candidate(*row) for row in on_sale.filter(pk__in=set(ids)).values_list(*columns)]
