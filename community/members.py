"""Ratings by members: each has watched a tenth as everybody, and counts while she has not taken her months back."""

from typing import Any

from django.db.models import Exists, F, OuterRef, Q

from learners.models import Enrollment
from payments.models import MembershipMonth, MembershipOpening, OrderItem, Refund

from .models import Rating


def for_nothing() -> Any:
    """Rights for which nothing was paid where others pay: by a free coupon, given by staff, or by a membership of which
    no month is kept.
    """
    source = Enrollment.Source
    sold = OrderItem.objects.filter(order__number=OuterRef("reference"), course=OuterRef("course"))
    free = Q(source=source.PURCHASE) & Exists(sold.filter(price_minor=0, list_minor__gt=0))
    given = Q(source=source.STAFF, course__price_minor__gt=0)
    lent = Q(source=source.MEMBERSHIP) & ~Exists(_kept(OuterRef("learner"), OuterRef("course")))
    return Enrollment.objects.filter(free | given | lent)


def set_apart() -> int:
    """What members said, or who were members, stands apart or counts by how they have the course now: a month was taken
    back, or it could not be and is kept after all, or the course was bought since. How many changed.
    """
    of_it = {"learner": OuterRef("learner"), "course": OuterRef("course")}
    opened = MembershipOpening.objects.filter(membership__member=OuterRef("learner"), course=OuterRef("course"))
    unpaid = Exists(for_nothing().active().filter(**of_it))
    rows = Rating.objects.filter(Exists(opened), Exists(Enrollment.objects.active().filter(**of_it)))
    return rows.filter(unpaid, is_apart=False).stand_apart() + rows.filter(~unpaid, is_apart=True).stand_apart(False)


def _kept(learner: Any, course: Any) -> Any:
    """Months that opened it and that she has not taken back herself, nor through her bank: what others give of
    themselves silences nobody.
    """
    hers = Q(cause=Refund.Cause.MONTH, requested_by=OuterRef("membership__member")) | Q(cause=Refund.Cause.DISPUTE)
    asked = Refund.objects.filter(hers, order=OuterRef("order"), state=Refund.State.DONE)
    gone = OrderItem.objects.filter(order=OuterRef("order"), refunded_minor__gte=F("price_minor"))
    months = MembershipMonth.objects.filter(~Exists(asked) | ~Exists(gone), membership__member=learner)
    return months.filter(membership__openings__course=course)
