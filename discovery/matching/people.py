"""What matching may know of a person: her switches decide what is read at all."""

from accounts.models import User
from discovery.models import Dismissal, Follow, Taste
from learners.models import Enrollment

from .scoring import Person

LATEST = 50  # courses of hers that count: the latest


def person_of(learner: User, taste: Taste) -> Person:
    rows = Enrollment.objects.active().of(learner).order_by("-granted_at") if taste.uses_history else ()
    return Person(
        goals=taste.goal_ids() if taste.uses_goals else (),
        follows=set(Follow.objects.of(learner).values_list("creator_id", flat=True)) if taste.uses_follows else (),
        language=learner.language,
        history={row.course_id: row.completed_at is not None for row in rows[:LATEST]},
        counts_popularity=taste.uses_popularity,
    )


def not_for(learner: User) -> set[int]:
    """Courses that she has, and those that she does not want to see."""
    has = Enrollment.objects.active().of(learner).values_list("course_id", flat=True)
    return {*has, *Dismissal.objects.of(learner).values_list("course_id", flat=True)}
