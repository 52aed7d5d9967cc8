"""Giving a rating and answering one: who may, and what follows at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts import notices
from accounts.models import User
from accounts.resting import must_be_free_to_write
from courses.models import Course
from learners import watched
from learners.models import Enrollment
from marketplace.lib import links, window
from marketplace.lib.errors import DomainError, NotAllowed
from payments.models import SplitLine

from . import members, reckoning
from .formula import LEAST_LEARNED
from .models import Rating, RatingReply


class NotEnrolledToRate(DomainError):
    code = "not_enrolled_to_rate"
    message = _("Only who has this course can rate it.")


class TooLittleSeen(DomainError):
    """`facts["learned"]`: percent that she has seen."""

    code = "too_little_seen"
    message = _("You can rate this course when you have seen a tenth of it.")


class SharesInIt(DomainError):
    code = "shares_in_it"
    message = _("You have, or had, a part in what this course earns: your stars would praise your own work.")


@dataclass(frozen=True)
class Standing:
    """Where a learner stands with a course that she has or had: percent seen, what she has said, a part in it."""

    learned: int
    rating: Rating | None
    shares: bool = False

    @property
    def may_rate(self) -> bool:
        return self.learned >= LEAST_LEARNED and not self.shares


def standing(learner: Any, course: Course) -> Standing | None:
    """None for who never had the course. Who gave it back may still say why."""
    if _right_of(learner, course) is None:
        return None
    said = Rating.objects.of(learner).filter(course=course).first()
    return Standing(_learned(learner, course), said, _shares(learner, course))


@transaction.atomic
def rate(learner: User, course: Course, said: Mapping[str, Any], *, revision: int | None = None) -> Rating:
    """Say of the course, once or anew: `said` has stars and, if wished, text, is_named and parts.

    What she has just watched counts already. Two windows: the second is told (`revision` is the one that it saw).
    Raises MayNotWrite, NotEnrolledToRate, SharesInIt, TooLittleSeen, RatedElsewhere, ValidationError.
    """
    must_be_free_to_write(learner)
    right = _right_of(learner, course)
    if right is None:
        raise NotEnrolledToRate
    if _shares(learner, course):
        raise SharesInIt
    watched.hold(learner)
    learned = _learned(learner, course)
    if learned < LEAST_LEARNED:
        raise TooLittleSeen(learned=learned)
    held = course.hold()
    row = Rating.objects.say(
        learner=learner, course=held, said=said, learned=learned, is_apart=_came_for_nothing(right), revision=revision
    )
    reckoning.reckon(held)
    return row


@transaction.atomic
def reply(rating: Rating, text: str, *, by: User, number: int | None = None) -> RatingReply:
    """The course's creator answers a rating, or changes or takes back (no text) what she answered. Its writer is mailed
    the first time. Raises MayNotWrite, NotAllowed, RatedElsewhere, ValidationError.
    """
    if not rating.course.belongs_to(by):
        raise NotAllowed
    must_be_free_to_write(by)
    rating.course.hold()
    row = RatingReply.objects.say(rating, text, by=by, number=number)
    window.change()
    if row.number == 1 and rating.learner.is_active:
        address = links.absolute(reverse("community:rate", args=[rating.course.slug]))
        notices.tell(
            f"rating-reply:{rating.pk}", rating.learner, "community/rating_reply",
            {"course": rating.course, "reply": row, "action_url": address, "action_label": _("Open your rating")},
        )  # fmt: skip
    return row


def find_helpful(rating: Rating, *, by: User, helpful: bool = True) -> None:
    """A vote for what somebody said of a course, or none any more. Raises MayNotWrite, OwnRating."""
    must_be_free_to_write(by)
    rating.find_helpful(by, helpful=helpful)


def _right_of(learner: Any, course: Course) -> Enrollment | None:
    """The right that she has or, given back, had. Who lost it otherwise has no voice by it."""
    rights = Enrollment.objects.of(learner).filter(course=course).select_related("course")
    return next((one for one in rights if one.is_active or one.end_reason == Enrollment.EndReason.REFUNDED), None)


def _shares(learner: Any, course: Course) -> bool:
    """Her own course, or one of which she was a co-author by an agreed split, also one that is over."""
    mine = SplitLine.objects.filter(split__course=course, split__agreed_at__isnull=False, bps__gt=0)
    return course.belongs_to(learner) or mine.filter(creator__user_id=learner.pk).exists()


def _came_for_nothing(right: Enrollment) -> bool:
    """By a free coupon, given by staff, or by a membership of which no month is kept, where others pay."""
    return members.for_nothing().filter(pk=right.pk).exists()


def _learned(learner: Any, course: Course) -> int:
    """Whole percent of the course that she has verifiably seen."""
    seen = watched.of(learner, course)
    return min(100, seen.seconds * 100 // seen.length_s) if seen.length_s else 0
