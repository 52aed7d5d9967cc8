"""Giving marks, and the result that follows from them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.resting import must_be_free_to_write
from courses.assignments import scoring
from courses.assignments.scoring import Score
from courses.assignments.shape import PEERS
from learners import rights
from learners.models import (
    Agreement,
    Assessment,
    AssignmentDesk,
    HandIn,
    HandInResult,
    PeerTurn,
)
from marketplace.lib import fit_words
from marketplace.lib.errors import DomainError, NotAllowed

from . import results

# So few words say nothing that somebody could learn from.
LEAST_WORDS, MOST_WORDS = 20, 5_000


class TurnOver(DomainError):
    code = "turn_over"
    message = _("This work is no longer yours to review: the time was over, or you have marked it.")


class AlreadySettled(DomainError):
    code = "already_settled"
    message = _("This work has its result already.")


def assess(reviewer: User, turn_pk: int, told: Mapping[str, Any], text: str) -> Assessment:
    """A peer's marks: one level for each criterion, and words for the maker. With the third, the work is settled.

    Raises MayNotWrite, TurnOver, ValidationError.
    """
    now = timezone.now()
    must_be_free_to_write(reviewer)
    with transaction.atomic():
        turn = PeerTurn.objects.of(reviewer).get(pk=turn_pk)
        AssignmentDesk.objects.hold(turn.lesson_key)
        live = PeerTurn.objects.live().filter(pk=turn.pk, due_at__gt=now)
        held = live.select_related("hand_in__lesson__version__course", "hand_in__handling").first()
        if held is None or not _has_course(reviewer, held.hand_in):
            raise TurnOver
        work = held.hand_in
        marks = scoring.readable(work.assignment, told)
        given = Assessment.objects.record(work, reviewer, marks, _words(text, LEAST_WORDS), now=now, turn=held)
        if work.handling.settled_at is None:
            _settle_by_peers(work, now)
    results.show_due(work.learner_id, work.lesson_key)
    results.show_due(reviewer.pk, work.lesson_key)
    return given


def assess_as_creator(creator_user: User, work_pk: int, told: Mapping[str, Any], text: str) -> HandInResult:
    """The creator's marks are the result. Raises NotAllowed, AlreadySettled, ValidationError."""
    now = timezone.now()
    with transaction.atomic():
        work = _own_work(creator_user, work_pk)
        AssignmentDesk.objects.hold(work.lesson_key)
        work.handling.refresh_from_db()
        if work.handling.settled_at is not None:
            raise AlreadySettled
        if work.handling.to_creator_at is None:
            raise NotAllowed(_("This work is still with its peers."))
        marks = scoring.readable(work.assignment, told)
        score = scoring.score(work.assignment, scoring.points_of(work.assignment, marks))
        Assessment.objects.record(work, creator_user, marks, _words(text, 1), now=now, turn=None)
        result = _settle(work, score, HandInResult.Source.CREATOR, now)
    results.show_due(work.learner_id, work.lesson_key)
    return result


def _own_work(creator_user: User, pk: int) -> HandIn:
    rows = HandIn.objects.reviewed_by(creator_user).select_related("lesson__version__course", "handling")
    return rows.get(pk=pk)


def _has_course(reviewer: User, work: HandIn) -> bool:
    return rights.may_learn(reviewer, work.course_id)


def _settle_by_peers(work: HandIn, now: datetime) -> None:
    """With the desk held; does nothing before the third assessment."""
    given = list(work.assessments.by_peers())
    if len(given) < PEERS:
        return
    assignment = work.assignment
    points = [scoring.points_of(assignment, each.marks) for each in given]
    middle = scoring.medians(assignment, points)
    _settle(work, scoring.score(assignment, middle), HandInResult.Source.PEERS, now)
    for each, told in zip(given, points, strict=True):
        Agreement.objects.record(each, scoring.distance(assignment, told, middle))


def _settle(work: HandIn, score: Score, source: str, now: datetime) -> HandInResult:
    result = HandInResult.objects.record(work, score, source, now)
    work.handling.settle(now)
    return result


def _words(text: str, least: int) -> str:
    text = text.strip()
    if len(text) < least:
        raise ValidationError(
            {"text": _("Write at least %(least)s characters: what is good, and what to do better.") % {"least": least}}
        )
    if len(text) > MOST_WORDS:
        raise ValidationError({"text": _("This text is too long.")})
    fit_words.must_be_fit(text=text)
    return text
