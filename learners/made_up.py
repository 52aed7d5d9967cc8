"""Makes up for what passed while its learner did not have the course: had again, its lesson is done.

A clock closes an attempt, a creator answers an appeal, also of who has just taken her money back. If the refund then
fails, or she buys the course again, "passed" leaves her no other attempt. Whoever gives a right knows nothing of that.
"""

import uuid

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from marketplace.lib import sweeps

from . import completion, rights
from .models import Enrollment, HandIn, LessonProgress, QuizAttempt, WatchMeter
from .models.hand_in import HandInQuerySet

# Learner, course, lesson.
Place = tuple[int, int, uuid.UUID]


def make_up(most: int = 500) -> int:
    """Mark as done what is passed, and whose learner has the course. Returns how many lessons that were."""
    found = dict.fromkeys([*_missing(_passed_quizzes())[:most], *_missing(_passed_works())[:most]])
    return len(sweeps.each("passed", found, _make_up))


def _passed_quizzes() -> QuerySet[QuizAttempt]:
    return QuizAttempt.objects.filter(result__passed=True)


def _passed_works() -> HandInQuerySet:
    """By the creator's ruling where there is one, otherwise by a result that was shown."""
    by_result = Q(appeal__ruling__isnull=True, result__passed=True, handling__shown_at__isnull=False)
    return HandIn.objects.filter(by_result | Q(appeal__ruling__passed=True))


def _missing(passed: QuerySet) -> QuerySet:
    theirs = Enrollment.objects.active().filter(learner_id=OuterRef("learner_id"), course_id=OuterRef("course_id"))
    done = LessonProgress.objects.done().filter(learner_id=OuterRef("learner_id"), lesson_key=OuterRef("lesson_key"))
    rows = passed.filter(Exists(theirs), ~Exists(done)).order_by("pk")
    return rows.values_list("learner_id", "course_id", "lesson_key")


@transaction.atomic
def _make_up(place: Place) -> None:
    learner_id, course_id, lesson_key = place
    WatchMeter.objects.hold(learner_id)
    enrollment = rights.active(learner_id, course_id)
    if enrollment is not None:
        completion.graded_passed(enrollment, lesson_key, is_here=False)
