"""What matching may know of a person: her switches decide what is read at all."""

from collections import Counter

from accounts.models import User
from discovery.models import Dismissal, Follow, Taste
from learners.models import Enrollment

from .scoring import Person

LATEST = 50  # courses of hers that count: the latest


def person_of(learner: User, taste: Taste) -> Person:
    rows = _learned(learner) if taste.uses_history else []
    taught = Counter(skill for row in rows for skill in row.course.skill_ids)
    return Person(
        goals=taste.goal_ids() if taste.uses_goals else (),
        follows=set(Follow.objects.of(learner).values_list("creator_id", flat=True)) if taste.uses_follows else (),
        language=learner.language,
        history={row.course_id: row.completed_at is not None for row in rows},
        skills=[skill for skill, _courses in taught.most_common()],
        counts_popularity=taste.uses_popularity,
    )


def _learned(learner: User) -> list[Enrollment]:
    rows = Enrollment.objects.active().of(learner).select_related("course").order_by("-granted_at", "-pk")
    return list(rows.only("course_id", "completed_at", "course__skill_ids")[:LATEST])


def not_for(learner: User) -> set[int]:
    """Courses that she has, and those that she does not want to see."""
    return {*Enrollment.objects.active().of(learner).values_list("course_id", flat=True), *not_wanted(learner)}


def not_wanted(learner: User) -> set[int]:
    return set(Dismissal.objects.of(learner).values_list("course_id", flat=True))
