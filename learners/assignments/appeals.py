"""The learner's one objection to a result, and the creator's final word."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from courses.assignments import scoring
from courses.models import Lesson
from learners.models import AssignmentDesk, HandIn, HandInAppeal, HandInRuling, WatchMeter
from marketplace.lib import failpoints, fit_words
from marketplace.lib.errors import DomainError

from . import notices, results, standing
from .handing_in import NotYourAssignment

LEAST_REASON, MOST_REASON = 20, 5_000


class NoAppealHere(DomainError):
    code = "no_appeal_here"
    message = _("There is nothing to appeal against here: the result is not shown, has passed, or the time is over.")


class AppealAnswered(DomainError):
    code = "appeal_answered"
    message = _("This appeal is answered: the answer is final.")


@transaction.atomic
def appeal(learner: User, lesson: Lesson, number: int, reason: str) -> HandInAppeal:
    """Raises NotYourAssignment, NoAppealHere, ValidationError."""
    AssignmentDesk.objects.hold(lesson.key)
    here = standing.of(learner, lesson)
    if here.enrollment is None:
        raise NotYourAssignment
    work = next((each for each in here.hand_ins if each.number == number), None)
    if work is None or not here.may_appeal(work):
        raise NoAppealHere
    made = HandInAppeal.objects.make(work, learner, _reason(reason))
    notices.appealed(made)
    return made


@transaction.atomic
def rule(creator_user: User, work_pk: int, told: Mapping[str, Any], reason: str) -> HandInRuling:
    """The creator's own marks for every criterion, with reasons: from now on they are the result.

    What follows of it for the learner is in the same transaction: nobody could make up for it by ruling again.
    Raises AppealAnswered, ValidationError; HandInAppeal.DoesNotExist where there is none for this person.
    """
    mine = HandInAppeal.objects.filter(hand_in__course__creator__user=creator_user)
    found = mine.select_related("hand_in__lesson__version__course", "hand_in__learner").get(pk=work_pk)
    work: HandIn = found.hand_in
    WatchMeter.objects.hold(work.learner_id)
    AssignmentDesk.objects.hold(work.lesson_key)
    if HandInRuling.objects.filter(appeal=found).exists():
        raise AppealAnswered
    marks = scoring.readable(work.assignment, told)
    score = scoring.score(work.assignment, scoring.points_of(work.assignment, marks))
    made = HandInRuling.objects.record(found, creator_user, marks, score, _reason(reason))
    notices.ruled(made)
    failpoints.reach("appeal.ruled")
    results.follow_ruling(work)
    return made


def _reason(text: str) -> str:
    text = text.strip()
    if len(text) < LEAST_REASON:
        raise ValidationError({"text": _("Write at least %(least)s characters: why?") % {"least": LEAST_REASON}})
    if len(text) > MOST_REASON:
        raise ValidationError({"text": _("This text is too long.")})
    fit_words.must_be_fit(text=text)
    return text
