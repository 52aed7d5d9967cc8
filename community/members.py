"""Ratings by members: each has watched a tenth as everybody, and counts while some month of it was not given back."""

from typing import Any

from django.db.models import Exists, OuterRef

from learners.models import Enrollment
from payments.models import MembershipMonth

from .models import Rating


def have_paid(learner: Any, course: Any) -> bool:
    """Whether a month of a membership that opened this course to this learner is kept."""
    return _kept(learner, course).exists()


def set_apart() -> int:
    """What members said of whom no month is kept any more stands apart from now on, as of all who paid nothing: to be
    read, and no part of the number, which is reckoned after this. How many.
    """
    gone = MembershipMonth.objects.went_back().values("membership__member")
    by_membership = Enrollment.objects.active().filter(
        learner=OuterRef("learner"), course=OuterRef("course"), source=Enrollment.Source.MEMBERSHIP
    )
    rows = Rating.objects.filter(Exists(by_membership), is_apart=False, learner__in=gone)
    return rows.exclude(Exists(_kept(OuterRef("learner"), OuterRef("course")))).stand_apart()


def _kept(learner: Any, course: Any) -> Any:
    months = MembershipMonth.objects.kept().filter(membership__member=learner)
    return months.filter(membership__openings__course=course)
