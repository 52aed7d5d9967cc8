"""Reviewing one another: taking a work, and what happens when time runs out. The assignment's desk is held."""

import uuid
from datetime import datetime

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.resting import must_be_free_to_write
from courses.assignments.shape import PEERS
from courses.models import Lesson
from learners import rights
from learners.models import AssignmentDesk, Enrollment, Handling, PeerTurn
from marketplace.lib import sweeps
from marketplace.lib.errors import DomainError

from . import notices, standing
from .allocation import Candidate, choose
from .handing_in import NotYourAssignment

# More of them is not learning any more, and nobody shall mark half a course.
MOST_REVIEWS = 20


class HandInFirst(DomainError):
    code = "hand_in_first"
    message = _("Hand in your own work first: then you review others.")


class NothingToReview(DomainError):
    code = "nothing_to_review"
    message = _("No work waits for you at the moment. Come back later.")


class EnoughReviewed(DomainError):
    code = "enough_reviewed"
    message = _("You have reviewed as many works of this assignment as one person may.")


@transaction.atomic
def take(reviewer: User, lesson: Lesson, seed: str | None = None, now: datetime | None = None) -> PeerTurn:
    """The work that this learner has before her; a new one when she has none.

    Raises MayNotWrite, NotYourAssignment, HandInFirst, NothingToReview, EnoughReviewed.
    """
    now = now or timezone.now()
    must_be_free_to_write(reviewer)
    AssignmentDesk.objects.hold(lesson.key)
    _expire(PeerTurn.objects.filter(lesson_key=lesson.key).overdue(now), now)
    here = standing.of(reviewer, lesson, now)
    if here.enrollment is None:
        raise NotYourAssignment
    if here.turn is not None:
        return here.turn
    if not here.may_review:
        raise HandInFirst
    if here.given >= MOST_REVIEWS:
        raise EnoughReviewed
    waiting = candidates(reviewer, lesson)
    chosen = choose(waiting, reviewer.pk, seed or seed_of(lesson), now)
    if chosen is None:
        raise NothingToReview
    work = Handling.objects.select_related("hand_in").get(hand_in_id=chosen).hand_in
    return PeerTurn.objects.give(work, reviewer, now)


def candidates(reviewer: User, lesson: Lesson) -> list[Candidate]:
    """Works of others who still have the course, with a free place, whose makers this learner has not met here."""
    met = PeerTurn.objects.of(reviewer).filter(lesson_key=lesson.key).values("author")
    learning = Enrollment.objects.active().filter(
        learner_id=OuterRef("hand_in__learner_id"), course_id=OuterRef("hand_in__course_id")
    )
    rows = (
        Handling.objects.with_peers()
        .filter(Exists(learning), hand_in__lesson_key=lesson.key)
        .exclude(hand_in__learner=reviewer)
        .exclude(hand_in__learner__in=met)
        .annotate(taken=Count("hand_in__turns", filter=Q(hand_in__turns__expired_at=None)))
        .filter(taken__lt=PEERS)
        .values_list("hand_in_id", "hand_in__learner_id", "taken", "hand_in__handed_in_at", "waits_until")
    )
    return [Candidate(*row) for row in rows]


def seed_of(lesson: Lesson) -> str:
    """Known to the site alone."""
    return salted_hmac("learners.assignments.allocation", lesson.key.hex).hexdigest()


def expire_overdue(now: datetime, most: int = 500) -> int:
    """Works that were taken and not marked in time are free for others. Returns how many were looked at."""
    rows = PeerTurn.objects.overdue(now).order_by("due_at").values_list("pk", "lesson_key")[:most]
    by_lesson: dict[uuid.UUID, list[int]] = {}
    for pk, key in rows:
        by_lesson.setdefault(key, []).append(pk)
    sweeps.each("turns", by_lesson, lambda key: _expire_at(key, by_lesson[key], now))
    return len(rows)


@transaction.atomic
def _expire_at(lesson_key: uuid.UUID, pks: list[int], now: datetime) -> None:
    AssignmentDesk.objects.hold(lesson_key)
    _expire(PeerTurn.objects.filter(pk__in=pks).overdue(now), now)


def _expire(turns: QuerySet[PeerTurn], now: datetime) -> None:
    for turn in turns.select_related("reviewer", "hand_in__lesson__version__course"):
        PeerTurn.objects.filter(pk=turn.pk).expire(now)
        notices.turn_expired(turn)


def give_to_creators(now: datetime, most: int = 500) -> int:
    """Works for which three peers were not found in time go to the creator. Returns how many were looked at."""
    rows = Handling.objects.overdue(now).order_by("waits_until").values_list("pk", "hand_in__lesson_key")[: 10 * most]
    return len(sweeps.each("works_for_creators", rows, lambda row: _give_to_creator(*row, now), most=most))


@transaction.atomic
def _give_to_creator(pk: int, lesson_key: uuid.UUID, now: datetime) -> None:
    """Nobody is told of a work whose maker no longer has the course."""
    AssignmentDesk.objects.hold(lesson_key)
    overdue = Handling.objects.overdue(now).filter(pk=pk)
    handling = overdue.select_related("hand_in__learner", "hand_in__lesson__version__course__creator__user").first()
    if handling is None:
        return
    work = handling.hand_in
    handling.give_to_creator(now)
    if rights.enrollment_of(work.learner, work.course_id) is not None:
        notices.given_to_creator(work)
