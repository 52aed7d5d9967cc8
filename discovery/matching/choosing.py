"""What stands on a person's list: candidates from a few indexes, scored, with as many places for new courses as those
need.
"""

import zlib
from dataclasses import dataclass

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from courses.models import Course
from courses.models.course import CourseQuerySet
from courses.stamp import STAMP
from creators.models import Creator
from discovery.models import Links, Newcomer, Pace, Taste
from discovery.models.newcomer import audience_of

from . import pacing
from .people import not_for, person_of
from .scoring import Candidate, Match, Person, leading, linked, match, placed, scored, sums

SHOWN = 24
FROM_LINKS, FROM_EACH, LOOKS = 300, 40, 12
MOST_GOALS, MOST_SKILLS = 12, 6


@dataclass(frozen=True)
class Chosen:
    """One course on the list, with the stamp of its card. `is_look`: its place is one that new courses are granted."""

    course: Course
    stamp: str
    match: Match
    is_look: bool


def for_learner(learner: User, taste: Taste, count: int = SHOWN) -> list[Chosen]:
    """The list of this moment. What she did a second ago counts already; only links between courses are a night old."""
    person, hidden = person_of(learner, taste), not_for(learner)
    links = Links.objects.of_courses(person.history)
    spoken_for = sums(person, links)
    # Named as a set, she leaves the planner the courses' own indexes.
    on_sale = Course.objects.listed().exclude(creator_id__in=Creator.objects.filter(user=learner).values("pk"))
    looks, granted = _looks(learner, person.language, count)
    ids = {*_ids(on_sale, person), *linked(person, spoken_for, FROM_LINKS), *looks} - hidden
    candidates = {one.course_id: one for one in _candidates(on_sale, ids)}
    shown = placed(scored(person, candidates.values(), spoken_for), looks, count, granted)
    leads = leading(links, [pk for pk, _is_look in shown])
    courses = Course.objects.filter(pk__in=leads).cards().annotate(stamp=STAMP).in_bulk()
    return [
        Chosen(courses[pk], courses[pk].stamp, match(person, candidates[pk], leads[pk]), is_look)
        for pk, is_look in shown
        if pk in courses
    ]


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


def _looks(learner: User, language: str, count: int) -> tuple[list[int], list[int]]:
    """New courses in her language, and those in languages that nobody can choose for the site: these would be looked at
    by nobody. In any, where her language may not be used. And the places of her list that are theirs.
    """
    audiences = {audience_of(language)} if language else {code for code, _name in settings.LANGUAGES}
    now, audiences = timezone.now(), {*audiences, ""}
    looks = Newcomer.objects.owed(audiences, now, but=learner, count=LOOKS)
    if not looks:
        return [], []
    draw = zlib.crc32(f"{learner.pk} {now.date()}".encode()) / 2**32  # all day the same
    return looks, pacing.places(pacing.share(Pace.objects.rates(audiences)), count, draw)


def _candidates(on_sale: CourseQuerySet, ids: set[int]) -> list[Candidate]:
    columns = ("pk", "category_id", "creator_id", "language", "learners_count", "skill_ids")
    return [Candidate(*row) for row in on_sale.filter(pk__in=ids).values_list(*columns)]
