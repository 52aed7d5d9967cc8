"""The months of memberships that were paid."""

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from courses.models import Course


class MembershipMonthQuerySet(models.QuerySet["MembershipMonth"]):
    def went_back(self) -> Self:
        """All of their money went back, or is on its way."""
        return self.filter(order__items__refund_asked_minor__gte=F("order__items__price_minor"))

    def kept(self) -> Self:
        """Something of their money was kept."""
        return self.filter(order__items__refund_asked_minor__lt=F("order__items__price_minor"))


class MembershipMonth(models.Model):
    """One month that was paid: no two of a membership are the same."""

    membership = models.ForeignKey("payments.Membership", on_delete=models.PROTECT, related_name="months")
    number = models.PositiveSmallIntegerField()
    order = models.OneToOneField("payments.Order", on_delete=models.PROTECT, related_name="paid_month")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    paid_at = models.DateTimeField()
    # By the clock on the wall, as what is watched is noted: the sandbox may move that of money.
    noted_at = models.DateTimeField(default=timezone.now)

    objects = MembershipMonthQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["membership", "number"], name="a_month_is_paid_once"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="a_month_ends_after_it_began"),
        ]

    def __str__(self) -> str:
        return f"{self.membership_id}: month {self.number}"


class MembershipOpening(models.Model):
    """A course that a membership has opened for its member: what she watched of it counts for her months."""

    membership = models.ForeignKey("payments.Membership", on_delete=models.PROTECT, related_name="openings")
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["membership", "course"], name="a_course_is_opened_once")]

    def __str__(self) -> str:
        return f"{self.membership_id}: {self.course_id}"
